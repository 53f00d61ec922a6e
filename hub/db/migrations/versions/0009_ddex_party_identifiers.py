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
    op.add_column("party", sa.Column("dpid", sa.Text(), server_default="", nullable=False))
    given = sa.text("dpid <> ''")
    op.create_index("ix_party_dpid", "party", ["dpid"], sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    op.drop_index("ix_party_dpid", table_name="party")
    op.drop_column("party", "dpid")
