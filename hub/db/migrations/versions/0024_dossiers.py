"""Dossiers, which answers are filled in from; they are made by ``hub prepare``, see ``hub.dossiers``.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dossier",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("hangs_on", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_dossier"),
    )
    of_others = sa.text("grantor_type <> 'party'")
    op.create_index(
        "ix_mandate_of_others",
        "mandate",
        ["declaration_id"],
        sqlite_where=of_others,
        postgresql_where=of_others,
    )


def downgrade() -> None:
    op.drop_index("ix_mandate_of_others", table_name="mandate")
    op.drop_table("dossier")
    op.execute("DELETE FROM counter WHERE name LIKE 'dossiers:%'")
