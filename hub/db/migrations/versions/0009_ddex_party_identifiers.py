"""The DDEX party identifier of a party; mentions stored before were told apart without it.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dpid", sa.Text(), server_default="", nullable=False))
        batch_op.create_index("ix_party_dpid", ["dpid"])


def downgrade() -> None:
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index("ix_party_dpid")
        batch_op.drop_column("dpid")
