"""Overlaps among the mandates of one grantor, and circles of representation agreements: pure functions.

What overlaps is exact: notices are cut out, and so is what a stronger mandate of the same grantor covers,
because there the weaker ones decide nothing (policy ``precedence/1``).
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hub.conflicts.areas import Area, cells, countries, intersect, subtract, turning_days
from hub.conflicts.found import Segment
from hub.db.times import FOREVER

LONGEST_CIRCLE = 8
"""Circles of more agreements than this are not looked for."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A withdrawal in effect from a day on; empty works mean all of the mandate's."""

    effective: dt.date
    cells: int
    territories: tuple[str, ...]
    works: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """A mandate as the sweep sees it. ``rank`` is smaller for stronger ones, equal ones can overlap."""

    key: int
    name: str
    grantor: str
    holder: str
    rank: tuple[int, int]
    cells: int
    territories: tuple[str, ...]
    works: frozenset[str]
    start: dt.date
    end: dt.date
    notices: tuple[Notice, ...] = ()

    def area(self, day: dt.date, works: frozenset[str]) -> Area:
        """What it is good for on a day, for these works (none: the whole repertoire)."""
        if not self.start <= day < self.end:
            return []
        whole = [(self.cells, countries(self.territories, day))]
        gone = [
            (item.cells, countries(item.territories, day))
            for item in self.notices
            if item.effective <= day and (not item.works or (works and works <= item.works))
        ]
        return subtract(whole, gone) if gone else whole


@dataclass(frozen=True, slots=True)
class Overlap:
    """Mandates that cannot all hold; ``works`` are those they list in common (none: the repertoire)."""

    mandates: tuple[Standing, ...]
    works: frozenset[str]
    segments: tuple[Segment, ...]


def overlaps(group: Iterable[Standing]) -> Iterator[Overlap]:
    """Pairs of equally strong mandates of one grantor to different holders that meet somewhere.

    Each mandate meets only those still running when it begins; mandates of listed works only those that
    list one of theirs.
    """
    ordered = sorted(group, key=lambda item: (item.start, item.key))
    whole = [item for item in ordered if not item.works]
    by_work: dict[str, list[Standing]] = defaultdict(list)
    for item in ordered:
        for work in item.works:
            by_work[work].append(item)
    for first, second in _meeting(whole):
        yield from _overlap(first, second, frozenset(), whole)
    seen: set[tuple[int, int]] = set()
    for listed in by_work.values():
        for first, second in _meeting(listed):
            if (first.key, second.key) not in seen:
                seen.add((first.key, second.key))
                common = first.works & second.works
                yield from _overlap(first, second, common, [*whole, *listed])


def _meeting(ordered: Sequence[Standing]) -> Iterator[tuple[Standing, Standing]]:
    """Pairs of one rank with different holders whose periods and cells meet."""
    if len({item.holder for item in ordered}) < 2:
        return
    running: dict[tuple[int, int], list[Standing]] = defaultdict(list)
    for item in ordered:
        active = [other for other in running[item.rank] if other.end > item.start]
        for other in active:
            if other.holder != item.holder and other.cells & item.cells:
                yield other, item
        active.append(item)
        running[item.rank] = active


def _overlap(
    first: Standing, second: Standing, works: frozenset[str], others: Sequence[Standing]
) -> Iterator[Overlap]:
    stronger = [
        item
        for item in others
        if item.rank < first.rank and (not item.works or (works and works <= item.works))
    ]
    segments = _segments((first, second), works, {first.key: stronger, second.key: ()})
    if segments:
        yield Overlap((first, second), works, segments)


def _segments(
    mandates: Sequence[Standing], works: frozenset[str], overruled: dict[int, Sequence[Standing]]
) -> tuple[Segment, ...]:
    """Stretches of time in which all the mandates meet, without what overrules one of them."""
    start = max(item.start for item in mandates)
    end = min(item.end for item in mandates)
    if start >= end:
        return ()
    days = {start, *turning_days(start, end)}
    for item in (*mandates, *(other for found in overruled.values() for other in found)):
        days |= {day for day in (item.start, item.end) if start < day < end}
        days |= {notice.effective for notice in item.notices if start < notice.effective < end}
    found: list[Segment] = []
    ordered = [*sorted(days), end]
    for begin, until in itertools.pairwise(ordered):
        area = mandates[0].area(begin, works)
        for item in mandates[1:]:
            area = intersect(area, item.area(begin, works))
        for item in mandates:
            for other in overruled.get(item.key, ()):
                area = subtract(area, other.area(begin, works))
        if area and found and found[-1][1] == begin and found[-1][2] == area:
            found[-1] = (found[-1][0], until, area)
        elif area:
            found.append((begin, until, area))
    return tuple(found)


def circles(agreements: Iterable[Standing]) -> Iterator[Overlap]:
    """Rings of representation agreements that lead back to where they began, for one and the same matter.

    An agreement counts where no stronger one of the same grantor, and none with itself, overrules it.
    Each ring is found once, from its smallest society.
    """
    by_grantor: dict[str, list[Standing]] = defaultdict(list)
    for item in sorted(agreements, key=lambda item: item.key):
        by_grantor[item.grantor].append(item)

    def overruling(item: Standing) -> list[Standing]:
        return [
            other
            for other in by_grantor[item.grantor]
            if (not other.works or other.works >= item.works)
            and (other.rank < item.rank or (other.rank == item.rank and other.holder == other.grantor))
        ]

    def walk(
        path: tuple[Standing, ...], area: Area, works: frozenset[str], until: dt.date
    ) -> Iterator[Overlap]:
        home, last = path[0].grantor, path[-1]
        if last.holder == home:
            segments = _segments(path, works, {item.key: overruling(item) for item in path})
            if segments:
                yield Overlap(path, works, segments)
            return
        if len(path) == LONGEST_CIRCLE:
            return
        been = {item.grantor for item in path}
        for item in by_grantor.get(last.holder, ()):
            common = works & item.works if works and item.works else works or item.works
            if (
                item.holder < home
                or (item.holder in been and item.holder != home)
                or (works and item.works and not common)
                or item.start >= until
            ):
                continue
            start = max(item.start, *(step.start for step in path))
            end = min(until, item.end)
            meeting = (
                intersect(area, [(item.cells, _ever(item.territories, start, end))]) if start < end else []
            )
            if meeting:
                yield from walk((*path, item), meeting, common, end)

    for grantor in sorted(by_grantor):
        for item in by_grantor[grantor]:
            if item.holder > grantor:
                yield from walk(
                    (item,),
                    [(item.cells, _ever(item.territories, item.start, item.end))],
                    item.works,
                    item.end,
                )


def _ever(expression: tuple[str, ...], start: dt.date, end: dt.date) -> int:
    """The countries that an expression covers at some time of a period."""
    found = countries(expression, start)
    for day in turning_days(start, end):
        found |= countries(expression, day)
    return found


def notice_of(
    effective: dt.date,
    rights: tuple[str, ...],
    uses: tuple[str, ...],
    lands: tuple[str, ...],
    works: Iterable[str],
) -> Notice | None:
    """A notice from its lists; None for one that never takes effect."""
    if effective >= FOREVER:
        return None
    return Notice(effective, cells(rights, uses), lands, frozenset(works))
