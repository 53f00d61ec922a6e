"""The index of spellings: a signature for every title and party name, stored in blocks of equal size.

A block holds the signatures of ``BLOCK`` keys in a row of ``title`` or ``party``; a key without a row has an
empty one. Keys are given out in order and their rows never change, so a block is written once, when all its
keys are used up; the rows behind the last block are read by who searches. Both databases have the same index,
and neither needs an extension for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sqlalchemy import Connection, Engine, func, insert, select

from hub.db.counters import take
from hub.db.engine import reading, writing
from hub.db.tables import SPELLING_BLOCK, metadata
from matching.spellings import WORDS, Signatures, signatures

TABLES = ("title", "party")
BLOCK = 16_384
"""Keys of one block."""


def extend(connection: Connection) -> int:
    """Write every block whose keys are all used up; returns how many."""
    return sum(1 for table in TABLES for _ in _written(connection, table))


def extend_apart(engine: Engine) -> None:
    """The same with a transaction for each block, so that other writers never wait for long."""
    with reading(engine) as connection:
        missing = [table for table in TABLES if _whole(connection, table) > held(connection, table)]
    for table in missing:
        more = True
        while more:
            with writing(engine) as connection:
                more = next(_written(connection, table), None) is not None


def _written(connection: Connection, table: str) -> Iterator[int]:
    whole = _whole(connection, table)
    if held(connection, table) >= whole:
        return
    # The lock makes writers of blocks wait for each other.
    take(connection, "spelling_block", 0)
    for number in range(held(connection, table), whole):
        made = signed(connection, table, number)
        row = {"source": table, "number": number, "signatures": made.astype("<u8").tobytes()}
        connection.execute(insert(SPELLING_BLOCK).values(row))
        yield number


def _whole(connection: Connection, table: str) -> int:
    """How many blocks have no key left."""
    last = connection.scalar(select(func.max(metadata.tables[table].c.id)))
    return 0 if last is None else (int(last) + 1) // BLOCK


def held(connection: Connection, table: str) -> int:
    """How many blocks of a table are written: all from the first on."""
    last = select(func.max(SPELLING_BLOCK.c.number)).where(SPELLING_BLOCK.c.source == table)
    found = connection.scalar(last)
    return 0 if found is None else int(found) + 1


def signed(connection: Connection, table: str, number: int) -> Signatures:
    """The signatures of one stretch of keys, from their rows."""
    found = metadata.tables[table].c
    first = number * BLOCK
    query = select(found.id, found.folded).where(found.id >= first, found.id < first + BLOCK)
    rows = connection.execute(query).all()
    block = np.zeros((WORDS, BLOCK), np.uint64)
    block[:, [row.id - first for row in rows]] = signatures([row.folded for row in rows])
    return block


def stored(connection: Connection, table: str, after: int) -> Iterator[tuple[int, Signatures]]:
    """Numbers and signatures of the written blocks from number ``after`` on."""
    query = (
        select(SPELLING_BLOCK.c.number, SPELLING_BLOCK.c.signatures)
        .where(SPELLING_BLOCK.c.source == table, SPELLING_BLOCK.c.number >= after)
        .order_by(SPELLING_BLOCK.c.number)
    )
    for number, written in connection.execute(query):
        yield number, np.frombuffer(written, "<u8").astype(np.uint64).reshape(WORDS, BLOCK)


def unwritten(connection: Connection) -> int:
    """Blocks whose keys are all used up and that are not written yet."""
    return sum(max(_whole(connection, table) - held(connection, table), 0) for table in TABLES)
