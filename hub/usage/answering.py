"""The lines of a report answered many at a time; equal questions are answered once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from hub.answers.answer import Answer, Line
from hub.answers.batch import Desk
from hub.answers.question import Question, ask
from hub.errors import HubError, UnknownSubject, UsageError
from hub.usage import remembered
from hub.usage.lines import Asked, Key
from hub.usage.money import Money
from hub.usage.remembered import Answered, Part, Remembered
from hub.usage.sheets import FORMULA
from schemas.findings import quote
from schemas.shares import WHOLE, format_percent

UNKNOWN_SUBJECT = "unknown_subject"
NO_IDENTIFIER = "no_identifier"
UNCLAIMED = "unclaimed"
TOGETHER = 2_000
"""So many questions are answered together: what they need is read at once."""

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

    def of(
        self, lines: Sequence[Asked], told: Callable[[], None] | None = None
    ) -> Iterator[tuple[Asked, Money | None, Answered]]:
        """Each line with its amount and its answer, in order; ``told`` is called while those are sought."""
        keys = [asked.key for asked in lines]
        found = self._memory.find(set(keys))
        fresh = list(dict.fromkeys(key for key in keys if key not in found))
        for start in range(0, len(fresh), TOGETHER):
            found |= self._answer(fresh[start : start + TOGETHER])
            if told is not None:
                told()
        for asked in lines:
            answered = found[asked.key]
            if asked.fault:
                yield asked, None, _unreadable(asked.key, UsageError(asked.fault))
            else:
                yield asked, asked.money if answered.kind != remembered.UNREADABLE else None, answered

    def _answer(self, keys: Sequence[Key]) -> dict[Key, Answered]:
        """Answers to questions that were not asked before; they are remembered."""
        questions = {key: list(_questions(key, self._policy, self.known_at)) for key in keys}
        self._desk.read_ahead(
            [item for asked in questions.values() for item in asked if isinstance(item, Question)]
        )
        answers = {key: self._answered(key, asked) for key, asked in questions.items()}
        self._memory.keep(answers)
        return answers

    def _answered(self, key: Key, questions: Iterable[Question | HubError]) -> Answered:
        subjects = key[0]
        for subject, question in zip(subjects, questions, strict=True):
            if isinstance(question, HubError):
                return _unreadable(key, question)
            try:
                return _made(self._desk.answer(question), subject, key)
            except UnknownSubject:
                continue
            except HubError as fault:
                return _unreadable(key, fault)
        subject, reason = (subjects[0], UNKNOWN_SUBJECT) if subjects else ("", NO_IDENTIFIER)
        cells = ("", "", "", "", format_percent(WHOLE), UNCLAIMED, "", "", "", reason)
        part = Part(WHOLE, UNCLAIMED, "", "", f"{cell_text(subject)},{_same((*key[1:], *cells))}")
        return Answered(remembered.UNKNOWN, subject, (part,), reason)


def _questions(key: Key, policy: str, at: int) -> Iterator[Question | HubError]:
    subjects, right, use, territory, on = key
    for subject in subjects:
        try:
            yield ask(subject, right=right, use=use, territory=territory, on=on, policy=policy, known_at=at)
        except HubError as fault:
            yield fault


def _unreadable(key: Key, fault: HubError) -> Answered:
    subject = key[0][0] if key[0] else ""
    cells = ("", "", "", "", "", remembered.UNREADABLE, "", "", "", fault.detail)
    part = Part(0, remembered.UNREADABLE, "", "", encoded((subject, *key[1:], *cells)))
    return Answered(remembered.UNREADABLE, subject, (part,), fault.code)


def _made(answer: Answer, subject: str, key: Key) -> Answered:
    """The answer as cells; the subject stands there as the report states it."""
    title = str(answer.subject["title"])
    head = f"{cell_text(subject)},{_same(key[1:])},{cell_text(title)}"
    parts = tuple(
        Part(
            line.share,
            line.status,
            line.payee.code if line.payee else "",
            line.payee.name if line.payee else "",
            f"{head},{encoded(_cells(line))}",
        )
        for line in answer.lines
    )
    about = (str(answer.subject["id"]), answer.question.right)
    return Answered(remembered.ANSWERED, subject, parts, title=title, about=about)


def _cells(line: Line) -> tuple[str, ...]:
    party = line.party or {}
    return (
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


@lru_cache(maxsize=1_024)
def _same(cells: tuple[str, ...]) -> str:
    """Cells that many questions of a report have in common, as CSV text."""
    return encoded(cells)


def encoded(cells: Iterable[str]) -> str:
    """Cells as CSV text without the line end, harmless in a spreadsheet and printable.

    >>> print(encoded(["a", "=1", "x,y"]))
    a,'=1,"x,y"
    """
    return ",".join(map(cell_text, cells))


def cell_text(cell: str) -> str:
    """One cell as CSV text, as above."""
    if (cell.isalnum() and cell.isascii()) or (_PLAIN.issuperset(cell) and cell[:1] != "-"):
        return cell
    return _quoted(cell)


def _quoted(cell: str) -> str:
    shown = quote(cell)
    safe = f"'{shown}" if shown.startswith(FORMULA) else shown
    if not any(mark in safe for mark in ',"\r\n'):
        return safe
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow((safe,))
    return target.getvalue()
