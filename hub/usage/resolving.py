"""The use case: a usage report in, the same lines with their payees out, in constant memory.

The result has one row for each line of each answer: the shares of one usage line (of one right, for a DSR)
add up to exactly 100, and its amounts to its amount. A line that cannot be read, or whose subject is not
known, has one row of its own with the reason.
"""

from __future__ import annotations

import csv
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

from hub.answers.answer import Answer, Line
from hub.answers.batch import Desk
from hub.answers.question import ask
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.errors import HubError, UnknownSubject, UsageError
from hub.usage.lines import DSR, WORK_RIGHTS, Asked, Remark, UsageReport, read
from hub.usage.sheets import harmless
from schemas.findings import quote
from schemas.rights import is_question_right
from schemas.shares import WHOLE, format_percent

RESULT = (
    "line", "line_ref", "subject", "right", "use", "territory", "on", "title", "party", "ipi", "role",
    "share", "status", "society", "payee", "candidates", "reasons", "amount", "currency", "usages",
)  # fmt: skip
UNREADABLE = "unreadable"
UNKNOWN = "unknown_subject"
REMEMBERED = 50_000
"""So many questions without money are kept as ready rows; a service's charts ask the same again and again."""

Told = Callable[[int, int], None]
"""Called now and then with (bytes read, lines answered)."""

Cells = tuple[str, ...]


@dataclass(slots=True)
class Resolved:
    """What became of a report: lines read, answered, unknown and unreadable; rows written.

    A DSR's line counts once for each right. ``shares`` are share units by status, and ``payees`` by society,
    over all lines that were answered or unknown.
    """

    known_at: str
    report: UsageReport = field(default_factory=UsageReport)
    read: int = 0
    answered: int = 0
    unknown: int = 0
    unreadable: int = 0
    rows: int = 0
    questions: int = 0
    shares: Counter[str] = field(default_factory=Counter)
    payees: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """For the interface; ``read = answered + unknown + unreadable``."""
        found: dict[str, object] = {
            "known_at": self.known_at, "format": self.report.kind, "read": self.read,
            "answered": self.answered, "unknown": self.unknown, "unreadable": self.unreadable,
            "rows": self.rows, "distinct_questions": self.questions,
            "lines_by_status": _percents(self.shares), "lines_by_society": _percents(self.payees),
        }  # fmt: skip
        if self.report.kind == DSR:
            told = self.report.told
            found["report"] = {
                "message": told.message, "profile": told.profile, "version": told.version,
                "sender": told.sender, "from": told.first, "to": told.last,
                "records": dict(sorted(told.records.items())),
            }  # fmt: skip
            found["findings"] = {
                severity: self.report.findings[severity] for severity in ("error", "warning")
            }
        return found


def _percents(units: Counter[str]) -> dict[str, str]:
    return {name: format_percent(count) for name, count in sorted(units.items())}


def resolve_usage(
    hub: Hub,
    report: BinaryIO,
    result: TextIO,
    *,
    known_at: int | None = None,
    rights: Sequence[str] = WORK_RIGHTS,
    progress: Told | None = None,
    remark: Remark | None = None,
) -> Resolved:
    """Answer every line of the report into ``result``, all as known at one instant.

    ``rights`` are those that a DSR is answered for; a CSV line names its own.

    Raises:
        UsageError: an unknown right, or a report that cannot be read as a whole.
    """
    check_rights(rights)
    with reading(hub.engine) as connection:
        desk = _Counter(Desk(connection, known_at))
        done = Resolved(times.text(desk.desk.known_at))
        writer = csv.writer(result, lineterminator="\r\n")
        writer.writerow(RESULT)
        for asked in read(report, done.report, rights=rights, remark=remark):
            done.read += 1
            rows = desk.rows(asked, done)
            done.rows += len(rows)
            writer.writerows(rows)
            if progress is not None and done.read % 1_000 == 0:
                progress(report.tell(), done.read)
        done.questions = desk.desk.resolved
    return done


def check_rights(rights: Sequence[str]) -> None:
    """Refuse what is no right.

    Raises:
        UsageError: an unknown right, or none at all.
    """
    unknown = [right for right in rights if not is_question_right(right)]
    if unknown or not rights:
        told = ", ".join(map(repr, unknown)) or "none"
        raise UsageError(f"rights: {told}; a report is answered for PR, MR, SR, PROD or PERF")


@dataclass(slots=True)
class _Ready:
    """The answer to a question as cells, with what it adds to the counts."""

    kind: str
    subject: str
    rows: list[Cells]
    shares: Counter[str]
    payees: Counter[str]


class _Counter:
    """Answers lines as rows; equal questions without money are made into cells once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._ready: OrderedDict[tuple[object, ...], _Ready] = OrderedDict()

    def rows(self, asked: Asked, done: Resolved) -> list[Cells]:
        """The rows of one line; the counts of ``done`` are kept."""
        ready = self._answered(asked)
        match ready.kind:
            case "answered":
                done.answered += 1
            case "unknown":
                done.unknown += 1
            case _:
                done.unreadable += 1
        done.shares.update(ready.shares)
        done.payees.update(ready.payees)
        head = (
            str(asked.line), harmless(quote(asked.ref)), harmless(quote(ready.subject)),
            *(harmless(quote(text)) for text in (asked.right, asked.use, asked.territory, asked.on)),
        )  # fmt: skip
        usages = harmless(quote(asked.usages))
        return [(*head, *cells, usages) for cells in ready.rows]

    def _answered(self, asked: Asked) -> _Ready:
        if asked.amount or asked.currency:
            return self._made(asked)
        key = (asked.subjects, asked.right, asked.use, asked.territory, asked.on)
        found = self._ready.get(key)
        if found is None:
            found = self._ready[key] = self._made(asked)
            if len(self._ready) > REMEMBERED:
                self._ready.popitem(last=False)
        else:
            self._ready.move_to_end(key)
        return found

    def _made(self, asked: Asked) -> _Ready:
        told = asked.subjects[0] if asked.subjects else ""
        money = (harmless(quote(asked.amount)), harmless(quote(asked.currency)))
        for subject in asked.subjects:
            try:
                question = ask(
                    subject, right=asked.right, use=asked.use, territory=asked.territory, on=asked.on,
                    amount=asked.amount or None, currency=asked.currency or None,
                )  # fmt: skip
                answer = self.desk.answer(question)
            except UnknownSubject:
                continue
            except HubError as fault:
                cells = ("", "", "", "", "", UNREADABLE, "", "", "", fault.detail, "", "")
                return _Ready("unreadable", subject, [_safe(cells)], Counter(), Counter())
            return _Ready(
                "answered",
                subject,
                [_safe((*_cells(answer, line), question.currency)) for line in answer.lines],
                _shares(answer, lambda line: line.status),
                _shares(answer, lambda line: line.payee.code if line.payee else ""),
            )
        cells = ("", "", "", "", "100.00", "unclaimed", "", "", "", UNKNOWN, *money)
        return _Ready("unknown", told, [_safe(cells)], Counter(unclaimed=WHOLE), Counter())


def _shares(answer: Answer, name: Callable[[Line], str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for line in answer.lines:
        if name(line):
            found[name(line)] += line.share
    return found


def _safe(cells: Cells) -> Cells:
    return tuple(map(harmless, cells))


def _cells(answer: Answer, line: Line) -> Cells:
    party = line.party or {}
    return (
        str(answer.subject["title"]),
        str(party.get("name") or ""),
        str(party.get("ipi") or ""),
        line.role,
        format_percent(line.share),
        line.status,
        line.payee.code if line.payee else "",
        line.payee.name if line.payee else "",
        "|".join(item.payee.code for item in line.candidates),
        "|".join(line.reasons),
        line.amount or "",
    )
