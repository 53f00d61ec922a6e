"""The lines of a report answered many at a time; equal questions are answered once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import orjson

from hub.answers.answer import Answer, Line
from hub.answers.batch import Desk
from hub.answers.question import Question, ask
from hub.errors import HubError, UnknownSubject, UsageError
from hub.usage import remembered
from hub.usage.lines import Asked
from hub.usage.money import Money, money
from hub.usage.remembered import Answered, Part, Remembered
from hub.usage.sheets import FORMULA
from schemas.findings import quote
from schemas.shares import WHOLE, format_percent

UNKNOWN_SUBJECT = "unknown_subject"
NO_IDENTIFIER = "no_identifier"
UNCLAIMED = "unclaimed"
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .:/_|-")


class Answers:
    """Answers lines by a desk, and remembers what was answered."""

    def __init__(self, desk: Desk, memory: Remembered, policy: str) -> None:
        self._desk = desk
        self._memory = memory
        self._policy = policy

    @property
    def known_at(self) -> int:
        """The instant of every answer."""
        return self._desk.known_at

    @property
    def resolved(self) -> int:
        """How many different questions were answered."""
        return self._desk.resolved

    def of(self, lines: Sequence[Asked]) -> Iterator[tuple[Asked, Money | None, Answered]]:
        """Each line with its amount and its answer, in their order."""
        keys = [_key(asked) for asked in lines]
        found = self._memory.find(dict.fromkeys(keys))
        fresh = {key: asked for key, asked in zip(keys, lines, strict=True) if key not in found}
        if fresh:
            questions = {key: list(_questions(asked, self._policy)) for key, asked in fresh.items()}
            self._desk.read_ahead(
                [item for asked in questions.values() for item in asked if isinstance(item, Question)]
            )
            answers = {key: self._answered(fresh[key], asked) for key, asked in questions.items()}
            self._memory.keep(answers)
            found |= answers
        for key, asked in zip(keys, lines, strict=True):
            try:
                amount = money(asked.amount, asked.currency, exact=asked.exact)
            except UsageError as fault:
                yield asked, None, _unreadable(asked, fault)
                continue
            answered = found[key]
            yield asked, amount if answered.kind != remembered.UNREADABLE else None, answered

    def _answered(self, asked: Asked, questions: Iterable[Question | HubError]) -> Answered:
        for subject, question in zip(asked.subjects, questions, strict=True):
            if isinstance(question, HubError):
                return _unreadable(asked, question)
            try:
                return _made(self._desk.answer(question), subject)
            except UnknownSubject:
                continue
            except HubError as fault:
                return _unreadable(asked, fault)
        reason = UNKNOWN_SUBJECT if asked.subjects else NO_IDENTIFIER
        cells = ("", "", "", "", format_percent(WHOLE), UNCLAIMED, "", "", "", reason)
        part = Part(WHOLE, UNCLAIMED, "", "", encoded(cells))
        return Answered(remembered.UNKNOWN, _first(asked), (part,), reason)


def _key(asked: Asked) -> bytes:
    return orjson.dumps([asked.subjects, asked.right, asked.use, asked.territory, asked.on])


def _questions(asked: Asked, policy: str) -> Iterator[Question | HubError]:
    for subject in asked.subjects:
        try:
            question = ask(
                subject, right=asked.right, use=asked.use, territory=asked.territory, on=asked.on,
                policy=policy,
            )  # fmt: skip
        except HubError as fault:
            yield fault
        else:
            yield question


def _first(asked: Asked) -> str:
    return asked.subjects[0] if asked.subjects else ""


def _unreadable(asked: Asked, fault: HubError) -> Answered:
    cells = ("", "", "", "", "", remembered.UNREADABLE, "", "", "", fault.detail)
    part = Part(0, remembered.UNREADABLE, "", "", encoded(cells))
    return Answered(remembered.UNREADABLE, _first(asked), (part,), fault.code)


def _made(answer: Answer, subject: str) -> Answered:
    """The answer as cells; the subject stands there as the report states it."""
    title = str(answer.subject["title"])
    parts = tuple(
        Part(
            line.share,
            line.status,
            line.payee.code if line.payee else "",
            line.payee.name if line.payee else "",
            encoded(_cells(title, line)),
        )
        for line in answer.lines
    )
    return Answered(remembered.ANSWERED, subject, parts, title=title)


def _cells(title: str, line: Line) -> tuple[str, ...]:
    party = line.party or {}
    return (
        title,
        str(party.get("name") or ""),
        str(party.get("ipi") or ""),
        line.role,
        format_percent(line.share),
        line.status,
        line.payee.code if line.payee else "",
        line.payee.name if line.payee else "",
        "|".join(item.payee.code for item in line.candidates),
        "|".join(line.reasons),
    )


def encoded(cells: Iterable[str]) -> str:
    """Cells as CSV text without the line end, harmless in a spreadsheet and printable.

    >>> print(encoded(["a", "=1", "x,y"]))
    a,'=1,"x,y"
    """
    return ",".join(
        [cell if _PLAIN.issuperset(cell) and cell[:1] != "-" else _quoted(cell) for cell in cells]
    )


def _quoted(cell: str) -> str:
    shown = quote(cell)
    safe = f"'{shown}" if shown.startswith(FORMULA) else shown
    if not any(mark in safe for mark in ',"\r\n'):
        return safe
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow((safe,))
    return target.getvalue()
