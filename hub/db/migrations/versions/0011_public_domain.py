"""Decisions that works and recordings are in the public domain.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "public_domain",
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("subject_id", LONG, nullable=False),
        sa.Column("rights", sa.Text(), nullable=False),
        sa.Column("territories", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_to", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_public_domain"),
        sa.UniqueConstraint("public_id", name="uq_public_domain_public_id"),
    )
    op.create_index("ix_public_domain_subject_id", "public_domain", ["subject_id"])


def downgrade() -> None:
    op.drop_index("ix_public_domain_subject_id", table_name="public_domain")
    op.drop_table("public_domain")
