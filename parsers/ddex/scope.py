"""How far a statement reaches: shares, territories, uses and periods, with findings for what is wrong.

What would widen a statement if it were left out makes the statement unusable: an excluded use that is not
known, or territories of which none is. What only narrows it is left out with a finding.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.ddex.gathering import Element, Found, one_line
from schemas import territories
from schemas.findings import Finding, quote
from schemas.records import record
from schemas.rights import ALL, canonical_use
from schemas.shares import WHOLE, ShareError, parse_percent

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", re.ASCII)
_MIDNIGHT = "00:00:00"
_NEVER = "9999"
"""The year that senders write where something does not end."""
_PERCENT_OF_ONE = WHOLE // 100
Terms = tuple[str, ...]


@record
class Place:
    """Where findings are reported, and where they are put."""

    position: str
    record: str
    remarks: list[Finding]

    def add(self, code: str, field: str, value: str = "", detail: str = "") -> None:
        """Report a finding about a field."""
        self.remarks.append(Finding(code, self.position, self.record, field, quote(value), detail))


@dataclass(frozen=True, slots=True)
class Scope:
    """Territories, uses and a half-open period of ISO dates; empty means without limit."""

    territories: Terms = ()
    uses: Terms = ()
    valid_from: str = ""
    valid_to: str = ""

    @property
    def unlimited(self) -> bool:
        """Whether nothing limits it."""
        return not (self.territories or self.uses or self.valid_from or self.valid_to)


EVERYTHING = Scope()


def share_of(element: Element, place: Place) -> int | None:
    """A percentage in units of ``schemas.shares``; None, with a finding, when it is none.

    ``HasMaxValueOfOne`` switches the scale: 1 is all of it.
    """
    value = one_line(element.text)
    try:
        return _units(value, element.get("HasMaxValueOfOne") in ("true", "1"))
    except ShareError as fault:
        place.add("ddex.share", "RightSharePercentage", value, str(fault).partition(":")[0])
        return None


@lru_cache(maxsize=4096)
def _units(value: str, of_one: bool) -> int:
    return parse_percent(value, limit=_PERCENT_OF_ONE) * 100 if of_one else parse_percent(value)


def scope_of(found: Found, place: Place, named: Mapping[str, Terms] | None = None) -> Scope | None:
    """The scope that a composite states; None, with findings, when it must not be used.

    ``named`` are the territories that the message has defined under references of its own.
    """
    codes = territories_of(found.all("territory"), found.all("excluded_territory"), place)
    if codes is not None and found.all("territory_reference"):
        codes = _referred(found, named or {}, place)
    uses = uses_of(found, place)
    period = period_of(found.text("start"), found.text("end"), place)
    if codes is None or uses is None or period is None:
        return None
    return Scope(codes, uses, *period)


def _referred(found: Found, named: Mapping[str, Terms], place: Place) -> Terms | None:
    """Territories by reference: one list, or several that are joined where none of them excludes."""
    lists = []
    for key in found.texts("territory_reference"):
        if key not in named:
            place.add("ddex.territory_reference", "TerritoryReference", key)
            return None
        lists.append(named[key])
    if len(lists) == 1 or not lists:
        return lists[0] if lists else None
    if () in lists:
        return ()
    if any(code.startswith("-") for item in lists for code in item):
        place.add(
            "ddex.territory_reference", "TerritoryReference", " ".join(found.texts("territory_reference"))
        )
        return None
    return tuple(dict.fromkeys(code for item in lists for code in item))


def territories_of(included: Sequence[Element], excluded: Sequence[Element], place: Place) -> Terms | None:
    """An expression of territories, empty for the world; None when no stated one is known."""
    if not included and not excluded:
        return ()
    codes: dict[str, None] = {}
    for sign, elements in (("", included), ("-", excluded)):
        for element in elements:
            value = one_line(element.text)
            code = territories.canonical(value)
            if code is None:
                place.add("ddex.territory", "TerritoryCode", value)
                if sign:
                    # Without this exclusion the rest would reach too far.
                    return None
                continue
            _check_kind(value, element.get("IdentifierType", ""), place)
            codes[sign + code] = None
    if not codes:
        return None
    if territories.WORLD in codes and len(codes) > 1:
        if not excluded:
            place.add("ddex.territory_redundant", "TerritoryCode", "|".join(codes))
            return ()
        return tuple(code for code in codes if code.startswith("-"))
    return () if territories.WORLD in codes else tuple(codes)


def _check_kind(value: str, kind: str, place: Place) -> None:
    """Whether a code is of the kind that its attribute says: TIS codes are numbers, ISO codes are not."""
    if (kind == "TIS") != value.isdecimal() and kind:
        place.add("ddex.territory_kind", "TerritoryCode", value, kind)


def uses_of(found: Found, place: Place) -> Terms | None:
    """An expression of uses, empty for all; None when none of the stated ones, or no exclusion, is known."""
    included, excluded = found.all("use"), found.all("excluded_use")
    if not included and not excluded:
        return ()
    codes: dict[str, None] = {}
    for element in included:
        code = canonical_use(one_line(element.text))
        if code is None:
            place.add("ddex.use", "UseType", _named(element))
        else:
            codes[code] = None
    if included and not codes:
        return None
    everything = ALL in codes
    if everything:
        codes = {}
    for element in excluded:
        code = canonical_use(one_line(element.text))
        if code is None:
            place.add("ddex.use", "ExcludedUseType", _named(element))
            return None
        codes[f"-{code}"] = None
    return tuple(codes)


def _named(element: Element) -> str:
    """A value of an allowed value set as a finding shows it, a value of the sender's own with its name."""
    own = element.get("UserDefinedValue")
    return f"{one_line(element.text)} {own}" if own else one_line(element.text)


def period_of(start: str, end: str, place: Place) -> tuple[str, str] | None:
    """A half-open period of ISO dates from DDEX's inclusive dates, which may be a year or a month.

    None, with a finding, when a date is none or the end is before the start.
    """
    try:
        first, last = _days(start, end)
    except ValueError:
        place.add("ddex.date", "ValidityPeriod", f"{start}..{end}")
        return None
    if first and last and last <= first:
        place.add("ddex.period", "ValidityPeriod", f"{start}..{end}")
        return None
    return first, last


@lru_cache(maxsize=4096)
def _days(start: str, end: str) -> tuple[str, str]:
    return day(start)[0].isoformat() if start else "", _after(end) if end else ""


def day(value: str) -> tuple[dt.date, dt.date]:
    """The first day of a date, month or year, and the first day after it.

    Raises:
        ValueError: no date, or one that is not in the calendar.

    >>> [str(item) for item in day("2024-02")]
    ['2024-02-01', '2024-03-01']
    """
    match = _DATE.fullmatch(value.partition("T")[0])
    if match is None:
        raise ValueError(value)
    year, month, number = (int(part) if part else 0 for part in match.groups())
    first = dt.date(year, month or 1, number or 1)
    if year == dt.MAXYEAR:
        # There is no day after its last one.
        return first, first
    if number:
        return first, first + dt.timedelta(days=1)
    if month:
        return first, dt.date(year + month // 12, month % 12 + 1, 1)
    return first, dt.date(year + 1, 1, 1)


def _after(value: str) -> str:
    """The first day on which something no longer holds, empty for never; midnight ends the day before."""
    if value.startswith(_NEVER):
        return ""
    first, following = day(value)
    instant = value.partition("T")[2]
    return (first if instant.startswith(_MIDNIGHT) else following).isoformat()
