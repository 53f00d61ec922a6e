"""What a mandate is good for, as sets that can be cut: rights and uses by countries, per stretch of time.

A *cell* is a right in a use. Cells and countries are bits of plain integers, so an intersection is one
operation however many countries a list has. An *area* is a list of disjoint boxes (cells, countries).

>>> area = [(cells(("PR",), ()), countries(("KZ", "GB"), dt.date(2026, 1, 1)))]
>>> text_of_countries(subtract(area, [(cells((), ()), countries(("GB",), dt.date(2026, 1, 1)))])[0][1])
'KZ'
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from schemas import rights, territories

Box = tuple[int, int]
Area = list[Box]
Expression = tuple[str, ...]


@cache
def _columns() -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(rights.CATEGORIES), tuple(sorted(rights.uses()))


@lru_cache(maxsize=65536)
def cells(of_rights: Expression, of_uses: Expression) -> int:
    """The cells that a list of rights and a list of uses cover together."""
    categories, uses = _columns()
    found = 0
    for row, right in enumerate(categories):
        for column, use in enumerate(uses):
            if rights.covers(of_rights, right, use) and rights.covers_use(of_uses, use):
                found |= 1 << (row * len(uses) + column)
    return found


@cache
def _country_bits() -> dict[str, int]:
    listed = sorted(code for code, item in territories.table().items() if item.is_country)
    return {code: 1 << number for number, code in enumerate(listed)}


@lru_cache(maxsize=65536)
def _countries_in(expression: Expression, epoch: dt.date) -> int:
    bits = _country_bits()
    found = 0
    for code in territories.evaluate(expression, epoch):
        found |= bits[code]
    return found


def countries(expression: Expression, on: dt.date) -> int:
    """The countries of an expression on a day."""
    return _countries_in(expression, epoch(on))


def epoch(on: dt.date) -> dt.date:
    """The last day up to this one on which some territory changed: expressions are constant between."""
    days = territories.turning_days()
    return days[bisect_right(days, on) - 1]


def turning_days(start: dt.date, end: dt.date) -> Sequence[dt.date]:
    """The days within a period, its first left out, on which some territory changed."""
    days = territories.turning_days()
    return days[bisect_right(days, start) : bisect_left(days, end)]


def intersect(left: Area, right: Area) -> Area:
    """What lies in both."""
    return [
        (cell & of_cell, land & of_land)
        for cell, land in left
        for of_cell, of_land in right
        if cell & of_cell and land & of_land
    ]


def subtract(area: Area, gone: Iterable[Box]) -> Area:
    """What is left of an area without these boxes, again as disjoint boxes."""
    for cell, land in gone:
        kept: Area = []
        for of_cell, of_land in area:
            if not (of_cell & cell and of_land & land):
                kept.append((of_cell, of_land))
                continue
            if of_cell & ~cell:
                kept.append((of_cell & ~cell, of_land))
            if of_land & ~land:
                kept.append((of_cell & cell, of_land & ~land))
        area = kept
    return area


@lru_cache(maxsize=65536)
def text_of_cells(mask: int) -> tuple[str, str]:
    """Rights and uses of cells as lists, ``|`` between; all uses are ``*``, contained ones are left out."""
    categories, uses = _columns()
    row = (1 << len(uses)) - 1
    named = [right for number, right in enumerate(categories) if mask >> (number * len(uses)) & row]
    columns = 0
    for number in range(len(categories)):
        columns |= mask >> (number * len(uses)) & row
    if columns == row:
        return "|".join(named), "*"
    found = {use for number, use in enumerate(uses) if columns >> number & 1}
    top = [use for use in sorted(found) if not (rights.uses()[use] - {use}) & found]
    return "|".join(named), "|".join(top)


@lru_cache(maxsize=65536)
def text_of_countries(mask: int) -> str:
    """Countries as codes with ``|`` between; every country that exists today is the world's number."""
    if mask == countries((territories.WORLD,), dt.date.max):
        return territories.WORLD
    return "|".join(code for code, bit in _country_bits().items() if mask & bit)
