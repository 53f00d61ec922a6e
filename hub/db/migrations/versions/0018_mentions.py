"""Whom declarations name without a claim, for search, from what was stored; indexes of people's judgements.

Revision ID: 0018
Revises: 0017
"""

from typing import Any

import orjson
import sqlalchemy as sa
from alembic import op

from hub.db.bulk import insert_rows
from hub.db.counters import take
from hub.intake import rows
from hub.links.payload import declaration_from

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DECLARATION = sa.table("declaration", *map(sa.column, ("id", "kind", "payload")))
PARTY = sa.table("party", *map(sa.column, ("id", "digest")))
AT_ONCE = 5_000


def upgrade() -> None:
    op.create_table(
        "mention",
        sa.Column("declaration_id", LONG, autoincrement=False, nullable=False),
        sa.Column("party_id", LONG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("declaration_id", "party_id", name="pk_mention"),
    )
    unsure, people = sa.text("verdict = 'unsure'"), sa.text("author <> 'matcher/1'")
    op.create_index("ix_judgement_unsure", "judgement", ["id"], sqlite_where=unsure, postgresql_where=unsure)
    op.create_index(
        "ix_judgement_people", "judgement", ["author"], sqlite_where=people, postgresql_where=people
    )
    connection = op.get_bind()
    after, last = 0, connection.scalar(sa.select(sa.func.max(DECLARATION.c.id))) or 0
    while after < last:
        _fill(connection, after)
        after += AT_ONCE
    op.create_index("ix_mention_party_id", "mention", ["party_id"])


def _fill(connection: sa.Connection, after: int) -> None:
    """The mentions of some declarations, with the parties that no claim has."""
    query = (
        sa.select(DECLARATION)
        .where(DECLARATION.c.id > after, DECLARATION.c.id <= after + AT_ONCE)
        .where(DECLARATION.c.kind.in_(("work", "recording")))
    )
    named: list[tuple[int, str]] = []
    parties: dict[str, Any] = {}
    for number, kind, payload in connection.execute(query):
        for party in rows.mentions(declaration_from(kind, orjson.loads(payload))):
            digest = rows.party_digest(party)
            parties[digest] = party
            named.append((number, digest))
    keys: dict[str, int] = {}
    digests = list(parties)
    for start in range(0, len(digests), AT_ONCE):
        found = sa.select(PARTY.c.digest, PARTY.c.id).where(PARTY.c.digest.in_(digests[start:][:AT_ONCE]))
        keys |= dict(connection.execute(found).all())
    missing = [digest for digest in digests if digest not in keys]
    if missing:
        first = take(connection, "party", len(missing))
        fresh = [rows.party_row(first + place, item, parties[item]) for place, item in enumerate(missing)]
        insert_rows(connection, "party", rows.PARTY_COLUMNS, fresh)
        keys |= {row[1]: row[0] for row in fresh}
    found_rows = [(number, keys[digest]) for number, digest in named]
    insert_rows(connection, "mention", rows.MENTION_COLUMNS, found_rows)


def downgrade() -> None:
    op.drop_index("ix_judgement_people", table_name="judgement")
    op.drop_index("ix_judgement_unsure", table_name="judgement")
    op.drop_table("mention")
