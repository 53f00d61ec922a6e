"""Answers as bytes, kept for questions that come again in another batch.

As known at an instant an answer never changes, so those of the last instant asked for are kept until a
question as known at another one comes. What lately was asked for stays; ``Settings.kept_answers`` bounds
the memory.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from hub.answers.question import Question
from hub.db.counters import horizon

KEPT = 48 << 20
"""Bytes of answers that are kept, where nobody says otherwise."""


class KeptAnswers:
    """The answers of one instant, about ``most`` bytes: those asked for lately, and those before them."""

    def __init__(self, at: int, most: int = KEPT) -> None:
        self.at = at
        self._half = most // 2
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
        if self._size >= self._half:
            # Those that nobody asked for since the last time are forgotten.
            self._before, self._lately, self._size = self._lately, {}, 0
        self._lately[question] = answer
        self._size += len(answer)


_kept: WeakKeyDictionary[Engine, KeptAnswers] = WeakKeyDictionary()


def kept_answers(connection: Connection, at: int, most: int = KEPT) -> KeptAnswers:
    """Those of an instant; of one that is not settled yet none are kept for others."""
    found = _kept.get(connection.engine)
    if found is not None and found.at == at:
        return found
    made = KeptAnswers(at, most)
    if at <= horizon(connection) and not connection.get_execution_options().get("writing"):
        _kept[connection.engine] = made
    return made
