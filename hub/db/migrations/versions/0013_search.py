"""Trigram indexes over titles and names, for finding what is misspelled; see ``hub.db.search_index``.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

from hub.db import search_index

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    search_index.ensure(op.get_bind())


def downgrade() -> None:
    search_index.drop(op.get_bind())
