"""Which stored titles and names are spelled nearly like a text: the databases' trigram indexes.

SQLite: an FTS5 table of trigrams over the folded column, kept by triggers. Of the trigrams of a text the rare
ones tell most, so rows that share many rare ones are the candidates; a common trigram is not read to its end.
PostgreSQL: a GIN index of ``pg_trgm``. Where neither can be had, words are looked for one row after another.
Candidates are of any time; who asks compares them and drops what was not known.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Engine, or_, select, text

from hub.db import search_index
from hub.db.tables import metadata

MOST = 400
"""Candidates for one text."""
RARE, COMMON = 2_500, 30_000
"""Rows read of one trigram: at first, and when rare trigrams are too few."""
ENOUGH = 4
"""So many rare trigrams of a text find what is meant."""
THRESHOLDS = (0.5, 0.3)
"""Similarities that ``pg_trgm`` is asked for, the next one where the one before finds too little."""
FEW = 10

_kinds: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()


def forget(engine: Engine) -> None:
    """Look anew which index there is."""
    _kinds.pop(engine, None)


def near(connection: Connection, table: str, folded: str) -> list[int]:
    """Keys of rows of ``title`` or ``party`` whose folded text is like this one, the likeliest first."""
    if not folded:
        return []
    found: Sequence[int]
    has = _kinds.get(connection.engine) or _kinds.setdefault(connection.engine, search_index.kind(connection))
    match has:
        case search_index.FTS5:
            found = _by_trigrams(connection, table, folded)
        case search_index.PG_TRGM:
            found = _by_similarity(connection, table, folded)
        case _:
            found = _by_words(connection, table, folded)
    return list(dict.fromkeys([*_equal(connection, table, folded), *found]))[:MOST]


def _equal(connection: Connection, table: str, folded: str) -> Sequence[int]:
    """Rows that are spelled so, and on SQLite those that begin so."""
    target = metadata.tables[table].c
    condition = target.folded == folded
    if connection.dialect.name == "sqlite":
        condition = (target.folded >= folded) & (target.folded < folded + "\U0010ffff")
    return connection.scalars(
        select(target.id).where(condition).order_by(target.folded, target.id).limit(MOST // 2)
    ).all()


def _by_trigrams(connection: Connection, table: str, folded: str) -> list[int]:
    trigrams = list(dict.fromkeys(folded[place : place + 3] for place in range(len(folded) - 2)))
    driver: Any = connection.connection.driver_connection
    # Names come from the code, never from input.
    query = f"SELECT rowid FROM {table}_search WHERE {table}_search MATCH ? LIMIT ?"  # noqa: S608

    def rows(trigram: str, most: int) -> Any:
        quoted = '"' + trigram.replace('"', '""') + '"'
        found = driver.execute(query, (quoted, most)).fetchall()
        return np.fromiter((row[0] for row in found), np.int64, len(found))

    postings = {trigram: rows(trigram, RARE) for trigram in trigrams}
    rare = [trigram for trigram in trigrams if 0 < len(postings[trigram]) < RARE]
    used = rare
    if len(rare) < ENOUGH:
        cut = [trigram for trigram in trigrams if len(postings[trigram]) == RARE]
        step = max(len(cut) // 8, 1)
        more = cut[::step][:8]
        postings |= {trigram: rows(trigram, COMMON) for trigram in more}
        used = [*rare, *more]
        if cut and not rare:
            # Nothing but common trigrams: rows that have all of them are surely meant.
            every = " AND ".join('"' + trigram.replace('"', '""') + '"' for trigram in cut)
            whole = driver.execute(query, (every, MOST)).fetchall()
            postings[""] = np.array([row[0] for row in whole], np.int64)
            used.append("")
    if not used:
        return []
    keys = np.concatenate([postings[trigram] for trigram in used])
    weights = np.concatenate(
        [
            np.full(len(postings[trigram]), math.log(4 * COMMON / (1 + len(postings[trigram]))))
            for trigram in used
        ]
    )
    distinct, places = np.unique(keys, return_inverse=True)
    sums = np.bincount(places, weights)
    best = np.argsort(-sums, kind="stable")[:MOST]
    return [int(key) for key in distinct[best]]


def _by_similarity(connection: Connection, table: str, folded: str) -> Sequence[int]:
    found: Sequence[int] = ()
    for threshold in THRESHOLDS:
        connection.execute(text(f"SET LOCAL pg_trgm.similarity_threshold = {threshold}"))
        query = f"SELECT id FROM {table} WHERE folded % :folded ORDER BY folded <-> :folded, id LIMIT :most"  # noqa: S608
        found = connection.scalars(text(query), {"folded": folded, "most": MOST}).all()
        if len(found) >= FEW:
            return found
    # A part of a longer text is unlike the whole of it, and like a part.
    query = f"SELECT id FROM {table} WHERE :folded <% folded ORDER BY :folded <<-> folded, id LIMIT :most"  # noqa: S608
    return [*found, *connection.scalars(text(query), {"folded": folded, "most": MOST})]


def _by_words(connection: Connection, table: str, folded: str) -> Sequence[int]:
    target = metadata.tables[table].c
    words = [word for word in folded.split() if len(word) > 2] or [folded]
    patterns = [target.folded.contains(word, autoescape=True) for word in sorted({folded, *words})]
    return connection.scalars(select(target.id).where(or_(*patterns)).order_by(target.id).limit(MOST)).all()
