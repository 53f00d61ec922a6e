"""Sums of money that usage reports stated, by the subject that was asked about.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "usage_sum",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        sa.Column("society", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_usage_sum"),
    )
    op.create_index("ix_usage_sum_subject_id", "usage_sum", ["subject_id"])
    op.create_index("ix_usage_sum_report_society", "usage_sum", ["report", "society"])


def downgrade() -> None:
    op.drop_table("usage_sum")
