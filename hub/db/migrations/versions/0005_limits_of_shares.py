"""The use and the period to which a source limits a share; shares stored before were limited by neither.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COLUMNS = ("uses", "valid_from", "valid_to")


def upgrade() -> None:
    with op.batch_alter_table("claim", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.add_column(sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("claim", schema=None) as batch_op:
        for name in COLUMNS:
            batch_op.drop_column(name)
