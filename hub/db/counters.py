"""Keys in blocks and instants of known time: the two things every writer takes from the database."""

from __future__ import annotations

import time
from collections.abc import Mapping

from sqlalchemy import Connection, Table, func, insert, select, text, update

from hub.db.prepared import KEYS, Prepared
from hub.db.tables import COUNTER

CLOCK = "known"
"""The counter that holds the last instant of known time given out: the horizon of what is known."""

HORIZON = Prepared("the horizon", select(COUNTER.c.value).where(COUNTER.c.name.in_(KEYS)))


def take(connection: Connection, name: str, count: int) -> int:
    """Reserve ``count`` keys and return the first; the row lock lasts until the transaction ends."""
    row = _locked(connection, name)
    connection.execute(update(COUNTER).where(COUNTER.c.name == name).values(value=row + count))
    return row + 1


def tick(connection: Connection) -> int:
    """The instant of known time of this transaction: later than every instant given out before.

    Holding the row until commit serialises publications, so whoever reads the horizon sees everything
    known up to it, and an answer asked again with that ``known_at`` has the same bytes.
    """
    last = _locked(connection, CLOCK)
    now = max(time.time_ns() // 1000, last + 1)
    connection.execute(update(COUNTER).where(COUNTER.c.name == CLOCK).values(value=now))
    return now


class Instant:
    """The instant of a transaction, taken only if something is written: ``at`` gives it out once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._at = 0

    @property
    def at(self) -> int:
        """The instant; the first reading takes it."""
        self._at = self._at or tick(self._connection)
        return self._at


def horizon(connection: Connection) -> int:
    """The last instant at which the hub learned something; 0 for an empty hub."""
    return next((value for (value,) in HORIZON.rows(connection, [CLOCK])), 0)


def marks(connection: Connection, prefix: str) -> dict[str, int]:
    """How far somebody has looked, by what was looked at; empty before the first time."""
    query = select(COUNTER.c.name, COUNTER.c.value).where(COUNTER.c.name.startswith(prefix, autoescape=True))
    return {name.removeprefix(prefix): value for name, value in connection.execute(query)}


def move(connection: Connection, prefix: str, to: Mapping[str, int]) -> None:
    """Remember how far somebody has looked."""
    for name, value in to.items():
        done = connection.execute(update(COUNTER).where(COUNTER.c.name == prefix + name).values(value=value))
        if not done.rowcount:
            connection.execute(insert(COUNTER).values(name=prefix + name, value=value))


def last_ids(connection: Connection, tables: Mapping[str, Table]) -> dict[str, int]:
    """The last id of each table, by its name; 0 for an empty one.

    Where ids are taken from a counter, whoever sees one sees all below it.
    """
    return {name: connection.scalar(select(func.max(table.c.id))) or 0 for name, table in tables.items()}


def _locked(connection: Connection, name: str) -> int:
    query = select(COUNTER.c.value).where(COUNTER.c.name == name).with_for_update()
    found = connection.scalar(query)
    if found is None:
        # Another transaction may be making it at this moment: then its row is waited for and taken.
        connection.execute(
            text("INSERT INTO counter (name, value) VALUES (:name, 0) ON CONFLICT DO NOTHING"), {"name": name}
        )
        found = connection.scalar(query)
    return int(found or 0)
