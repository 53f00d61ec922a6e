"""The use case: acknowledge a submission in its own format.

What the hub decided stands in its tables: what was stored, what was found. How the transactions were sent,
with their numbers and lines, is read again from the kept bytes, so that nothing needs to be stored twice.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from sqlalchemy import Connection, select

from hub import __version__, registers
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import DECLARATION, SUBJECT
from hub.db.times import as_known
from hub.errors import NotFound, UsageError
from hub.intake import report, store
from hub.intake.acknowledging_ddex import FORMATS, MEDIA_TYPE, acknowledge_ddex
from hub.intake.submissions import STAGING
from parsers import detect
from parsers.cwr.writing_acknowledgement import (
    ACK,
    Answer,
    Message,
    file_message,
    message,
    write_acknowledgement,
)
from parsers.cwr.writing_file_name import file_name as name_of_file
from parsers.cwr.writing_received import Origin, Received, origin, received
from parsers.cwr.writing_transmission import Sender, Totals
from parsers.reading import FILE
from parsers.unpacking import Unpackable, plain
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import CONTROL_RECORDS
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

SOFTWARE = "REPERTOIRE HUB"
UNNAMED = ("000", SOFTWARE)
"""Who answers for a hub that is no society's own."""

SUMMARY = "cwr.transaction_rejected"
"""Names the lines of the faults for people; an acknowledgement has a message for each of them."""

LOOKUP_BATCH = 1_000
PAGE = 20_000
ACCEPTED, CHANGED, RECEIVED, DUPLICATE, REJECTED = "AS", "AC", "RA", "DU", "RJ"
NEW_WORKS = frozenset({"NWR", "WRK"})
"""Registrations of works that must be new: one that says what was known already is a duplicate."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A written acknowledgement: its counts and the name that the standard gives the file."""

    totals: Totals
    file_name: str
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the reader made of a transaction: its statement's kind and reference, and whether it is kept."""

    kind: str
    ref: str
    rejected: bool


def acknowledge(
    hub: Hub, public_id: str, out: BinaryIO, *, caller: str = "", moment: dt.datetime | None = None
) -> Acknowledged:
    """Write the acknowledgement of a submission to the seekable stream ``out``.

    Args:
        hub: the hub that took the submission in.
        public_id: the submission.
        out: where to write.
        caller: the society that asks, which sees its own submissions only; empty for the operator.
        moment: the instant of the answer, now by default.

    Raises:
        NotFound: no such submission of this caller, or its bytes are gone.
        UsageError: it is still being read, its format has no acknowledgement, or it holds acknowledgements
            only, which are not answered.
    """
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, public_id)
        if row is None or (caller and row.submitter != caller):
            raise NotFound(f"there is no submission {public_id!r}")
        if row.status == STAGING:
            raise UsageError(f"submission {public_id} is still being read; ask again when it is")
        if row.format not in FORMATS | {"cwr"}:
            raise UsageError(
                f"only CWR and DDEX have acknowledgements; submission {public_id} is {row.format}"
            )
        findings = [item for _, item in report.findings(connection, row.id)]
        code, name = _answering(hub, connection)
    path = store.fetch(hub.store, row.sha256)
    now = moment or dt.datetime.now(dt.UTC)
    if row.format in FORMATS:
        with path.open("rb") as source:
            done = acknowledge_ddex(hub, row, findings, source, out, (code, name), now)
        return Acknowledged(*done, MEDIA_TYPE)
    with path.open("rb") as source:
        sent = origin(plain(source))
    if ACK not in layouts(sent.version):
        raise UsageError(f"CWR {sent.version} has no acknowledgement that the hub can write")
    file_name = name_of_file(
        sent.version, year=now.year, number=row.id, sender=code, receiver=row.submitter, transaction=ACK
    )
    sender = Sender(
        "SO", code, name, now.strftime("%Y-%m-%dT%H:%M:%S"), code, SOFTWARE, __version__, file_name
    )
    answers = _Answers(hub, row, sent, findings)
    with path.open("rb") as first, path.open("rb") as second:
        totals = write_acknowledgement(
            out, sender, sent, answers.of_file(first, second), now.date().isoformat()
        )
    if not totals.transactions:
        raise UsageError(f"submission {public_id} holds nothing that is acknowledged")
    return Acknowledged(totals, file_name)


def _answering(hub: Hub, connection: Connection) -> tuple[str, str]:
    if not hub.settings.society:
        return UNNAMED
    known = registers.entries(connection, horizon(connection), [hub.settings.society])
    if not known:
        raise UsageError(f"HUB_SOCIETY names {hub.settings.society}, which is not in the register")
    return known[0].code, known[0].name


class _Answers:
    """The answers to one submission, in the order of its file."""

    def __init__(self, hub: Hub, row: Any, sent: Origin, findings: list[Finding]) -> None:
        self._hub = hub
        self._row = row
        self._version = sent.version
        self._findings: dict[int, list[Finding]] = defaultdict(list)
        # A submission with more faults than are kept is answered with all of them, found again.
        self._complete = len(findings) < hub.settings.max_findings
        self._of_file: list[Finding] = []
        self._ahead: dict[int, str] = {}
        self._last_id = self._read_up_to = 0
        if self._complete:
            self._sort(findings)

    def _sort(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            if finding.severity == "info" or finding.code == SUMMARY:
                continue
            line = _line(finding.position)
            if line:
                self._findings[line].append(finding)
            else:
                self._of_file.append(finding)

    def of_file(self, first: BinaryIO, second: BinaryIO) -> Iterator[Answer]:
        """The answers, from two readings of the same bytes."""
        by_line: dict[int, _Outcome] = {}
        refused = False
        for item in detect.read(first):
            if isinstance(item, Finding):
                if not self._complete:
                    self._sort([item])
            elif isinstance(item, Rejection):
                refused = refused or item.kind == FILE
                line = _line(item.position)
                by_line[line] = _Outcome(item.kind, item.ref, rejected=True)
            elif not isinstance(item, Header):
                line = _line(item.position)
                by_line[line] = _Outcome(item.kind, item.ref, rejected=False)
        if refused:
            yield from self._refusal()
            return
        try:
            transactions = received(plain(second), by_line)
            while batch := list(islice(transactions, LOOKUP_BATCH)):
                yield from self._batch([(item, by_line[item.number]) for item in batch])
        except Unpackable:
            return
        yield from self._about_file(rejected=False)

    def _refusal(self) -> Iterator[Answer]:
        for line in sorted(self._findings):
            self._of_file += self._findings[line]
        yield from self._about_file(rejected=True)

    def _about_file(self, *, rejected: bool) -> Iterator[Answer]:
        """Answers about header and trailer: a refused file has at least one."""
        found: dict[str, list[Message]] = defaultdict(list)
        left = [item for line in sorted(self._findings) for item in self._findings[line]]
        for finding in [*self._of_file, *([] if rejected else left)]:
            record = finding.record if finding.record in CONTROL_RECORDS else "HDR"
            about = "TRL" if record in ("GRT", "TRL") else "HDR"
            found[about].append(file_message(finding, self._version, record, rejected=rejected))
        if rejected and not found:
            found["HDR"] = []
        for kind, messages in found.items():
            status = REJECTED if rejected else RECEIVED
            yield Answer(kind, 0, 0, status, messages=tuple(messages))

    def _batch(self, batch: list[tuple[Received, _Outcome]]) -> Iterator[Answer]:
        with reading(self._hub.engine) as connection:
            stored = self._stored(connection, [item.number for item, _ in batch])
            known = self._known(connection, [outcome for item, outcome in batch if item.number not in stored])
        for item, outcome in batch:
            if outcome.kind == "acknowledgement":
                self._messages(item, rejected=outcome.rejected)
                continue
            name = stored.get(item.number) or known.get((outcome.kind, outcome.ref), "")
            rejected = item.number not in stored and (outcome.rejected or not name)
            messages = self._messages(item, rejected=rejected)
            yield self._answer(item, messages, "" if rejected else name, item.number in stored)

    def _answer(self, item: Received, messages: tuple[Message, ...], name: str, stored: bool) -> Answer:
        header = self._header(item)
        if not name:
            status = REJECTED
        elif not stored:
            status = DUPLICATE if item.kind in NEW_WORKS else ACCEPTED
        else:
            status = CHANGED if any(each.effect == "R" for each in messages) else ACCEPTED
        return Answer(
            item.kind,
            item.group,
            item.sequence,
            status,
            header.get("title", ""),
            header.get("work_number") or header.get("agreement_number", ""),
            name,
            tuple(line for _, line in item.lines),
            messages,
        )

    def _header(self, item: Received) -> Mapping[str, str]:
        layout = layouts(self._version).get(item.kind)
        if layout is None:
            return {}
        values = layout.split(item.lines[0][1])
        return {field.name: value.strip() for field, value in zip(layout.fields, values, strict=True)}

    def _messages(self, item: Received, *, rejected: bool) -> tuple[Message, ...]:
        """The messages about a transaction, in the order of its records."""
        found = []
        for sequence, (number, line) in enumerate(item.lines):
            found += [
                message(finding, self._version, line[:3], sequence, rejected=rejected)
                for finding in self._findings.pop(number, ())
            ]
        return tuple(found)

    def _stored(self, connection: Connection, lines: list[int]) -> dict[int, str]:
        """Names of the subjects whose statements of this submission begin in these lines."""
        while self._read_up_to < lines[-1]:
            query = (
                select(DECLARATION.c.id, DECLARATION.c.position, SUBJECT.c.public_id)
                .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
                .where(DECLARATION.c.submission_id == self._row.id, DECLARATION.c.id > self._last_id)
                .order_by(DECLARATION.c.id)
                .limit(PAGE)
            )
            page = connection.execute(query).all()
            # Statements were stored in the order of the file.
            self._ahead |= {_line(position): name for _, position, name in page}
            self._last_id = page[-1][0] if page else self._last_id
            self._read_up_to = _line(page[-1][1]) if len(page) == PAGE else lines[-1]
        return {line: self._ahead.pop(line) for line in lines if line in self._ahead}

    def _known(self, connection: Connection, outcomes: list[_Outcome]) -> dict[tuple[str, str], str]:
        """Names of subjects that the submitter had declared when this submission was taken in."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for item in outcomes:
            if not item.rejected:
                wanted[item.kind].add(item.ref)
        found: dict[tuple[str, str], str] = {}
        for kind, refs in wanted.items():
            query = (
                select(SUBJECT.c.ref, SUBJECT.c.public_id)
                .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
                .where(
                    SUBJECT.c.kind == kind,
                    SUBJECT.c.submitter == self._row.submitter,
                    SUBJECT.c.ref.in_(refs),
                    as_known(DECLARATION, self._row.known_at),
                )
            )
            found |= {(kind, ref): name for ref, name in connection.execute(query)}
        return found


def _line(position: str) -> int:
    """The line of a position, 0 for one that names none."""
    number = position.removeprefix("line:")
    return int(number) if position.startswith("line:") and number.isdecimal() else 0
