"""Stored keys made anew: those of a hub that was filled by an earlier version may be made otherwise today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import orjson
from sqlalchemy import Connection, delete, select

from hub.context import Hub
from hub.db.bulk import insert_rows
from hub.db.engine import writing
from hub.db.tables import DECLARATION, MATCH_KEY, SUBJECT
from hub.db.times import OPEN
from hub.intake.rows import KEY_COLUMNS, match_keys
from hub.links import pages
from hub.links.clustering import alone
from hub.links.payload import declaration_from


def renew(hub: Hub) -> int:
    """Give the current declaration of every work and recording the keys that this version makes.

    Works page by page, each one transaction; a killed run is simply repeated.

    Returns:
        How many declarations had other keys.
    """
    changed = 0
    for page in pages.of_everything(hub):
        with writing(hub.engine) as connection:
            alone(connection)
            changed += _renew(connection, page)
    return changed


def _renew(connection: Connection, subjects: Sequence[int]) -> int:
    query = (
        select(
            DECLARATION.c.id, DECLARATION.c.subject_id, DECLARATION.c.kind, DECLARATION.c.payload,
            SUBJECT.c.submitter,
        )
        .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
        .where(DECLARATION.c.subject_id.in_(subjects))
        .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
    )  # fmt: skip
    wanted: dict[int, tuple[int, set[str]]] = {}
    for row in connection.execute(query):
        declaration = declaration_from(row.kind, orjson.loads(row.payload))
        wanted[row.id] = (row.subject_id, set(match_keys(declaration, row.subject_id, row.submitter)))
    stored: dict[int, set[str]] = defaultdict(set)
    kept = select(MATCH_KEY.c.declaration_id, MATCH_KEY.c.key)
    for number, key in connection.execute(kept.where(MATCH_KEY.c.declaration_id.in_(wanted))):
        stored[number].add(key)
    stale = [number for number, (_, keys) in wanted.items() if stored[number] != keys]
    if stale:
        connection.execute(delete(MATCH_KEY).where(MATCH_KEY.c.declaration_id.in_(stale)))
        rows = [
            {"declaration_id": number, "subject_id": wanted[number][0], "key": key}
            for number in stale
            for key in sorted(wanted[number][1])
        ]
        insert_rows(
            connection, "match_key", KEY_COLUMNS, [tuple(row[name] for name in KEY_COLUMNS) for row in rows]
        )
    return len(stale)
