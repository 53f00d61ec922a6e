"""Pairs that people name: two source subjects that are judged together, found by their ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from hub.db.tables import SUBJECT
from hub.errors import NotFound, UsageError


def named(connection: Connection, left: str, right: str) -> tuple[str, Any, Any]:
    """The kind of their judgement and the rows of both, the smaller id first; of two kinds the recording.

    Raises:
        NotFound: no work or recording has this id.
        UsageError: both are one subject.
    """
    first, second = sorted(
        (_subject(connection, name) for name in (left, right)), key=lambda row: int(row.id)
    )
    if first.id == second.id:
        raise UsageError("a subject cannot be compared with itself")
    if first.kind == second.kind:
        return str(first.kind), first, second
    return ("embodiment", first, second) if first.kind == "recording" else ("embodiment", second, first)


def declared(first: Any, second: Any, present: Collection[int]) -> None:
    """Refuse a subject that is not among those declared at present.

    Raises:
        NotFound: one of the two is not.
    """
    for row in (first, second):
        if row.id not in present:
            raise NotFound(f"{row.public_id} is not declared at present; there is nothing to compare")


def _subject(connection: Connection, public_id: str) -> Any:
    row = connection.execute(select(SUBJECT).where(SUBJECT.c.public_id == public_id)).first()
    if row is None or row.kind not in ("work", "recording"):
        raise NotFound(f"no work or recording has the id {public_id!r}")
    return row
