"""Looking for conflicts where somebody waits: at once if little changed, otherwise by a worker.

A first look, and one after a large load, reads the whole register. No request waits for that: it leaves a
job, and says how far that one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from hub import registers
from hub.conflicts.changed import INSTANT, MARK, heads
from hub.conflicts.finding import FINDERS, refresh
from hub.context import Hub
from hub.db.counters import horizon, marks
from hub.db.engine import reading, writing
from hub.db.tables import DECLARATION, SUBMISSION
from hub.db.times import OPEN
from hub.errors import Surroundings
from hub.jobs.queue import FAILED, Job, enqueue, latest

JOB_KIND = "conflicts"
"""The kind of the job, and what it is about: there is one register. It is the operator's."""
AT_ONCE = 2_000
"""Statements and links that changed, up to which a request looks by itself."""
Tell = Callable[[Mapping[str, Any]], None]


def unseen(connection: Connection) -> int:
    """How many statements and links came since the hub last looked; all of them before its first look."""
    before = marks(connection, MARK)
    if not before:
        return connection.scalar(select(func.max(DECLARATION.c.id))) or 0
    since = (SUBMISSION.c.known_at > before.get(INSTANT, 0)) & (SUBMISSION.c.known_at < OPEN)
    stated = connection.scalar(select(func.sum(SUBMISSION.c.stored)).where(since)) or 0
    now = heads(connection, horizon(connection))
    return int(stated) + now["cluster_member"] - before.get("cluster_member", 0)


def look(hub: Hub) -> Job | None:
    """Bring the conflicts up to what the hub knows, or have a worker do so; the job that is at it, if any.

    A job that failed is not repeated by who looks next: it is there to be looked into.
    """
    with reading(hub.engine) as connection:
        much = unseen(connection) > AT_ONCE
        job = latest(connection, JOB_KIND, JOB_KIND, registers.OPERATOR) if much else None
    if not much:
        refresh(hub)
        return None
    if job is None or not (job.active or job.state == FAILED):
        with writing(hub.engine) as connection:
            enqueue(connection, JOB_KIND, registers.OPERATOR, JOB_KIND)
            job = latest(connection, JOB_KIND, JOB_KIND, registers.OPERATOR)
    return job


def look_or_refuse(hub: Hub) -> None:
    """The same for a caller that cannot be given half of the conflicts.

    Raises:
        Surroundings: a worker is looking, or the look failed.
    """
    job = look(hub)
    if job is not None and job.state == FAILED:
        raise Surroundings(f"looking for conflicts failed; the operator can retry job {job.id}")
    if job is not None:
        step = job.progress.get("step", 0)
        raise Surroundings(
            f"a worker is looking for conflicts, since very much has changed: step {step} of {len(FINDERS)}; "
            "ask again later"
        )


def do_look(hub: Hub, _job: Job, tell: Tell) -> Mapping[str, Any]:
    """What the job does; its progress is the step that it is at, of how many, and what was found so far."""
    tell({"stage": "looking", "step": 1, "of": len(FINDERS), "found": 0})

    def progress(step: int, found: int) -> None:
        tell({"stage": "looking", "step": step, "of": len(FINDERS), "found": found})

    return refresh(hub, progress=progress).as_json()
