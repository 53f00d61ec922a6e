"""The use case: take a file in. Hash it, keep it, read it, stage it in batches, publish it, link it.

A run may die at any moment. The batches it committed are invisible; the next run of the same file reads
on from the first item not yet staged, and gives the same catalogue as a run that was never disturbed.
"""

from __future__ import annotations

import json
import logging
import time
from collections import Counter
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from sqlalchemy import Connection, func, insert, select, update

from hub import naming, registers
from hub.audit.log import record
from hub.context import Hub
from hub.db import search_index
from hub.db.bulk import insert_rows
from hub.db.counters import take
from hub.db.engine import reading, writing
from hub.db.first_load import complete, first_load, is_empty, marked
from hub.db.tables import FINDING, SUBMISSION
from hub.db.times import OPEN
from hub.errors import NotFound, Surroundings
from hub.garbage import collecting_seldom
from hub.intake import report, store
from hub.intake.batches import Batch, Order, batches
from hub.intake.prepared import Prepared, PreparedItem
from hub.intake.publishing import discard, forget, publish
from hub.intake.retracting import retract
from hub.intake.sent_batches import Remaining
from hub.intake.staging import Progress, stage
from hub.jobs.queue import enqueue
from hub.links.linking import link_submission
from hub.second_process import Lost, SecondProcess
from hub.webhooks.outbox import notify_mandates
from parsers.reading import FILE
from schemas.declarations import Header, Rejection
from schemas.findings import Finding, quote

LOG = logging.getLogger(__name__)
STAGING = "staging"
JOB_KIND = "submission"
FIRST_LOAD = 32 << 20
"""From so many bytes on a file into an empty hub is worth building indexes after it."""
FINDING_COLUMNS = (
    "submission_id", "ordinal", "code", "severity", "position", "record", "field", "value", "detail",
)  # fmt: skip


@dataclass(slots=True)
class _Tally:
    """Counts of a submission so far, as its row keeps them."""

    items: int = 0
    read: int = 0
    stored: int = 0
    rejected: int = 0
    unchanged: int = 0
    errors: int = 0
    warnings: int = 0
    format: str = "unknown"
    version: str = ""
    sender: str = ""
    message: str = ""
    by_kind: Counter[str] = field(default_factory=Counter)
    # Rows of findings so far; not a column, an interrupted run counts them again.
    findings: int = 0

    @classmethod
    def of(cls, row: Any) -> _Tally:
        return cls(
            row.consumed, row.read, row.stored, row.rejected, row.unchanged, row.errors, row.warnings,
            row.format, row.version, row.sender, row.message_id, Counter(json.loads(row.by_kind or "{}")),
        )  # fmt: skip

    def columns(self) -> dict[str, Any]:
        return {
            "consumed": self.items, "read": self.read, "stored": self.stored, "rejected": self.rejected,
            "unchanged": self.unchanged, "errors": self.errors, "warnings": self.warnings,
            "format": self.format, "version": self.version, "sender": self.sender,
            "message_id": self.message,
            "by_kind": json.dumps(self.by_kind, sort_keys=True),
        }  # fmt: skip


def ingest(
    hub: Hub,
    stream: BinaryIO,
    submitter: str,
    *,
    filename: str = "",
    only: str = "",
    progress: Progress | None = None,
) -> report.Report:
    """Take one file in as ``submitter`` and report what became of it.

    ``only`` names the one format that is accepted (``mandates-csv`` for the mandate register).

    Raises:
        NotFound: the submitter is no registered society.
        TooLarge: the file is over the limit; nothing is kept.
        Surroundings: the store or the database failed, or another run is taking in the same file.
    """
    received = receive(hub, stream, submitter, filename=filename)
    if received.report is not None:
        return received.report
    return process(hub, received.public_id, only=only, progress=progress)


@dataclass(frozen=True, slots=True)
class Received:
    """A kept file: either one that changes nothing (``report``) or one that waits to be processed.

    ``job`` is the job that processes it, empty if the caller does.
    """

    public_id: str
    report: report.Report | None = None
    job: str = ""


def receive(
    hub: Hub, stream: BinaryIO, submitter: str, *, filename: str = "", queued: bool = False
) -> Received:
    """Keep the bytes and open a submission, unless the same bytes said the same already.

    ``queued`` leaves the processing to a worker; the job stands in the same transaction.

    Raises:
        NotFound: the submitter is no registered society.
        TooLarge: the file is over the limit; nothing is kept.
        Surroundings: the store or the database failed.
    """
    submitter = registers.require(hub, submitter)
    kept = store.keep(hub.store, stream, hub.settings.max_upload)
    with writing(hub.engine) as connection:
        # The lock makes calls with the same bytes that come at once wait for each other.
        take(connection, "submission", 0)
        earlier = _latest(connection, kept.sha256, submitter)
        if earlier is None or (earlier.status != STAGING and _outdated(connection, earlier)):
            attempt = 1 if earlier is None else earlier.attempt + 1
            waiting = _open(connection, kept, submitter, filename, attempt)
        else:
            waiting = earlier.public_id if earlier.status == STAGING else ""
        if earlier is None or waiting:
            job = enqueue(connection, JOB_KIND, submitter, waiting) if queued else ""
            return Received(waiting, job=job)
    link_submission(hub, earlier.id)
    return Received(earlier.public_id, report.repeated(earlier))


def process(
    hub: Hub, public_id: str, *, only: str = "", progress: Progress | None = None, named: bool = False
) -> report.Report:
    """Read, stage, publish and link a received submission, from where an earlier run stopped.

    ``named`` says that the sender was told the submission's id: then it stays, even if it is a repetition
    that changes nothing.

    Raises:
        NotFound: no such submission, or its bytes are gone.
        Surroundings: another run is at the same submission, or the database failed.
    """
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, public_id)
    if row is None:
        raise NotFound(f"there is no submission {public_id!r}")
    if row.status != STAGING:
        link_submission(hub, row.id)
        return report.of(row)
    tally = _Tally.of(row)
    kept = store.fetch(hub.store, row.sha256)
    order = Order(kept, row.filename, row.submitter, only, hub.settings.ddex_xsd, hub.settings.batch_size)
    with collecting_seldom(), _loading(hub, row):
        refused = _read_batches(hub, row, tally, order, progress)
    final = _close(hub, row, tally, refused=refused, named=named)
    if final is None:
        with reading(hub.engine) as connection:
            return report.repeated(_latest(connection, row.sha256, row.submitter))
    search_index.extend_apart(hub.engine)
    link_submission(hub, row.id)
    return final


def _loading(hub: Hub, row: Any) -> AbstractContextManager[None]:
    """A large file into an empty hub is a first load; so is one that was begun as such and killed."""
    with reading(hub.engine) as connection:
        purpose = marked(connection)
        first = row.size >= FIRST_LOAD and is_empty(connection)
    if purpose == row.id or (first and purpose is None):
        return first_load(hub.engine, row.id)
    if purpose is not None:
        # That of another file, which may have been killed: there is more than one now.
        complete(hub.engine)
    return nullcontext()


def _latest(connection: Connection, sha256: str, submitter: str) -> Any | None:
    query = (
        select(SUBMISSION)
        .where(SUBMISSION.c.sha256 == sha256, SUBMISSION.c.submitter == submitter)
        .order_by(SUBMISSION.c.attempt.desc())
    )
    return connection.execute(query).first()


def _outdated(connection: Connection, row: Any) -> bool:
    """Whether the submitter has said something else since: then the old file is a new statement."""
    query = select(func.count()).where(
        SUBMISSION.c.submitter == row.submitter,
        SUBMISSION.c.stored > 0,
        SUBMISSION.c.known_at > row.known_at,
        SUBMISSION.c.known_at < OPEN,
    )
    return bool(row.status != "rejected" and connection.scalar(query))


def _open(connection: Connection, kept: store.Kept, submitter: str, filename: str, attempt: int) -> str:
    public_id = naming.public_id("s", submitter, kept.sha256, str(attempt))
    connection.execute(
        insert(SUBMISSION).values(
            id=take(connection, "submission", 1),
            public_id=public_id,
            sha256=kept.sha256,
            submitter=submitter,
            attempt=attempt,
            filename=quote(filename),
            size=kept.size,
            status=STAGING,
            received_at=time.time_ns() // 1000,
            known_at=OPEN,
            linked_at=OPEN,
            **_Tally().columns(),
        )
    )
    return public_id


def _read_batches(hub: Hub, row: Any, tally: _Tally, order: Order, progress: Progress | None) -> bool:
    """Stage batch after batch; True when the reader refused the file as a whole."""
    with reading(hub.engine) as connection:
        kept = select(func.count()).select_from(FINDING).where(FINDING.c.submission_id == row.id)
        tally.findings = connection.scalar(kept) or 0
    least = hub.settings.second_process
    with closing(
        _in_two(order, tally) if least and row.size >= least else batches(order, tally.items)
    ) as read:
        for batch in read:
            refused = any(isinstance(item, Rejection) and item.kind == FILE for item in batch.items)
            with writing(hub.engine) as connection:
                _stage_batch(connection, row, tally, batch.items, hub.settings.max_findings)
            if progress is not None:
                progress(batch.place, tally.read)
            if refused:
                return True
    return False


def _in_two(order: Order, tally: _Tally) -> Generator[Batch]:
    """The batches, all but the first from a second process if that one is mostly news.

    Of a file that says what is known little but its digests is needed, and those this process has at once.
    It also reads on by itself where a second process that is lost has left off.
    """
    alone = batches(order, tally.items)
    with closing(alone):
        before = tally.stored
        first = next(alone, Batch([], 0))
        yield first
        if 2 * (tally.stored - before) < len(first.items):
            yield from alone
            return
    try:
        with SecondProcess(Remaining(order, tally.items)) as second:
            yield from second.results()
        return
    except Lost:
        LOG.warning("the second process of an intake was lost; the first one reads on by itself")
    yield from batches(order, tally.items)


def _stage_batch(
    connection: Connection, row: Any, tally: _Tally, batch: list[PreparedItem], limit: int
) -> None:
    before = tally.items
    remarks: list[tuple[Any, ...]] = []
    declarations: list[Prepared] = []
    heads: list[tuple[Any, ...]] = []
    for item in batch:
        if isinstance(item, Header) and item.path:
            if item.message_id:
                heads.append((row.id, item.path, quote(item.message_id)))
        elif isinstance(item, Header):
            tally.format, tally.version, tally.sender = item.format, item.version, quote(item.sender_id)
            tally.message = quote(item.message_id)
        elif isinstance(item, Finding):
            severity = item.severity
            tally.errors += severity == "error"
            tally.warnings += severity == "warning"
            if tally.findings < limit:
                remarks.append(_remark(row.id, tally.items, item))
            elif tally.findings == limit:
                remarks.append(_remark(row.id, tally.items, Finding("file.more_findings", value=str(limit))))
            tally.findings += 1
        elif isinstance(item, Rejection):
            if item.kind != FILE:
                tally.read += 1
                tally.rejected += 1
                tally.by_kind[item.kind] += 1
        else:
            tally.read += 1
            tally.by_kind[item.kind] += 1
            declarations.append(item)
        tally.items += 1
    outcome = stage(connection, row.id, row.submitter, declarations)
    tally.stored += outcome.stored
    tally.unchanged += outcome.unchanged
    insert_rows(connection, "finding", FINDING_COLUMNS, remarks)
    insert_rows(connection, "batched_message", ("submission_id", "path", "message_id"), heads)
    moved = connection.execute(
        update(SUBMISSION)
        .where(SUBMISSION.c.id == row.id, SUBMISSION.c.consumed == before, SUBMISSION.c.status == STAGING)
        .values(**tally.columns())
    )
    if moved.rowcount != 1:
        raise Surroundings("another run is taking in the same file; wait for it and send the file again")


def _remark(submission_id: int, ordinal: int, found: Finding) -> tuple[Any, ...]:
    return (
        submission_id, ordinal, found.code, found.severity, found.position, found.record, found.field,
        found.value, found.detail,
    )  # fmt: skip


def _close(hub: Hub, row: Any, tally: _Tally, *, refused: bool, named: bool) -> report.Report | None:
    """Publish or refuse; None when this was a repetition that changed nothing and left no trace."""
    with writing(hub.engine) as connection:
        if refused:
            discard(connection, row.id)
            tally.stored, tally.unchanged, tally.rejected = 0, 0, tally.read
        elif not tally.stored and row.attempt > 1 and not named:
            forget(connection, row.id)
            return None
        at = publish(connection, row.id)
        for found in retract(connection, row.id, row.submitter, at):
            insert_rows(connection, "finding", FINDING_COLUMNS, [_remark(row.id, tally.items, found)])
            tally.items += 1
            tally.warnings += 1
        status = report.status_of(
            refused=refused,
            stored=tally.stored,
            unchanged=tally.unchanged,
            rejected=tally.rejected,
            remarks=tally.errors + tally.warnings,
        )
        closed = update(SUBMISSION).where(SUBMISSION.c.id == row.id, SUBMISSION.c.status == STAGING)
        moved = connection.execute(closed.values(status=status, known_at=at, **tally.columns()))
        if moved.rowcount != 1:
            raise Surroundings("another run has finished this file meanwhile")
        record(
            connection, at, "submission", row.submitter, row.public_id,
            {"sha256": row.sha256, "status": status, "read": tally.read, "stored": tally.stored},
        )  # fmt: skip
        if tally.by_kind["mandate"] and tally.stored:
            notify_mandates(connection, row.public_id, row.submitter, row.id)
        final = connection.execute(select(SUBMISSION).where(SUBMISSION.c.id == row.id)).one()
    return report.of(final)
