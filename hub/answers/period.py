"""A question over a period: one answer for each stretch of days in which nothing changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from hub import jurisdictions, registers
from hub.answers.answer import Answer
from hub.answers.book import RegisterBook
from hub.answers.mandates import Mandate, MandateBook
from hub.answers.question import Question, country
from hub.answers.read_ahead import read_ahead
from hub.answers.resolve import resolve
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from schemas import territories


@dataclass(frozen=True, slots=True)
class Segment:
    """The answer for every day from ``start`` until the day before ``end``."""

    start: dt.date
    end: dt.date
    answer: Answer

    def as_json(self) -> dict[str, Any]:
        """The contract's answer, its question with ``from`` and ``to`` in place of ``on``."""
        found = self.answer.as_json()
        asked = found["question"]
        known_at = asked.pop("known_at")
        del asked["on"]
        asked |= {"from": self.start.isoformat(), "to": self.end.isoformat(), "known_at": known_at}
        return found


def over_period(hub: Hub, question: Question, end: dt.date) -> list[Segment]:
    """Answers from the question's day until the day before ``end``, joined where they say the same.

    All of them are read at one instant. Money is not split over days: nothing says how the use was spread.

    Raises:
        UsageError: the period is empty, an amount is asked about, or the territory is not one country
            throughout.
        UnknownSubject, AmbiguousReference: as for one day.
    """
    with reading(hub.engine) as connection:
        at = horizon(connection) if question.known_at is None else question.known_at
        return segments(connection, question, end, at)


def segments(connection: Connection, question: Question, end: dt.date, at: int) -> list[Segment]:
    """``over_period`` on an open connection, as known at an instant."""
    start = question.on
    if end <= start:
        raise UsageError(f"the period ends ({end}) before it begins ({start}); `to` is the first day without")
    if question.amount is not None:
        raise UsageError("an amount is split for one day; ask with `on`, or without the amount")
    register = RegisterBook(connection, at)
    # Every day asks about the same subject: what that takes is read once.
    read_ahead(connection, register, [question], at)
    book = _DayBook(register)
    book.days |= _days_of_licences(registers.entries(connection, at))
    book.days |= set(territories.turning_days())
    book.days |= {
        day for rule in jurisdictions.known(connection, at) for day in (rule.valid_from, rule.valid_to)
    }
    found: dict[dt.date, Answer] = {}
    pending = {start}
    while pending:
        # An answer may lead to grantors not read so far, whose mandates begin and end on further days.
        for day in pending:
            asked = replace(question, on=day, known_at=at, territory=country(question.territory, day))
            found[day] = resolve(connection, asked, book, book.days)
        pending = {day for day in book.days if start <= day < end} - found.keys()
    return _joined([(day, found[day]) for day in sorted(found)], end)


def _joined(answers: Sequence[tuple[dt.date, Answer]], end: dt.date) -> list[Segment]:
    segments: list[Segment] = []
    for (day, answer), (following, _) in zip(answers, [*answers[1:], (end, None)], strict=True):
        if segments and _said(segments[-1].answer) == _said(answer):
            segments[-1] = replace(segments[-1], end=following)
        else:
            segments.append(Segment(day, following, answer))
    return segments


def _said(answer: Answer) -> dict[str, Any]:
    return {key: value for key, value in answer.as_json().items() if key != "question"}


def _days_of_licences(societies: Iterable[registers.SocietyEntry]) -> set[dt.date]:
    return {day for society in societies for _, _, *period in society.accreditations for day in period}


class _DayBook:
    """A register that remembers on which days something begins or ends in what was read from it."""

    def __init__(self, book: MandateBook) -> None:
        self._book = book
        self.days: set[dt.date] = set()

    def of_party(self, keys: frozenset[str], right: str) -> Sequence[Mandate]:
        return self._noted(self._book.of_party(keys, right))

    def of_society(self, code: str) -> Sequence[Mandate]:
        return self._noted(self._book.of_society(code))

    def by_statute(self) -> Sequence[Mandate]:
        return self._noted(self._book.by_statute())

    def _noted(self, mandates: Sequence[Mandate]) -> Sequence[Mandate]:
        for item in mandates:
            self.days |= {item.valid_from, item.valid_to, *(notice.effective for notice in item.notices)}
            self.days |= {day for settled in item.yields for day in (settled.start, settled.end)}
        return mandates
