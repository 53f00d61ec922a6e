"""The trigram indexes over titles and names, made where the database can have them.

SQLite gets FTS5 tables kept by triggers, PostgreSQL indexes of the extension ``pg_trgm``. Without either
the hub works all the same: search then finds words as they are stored, row after row.
"""

from __future__ import annotations

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

TABLES = ("title", "party")
FTS5, PG_TRGM, NONE = "fts5", "pg_trgm", "none"

_FTS5 = (
    "CREATE VIRTUAL TABLE {0}_search USING fts5"
    "(folded, content='{0}', content_rowid='id', tokenize='trigram', detail='none', columnsize=0)",
    "CREATE TRIGGER {0}_search_insert AFTER INSERT ON {0} BEGIN"
    " INSERT INTO {0}_search (rowid, folded) VALUES (new.id, new.folded); END",
    "CREATE TRIGGER {0}_search_delete AFTER DELETE ON {0} BEGIN"
    " INSERT INTO {0}_search ({0}_search, rowid, folded) VALUES ('delete', old.id, old.folded); END",
    "INSERT INTO {0}_search ({0}_search) VALUES ('rebuild')",
)
_PG_TRGM = "CREATE INDEX ix_{0}_search ON {0} USING gin (folded gin_trgm_ops)"


def kind(connection: Connection) -> str:
    """Which index the database has: ``fts5``, ``pg_trgm`` or ``none``."""
    if connection.dialect.name == "sqlite":
        query, name = "SELECT count(*) FROM sqlite_master WHERE name = 'title_search'", FTS5
    else:
        query, name = "SELECT count(*) FROM pg_class WHERE oid = to_regclass('ix_title_search')", PG_TRGM
    return name if connection.scalar(text(query)) else NONE


def ensure(connection: Connection) -> str:
    """Make the indexes unless they are there; returns their kind, ``none`` where that is not possible."""
    found = kind(connection)
    if found != NONE:
        return found
    try:
        with connection.begin_nested():
            if connection.dialect.name == "sqlite":
                for statement in _FTS5:
                    for table in TABLES:
                        connection.exec_driver_sql(statement.format(table))
            else:
                connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                for table in TABLES:
                    connection.exec_driver_sql(_PG_TRGM.format(table))
    except DBAPIError:
        # Neither FTS5 with trigrams nor the extension: `hub doctor` says so, `hub db upgrade` tries again.
        return NONE
    return kind(connection)


def drop(connection: Connection) -> None:
    """Take the indexes away."""
    for table in TABLES:
        if connection.dialect.name == "sqlite":
            for name in ("insert", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_search_{name}")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}_search")
        else:
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS ix_{table}_search")
