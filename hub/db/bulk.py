"""Rows into tables by the driver's fastest safe path: executemany on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table

from hub.db.tables import metadata


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
