"""Territories: sequences of inclusions and exclusions of TIS or ISO codes, evaluated as of a date.

TIS (CISAC's Territory Information System) has countries with a period of existence and groups whose
membership has periods too: the USSR ended on 1992-01-01, Kazakhstan and the CIS began. Facts: the published
TIS tables, with the memberships that changed after them; ISO countries that TIS does not list, most of them
dependencies, stand directly below the world, so a mandate for the mother country says nothing of them.

A country's canonical code is its ISO alpha-2 code, or its TIS number where a later country took over the
ISO code; a group's is its TIS number. Periods are half-open.

>>> import datetime as dt
>>> covers(("2136", "-398"), "KZ", dt.date(2026, 1, 1))
False
>>> covers(("-398", "2136"), "KZ", dt.date(2026, 1, 1))
True
>>> sorted(evaluate(("2131",), dt.date(2026, 1, 1)))
['DK', 'NO', 'SE']
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.table_files import rows

WORLD = "2136"
Expression = tuple[str, ...]
_WORLD_SPELLINGS = frozenset({"*", "WORLDWIDE", "WORLD", "2WL", WORLD})
_MIN, _MAX = dt.date.min, dt.date.max


@dataclass(frozen=True, slots=True)
class Membership:
    """A territory belongs to a group from a day on, until the day before another."""

    group: str
    valid_from: dt.date
    valid_to: dt.date


@dataclass(frozen=True, slots=True)
class Territory:
    """A country or a group of countries."""

    code: str
    tis: str
    iso: str
    name: str
    is_country: bool
    exists_from: dt.date
    exists_to: dt.date
    memberships: tuple[Membership, ...]

    def exists_in(self, epoch: dt.date) -> bool:
        """Whether it exists on this day."""
        return self.exists_from <= epoch < self.exists_to


def _day(text: str, default: dt.date) -> dt.date:
    return dt.date.fromisoformat(text) if text else default


def _memberships(text: str) -> tuple[Membership, ...]:
    found = []
    for part in filter(None, text.split("|")):
        group, _, span = part.partition("@")
        start, _, end = span.partition("..")
        found.append(Membership(group, _day(start, _MIN), _day(end, _MAX)))
    return tuple(found)


@cache
def table() -> Mapping[str, Territory]:
    """Every territory by its canonical code."""
    listed = rows("schemas", "territories.csv")
    latest: dict[str, str] = {}
    for row in sorted(listed, key=lambda row: row["exists_to"] or "9999"):
        if row["iso"]:
            latest[row["iso"]] = row["tis"]
    found: dict[str, Territory] = {}
    for row in listed:
        code = row["iso"] if row["iso"] and latest[row["iso"]] == row["tis"] else row["tis"]
        found[code] = Territory(
            code=code,
            tis=row["tis"],
            iso=row["iso"],
            name=row["name"],
            is_country=row["kind"] == "country",
            exists_from=_day(row["exists_from"], _MIN),
            exists_to=_day(row["exists_to"], _MAX),
            memberships=_memberships(row["belongs_to"]),
        )
    return found


@cache
def _spellings() -> Mapping[str, str]:
    found = dict.fromkeys(_WORLD_SPELLINGS, WORLD)
    for territory in table().values():
        found[territory.tis] = territory.code
        found[territory.code] = territory.code
    return found


@lru_cache(maxsize=4096)
def canonical(text: str) -> str | None:
    """The canonical code of a TIS number (leading zeros or not) or ISO alpha-2 code; None when unknown.

    >>> canonical("0398"), canonical("kz"), canonical("Worldwide"), canonical("XX")
    ('KZ', 'KZ', '2136', None)
    """
    code = text.strip().upper()
    return _spellings().get(code.lstrip("0") if code.isdecimal() else code)


def name(code: str) -> str:
    """The English name of a territory.

    Raises:
        KeyError: not a canonical code.
    """
    return table()[code].name


@cache
def turning_days() -> tuple[dt.date, ...]:
    """The days on which some territory begins, ends or changes its groups, in order."""
    days = {_MIN}
    for territory in table().values():
        days |= {territory.exists_from, territory.exists_to}
        for membership in territory.memberships:
            days |= {membership.valid_from, membership.valid_to}
    return tuple(sorted(days - {_MAX}))


def _epoch(on: dt.date) -> dt.date:
    """The last turning day up to a day: between two of them every expression has one value."""
    days = turning_days()
    return days[bisect_right(days, on) - 1]


@cache
def _members_in(epoch: dt.date) -> Mapping[str, frozenset[str]]:
    """The countries of every territory that exists in an epoch."""
    by_tis = {territory.tis: territory for territory in table().values()}

    def groups(territory: Territory) -> Iterator[str]:
        for membership in territory.memberships:
            group = by_tis[membership.group]
            if membership.valid_from <= epoch < membership.valid_to and group.exists_in(epoch):
                yield group.code
                yield from groups(group)

    found: dict[str, set[str]] = {WORLD: set()}
    for country in table().values():
        if country.is_country and country.exists_in(epoch):
            for code in (country.code, WORLD, *groups(country)):
                found.setdefault(code, set()).add(country.code)
    return {code: frozenset(countries) for code, countries in found.items()}


def members(code: str, on: dt.date) -> frozenset[str]:
    """The countries of a territory on a day: of a country itself, of one that does not exist then none.

    Raises:
        KeyError: not a canonical code.
    """
    return _members_in(_epoch(on)).get(table()[code].code, frozenset())


def evaluate(expression: Expression, on: dt.date) -> frozenset[str]:
    """The countries an expression comes to on a day, as canonical codes.

    Terms work in order; an empty expression is the world, and one that begins with an exclusion starts from
    the world. Unknown codes contribute nothing: whoever takes an expression in reports them (``parse``).
    """
    return _evaluate_in(expression, _epoch(on))


@lru_cache(maxsize=16384)
def _evaluate_in(expression: Expression, epoch: dt.date) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    if not expression or expression[0].startswith("-"):
        found = members(WORLD, epoch)
    for term in expression:
        code = canonical(term.removeprefix("-"))
        if code is not None:
            countries = members(code, epoch)
            found = found - countries if term.startswith("-") else found | countries
    return found


def covers(expression: Expression, territory: str, on: dt.date) -> bool:
    """Whether an expression covers a country, or all countries of a group, on a day.

    An unknown territory and one without countries on that day are covered by nothing.
    """
    return _covers_in(expression, territory, _epoch(on))


@lru_cache(maxsize=65536)
def _covers_in(expression: Expression, territory: str, epoch: dt.date) -> bool:
    code = canonical(territory)
    wanted = frozenset() if code is None else members(code, epoch)
    return bool(wanted) and wanted <= _evaluate_in(expression, epoch)


def parse(text: str) -> tuple[Expression, tuple[str, ...]]:
    """Split ``2136|-398`` into canonical codes and those that are unknown.

    A statement with unknown codes must not be used as if they were not there: what is left may mean more
    than was said, and nothing left means the world.

    >>> parse("2136|-0398|ZZ")
    (('2136', '-KZ'), ('ZZ',))
    """
    known: list[str] = []
    unknown: list[str] = []
    for raw in filter(None, (part.strip() for part in text.split("|"))):
        sign = "-" if raw.startswith("-") else ""
        code = canonical(raw.removeprefix("-"))
        if code is None:
            unknown.append(raw)
        else:
            known.append(sign + code)
    return tuple(known), tuple(unknown)
