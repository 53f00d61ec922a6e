"""Indexes that versions before asked and this one does not; they go when no process of those is left.

An upgrade takes nothing away, because processes of the version before go on beside it. When it is run again
they are gone, and a new database never had any.
"""

from __future__ import annotations

import re

from sqlalchemy import Connection

INDEXES = (
    # Narrower than those of 0022.
    "ix_identifier_scheme_value", "ix_cluster_member_subject_id", "ix_cluster_member_cluster_id",
    "ix_party_ipi_name",
    # What was searched by before 0023.
    "ix_title_folded", "ix_party_folded", "ix_title_search", "ix_party_search",
)  # fmt: skip
TRIGRAMS = ("title_search", "party_search")
"""Tables of trigrams, and triggers that filled them, on SQLite."""
_OF_TRIGRAMS = re.compile(rf"({'|'.join(TRIGRAMS)})(_\w+)?")


def is_superseded(name: str | None, kind: str) -> bool:
    """Whether a ``table`` or ``index`` of the database is one that may still be there."""
    if kind == "table":
        return bool(_OF_TRIGRAMS.fullmatch(name or ""))
    return kind == "index" and name in INDEXES


def drop(connection: Connection) -> None:
    """Take away what is left of them."""
    # Names come from the code, never from input.
    for index in INDEXES:
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index}")
    if connection.dialect.name == "sqlite":
        for table in TRIGRAMS:
            for event in ("insert", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_{event}")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
