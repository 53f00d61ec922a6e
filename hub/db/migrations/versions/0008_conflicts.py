"""Conflicts, what was done about them, and what settlements mean for answers.

Revision ID: 0008
Revises: 0007
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _words(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def _instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        name,
        sa.Column("id", LONG, autoincrement=False, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )


def upgrade() -> None:
    _table("conflict", *_words("public_id", "kind"), *_instants("found_at"))
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_unique_constraint("uq_conflict_public_id", ["public_id"])
    _table(
        "conflict_version",
        sa.Column("conflict_id", LONG, nullable=False),
        *_words("rights", "uses", "territories"),
        *_days("valid_from", "valid_to"),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("countries", "month_from", "month_to", "works")
        ),
        *_words("societies", "content"),
        *_instants("known_from", "known_to"),
    )
    op.create_index("ix_conflict_version_conflict_id", "conflict_version", ["conflict_id"], unique=False)
    op.create_table(
        "conflict_scope",
        sa.Column("conflict_id", LONG, autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("conflict_id", "scope", name=op.f("pk_conflict_scope")),
    )
    op.create_index("ix_conflict_scope_scope", "conflict_scope", ["scope"], unique=False)
    _table(
        "conflict_event",
        sa.Column("conflict_id", LONG, nullable=False),
        *_words("action", "role", "author", "reason", "evidence", "winner"),
        *_days("done_on", "valid_from", "valid_to"),
        *_instants("known_from", "known_to"),
    )
    op.create_index("ix_conflict_event_conflict_id", "conflict_event", ["conflict_id"], unique=False)
    _table(
        "settlement",
        *(sa.Column(name, LONG, nullable=False) for name in ("conflict_id", "loser", "winner")),
        *_words("right"),
        *_days("valid_from", "valid_to"),
        *_instants("known_from", "known_to"),
    )
    op.create_index("ix_settlement_loser", "settlement", ["loser"], unique=False)
    op.create_index("ix_settlement_conflict_id", "settlement", ["conflict_id"], unique=False)

    listed = sa.text("works <> ''")
    op.create_index(
        "ix_mandate_listing_works", "mandate", ["subject_id"], sqlite_where=listed, postgresql_where=listed
    )
    for column in ("isni", "ipn"):
        given = sa.text(f"{column} <> ''")
        op.create_index(f"ix_party_{column}", "party", [column], sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    op.drop_index("ix_mandate_listing_works", table_name="mandate")
    for column in ("ipn", "isni"):
        op.drop_index(f"ix_party_{column}", table_name="party")
    for name in ("settlement", "conflict_event", "conflict_scope", "conflict_version", "conflict"):
        op.drop_table(name)
