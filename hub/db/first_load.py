"""Filling an empty hub: without the indexes that only questions need, which are built once at its end.

Keys and unique constraints hold all the time. What the rows refer to is checked afterwards, by one question
for each kind of reference instead of one for each row. A mark stands in the database as long as indexes are
missing: whoever takes in another file builds them, whether the load that left them out goes on or was killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, Index, delete, exists, func, insert, select, text

from hub.db import search_index
from hub.db.counters import take
from hub.db.engine import reading, writing
from hub.db.tables import COUNTER, DECLARATION, metadata
from hub.errors import Surroundings

BULK = (
    "subject", "declaration", "claim", "mention", "title", "identifier", "match_key", "work_reference",
    "mandate", "party", "judgement", "cluster_member",
)  # fmt: skip
"""The tables that feeds fill."""
MARK = "first_load"
"""The counter that stands while indexes are missing; its value is what the load is for."""

ASKED = ("ix_declaration_subject_id_known_to",)
"""Indexes that taking declarations in asks itself."""
BUILDING = "index_building"
"""The counter whose lock lets nobody else drop or build indexes meanwhile."""


@contextmanager
def first_load(engine: Engine, purpose: int = 0) -> Iterator[None]:
    """Fill an empty hub inside the block: the indexes of the bulk tables are built once, after it.

    Only for a hub that nobody uses yet: questions are slow until the indexes are back, which they are after
    an error too. Of a process that is killed the mark is left, with the ``purpose``.

    Raises:
        Surroundings: a row refers to one that is not there.
    """
    begin(engine, purpose)
    try:
        yield
    finally:
        complete(engine)
    with reading(engine) as connection:
        lost = dangling(connection)
    if lost:
        raise Surroundings(f"rows refer to others that are not there: {', '.join(lost)}")


def begin(engine: Engine, purpose: int) -> None:
    """Take the indexes away, and leave the mark that says so."""
    with writing(engine) as connection:
        take(connection, BUILDING, 0)
        if marked(connection) is None:
            connection.execute(insert(COUNTER).values(name=MARK, value=purpose))
        for index in _indexes():
            index.drop(connection, checkfirst=True)


def complete(engine: Engine) -> None:
    """Build the indexes that a first load left out, and count rows anew for the planner."""
    with writing(engine) as connection:
        take(connection, BUILDING, 0)
        for index in _indexes():
            index.create(connection, checkfirst=True)
        search_index.extend(connection)
        connection.execute(delete(COUNTER).where(COUNTER.c.name == MARK))
    with writing(engine) as connection:
        connection.execute(text("ANALYZE"))


def marked(connection: Connection) -> int | None:
    """The purpose of the first load whose indexes are missing; None where none are."""
    return connection.scalar(select(COUNTER.c.value).where(COUNTER.c.name == MARK))


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever declared here."""
    return not connection.scalar(select(exists().where(DECLARATION.c.id > 0)))


def dangling(connection: Connection) -> list[str]:
    """Columns with rows that refer to a row that is not there, and how many; set by set, not row by row."""
    found = []
    for name in BULK:
        for column in metadata.tables[name].columns:
            parent = metadata.tables.get(column.name.removesuffix("_id"))
            if column.name.endswith("_id") and parent is not None:
                there = exists().where(parent.c.id == column)
                count = connection.scalar(select(func.count()).select_from(column.table).where(~there))
                if count:
                    found.append(f"{name}.{column.name} ({count})")
    return found


def _indexes() -> list[Index]:
    """Those that are left out."""
    return [
        index
        for name in BULK
        for index in sorted(metadata.tables[name].indexes, key=lambda item: str(item.name))
        if index.name not in ASKED
    ]
