"""Engines and transactions for SQLite and PostgreSQL.

SQLite: WAL with full synchronisation, because proof is the product and it costs next to nothing at the
batch sizes used; writers begin with IMMEDIATE so that two of them queue instead of failing half-way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from hub.errors import Surroundings

BUSY_SECONDS = 60
CACHE_KIB = 32 * 1024
"""Pages of the database that each SQLite connection keeps."""


def connect(url: str) -> Engine:
    """An engine for the URL; the folder of a SQLite file is created.

    Raises:
        Surroundings: the URL is wrong, its driver is missing or its folder cannot be made.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        return create_engine(url, pool_pre_ping=True)
    except ArgumentError as fault:
        raise Surroundings(f"HUB_DATABASE_URL is not a database URL: {url!r}") from fault
    except ModuleNotFoundError as fault:
        raise Surroundings(
            f"the driver for this database is missing ({fault.name}); install repertoire-hub[postgres]"
        ) from fault
    except OSError as fault:
        raise Surroundings(f"the folder of the database cannot be made: {fault}") from fault


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_sqlite says which kind is wanted.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Temporary structures go to files: what a statement may have to undo grows with the rows it changes.
    # With the few pages that SQLite keeps by itself a batch of answers reads the same ones again and again.
    options = ("synchronous=FULL", "foreign_keys=ON", "temp_store=FILE", f"cache_size={-CACHE_KIB}")
    for pragma in ("journal_mode=WAL", *options):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection with one consistent view of everything committed before it began.

    Raises:
        Surroundings: the database cannot be reached.
    """
    try:
        connection = engine.connect()
    except OperationalError as fault:
        raise Surroundings(f"the database cannot be reached: {fault.orig}") from fault
    try:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection
    finally:
        connection.close()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection whose work is committed at the end of the block, or not at all.

    Raises:
        Surroundings: the database cannot be reached.
    """
    try:
        connection = engine.connect()
    except OperationalError as fault:
        raise Surroundings(f"the database cannot be reached: {fault.orig}") from fault
    try:
        connection = connection.execution_options(writing=True)
        with connection.begin():
            yield connection
    finally:
        connection.close()
