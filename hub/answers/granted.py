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

from hub.answers.mandates import Mandate, Notice, Yielding, shown_day
from hub.db.lists import terms
from schemas.json_bytes import text_bytes

_NONE: Mapping[int, Any] = {}

Shown = tuple[bytes, bytes, bytes, bytes, bytes]
"""Name, grantor, first day, submission and position of a mandate as JSON texts: what is its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of mandates, whoever granted them; equal ones are one object."""

    holder: str
    basis: str
    rights: tuple[str, ...]
    uses: tuple[str, ...]
    territories: tuple[str, ...]
    works: tuple[str, ...]


SEPARATOR = "\x1f"
"""Between the cells of terms in one text."""


@lru_cache(maxsize=16_384)
def stated(cells: str) -> Terms:
    """The terms that these cells of a row state."""
    # Whatever a holder is called, it stands last.
    basis, rights, uses, territories, works, holder = cells.split(SEPARATOR, 5)
    return Terms(holder, basis, terms(rights), terms(uses), terms(territories), terms(works))


@lru_cache(maxsize=65_536)
def day(cell: dt.date | str) -> dt.date:
    """A day of a row, which may be its ISO text."""
    return dt.date.fromisoformat(cell) if isinstance(cell, str) else cell


class Granted:
    """The mandates of one grantor under one identifier, in the order of becoming known.

    Rows are (key, name, submission, position, grantor's name, ``Terms``, first day, first day after).
    """

    __slots__ = (
        "_made",
        "_notices",
        "_order",
        "_particular",
        "_shape",
        "_shown",
        "_yields",
        "grantor",
        "grantor_type",
        "rows",
    )

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
        self._particular = bool(self._notices or self._yields)
        for row in rows:
            said = row[5]
            if said.works or said.holder == grantor:
                self._particular = True
        self._shape: tuple[dt.date, tuple[Any, ...]] | None = None
        self._order: tuple[int, ...] | None = None
        self._made: dict[int, Mandate] | None = None
        self._shown: dict[int, Shown] | None = None

    @property
    def particular(self) -> bool:
        """Whether a rule looks at more than the terms: notices, settlements, works, a right that is kept."""
        return self._particular

    def shape(self, on: dt.date) -> tuple[Any, ...] | None:
        """Equal for grantors between whose mandates no rule can see a difference on a day.

        None where a rule looks at more than terms: at notices and settlements, at works, at a grantor that
        keeps its right. Of days it matters whether they are past, and which of two is the later one.
        """
        if self._particular:
            return None
        known = self._shape
        if known is not None and known[0] == on:
            return known[1]
        said = [(row[5], row[6] <= on, on < row[7]) for row in self.rows]
        shape = (*said, self.order) if len(said) > 1 else tuple(said)
        self._shape = on, shape
        return shape

    @property
    def order(self) -> tuple[int, ...]:
        """The places of its mandates by their first days, the latest first, and then by name and source."""
        if self._order is None:
            rows = self.rows
            self._order = tuple(
                sorted(range(len(rows)), key=lambda place: (-rows[place][6].toordinal(), *rows[place][1:4]))
            )
        return self._order

    def mandates(self) -> list[Mandate]:
        """All of them."""
        return [self.mandate(place) for place in range(len(self.rows))]

    def mandate(self, place: int) -> Mandate:
        """One of them."""
        if self._made is None:
            self._made = {}
        found = self._made.get(place)
        if found is None:
            key, name, submission, position, grantor_name, said, start, end = self.rows[place]
            found = self._made[place] = Mandate(
                name, self.grantor_type, self.grantor, grantor_name, said.holder, said.basis, said.rights,
                said.uses, said.territories, said.works, start, end,
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
            _, name, submission, position, _, _, start, _ = self.rows[place]
            found = self._shown[place] = (
                text_bytes(name), text_bytes(self.grantor), text_bytes(shown_day(start)),
                text_bytes(submission), text_bytes(position),
            )  # fmt: skip
        return found
