"""The tables that stand: the shipped ones, or those that were learned here and adopted last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub.audit.log import record
from hub.db import times
from hub.db.counters import Instant, take
from hub.db.tables import LEARNED_TABLE
from hub.db.times import OPEN
from hub.links.prepared import Recorded
from matching.forms import RecordingForms, WorkForms
from matching.linking import judge_prepared
from matching.linking import with_learned as links_with
from matching.model import Judgement, Model, Rule, judge_forms
from matching.recordings import with_table
from matching.records import RecordingRecord, WorkRecord
from matching.works import with_learned as works_with

KINDS = ("recording", "work", "embodiment")
"""Whose tables learn: recordings, works, and recordings to works."""


@dataclass(frozen=True, slots=True)
class Models:
    """The tables by which a run judges; ``links`` are the rules of a recording and a work."""

    works: Model[WorkRecord, WorkForms]
    recordings: Model[RecordingRecord, RecordingForms]
    links: tuple[Rule, ...]

    def judge(self, left: WorkForms | Recorded, right: WorkForms | Recorded) -> Judgement:
        """What these tables say of two prepared subjects; of two kinds the recording is the left one."""
        if isinstance(right, Recorded):
            assert isinstance(left, Recorded)
            return judge_forms(left.forms, right.forms, self.recordings)
        if isinstance(left, Recorded):
            return judge_prepared(left.forms, left.hints, right, self.links)
        return judge_forms(left, right, self.works)


def models(learned: Mapping[str, str]) -> Models:
    """The models with these learned tables, by kind, in place of the shipped ones."""
    return Models(
        works_with(learned.get("work", "")),
        with_table(learned.get("recording", "")),
        links_with(learned.get("embodiment", "")),
    )


SHIPPED = models({})


def contents(connection: Connection) -> dict[str, str]:
    """The CSV of the learned table in use, by kind; kinds whose shipped one is in use are left out."""
    query = select(LEARNED_TABLE.c.kind, LEARNED_TABLE.c.content).where(LEARNED_TABLE.c.known_to == OPEN)
    rows = connection.execute(query.order_by(LEARNED_TABLE.c.id))
    return {kind: content for kind, content in rows if content}


def standing_models(connection: Connection) -> Models:
    """The models with the tables that stand."""
    return models(contents(connection))


def put(
    connection: Connection,
    kind: str,
    content: str,
    judgements: int,
    author: str,
    reason: str,
    now: Instant,
) -> None:
    """Let this table of a kind stand from now on (empty: the shipped one); what stood keeps its time."""
    current = (LEARNED_TABLE.c.kind == kind, LEARNED_TABLE.c.known_to == OPEN)
    connection.execute(update(LEARNED_TABLE).where(*current).values(known_to=now.at))
    connection.execute(
        insert(LEARNED_TABLE).values(
            id=take(connection, "learned_table", 1), kind=kind, content=content, judgements=judgements,
            author=author, reason=reason, known_from=now.at, known_to=OPEN,
        )
    )  # fmt: skip
    told = {"kind": kind, "judgements": judgements, "reason": reason, "table": content or "shipped"}
    record(connection, now.at, "learning", author, kind, told)


def before_last(connection: Connection, kind: str) -> str | None:
    """The table that stood before the one in use (empty: the shipped one); None while nothing was adopted."""
    query = select(LEARNED_TABLE.c.content).where(LEARNED_TABLE.c.kind == kind)
    found = connection.scalars(query.order_by(LEARNED_TABLE.c.id.desc()).limit(2)).all()
    if not found:
        return None
    return found[1] if len(found) > 1 else ""


def history(connection: Connection, kind: str) -> list[dict[str, Any]]:
    """Every adoption and return, the newest first; ``table`` is ``learned`` or ``shipped``."""
    query = select(LEARNED_TABLE).where(LEARNED_TABLE.c.kind == kind).order_by(LEARNED_TABLE.c.id.desc())
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
