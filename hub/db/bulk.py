"""Rows into tables by the driver's fastest safe path: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Table, text

from hub.db import search_index
from hub.db.engine import writing
from hub.db.tables import metadata

BULK = (
    "subject", "declaration", "claim", "mention", "title", "identifier", "match_key", "work_reference",
    "mandate", "party", "judgement", "cluster_member",
)  # fmt: skip
"""The tables that feeds fill."""


def insert_rows(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Append ``rows`` (tuples in the order of ``columns``) to ``table`` within the open transaction."""
    if not rows:
        return
    target: Table = metadata.tables[table]
    names = ", ".join(f'"{target.columns[column].name}"' for column in columns)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f'COPY "{target.name}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        cursor.close()
        return
    marks = ", ".join("?" * len(columns))
    if any(isinstance(cell, dt.date) for cell in rows[0]):
        # sqlite3 has no date type and its default adapter is deprecated: store what SQLAlchemy reads.
        rows = [
            tuple(cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row) for row in rows
        ]
    # Names come from the metadata, never from input.
    connection.exec_driver_sql(f'INSERT INTO "{target.name}" ({names}) VALUES ({marks})', list(rows))  # noqa: S608


@contextmanager
def first_load(engine: Engine) -> Iterator[None]:
    """Fill an empty hub inside the block: the indexes of the bulk tables are built once, after it.

    Keys and unique constraints hold all the time. Only for a hub that nobody uses yet: questions would be
    slow until the indexes are back, which they are after an error too.
    """
    tables = [metadata.tables[name] for name in BULK]
    indexes = [index for table in tables for index in sorted(table.indexes, key=lambda item: str(item.name))]
    with writing(engine) as connection:
        for index in indexes:
            index.drop(connection, checkfirst=True)
    try:
        yield
    finally:
        with writing(engine) as connection:
            for index in indexes:
                index.create(connection, checkfirst=True)
            search_index.extend(connection)
        with writing(engine) as connection:
            connection.execute(text("ANALYZE"))
