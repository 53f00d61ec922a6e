"""What each kind of job does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from sqlalchemy import exists, select

from hub.conflicts.finding import refresh
from hub.conflicts.looking import JOB_KIND as CONFLICTS
from hub.conflicts.looking import do_look, look
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import JOB, SUBMISSION
from hub.dossiers.preparing import JOB_KIND as DOSSIERS
from hub.dossiers.preparing import do_prepare, keep_up
from hub.intake import store
from hub.intake.submissions import JOB_KIND, STAGING, process
from hub.jobs.queue import Job, enqueue
from hub.jobs.worker import Handler, Tell
from hub.links import learning, together
from hub.links.linking import link_pending
from hub.mandates.withdrawals import settle
from hub.usage.claim_file import ClaimFile
from hub.usage.rechecking import recheck_usage
from hub.usage.reports import CHANGES, CLAIMS
from hub.usage.reports import JOB_KIND as USAGE
from hub.usage.resolving import resolve_usage
from hub.usage.subject_sums import SubjectSums, keep_sums

log = logging.getLogger("hub.jobs")
Progress = Callable[[int, int], None]
"""Told (bytes read, lines answered) now and then."""


def take_in(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
    """Read, publish and link a submission, and look for conflicts; the result is its report."""
    with reading(hub.engine) as connection:
        size = connection.scalar(select(SUBMISSION.c.size).where(SUBMISSION.c.public_id == job.subject)) or 0

    def progress(done: int, read: int) -> None:
        stage = "reading" if done < size else "publishing and linking"
        tell({"stage": stage, "bytes": done, "of": size, "records": read})

    done = process(hub, job.subject, progress=progress, named=True).as_json()
    refresh(hub)
    keep_up(hub)
    return done


def resolve_report(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
    """Answer a usage report into a file beside the store; the result is its summary.

    The money that it states is kept by subject: pairs that wait for people are ordered by it.
    """
    asked = job.payload
    form = ClaimFile(asked["claimant"]) if asked.get("form") == CLAIMS else None

    def answer(report: BinaryIO, result: TextIO, progress: Progress) -> Mapping[str, Any]:
        return resolve_usage(
            hub, report, result, known_at=asked["known_at"], rights=asked["rights"], progress=progress,
            policy=asked.get("policy"), form=form, by_subject=sums, path=Path(report.name),
        ).as_json()  # fmt: skip

    sums = SubjectSums()
    try:
        done = _into_file(hub, job, tell, answer)
        keep_sums(hub, job.society, asked["sha256"], sums)
    finally:
        sums.close()
    return done


def recheck_report(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
    """Answer a usage report again and keep what differs; the result is its summary."""
    asked = job.payload

    def answer(report: BinaryIO, result: TextIO, progress: Progress) -> Mapping[str, Any]:
        return recheck_usage(
            hub, report, result, then=asked["then"], now=asked["now"], rights=asked["rights"],
            policy=asked["policy"], progress=progress, path=Path(report.name),
        ).as_json()  # fmt: skip

    return _into_file(hub, job, tell, answer)


def learn(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
    """Adopt a learned table or give it back, and judge everything by it; the result counts what changed."""
    tell({"stage": "judging everything anew"})
    asked = job.payload
    done = learning.act(hub, job.subject, asked["action"], asked["author"], asked["reason"]).as_json()
    keep_up(hub)
    return done


def look_together(hub: Hub, job: Job, tell: Tell) -> Mapping[str, Any]:
    """Look at all recordings together, or take back what was found so; the result counts it."""
    asked = job.payload
    if asked["back"]:
        done = together.give_back(hub, asked["author"], asked["reason"])
    else:
        done = together.look(
            hub, link=asked["link"], distinct=asked["distinct"], tell=lambda stage: tell({"stage": stage})
        )
    keep_up(hub)
    return done.as_json()


def _into_file(
    hub: Hub, job: Job, tell: Tell, answer: Callable[[BinaryIO, TextIO, Progress], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Let a report be answered into the job's result file, which is there when it is whole."""
    source = store.fetch(hub.store, job.payload["sha256"])
    size = source.stat().st_size
    target = result_of(hub, job.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".part")

    def progress(done: int, read: int) -> None:
        tell({"stage": "resolving", "bytes": done, "of": size, "records": read})

    try:
        with source.open("rb") as report, partial.open("w", encoding="utf-8", newline="") as result:
            done = answer(report, result, progress)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return {**done, "size": target.stat().st_size}


def result_of(hub: Hub, job: str) -> Path:
    """Where the result file of a job lies; ids are the hub's own, never a caller's text."""
    return hub.settings.data_dir / "results" / f"{job}.csv"


HANDLERS: Mapping[str, Handler] = {
    JOB_KIND: take_in, USAGE: resolve_report, CHANGES: recheck_report, learning.JOB_KIND: learn,
    together.JOB_KIND: look_together,
    CONFLICTS: do_look, DOSSIERS: do_prepare,
}  # fmt: skip


def begin_day(hub: Hub) -> None:
    """Log what the clock did to withdrawals: deadlines that passed, days on which they took effect.

    Dossiers are compared with what came since yesterday, however little that is.
    """
    for step in settle(hub):
        log.info("withdrawal %s: %s on %s", step["withdrawal"], step["action"], step["on"])
    keep_up(hub, 0)


def pick_up(hub: Hub) -> None:
    """Queue submissions that were left without a job by an earlier program, and link what waits for it."""
    has_job = exists().where(JOB.c.kind == JOB_KIND, JOB.c.subject == SUBMISSION.c.public_id)
    left = select(SUBMISSION).where(SUBMISSION.c.status == STAGING, ~has_job.correlate(SUBMISSION))
    with writing(hub.engine) as connection:
        for row in connection.execute(left.order_by(SUBMISSION.c.id)).all():
            enqueue(connection, JOB_KIND, row.submitter, row.public_id)
    link_pending(hub)
    look(hub)
