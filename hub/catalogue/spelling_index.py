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
import orjson
from rapidfuzz import fuzz, process
from sqlalchemy import Connection, Engine, or_, select, text

from hub.db import search_index
from hub.db.prepared import KEYS, Prepared
from hub.db.tables import metadata

MOST, WIDE = 400, 10_000
"""Candidates for one text, and when it is looked for longer."""
RARE, COMMON = 2_500, 10_000
"""Rows read of a trigram, and of a pair of common ones when rare ones are too few."""
MORE = 8
"""So many pairs of common trigrams are read then."""
ENOUGH = 4
"""So many rare trigrams of a text find what is meant."""
THRESHOLDS = (0.5, 0.3)
"""Similarities that ``pg_trgm`` is asked for, the next one where the one before finds too little."""
FEW = 10

_kinds: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()
SPELLED = {
    name: Prepared(f"spellings of {name}", select(found.id, found.folded).where(found.id.in_(KEYS)))
    for name, found in ((name, metadata.tables[name].c) for name in search_index.TABLES)
}


def forget(engine: Engine) -> None:
    """Look anew which index there is."""
    _kinds.pop(engine, None)


def near(connection: Connection, table: str, folded: str, *, wide: bool = False) -> list[int]:
    """Keys of rows of ``title`` or ``party`` whose folded text is like this one, the likeliest first.

    ``wide`` looks longer, for a text that is not like anything found without.
    """
    if not folded:
        return []
    found: Sequence[int]
    has = _kinds.get(connection.engine) or _kinds.setdefault(connection.engine, search_index.kind(connection))
    match has:
        case search_index.FTS5:
            found = _by_trigrams(connection, table, folded, wide=wide)
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


def _by_trigrams(connection: Connection, table: str, folded: str, *, wide: bool) -> list[int]:
    trigrams = list(dict.fromkeys(folded[place : place + 3] for place in range(len(folded) - 2)))
    driver: Any = connection.connection.driver_connection
    # Names come from the code, never from input; keys as one list, which takes half the time of rows.
    query = (
        f"SELECT json_group_array(rowid) FROM (SELECT rowid FROM {table}_search"  # noqa: S608
        f" WHERE {table}_search MATCH ? LIMIT ?)"
    )

    def rows(wanted: str, most: int) -> Any:
        (found,) = driver.execute(query, (wanted, most)).fetchone()
        return np.array(orjson.loads(found), np.int64)

    postings = {trigram: rows(_quoted(trigram), RARE) for trigram in trigrams}
    rare = [trigram for trigram in trigrams if 0 < len(postings[trigram]) < RARE]
    used = rare
    if wide or len(rare) < ENOUGH:
        cut = [trigram for trigram in trigrams if len(postings[trigram]) == RARE]
        # Two common trigrams that belong together are rare enough: five letters of what is meant are unhurt.
        pairs = [
            f"{_quoted(first)} AND {_quoted(second)}"
            for first, second in zip(trigrams, trigrams[2:], strict=False)
            if first in cut and second in cut
        ]
        more = pairs[:: max(len(pairs) // MORE, 1)][:MORE]
        postings |= {pair: rows(pair, COMMON) for pair in more}
        used = [*rare, *more]
        if cut and not rare:
            # Nothing but common trigrams: rows that have all of them are surely meant.
            every = " AND ".join(map(_quoted, cut))
            postings[""] = rows(every, MOST)
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
    best = np.argsort(-sums, kind="stable")[: WIDE if wide else MOST]
    found: list[int] = distinct[best].tolist()
    return found if len(found) <= MOST else _nearest(connection, table, found, folded)


def _nearest(connection: Connection, table: str, keys: Sequence[int], folded: str) -> list[int]:
    """Of many candidates those that are spelled most alike, as a whole or in part."""
    rows = list(SPELLED[table].rows(connection, keys))
    texts = [row.folded for row in rows]
    alike = np.maximum(
        process.cdist([folded], texts, scorer=fuzz.ratio)[0],
        0.9 * process.cdist([folded], texts, scorer=fuzz.partial_ratio)[0],
    )
    return [rows[place].id for place in np.argsort(-alike, kind="stable")[:MOST]]


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


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
