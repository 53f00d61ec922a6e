"""Societies that hold mandates for a territory and right that demand an accreditation, without having one.

A society that has handed the territory on by a representation agreement is not the one to be paid there, so
it needs none. What a territory demands follows from the register of societies, as in answers.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hub import registers
from hub.conflicts.areas import cells, countries, turning_days
from hub.conflicts.changed import Changed
from hub.conflicts.found import ACCREDITATION, Found, Segment, Side, extent
from hub.conflicts.mandate_reading import Entry, batches, entries, filed
from hub.db.lists import terms
from hub.db.tables import DECLARATION, MANDATE, WITHDRAWAL
from hub.db.times import FOREVER, as_known
from hub.registers import SocietyEntry
from schemas import territories


@dataclass(frozen=True, slots=True)
class _Held:
    """Mandates of one holder with the same lists; periods as their hull."""

    cells: int
    territories: tuple[str, ...]
    start: dt.date
    end: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class _Licence:
    """The cells that an accreditation of a society covers in a country, and when."""

    society: str
    cells: int
    start: dt.date
    end: dt.date


def unaccredited(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """What all holders lack, or those whose mandates or accreditations changed."""
    licences = _licences(registers.entries(connection, at))
    if not licences:
        return
    only = None if changed is None or changed.accreditations else changed.holders
    held = _held(connection, at, only)
    single = _withdrawn(connection, at, only)
    for holder in sorted({*held, *single}):
        own = entries(
            connection, at, (MANDATE.c.grantor_type == "society") & (MANDATE.c.grantor_id == holder)
        )
        agreements = [item for item in own if item.standing.holder != holder]
        for country in sorted(licences):
            yield from _lacking(
                holder, country, licences[country], held.get(holder, ()), single.get(holder, ()), agreements
            )


def _licences(societies: Sequence[SocietyEntry]) -> dict[str, list[_Licence]]:
    """Every accreditation by the countries it is for, as canonical codes."""
    found: dict[str, list[_Licence]] = defaultdict(list)
    for society in societies:
        for territory, right, start, end in society.accreditations:
            for country in territories.evaluate((territory,), start):
                found[country].append(_Licence(society.code, cells((right,), ()), start, end))
    return found


def _held(connection: Connection, at: int, only: set[str] | None) -> dict[str, list[_Held]]:
    columns = (MANDATE.c.holder, MANDATE.c.rights, MANDATE.c.uses, MANDATE.c.territories)
    noticed = select(WITHDRAWAL.c.mandate_id).where(WITHDRAWAL.c.id.in_(filed(at)))
    query = (
        select(*columns, func.min(MANDATE.c.valid_from), func.max(MANDATE.c.valid_to), func.count())
        .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
        .where(as_known(DECLARATION, at), MANDATE.c.subject_id.not_in(noticed))
        .group_by(*columns)
    )
    found: dict[str, list[_Held]] = defaultdict(list)
    for part in [None] if only is None else batches(sorted(only)):
        asked = query if part is None else query.where(MANDATE.c.holder.in_(part))
        for holder, of_rights, uses, lands, start, end, count in connection.execute(asked):
            made = _Held(cells(terms(of_rights), terms(uses)), terms(lands), start, end, count)
            found[holder].append(made)
    return found


def _withdrawn(connection: Connection, at: int, only: set[str] | None) -> dict[str, list[Entry]]:
    """Mandates with notices: what they still cover is looked at one by one."""
    noticed = select(WITHDRAWAL.c.mandate_id).where(WITHDRAWAL.c.id.in_(filed(at)))
    found: dict[str, list[Entry]] = defaultdict(list)
    condition = MANDATE.c.subject_id.in_(noticed)
    for part in [None] if only is None else batches(sorted(only)):
        asked = condition if part is None else condition & MANDATE.c.holder.in_(part)
        for item in entries(connection, at, asked):
            found[item.standing.holder].append(item)
    return found


def _lacking(
    holder: str,
    country: str,
    licences: Sequence[_Licence],
    held: Sequence[_Held],
    single: Sequence[Entry],
    agreements: Sequence[Entry],
) -> Iterator[Found]:
    """The stretches of time in which one holder lacks what one country demands."""
    demanded_from = min(item.start for item in licences)
    days = {demanded_from, *turning_days(demanded_from, FOREVER)}
    periods = [(item.start, item.end) for item in licences]
    periods += [(item.start, item.end) for item in held]
    periods += [(item.standing.start, item.standing.end) for item in (*single, *agreements)]
    days |= {day for period in periods for day in period if demanded_from < day < FOREVER}
    for entry in (*single, *agreements):
        days |= {item.effective for item in entry.standing.notices if item.effective > demanded_from}
    segments: list[Segment] = []
    mandates: set[int] = set()
    count = 0
    seen: set[_Held] = set()
    ordered = [*sorted(days), FOREVER]
    for start, end in itertools.pairwise(ordered):
        bit = countries((country,), start)
        if not bit:
            continue
        demanded = licensed = 0
        for licence in licences:
            demanded |= licence.cells if licence.start <= start else 0
            own = licence.society == holder and licence.start <= start < licence.end
            licensed |= licence.cells if own else 0
        wanting = demanded & ~licensed & ~_covered(agreements, start, bit)
        lacking = _covered(single, start, bit) & wanting
        for item in held:
            here = item.cells & wanting if item.start <= start < item.end else 0
            if here and countries(item.territories, start) & bit:
                lacking |= here
                if item not in seen:
                    seen.add(item)
                    count += item.count
        if lacking:
            mandates |= {item.standing.key for item in single if _covered([item], start, bit) & wanting}
            segments.append((start, end, [(lacking, bit)]))
    if not segments:
        return
    own_periods = [
        f"{item.start}..{'' if item.end == FOREVER else item.end}"
        for item in licences
        if item.society == holder
    ]
    sides = (
        Side(
            f"holder:{holder}",
            (holder,),
            {"holder": holder, "mandates": count + len(mandates), "accreditations": own_periods},
        ),
        Side(f"demand:{country}", (), {"territory": country, "since": demanded_from.isoformat()}),
    )
    scopes = frozenset((f"holder:{holder}", "accreditations"))
    yield Found(ACCREDITATION, country, sides, extent(segments), count + len(mandates), scopes)


def _covered(mandates: Sequence[Entry], day: dt.date, bit: int) -> int:
    found = 0
    for item in mandates:
        for of_cells, land in item.standing.area(day, frozenset()):
            found |= of_cells if land & bit else 0
    return found
