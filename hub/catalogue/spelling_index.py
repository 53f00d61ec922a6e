"""Which stored titles and names are spelled nearly like a text: the databases' trigram indexes.

SQLite: an FTS5 table of trigrams over the folded column, kept by triggers. Of the trigrams of a text the rare
ones tell most, so rows that share many rare ones are the candidates; a common trigram is not read to its end.
PostgreSQL: a GIN index of ``pg_trgm``, which is asked for pieces of the text and for pairs of them: what is
similar to a text takes ten times as long to find as what has a piece of it. Where neither can be had, words
are looked for one row after another. Candidates are of any time; who asks compares them and drops what was
not known.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import orjson
from rapidfuzz import fuzz, process
from sqlalchemy import Connection, Engine, or_, select, text

from hub.db import search_index
from hub.db.prepared import KEYS, Prepared
from hub.db.tables import metadata

MOST, WIDE = 400, 3_000
"""Candidates for one text, and when it is looked for longer."""
RARE, COMMON = 2_500, 10_000
"""Rows read of a trigram, and of a pair of common ones when rare ones are too few."""
MORE = 8
"""So many pairs of common trigrams are read then."""
SHORT, SHORTEST = 16, 10
"""Letters of a text in which slips of fingers are looked for: in a longer one enough is unhurt."""
APART = 4
"""So many trigrams of a half of the text are asked for together."""
ENOUGH = 4
"""So many rare trigrams of a text find what is meant."""
PIECES, AROUND, HELD = 8, 16, 1_000
"""So many pieces of a text at most are looked for in PostgreSQL, places of a slip, and rows of each."""
SIMILAR = 0.3
"""What ``pg_trgm`` calls similar, for a short text of which hardly a piece is found."""
LIKE = re.compile(r"[%_\\]")
FEW = 10

REMEMBERED = 50_000
"""So many common trigrams are remembered, as they stay common and need not be read to be told so."""

_kinds: WeakKeyDictionary[Engine, str] = WeakKeyDictionary()
_common: WeakKeyDictionary[Engine, set[tuple[str, str]]] = WeakKeyDictionary()
SPELLED = {
    name: Prepared(f"spellings of {name}", select(found.id, found.folded).where(found.id.in_(KEYS)))
    for name, found in ((name, metadata.tables[name].c) for name in search_index.TABLES)
}


def forget(engine: Engine) -> None:
    """Look anew which index there is."""
    _kinds.pop(engine, None)
    _common.pop(engine, None)


def near(
    connection: Connection,
    table: str,
    folded: str,
    *,
    wide: bool = False,
    read: dict[str, Any] | None = None,
) -> list[int]:
    """Keys of rows of ``title`` or ``party`` whose folded text is like this one, the likeliest first.

    ``wide`` looks longer, for a text that is not like anything found without; ``read`` keeps what was read of
    the index from one call for the same text to the next.
    """
    if not folded:
        return []
    found: Sequence[int]
    equal = _equal(connection, table, folded)
    has = _kinds.get(connection.engine) or _kinds.setdefault(connection.engine, search_index.kind(connection))
    match has:
        case search_index.FTS5:
            stored = any(row.folded == folded for row in equal)
            kept = {} if read is None else read
            found = _by_trigrams(connection, table, folded, kept, wide=wide, stored=stored)
        case search_index.PG_TRGM:
            found = _by_pieces(connection, table, folded, wide=wide)
        case _:
            found = _by_words(connection, table, folded)
    return list(dict.fromkeys([*(row.id for row in equal), *found]))[:MOST]


def _equal(connection: Connection, table: str, folded: str) -> Sequence[Any]:
    """Rows that are spelled so, and on SQLite those that begin so."""
    target = metadata.tables[table].c
    condition = target.folded == folded
    if connection.dialect.name == "sqlite":
        condition = (target.folded >= folded) & (target.folded < folded + "\U0010ffff")
    query = select(target.id, target.folded).where(condition)
    return connection.execute(query.order_by(target.folded, target.id).limit(MOST // 2)).all()


def _by_trigrams(
    connection: Connection, table: str, folded: str, read: dict[str, Any], *, wide: bool, stored: bool
) -> list[int]:
    """``stored``: a row is spelled so, and only those near it are wanted beside it."""
    trigrams = _trigrams(folded)
    common = _common.setdefault(connection.engine, set())
    driver: Any = connection.connection.driver_connection
    # Names come from the code, never from input; keys as one list, which takes half the time of rows.
    query = (
        f"SELECT json_group_array(rowid) FROM (SELECT rowid FROM {table}_search"  # noqa: S608
        f" WHERE {table}_search MATCH ? LIMIT ?)"
    )

    def rows(wanted: str, most: int) -> Any:
        if wanted not in read:
            (found,) = driver.execute(query, (wanted, most)).fetchone()
            read[wanted] = np.array(orjson.loads(found), np.int64)
        return read[wanted]

    postings = {
        trigram: rows(_quoted(trigram), RARE) for trigram in trigrams if (table, trigram) not in common
    }
    if len(common) < REMEMBERED:
        common.update((table, trigram) for trigram in postings if len(postings[trigram]) == RARE)
    rare = [trigram for trigram in trigrams if 0 < len(postings.get(trigram, ())) < RARE]
    used = rare
    if wide or len(rare) < ENOUGH:
        cut = [trigram for trigram in trigrams if trigram not in postings or len(postings[trigram]) == RARE]
        # Common trigrams that belong together are rare enough: those of a half, as one slip leaves the other
        # half unhurt; two with letters of what is meant between them that are unhurt; or those of a place
        # where two letters are exchanged or words run together.
        halves = [cut[: len(cut) // 2], cut[len(cut) // 2 :]]
        more = [_both(_some(half, APART)) for half in halves if len(half) > 1]
        if wide or not stored:
            more += [_both(pair) for pair in _pairs(trigrams, set(cut), MORE * (2 if wide else 1))]
        if wide and len(folded) <= SHORT:
            more += [_both(_trigrams(piece)) for piece in _repaired(folded)]
        more = list(dict.fromkeys(more))
        postings |= {each: rows(each, COMMON) for each in more}
        used = [*rare, *more]
    found = _likeliest([postings[trigram] for trigram in used], WIDE if wide else MOST)
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


def _trigrams(text: str) -> list[str]:
    return list(dict.fromkeys(text[place : place + 3] for place in range(len(text) - 2)))


def _pairs(trigrams: Sequence[str], common: Container[str], most: int) -> list[tuple[str, str]]:
    """Pairs of common trigrams: five letters in a row, then four, then six."""
    found: list[tuple[str, str]] = []
    for step in (2, 1, 3):
        pairs = [
            (first, second)
            for first, second in zip(trigrams, trigrams[step:], strict=False)
            if first in common and second in common
        ]
        found += pairs[:: max(len(pairs) // MORE, 1)][:MORE]
    return found[:most]


def _repaired(folded: str, reach: int = 2) -> list[str]:
    """So many letters before and after each place of a text as they would be if it were right there.

    Slips of fingers: two letters exchanged, a space left out, or one that is too much; in the shortest texts
    also a letter in place of a space.

    >>> "ma lu" in _repaired("malud")
    True
    """
    found: list[str] = []
    for place in range(1, len(folded)):
        before, after = folded[max(place - reach, 0) : place], folded[place : place + reach]
        behind = folded[place + 1 : place + 1 + reach]
        if folded[place] == " ":
            found.append(before + behind)
        elif len(folded) <= SHORTEST and 1 < place < len(folded) - 2:
            found.append(f"{before} {behind}")
        if " " not in folded[place - 1 : place + 1] and 1 < place < len(folded) - 1:
            found.append(f"{before} {after}")
        if folded[place] != folded[place - 1]:
            ahead = folded[max(place - 1 - reach, 0) : place - 1]
            found.append(f"{ahead}{folded[place]}{folded[place - 1]}{behind}")
    return [piece for piece in found if len(piece) > 2]


def _both(trigrams: Sequence[str]) -> str:
    return " AND ".join(map(_quoted, trigrams))


def _quoted(trigram: str) -> str:
    return '"' + trigram.replace('"', '""') + '"'


def _by_pieces(connection: Connection, table: str, folded: str, *, wide: bool) -> Sequence[int]:
    """Rows that share pieces of the text, those first that share most and rarest ones.

    ``pg_trgm`` takes long for what is a little like a text, and little time for what has a piece of it.
    """
    wanted: list[tuple[str, ...]]
    if wide:
        # Three letters on both sides of any one, whatever became of it: what is common is rare together.
        around = [
            (folded[place - 3 : place], folded[place + 1 : place + 4]) for place in range(3, len(folded) - 3)
        ]
        slips = [(piece,) for piece in _repaired(folded, 3)] if len(folded) <= SHORT else []
        whole = [folded[place : place + 3] for place in range(len(folded) - 2) if folded[place + 1] != " "]
        apart = [(first, second) for place, first in enumerate(whole) for second in whole[place + 4 :]]
        wanted = [*_some(around, AROUND), *_some(apart, AROUND), *slips]
    else:
        size = 4 if len(folded) < 9 else 5 if len(folded) < 14 else 6
        pieces = [folded[place : place + size] for place in range(len(folded) - size + 1)]
        wanted = [(piece,) for piece in _some(pieces, PIECES)]
    wanted = [each for each in wanted if sum(map(_told, each)) > 1]
    # Otherwise a piece that is thought to be common is looked for in one row after another.
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    query = (
        "SELECT array_agg(found.id) FROM unnest(CAST(:pieces AS text[])) AS piece CROSS JOIN LATERAL"  # noqa: S608
        f" (SELECT id FROM {table} WHERE folded LIKE piece LIMIT {HELD}) AS found"
        " GROUP BY piece ORDER BY piece"
    )
    patterns = ["%" + "%".join(LIKE.sub(r"\\\g<0>", piece) for piece in each) + "%" for each in wanted]
    postings = [
        np.array(keys, np.int64)
        for keys in connection.scalars(text(query), {"pieces": sorted(set(patterns))})
    ]
    connection.execute(text("SET LOCAL enable_seqscan = on"))
    found = _likeliest(postings, WIDE if wide else MOST)
    if wide and len(found) > MOST:
        return _nearest(connection, table, found, folded)
    return (
        found if len(found) >= FEW or len(folded) > SHORT else [*found, *_similar(connection, table, folded)]
    )


def _some(every: Sequence[Any], most: int) -> Sequence[Any]:
    """So many at most, evenly."""
    return every[:: len(every) // most + 1]


def _told(piece: str) -> int:
    """How many trigrams the index has of a piece; it has none across two words."""
    return sum(piece[place] != " " for place in range(1, len(piece) - 1))


def _similar(connection: Connection, table: str, folded: str) -> Sequence[int]:
    """Rows that ``pg_trgm`` takes for similar, as a whole or in part."""
    connection.execute(text(f"SET LOCAL pg_trgm.similarity_threshold = {SIMILAR}"))
    found: list[int] = []
    for like, order in (
        ("folded % :folded", "folded <-> :folded"),
        (":folded <% folded", ":folded <<-> folded"),
    ):
        query = f"SELECT id FROM {table} WHERE {like} ORDER BY {order}, id LIMIT {FEW}"  # noqa: S608
        found += connection.scalars(text(query), {"folded": folded}).all()
    return found


def _likeliest(postings: Sequence[Any], most: int) -> list[int]:
    """Of rows by what of a text they have, those that have most of it; what is rare says more."""
    if not postings:
        return []
    weights = [np.full(len(keys), math.log(4 * COMMON / (1 + len(keys)))) for keys in postings]
    distinct, places = np.unique(np.concatenate(postings), return_inverse=True)
    sums = np.bincount(places, np.concatenate(weights))
    found: list[int] = distinct[np.argsort(-sums, kind="stable")[:most]].tolist()
    return found


def _by_words(connection: Connection, table: str, folded: str) -> Sequence[int]:
    target = metadata.tables[table].c
    words = [word for word in folded.split() if len(word) > 2] or [folded]
    patterns = [target.folded.contains(word, autoescape=True) for word in sorted({folded, *words})]
    return connection.scalars(select(target.id).where(or_(*patterns)).order_by(target.id).limit(MOST)).all()
