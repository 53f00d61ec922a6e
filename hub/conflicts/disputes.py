"""What is in dispute about the works or recordings that a society registered, for messages that say so."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from hub.conflicts.changed import INSTANT, MARK
from hub.conflicts.conflict_records import PAGE, Record, hanging_on
from hub.conflicts.found import DISAGREEMENT, OVERCLAIM
from hub.db.counters import marks
from hub.db.tables import SUBJECT

DISPUTES = frozenset({OVERCLAIM, DISAGREEMENT})
"""Kinds of conflicts over shares of one work or recording. Others are about mandates or identifiers."""

SETTLED = "settled"
PART = 100


def looked_at(connection: Connection) -> int:
    """The instant up to which the hub has looked for conflicts, 0 if it never has."""
    return marks(connection, MARK).get(INSTANT, 0)


def disputes(
    connection: Connection, kind: str, submitter: str, refs: Sequence[str], at: int
) -> dict[str, list[Record]]:
    """By the registration's number its conflicts over shares that are there and not settled, oldest first."""
    query = select(SUBJECT.c.id, SUBJECT.c.ref).where(
        SUBJECT.c.kind == kind, SUBJECT.c.submitter == submitter
    )
    found: dict[str, list[Record]] = {}
    for start in range(0, len(refs), PART):
        keys = dict(connection.execute(query.where(SUBJECT.c.ref.in_(refs[start : start + PART]))).all())
        records = hanging_on(connection, [f"subject:{key}" for key in keys], at)
        if len(records) == PAGE:
            # There are more than come at once: each has its own.
            records = [item for key in keys for item in hanging_on(connection, [f"subject:{key}"], at)]
        for record in {item.key: item for item in records}.values():
            if record.kind in DISPUTES and record.course.state != SETTLED:
                for key in {side["key"] for side in record.sides} & keys.keys():
                    found.setdefault(keys[key], []).append(record)
    return found
