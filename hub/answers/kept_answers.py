"""Answers as bytes, kept for questions that come again in another batch.

As known at an instant an answer never changes, so those of the last instant asked for are kept until a
question as known at another one comes. What lately was asked for stays; the memory is bounded.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from hub.answers.question import Question
from hub.db.counters import horizon

HALF = 24 << 20
"""Bytes of answers after which those that nobody asked for since the last time are forgotten."""


class KeptAnswers:
    """The answers of one instant: those asked for lately, and those of the time before."""

    def __init__(self, at: int) -> None:
        self.at = at
        self._lately: dict[Question, bytes] = {}
        self._before: dict[Question, bytes] = {}
        self._size = 0

    def get(self, question: Question) -> bytes | None:
        """The answer to a question, if it is kept."""
        found = self._lately.get(question)
        if found is None:
            found = self._before.get(question)
            if found is not None:
                self.keep(question, found)
        return found

    def keep(self, question: Question, answer: bytes) -> None:
        """Keep an answer."""
        if self._size > HALF:
            self._before, self._lately, self._size = self._lately, {}, 0
        self._lately[question] = answer
        self._size += len(answer)


_kept: WeakKeyDictionary[Engine, KeptAnswers] = WeakKeyDictionary()


def kept_answers(connection: Connection, at: int) -> KeptAnswers:
    """Those of an instant; of one that is not settled yet none are kept for others."""
    found = _kept.get(connection.engine)
    if found is not None and found.at == at:
        return found
    made = KeptAnswers(at)
    if at <= horizon(connection) and not connection.get_execution_options().get("writing"):
        _kept[connection.engine] = made
    return made
