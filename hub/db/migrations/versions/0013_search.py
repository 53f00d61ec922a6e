"""Trigram indexes over titles and names, which versions before 0023 searched by; new hubs do not get them.

Revision ID: 0013
Revises: 0012
"""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: 0023 makes the index that is searched now."""


def downgrade() -> None:
    """Nothing."""
