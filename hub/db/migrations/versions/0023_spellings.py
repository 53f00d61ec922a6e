"""Signatures of spellings, which misspelt titles and names are found by; see ``hub.db.search_index``.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from hub.db import search_index

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "spelling_block",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("number", LONG, autoincrement=False, nullable=False),
        sa.Column("signatures", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source", "number", name="pk_spelling_block"),
    )
    search_index.extend(op.get_bind())


def downgrade() -> None:
    op.drop_table("spelling_block")
