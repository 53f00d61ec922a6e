"""The use case: a usage report in, the same lines with their payees out, in constant memory.

A report is CSV with a header. It needs ``subject,right,use,territory,on`` and may have ``line_ref``,
``amount`` and ``currency``; further columns are ignored. The result has one row for each line of each
answer: the shares of one usage line add up to exactly 100, and its amounts to its amount. A line that
cannot be read, or whose subject is not known, has one row of its own with the reason.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

from hub.answers.answer import Answer, Line
from hub.answers.batch import Desk
from hub.answers.question import ask
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.errors import HubError, UnknownSubject
from hub.usage.sheets import harmless, rows
from schemas.findings import quote
from schemas.shares import WHOLE, format_percent

REQUIRED = ("subject", "right", "use", "territory", "on")
RESULT = (
    "line", "line_ref", "subject", "right", "use", "territory", "on", "title", "party", "ipi", "role",
    "share", "status", "society", "payee", "candidates", "reasons", "amount", "currency",
)  # fmt: skip
UNREADABLE = "unreadable"
Told = Callable[[int, int], None]
"""Called now and then with (bytes read, lines answered)."""


@dataclass(slots=True)
class Resolved:
    """What became of a report: usage lines read, answered, unknown and unreadable; rows written.

    ``shares`` are share units by status, over all lines that were answered or unknown.
    """

    known_at: str
    read: int = 0
    answered: int = 0
    unknown: int = 0
    unreadable: int = 0
    rows: int = 0
    questions: int = 0
    shares: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, object]:
        """For the interface; ``read = answered + unknown + unreadable``."""
        return {
            "known_at": self.known_at, "read": self.read, "answered": self.answered,
            "unknown": self.unknown, "unreadable": self.unreadable, "rows": self.rows,
            "distinct_questions": self.questions,
            "lines_by_status": {
                status: format_percent(units) for status, units in sorted(self.shares.items())
            },
        }  # fmt: skip


def resolve_usage(
    hub: Hub, report: BinaryIO, result: TextIO, *, known_at: int | None = None, progress: Told | None = None
) -> Resolved:
    """Answer every line of the report into ``result``, all as known at one instant.

    Raises:
        UsageError: the report has not the columns it needs, or is no UTF-8 CSV file.
    """
    with reading(hub.engine) as connection:
        desk = Desk(connection, known_at)
        done = Resolved(times.text(desk.known_at))
        writer = csv.writer(result, lineterminator="\r\n")
        writer.writerow(RESULT)
        for number, row in rows(report, REQUIRED):
            done.read += 1
            for cells in _answered(desk, number, row, done):
                done.rows += 1
                writer.writerow([harmless(cell) for cell in cells])
            if progress is not None and done.read % 1_000 == 0:
                progress(report.tell(), done.read)
        done.questions = desk.resolved
    return done


def _answered(desk: Desk, number: int, row: Mapping[str, str], done: Resolved) -> Iterator[list[str]]:
    asked = [quote(row[name]) for name in REQUIRED]
    head = [str(number), quote(row.get("line_ref", "")), *asked]
    try:
        question = ask(
            row["subject"], right=row["right"], use=row["use"], territory=row["territory"], on=row["on"],
            amount=row.get("amount") or None, currency=row.get("currency") or None,
        )  # fmt: skip
        answer = desk.answer(question)
    except UnknownSubject as fault:
        done.unknown += 1
        done.shares["unclaimed"] += WHOLE
        money = [quote(row.get("amount", "")), quote(row.get("currency", ""))]
        yield [*head, "", "", "", "", "100.00", "unclaimed", "", "", "", fault.code, *money]
        return
    except HubError as fault:
        done.unreadable += 1
        yield [*head, "", "", "", "", "", UNREADABLE, "", "", "", fault.detail, "", ""]
        return
    done.answered += 1
    for line in answer.lines:
        done.shares[line.status] += line.share
        yield [*head, *_cells(answer, line), question.currency]


def _cells(answer: Answer, line: Line) -> list[str]:
    party = line.party or {}
    return [
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
    ]
