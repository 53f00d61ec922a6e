"""Which stored titles and names are spelled nearly like a text, by the signatures of all of them in memory.

A process reads the blocks of the index when it first searches, and before every later search what was added
since. Every signature is compared with that of the text; the texts of those that share most are read and
compared letter by letter. Candidates are of any time; who asks drops what was not known.
"""

from __future__ import annotations

from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Engine, func, select

from hub.catalogue.likeness import likenesses
from hub.db import search_index
from hub.db.prepared import KEYS, Prepared
from hub.db.search_index import BLOCK
from hub.db.tables import metadata
from matching.spellings import WORDS, Block, likeliest, signatures

CANDIDATES = {"title": 6_000, "party": 1_000}
"""So many texts are read and compared letter by letter; titles come more than once, of work and recording."""
MOST = 400
"""So many are given at most."""
AT_ONCE = 16_384
"""Rows without a block that are read at once."""

SPELLED = {
    name: Prepared(f"spellings of {name}", select(found.id, found.folded).where(found.id.in_(KEYS)))
    for name, found in ((name, metadata.tables[name].c) for name in search_index.TABLES)
}


class _Spellings:
    """The signatures of one table of one database, as far as this process has read it."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._lock = Lock()
        self._blocks: list[Block] = []
        # Keys are given out in order, and their row is locked until those who took them are done: whoever
        # sees a key sees all below it.
        self._seen = -1

    def blocks(self, connection: Connection) -> list[Block]:
        """Blocks with everything that the connection sees."""
        keys = metadata.tables[self._table].c.id
        last = connection.scalar(select(func.max(keys))) or 0
        if last > self._seen:
            with self._lock:
                self._read(connection, last)
        return list(self._blocks)

    def _read(self, connection: Connection, last: int) -> None:
        whole = (self._seen + 1) // BLOCK
        if (last + 1) // BLOCK > whole:
            for number, signed in search_index.stored(connection, self._table, whole):
                self._put(number, Block.of(number * BLOCK, signed))
                self._seen = max(self._seen, (number + 1) * BLOCK - 1)
        found = metadata.tables[self._table].c
        while self._seen < last:
            until = min(self._seen + AT_ONCE, last, ((self._seen + 1) // BLOCK + 1) * BLOCK - 1)
            query = select(found.id, found.folded).where(found.id > self._seen, found.id <= until)
            rows = connection.execute(query).all()
            number = until // BLOCK
            signed = np.zeros((WORDS, BLOCK), np.uint64)
            if number < len(self._blocks):
                signed[:] = self._blocks[number].signed
            signed[:, [row.id - number * BLOCK for row in rows]] = signatures([row.folded for row in rows])
            self._put(number, Block.of(number * BLOCK, signed))
            self._seen = until

    def _put(self, number: int, block: Block) -> None:
        """Put a whole block in the place of its number: who looks meanwhile sees the one before."""
        if number < len(self._blocks):
            self._blocks[number] = block
        else:
            self._blocks.append(block)


_spellings: WeakKeyDictionary[Engine, dict[str, _Spellings]] = WeakKeyDictionary()


def forget(engine: Engine) -> None:
    """Read everything anew for the next search."""
    _spellings.pop(engine, None)


def near(connection: Connection, table: str, folded: str, least: int) -> dict[int, int]:
    """The likeness of rows of ``title`` or ``party`` by their keys, of the likest that reach the least."""
    held = _spellings.setdefault(connection.engine, {})
    blocks = held.setdefault(table, _Spellings(table)).blocks(connection)
    keys: dict[str, list[int]] = {}
    for key, text in SPELLED[table].cells(connection, likeliest(blocks, folded, CANDIDATES[table])):
        keys.setdefault(text, []).append(key)
    scores = sorted(
        (-score, sorted(rows))
        for score, rows in zip(likenesses(folded, list(keys), least), keys.values(), strict=True)
        if score >= least
    )
    found: dict[int, int] = {}
    for score, rows in scores:
        found |= dict.fromkeys(rows[: MOST - len(found)], -score)
        if len(found) == MOST:
            break
    return found
