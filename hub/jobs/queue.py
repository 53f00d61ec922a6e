"""The queue: a table on either database, so that a job is queued in the transaction that makes it needed.

A worker holds a job by a lease that it renews. One that dies lets it run out, and another takes the job
over; handlers go on from what is committed, so the result is the same.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from hub import naming
from hub.context import Hub
from hub.db import times
from hub.db.counters import take
from hub.db.engine import reading, writing
from hub.db.tables import JOB
from hub.errors import IllegalTransition, NotFound
from hub.webhooks.outbox import JOB_ENDED, listening, notify

QUEUED, RUNNING, CANCELLING = "queued", "running", "cancelling"
DONE, FAILED, CANCELLED = "done", "failed", "cancelled"
ACTIVE = (QUEUED, RUNNING, CANCELLING)
STATES = (*ACTIVE, DONE, FAILED, CANCELLED)

SECOND = 1_000_000
"""Microseconds."""

MOST_ATTEMPTS = 5
"""A job whose workers died so often is what kills them; it fails and waits for a person."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; ``subject`` is what it is about, a submission's id for instance."""

    key: int
    id: str
    kind: str
    society: str
    subject: str
    payload: Mapping[str, Any]
    state: str
    progress: Mapping[str, Any]
    result: Mapping[str, Any]
    error: str
    attempts: int
    worker: str
    created_at: int
    started_at: int
    finished_at: int

    @property
    def active(self) -> bool:
        """Whether it is still going to change by itself."""
        return self.state in ACTIVE

    def as_json(self) -> dict[str, Any]:
        """For the interface; instants are ISO texts, empty where nothing happened yet."""
        return {
            "job": self.id, "kind": self.kind, "subject": self.subject, "state": self.state,
            "progress": dict(self.progress), "result": dict(self.result), "error": self.error,
            "attempts": self.attempts,
            "created": _shown(self.created_at), "started": _shown(self.started_at),
            "finished": _shown(self.finished_at),
        }  # fmt: skip


def enqueue(
    connection: Connection, kind: str, society: str, subject: str, payload: Mapping[str, Any] | None = None
) -> str:
    """Queue a job within the open transaction, unless one about the same thing is active; returns its id."""
    same = select(JOB.c.public_id).where(
        JOB.c.kind == kind, JOB.c.subject == subject, JOB.c.society == society, JOB.c.state.in_(ACTIVE)
    )
    # The counter's row is locked until the end, so two callers cannot queue the same job at once.
    number = take(connection, "job", 1)
    active = connection.scalar(same)
    if active is not None:
        return str(active)
    public_id = naming.public_id("j", kind, society, subject, str(number))
    connection.execute(
        insert(JOB).values(
            id=number, public_id=public_id, kind=kind, society=society, subject=subject,
            payload=_json(payload or {}), state=QUEUED, progress="{}", result="{}", error="", attempts=0,
            worker="", lease_until=0, created_at=_now(), started_at=0, finished_at=0,
        )
    )  # fmt: skip
    return public_id


def claim(hub: Hub, worker: str) -> Job | None:
    """Lease the oldest job that waits or whose worker is lost; None when there is none."""
    with reading(hub.engine) as connection:
        if connection.scalar(select(JOB.c.id).where(_free(_now())).limit(1)) is None:
            return None
    with writing(hub.engine) as connection:
        query = select(JOB).where(_free(_now())).order_by(JOB.c.id).limit(1)
        row = connection.execute(query.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        mine = update(JOB).where(JOB.c.id == row.id)
        if row.state == CANCELLING:
            connection.execute(mine.values(state=CANCELLED, finished_at=_now()))
            tell_of(connection, row.id)
            return None
        if row.attempts >= MOST_ATTEMPTS:
            told = f"its worker was lost {row.attempts} times; the operator's log may say why"
            connection.execute(mine.values(state=FAILED, error=told, finished_at=_now()))
            tell_of(connection, row.id)
            return None
        connection.execute(
            mine.values(
                state=RUNNING, worker=worker, error="", attempts=row.attempts + 1, lease_until=_lease(hub),
                started_at=row.started_at or _now(),
            )
        )  # fmt: skip
        return _job(connection.execute(select(JOB).where(JOB.c.id == row.id)).one())


def renew(hub: Hub, job: Job, progress: Mapping[str, Any] | None = None) -> str:
    """Extend the lease and note the progress; returns the state, empty when another worker has the job."""
    with writing(hub.engine) as connection:
        values: dict[str, Any] = {"lease_until": _lease(hub)}
        if progress is not None:
            values["progress"] = _json(progress)
        connection.execute(update(JOB).where(_held(job)).values(**values))
        return connection.scalar(select(JOB.c.state).where(_held(job))) or ""


def finish(
    hub: Hub, job: Job, state: str, *, result: Mapping[str, Any] | None = None, error: str = ""
) -> bool:
    """End a job that this worker still holds; False when it does not."""
    with writing(hub.engine) as connection:
        values = {"state": state, "result": _json(result or {}), "error": error, "finished_at": _now()}
        if connection.execute(update(JOB).where(_held(job)).values(**values)).rowcount != 1:
            return False
        tell_of(connection, job.key)
        return True


def tell_of(connection: Connection, key: int) -> None:
    """Let the society's webhooks know that a job has ended."""
    if listening(connection, JOB_ENDED):
        ended = _job(connection.execute(select(JOB).where(JOB.c.id == key)).one())
        notify(connection, JOB_ENDED, ended.as_json(), {ended.society}, public=False)


def give_back(hub: Hub, job: Job) -> None:
    """Queue a job again that a stopping worker leaves; the attempt does not count."""
    with writing(hub.engine) as connection:
        values = {"state": QUEUED, "worker": "", "lease_until": 0, "attempts": job.attempts - 1}
        connection.execute(update(JOB).where(_held(job), JOB.c.state == RUNNING).values(**values))


def put_off(hub: Hub, job: Job, error: str) -> bool:
    """Queue a job again that could not go on now, for later: each attempt waits twice as long as the last.

    False when it was tried too often, or another worker has it.
    """
    if job.attempts >= MOST_ATTEMPTS:
        return False
    with writing(hub.engine) as connection:
        later = _now() + 2**job.attempts * SECOND
        values = {"state": QUEUED, "worker": "", "lease_until": later, "error": error}
        moved = connection.execute(update(JOB).where(_held(job), JOB.c.state == RUNNING).values(**values))
        return moved.rowcount == 1


def find(connection: Connection, public_id: str, society: str) -> Job:
    """A society's own job.

    Raises:
        NotFound: it has none of this id.
    """
    row = connection.execute(
        select(JOB).where(JOB.c.public_id == public_id, JOB.c.society == society)
    ).first()
    if row is None:
        raise NotFound(f"there is no job {public_id!r}")
    return _job(row)


def latest(connection: Connection, kind: str, subject: str, society: str) -> Job | None:
    """The newest job about something."""
    about = and_(JOB.c.subject == subject, JOB.c.kind == kind, JOB.c.society == society)
    row = connection.execute(select(JOB).where(about).order_by(JOB.c.id.desc()).limit(1)).first()
    return None if row is None else _job(row)


def listing(
    connection: Connection,
    society: str | None = None,
    *,
    states: tuple[str, ...] = STATES,
    before: int | None = None,
    limit: int = 100,
) -> list[Job]:
    """A society's jobs, or everybody's, the newest first."""
    query = select(JOB).where(JOB.c.state.in_(states)).order_by(JOB.c.id.desc()).limit(limit)
    if society is not None:
        query = query.where(JOB.c.society == society)
    if before is not None:
        query = query.where(JOB.c.id < before)
    return [_job(row) for row in connection.execute(query)]


def cancel(hub: Hub, public_id: str, society: str) -> Job:
    """Ask for a job to be stopped: at once while it waits, else at its next step.

    Raises:
        NotFound: the society has no such job.
        IllegalTransition: it has ended already.
    """
    with writing(hub.engine) as connection:
        take(connection, "job", 0)
        found = find(connection, public_id, society)
        if not found.active:
            raise IllegalTransition(f"job {public_id} is {found.state}; there is nothing to cancel")
        values: dict[str, Any] = {"state": CANCELLING}
        if found.state == QUEUED:
            values = {"state": CANCELLED, "finished_at": _now()}
        state = JOB.c.state == found.state
        connection.execute(update(JOB).where(JOB.c.id == found.key, state).values(**values))
        if found.state == QUEUED:
            tell_of(connection, found.key)
        return find(connection, public_id, society)


def retry(hub: Hub, public_id: str, society: str) -> Job:
    """Queue a failed or cancelled job again; it goes on from what is committed.

    Raises:
        NotFound: the society has no such job.
        IllegalTransition: it is active or done.
    """
    with writing(hub.engine) as connection:
        take(connection, "job", 0)
        found = find(connection, public_id, society)
        if found.state not in (FAILED, CANCELLED):
            raise IllegalTransition(
                f"job {public_id} is {found.state}; only failed and cancelled ones are retried"
            )
        again = {
            "state": QUEUED,
            "attempts": 0,
            "error": "",
            "worker": "",
            "lease_until": 0,
            "finished_at": 0,
        }
        connection.execute(update(JOB).where(JOB.c.id == found.key).values(**again))
        return find(connection, public_id, society)


def _free(now: int) -> ColumnElement[bool]:
    lost = and_(JOB.c.state.in_((RUNNING, CANCELLING)), JOB.c.lease_until < now)
    waiting = and_(JOB.c.state == QUEUED, JOB.c.lease_until < now)
    return or_(waiting, lost)


def _lease(hub: Hub) -> int:
    """Until when a worker that is heard of now holds its job."""
    return _now() + hub.settings.job_lease * SECOND


def _held(job: Job) -> ColumnElement[bool]:
    return and_(
        JOB.c.id == job.key,
        JOB.c.worker == job.worker,
        JOB.c.attempts == job.attempts,
        JOB.c.state.in_((RUNNING, CANCELLING)),
    )


def _job(row: Any) -> Job:
    return Job(
        row.id, row.public_id, row.kind, row.society, row.subject, json.loads(row.payload), row.state,
        json.loads(row.progress), json.loads(row.result), row.error, row.attempts, row.worker,
        row.created_at, row.started_at, row.finished_at,
    )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def _shown(instant: int) -> str:
    return times.text(instant) if instant else ""


def _now() -> int:
    return time.time_ns() // 1000
