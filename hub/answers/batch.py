"""The use case: answer questions at one instant. What many have in common is read and decided once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from hub.answers.answer import Answer
from hub.answers.book import RegisterBook
from hub.answers.kept_answers import KEPT, kept_answers
from hub.answers.question import Question
from hub.answers.read_ahead import read_ahead
from hub.answers.recurring import Recurring
from hub.answers.resolve import resolve
from hub.catalogue.subjects import not_known
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.dossiers.reading import Dossiers
from hub.errors import HubError
from hub.garbage import collecting_seldom

REMEMBERED = 50_000
"""So many answers are kept for questions that come again; the least recently asked one makes room."""


def who_to_pay(hub: Hub, question: Question) -> Answer:
    """Who is to be paid, how much of the whole, and what is in dispute.

    Raises:
        UnknownSubject: nothing was known under the subject's name at the known time.
        AmbiguousReference: the name stands for several subjects.
        UsageError: the right does not exist in such a subject.
    """
    with reading(hub.engine) as connection:
        desk = Desk(connection, question.known_at)
        desk.read_ahead([question])
        return desk.answer(question)


def who_to_pay_as_bytes(hub: Hub, question: Question) -> bytes:
    """The same as the contract's JSON; raises the same."""
    with reading(hub.engine) as connection:
        found = Desk(connection, question.known_at).encoded_anew([question])[question]
    if isinstance(found, HubError):
        raise found
    return found


class Desk:
    """Answers questions on one connection, all as known at one instant.

    ``remembered`` answers are kept at most, by default ``REMEMBERED``; of answers as bytes ``kept`` bytes are
    kept for other desks of the same instant.
    """

    def __init__(
        self,
        connection: Connection,
        known_at: int | None = None,
        *,
        remembered: int | None = None,
        kept: int = KEPT,
    ) -> None:
        self._connection = connection
        self.known_at = horizon(connection) if known_at is None else known_at
        self._book = RegisterBook(connection, self.known_at)
        self._recurring: Recurring | None = None
        self._answers: OrderedDict[Question, Answer | HubError] = OrderedDict()
        self._most = REMEMBERED if remembered is None else remembered
        self._kept = kept
        self.resolved = 0

    def answer(self, question: Question) -> Answer:
        """The answer, with the question's own amount split over its lines.

        Raises:
            UnknownSubject, AmbiguousReference, UsageError: as for one question; remembered as well.
        """
        said = question if question.known_at == self.known_at else replace(question, known_at=self.known_at)
        asked = said if said.amount is None else replace(said, amount=None, currency="")
        found = self._answers.get(asked)
        if found is None:
            found = self._resolve(asked)
            if self._most:
                self._answers[asked] = found
            if len(self._answers) > self._most:
                self._answers.popitem(last=False)
        else:
            self._answers.move_to_end(asked)
        if isinstance(found, HubError):
            raise found
        return found if asked is said else replace(found, question=said).priced()

    def read_ahead(self, questions: Sequence[Question]) -> None:
        """Read at once what these questions will need; they are answered the same without, only slower."""
        self._book = RegisterBook(self._connection, self.known_at)
        facts = read_ahead(self._connection, self._book, questions, self.known_at)
        self._recurring = Recurring(self._connection, self._book, facts)

    def encoded(self, question: Question) -> bytes:
        """The bytes of the answer: those of ``answer(question).encode()``.

        Raises:
            UnknownSubject, AmbiguousReference, UsageError: as for one question.
        """
        found = self._recurring.encoded(question) if self._recurring else None
        return self.answer(question).encode() if found is None else found

    def encoded_all(self, questions: Sequence[Question]) -> list[bytes | HubError]:
        """The bytes of all answers in the order of the questions, or why there is none.

        What was answered as known at the same instant before is not read again.
        """
        kept = kept_answers(self._connection, self.known_at, self._kept)
        found: dict[Question, bytes | HubError] = {}
        fresh: list[Question] = []
        for question in dict.fromkeys(questions):
            known = kept.get(question)
            if known is None:
                fresh.append(question)
            else:
                found[question] = known
        with collecting_seldom():
            if fresh:
                made = self.encoded_anew(fresh)
                found |= made
                for question, answer in made.items():
                    if isinstance(answer, bytes):
                        kept.keep(question, answer)
            return [found[question] for question in questions]

    def encoded_anew(self, questions: Sequence[Question]) -> dict[Question, bytes | HubError]:
        """The same without what is kept: from dossiers, and where none does, from facts that are read."""
        found: dict[Question, bytes | HubError] = {}
        dossiers = Dossiers(self._connection, self._book.standing, self.known_at)
        prepared = dossiers.of(questions)
        others: list[Question] = []
        for question in questions:
            parts = prepared.get(question)
            made = None if parts is None else dossiers.filled(question, parts)
            if made is None:
                others.append(question)
            else:
                found[question] = made
        if others:
            self.read_ahead(others)
        for question in others:
            parts = prepared.get(question)
            try:
                made = (
                    dossiers.learned(question, parts, self._recurring) if parts and self._recurring else None
                )
                found[question] = self.encoded(question) if made is None else made
            except HubError as fault:
                found[question] = fault
        return found

    def _resolve(self, asked: Question) -> Answer | HubError:
        self.resolved += 1
        if self._recurring is not None:
            if self._recurring.unknown(asked):
                return not_known(asked.scheme, asked.value)
            found = self._recurring.answer(asked)
            if found is not None:
                return found
        try:
            return resolve(self._connection, asked, self._book)
        except HubError as fault:
            return fault
