"""Messages of batches by the numbers by which their sender may recall them; batches before have none.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "batched_message",
        sa.Column("submission_id", LONG, autoincrement=False, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", "path", name="pk_batched_message"),
    )
    op.create_index("ix_batched_message_message_id", "batched_message", ["message_id"])


def downgrade() -> None:
    op.drop_table("batched_message")
