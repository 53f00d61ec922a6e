"""Mandates as the resolver sees them, and whether one is in force for a question."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from hub.db.times import FOREVER
from schemas import rights, territories

POLICY = "precedence/1"
PRECEDENCE = {"declaration": 0, "agreement": 1, "assertion": 2, "statute": 3}
"""Bases from strongest to weakest, compared among mandates of the same grantor only."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a mandate must cover: the question, and the identifiers its subject goes by."""

    right: str
    use: str
    territory: str
    on: dt.date
    works: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Notice:
    """A withdrawal of a mandate; empty lists mean the whole of it."""

    effective: dt.date
    rights: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    works: tuple[str, ...] = ()

    def takes(self, matter: Matter) -> bool:
        """Whether this withdrawal has taken the matter out of the mandate."""
        return self.effective <= matter.on and _scope(self, matter)


@dataclass(frozen=True, slots=True)
class Yielding:
    """A settlement: on these days (half-open) a mandate stands back where the winner's counts too."""

    winner: str
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate, or what a registration asserts of one; ``source`` is (submission, position)."""

    name: str
    grantor_type: str
    grantor: str
    grantor_name: str
    holder: str
    basis: str
    rights: tuple[str, ...] = ("*",)
    uses: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    valid_from: dt.date = dt.date.min
    valid_to: dt.date = FOREVER
    source: tuple[str, str] = ("", "")
    notices: tuple[Notice, ...] = field(default=())
    yields: tuple[Yielding, ...] = field(default=())

    def in_force(self, matter: Matter) -> bool:
        """Valid on the day for the matter, and not withdrawn for it."""
        return (
            self.valid_from <= matter.on < self.valid_to
            and self.covers(matter)
            and not any(notice.takes(matter) for notice in self.notices)
        )

    def covers(self, matter: Matter) -> bool:
        """Whether it is for this right, use, territory and subject, in whatever period."""
        return _scope(self, matter)

    def withdrawn_for(self, matter: Matter) -> bool:
        """Whether a withdrawal ended it for the matter, after it began and before its term."""
        return self.valid_from <= matter.on and any(
            notice.effective < self.valid_to and notice.takes(matter) for notice in self.notices
        )

    @property
    def rank(self) -> tuple[int, int]:
        """Smaller is stronger: basis first, then specific works before the whole repertoire."""
        return PRECEDENCE[self.basis], 0 if self.works else 1

    def as_json(self) -> dict[str, Any]:
        """One hop of a chain."""
        return {
            "mandate": self.name,
            "grantor": self.grantor,
            "holder": self.holder,
            "basis": self.basis,
            "valid_from": shown_day(self.valid_from),
            "source": {"submission": self.source[0], "position": self.source[1]},
        }


def shown_day(day: dt.date) -> str:
    """A first day as answers show it: nothing for a mandate without a beginning."""
    return "" if day == dt.date.min else day.isoformat()


def _scope(terms: Mandate | Notice, matter: Matter) -> bool:
    return (
        rights.covers(terms.rights, matter.right, matter.use)
        and rights.covers_use(terms.uses, matter.use)
        and territories.covers(terms.territories, matter.territory, matter.on)
        and (not terms.works or not matter.works.isdisjoint(terms.works))
    )


class MandateBook(Protocol):
    """Where the walk looks mandates up; everything in it is as known at one instant."""

    def of_party(self, keys: frozenset[str], right: str) -> Sequence[Mandate]:
        """Mandates granted by the party with these identifiers, of any period.

        Those that can have no part in an answer about the right may be missing.
        """

    def of_society(self, code: str) -> Sequence[Mandate]:
        """Mandates granted by a society: its representation agreements."""

    def by_statute(self) -> Sequence[Mandate]:
        """Mandates of ``any`` grantor."""


def strongest(mandates: Iterable[Mandate]) -> tuple[list[Mandate], list[Mandate]]:
    """The mandates of the best rank, and the weaker ones; both in a fixed order.

    Among several of one holder the latest comes first: it is the one a chain shows.
    """
    listed = list(mandates)
    if len(listed) < 2:
        return listed, []
    ordered = sorted(
        listed, key=lambda item: (item.rank, -item.valid_from.toordinal(), item.name, item.source)
    )
    strength = ordered[0].rank
    best = [item for item in ordered if item.rank == strength]
    return best, ordered[len(best) :]


def settled(best: Sequence[Mandate], on: dt.date) -> tuple[list[Mandate], list[Mandate]]:
    """The equally strong mandates that settlements leave in force on a day, and those that stand back.

    Settlements in a ring, each for the next one's loser, decide nothing.
    """
    if not any(item.yields for item in best):
        return list(best), []
    names = {item.name for item in best}
    back = [
        item
        for item in best
        if any(other.winner in names and other.start <= on < other.end for other in item.yields)
    ]
    kept = [item for item in best if item not in back]
    return (kept, back) if kept else (list(best), [])
