"""The number that a sender gives a message, by which it may recall it; submissions before have none.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.add_column(sa.Column("message_id", sa.Text(), server_default="", nullable=False))
        batch_op.create_index("ix_submission_message_id", ["message_id"])


def downgrade() -> None:
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index("ix_submission_message_id")
        batch_op.drop_column("message_id")
