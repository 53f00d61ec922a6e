"""What one grantor granted: rows that become mandates where somebody looks at them, and their shape.

The mandates of most parties differ from those of others in nothing but names and sources. What is decided
rests on their terms alone, so equal terms are kept once, and grantors of one shape share what was decided.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from hub.answers.mandates import Mandate, Notice, Yielding
from hub.db.lists import terms

_NONE: Mapping[int, Any] = {}

Shown = tuple[bytes, bytes, bytes, bytes]
"""Name, grantor, submission and position of a mandate as JSON texts: what no other has."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of mandates, whoever granted them; equal ones are one object."""

    holder: str
    basis: str
    rights: tuple[str, ...]
    uses: tuple[str, ...]
    territories: tuple[str, ...]
    works: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date


@lru_cache(maxsize=16_384)
def stated(
    holder: str, basis: str, rights: str, uses: str, territories: str, works: str,
    start: dt.date | str, end: dt.date | str,
) -> Terms:  # fmt: skip
    """The terms that these cells of a row state; days may be ISO texts."""
    return Terms(
        holder, basis, terms(rights), terms(uses), terms(territories), terms(works), _day(start), _day(end)
    )


def _day(cell: dt.date | str) -> dt.date:
    return dt.date.fromisoformat(cell) if isinstance(cell, str) else cell


class Granted:
    """The mandates of one grantor under one identifier, in the order of becoming known.

    Rows are (key, name, submission, position, grantor's name, ``Terms``). ``shape`` is equal for
    grantors between whose mandates no rule can see a difference; None where a rule looks at more than terms:
    at notices and settlements, at works, at a grantor that keeps its right.
    """

    __slots__ = ("_made", "_notices", "_shown", "_yields", "grantor", "grantor_type", "rows", "shape")

    def __init__(
        self,
        grantor_type: str,
        grantor: str,
        rows: Sequence[tuple[Any, ...]],
        notices: Mapping[int, Sequence[Notice]],
        yields: Mapping[int, Sequence[Yielding]],
    ) -> None:
        self.grantor_type = grantor_type
        self.grantor = grantor
        self.rows = rows
        # Most have none of them, and there are many.
        self._notices = {row[0]: notices[row[0]] for row in rows if row[0] in notices} if notices else _NONE
        self._yields = {row[0]: yields[row[0]] for row in rows if row[0] in yields} if yields else _NONE
        self.shape = None if self._notices or self._yields else _shape(grantor, rows)
        self._made: dict[int, Mandate] | None = None
        self._shown: dict[int, Shown] | None = None

    @property
    def order(self) -> tuple[int, ...]:
        """The places of its mandates by name and source, for rules that go by these."""
        return tuple(_order(self.rows))

    def mandates(self) -> list[Mandate]:
        """All of them."""
        return [self.mandate(place) for place in range(len(self.rows))]

    def mandate(self, place: int) -> Mandate:
        """One of them."""
        if self._made is None:
            self._made = {}
        found = self._made.get(place)
        if found is None:
            key, name, submission, position, grantor_name, said = self.rows[place]
            found = self._made[place] = Mandate(
                name, self.grantor_type, self.grantor, grantor_name, said.holder, said.basis, said.rights,
                said.uses, said.territories, said.works, said.valid_from, said.valid_to,
                (submission, position), tuple(self._notices.get(key, ())),
                tuple(self._yields.get(key, ())),
            )  # fmt: skip
        return found

    def shown(self, place: int) -> Shown:
        """What one of them shows of itself in an answer, beside its terms."""
        if self._shown is None:
            self._shown = {}
        found = self._shown.get(place)
        if found is None:
            _, name, submission, position, *_ = self.rows[place]
            found = self._shown[place] = (
                orjson.dumps(name), orjson.dumps(self.grantor), orjson.dumps(submission),
                orjson.dumps(position),
            )  # fmt: skip
        return found


def _shape(grantor: str, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...] | None:
    said = tuple([row[5] for row in rows])
    for item in said:
        if item.works or item.holder == grantor:
            return None
    # Among equally strong ones of one day the name decides which comes first.
    return (*said, *_order(rows)) if len(said) > 1 and _tied(said) else said


def _order(rows: Sequence[tuple[Any, ...]]) -> list[int]:
    return sorted(range(len(rows)), key=lambda place: (rows[place][1], rows[place][2], rows[place][3]))


@lru_cache(maxsize=16_384)
def _tied(said: tuple[Terms, ...]) -> bool:
    return len({(item.basis, item.valid_from) for item in said}) < len(said)
