"""The table of recordings that stands: the shipped one, or the one that was learned here and adopted last."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub.audit.log import record
from hub.db import times
from hub.db.counters import Instant, take
from hub.db.tables import LEARNED_TABLE
from hub.db.times import OPEN
from matching.forms import RecordingForms
from matching.model import Model
from matching.recordings import with_table
from matching.records import RecordingRecord

KIND = "recording"


def standing(connection: Connection) -> str:
    """The CSV of the learned table in use; empty while the shipped one is."""
    query = select(LEARNED_TABLE.c.content).where(
        LEARNED_TABLE.c.kind == KIND, LEARNED_TABLE.c.known_to == OPEN
    )
    return connection.scalar(query.order_by(LEARNED_TABLE.c.id.desc()).limit(1)) or ""


def recordings_model(connection: Connection) -> Model[RecordingRecord, RecordingForms]:
    """The model of recordings with the table that stands."""
    return with_table(standing(connection))


def put(
    connection: Connection, content: str, judgements: int, author: str, reason: str, now: Instant
) -> None:
    """Let this table stand from now on; an empty one is the shipped table. What stood keeps its time."""
    current = (LEARNED_TABLE.c.kind == KIND, LEARNED_TABLE.c.known_to == OPEN)
    connection.execute(update(LEARNED_TABLE).where(*current).values(known_to=now.at))
    connection.execute(
        insert(LEARNED_TABLE).values(
            id=take(connection, "learned_table", 1), kind=KIND, content=content, judgements=judgements,
            author=author, reason=reason, known_from=now.at, known_to=OPEN,
        )
    )  # fmt: skip
    told = {"kind": KIND, "judgements": judgements, "reason": reason, "table": content or "shipped"}
    record(connection, now.at, "learning", author, KIND, told)


def before_last(connection: Connection) -> str | None:
    """The table that stood before the one in use (empty: the shipped one); None while nothing was adopted."""
    query = select(LEARNED_TABLE.c.content).where(LEARNED_TABLE.c.kind == KIND)
    found = connection.scalars(query.order_by(LEARNED_TABLE.c.id.desc()).limit(2)).all()
    if not found:
        return None
    return found[1] if len(found) > 1 else ""


def history(connection: Connection) -> list[dict[str, Any]]:
    """Every adoption and return, the newest first; ``table`` is ``learned`` or ``shipped``."""
    query = select(LEARNED_TABLE).where(LEARNED_TABLE.c.kind == KIND).order_by(LEARNED_TABLE.c.id.desc())
    return [
        {
            "table": "learned" if row.content else "shipped",
            "judgements": row.judgements,
            "author": row.author,
            "reason": row.reason,
            "from": times.text(row.known_from),
            "to": "" if row.known_to == OPEN else times.text(row.known_to),
        }
        for row in connection.execute(query)
    ]
