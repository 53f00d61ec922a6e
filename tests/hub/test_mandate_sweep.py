"""The sweep against the plainest thing that could be right: every pair, day, right and country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.conflicts.areas import cells, countries, intersect, subtract, text_of_cells
from hub.conflicts.mandate_sweep import Notice, Standing, circles, overlaps

DAY = dt.date(2020, 1, 1)
DAYS = [DAY + dt.timedelta(days=number) for number in range(8)]
LANDS = ("KZ", "GB", "FR")
RIGHTS = ("PR", "MR")
Point = tuple[dt.date, int, str]

lands = st.lists(st.sampled_from(LANDS), min_size=1, max_size=3, unique=True).map(
    lambda found: tuple(sorted(found))
)
masks = st.lists(st.sampled_from(RIGHTS), min_size=1, max_size=2, unique=True).map(
    lambda found: cells(tuple(found), ())
)
works = st.sets(st.sampled_from(("iswc:1", "iswc:2")), max_size=2).map(frozenset)
notices = st.builds(Notice, st.sampled_from(DAYS), masks, lands, st.just(frozenset()))


@st.composite
def groups(draw: st.DrawFn, *, society: bool = False) -> list[Standing]:
    found = []
    for key in range(draw(st.integers(2, 5))):
        start, length = draw(st.integers(0, 6)), draw(st.integers(1, 6))
        listed = frozenset() if society else draw(works)
        grantor = draw(st.sampled_from("ABC")) if society else "P"
        holder = draw(st.sampled_from("ABC"))
        if society and holder == grantor:
            continue
        found.append(
            Standing(
                key, f"m{key}", grantor, holder, (draw(st.integers(0, 1)), 0 if listed else 1), draw(masks),
                draw(lands), listed, DAYS[start], DAYS[start] + dt.timedelta(days=length),
                tuple(draw(st.lists(notices, max_size=1))),
            )
        )  # fmt: skip
    return found


def in_force(item: Standing, point: Point, work: str) -> bool:
    day, cell, land = point
    return (
        item.start <= day < item.end
        and bool(item.cells & cell)
        and land in item.territories
        and (not item.works or work in item.works)
        and not any(
            notice.effective <= day and notice.cells & cell and land in notice.territories
            for notice in item.notices
        )
    )


def points() -> list[Point]:
    days = [DAY + dt.timedelta(days=number) for number in range(14)]
    return [(day, cells((right,), ("radio",)), land) for day in days for right in RIGHTS for land in LANDS]


def rivals(group: Sequence[Standing], point: Point, work: str) -> set[frozenset[int]]:
    """Pairs of the strongest mandates in force to different holders: what makes an answer disputed."""
    options = [item for item in group if in_force(item, point, work)]
    best = [item for item in options if item.rank == min(other.rank for other in options)]
    return {
        frozenset((first.key, second.key))
        for first in best
        for second in best
        if first.holder != second.holder
    }


@settings(max_examples=150, deadline=None)
@given(groups())
def test_overlaps_are_where_the_strongest_mandates_have_different_holders(group: list[Standing]) -> None:
    swept: dict[frozenset[int], set[tuple[Point, str]]] = {}
    for item in overlaps(group):
        pair = frozenset(mandate.key for mandate in item.mandates)
        for start, end, area in item.segments:
            for point in points():
                day, cell, land = point
                if start <= day < end and any(
                    box & cell and of & countries((land,), day) for box, of in area
                ):
                    swept.setdefault(pair, set()).update((point, work) for work in item.works or {""})
    plain: dict[frozenset[int], set[tuple[Point, str]]] = {}
    for point in points():
        for work in ("iswc:1", "iswc:2", ""):
            for pair in rivals(group, point, work):
                mandates = [item for item in group if item.key in pair]
                # Mandates of the whole repertoire are in conflict as such, whatever a listed work says.
                if bool(work) == bool(mandates[0].works):
                    plain.setdefault(pair, set()).add((point, work))
    # A pair of listed works is cut only by what is stronger for all the works they have in common.
    single = {
        pair for pair in {*swept, *plain} if all(len(item.works) < 2 for item in group if item.key in pair)
    }
    assert {pair: swept.get(pair, set()) for pair in single} == {
        pair: plain.get(pair, set()) for pair in single
    }
    assert all(plain[pair] <= swept.get(pair, set()) for pair in plain)


@settings(max_examples=150, deadline=None)
@given(groups(society=True))
def test_circles_are_what_following_the_strongest_agreements_runs_into(group: list[Standing]) -> None:
    swept = {
        (point, frozenset(step.key for step in item.mandates))
        for item in circles(group)
        for start, end, area in item.segments
        for point in points()
        if start <= point[0] < end
        and any(box & point[1] and of & countries((point[2],), point[0]) for box, of in area)
    }
    plain = {(point, ring) for point in points() for ring in rings(group, point)}
    assert swept == plain


def rings(group: Sequence[Standing], point: Point) -> set[frozenset[int]]:
    """Rings of the strongest agreements in force at a point."""

    def onward(grantor: str) -> list[Standing]:
        options = [item for item in group if item.grantor == grantor and in_force(item, point, "")]
        return [item for item in options if item.rank == min(other.rank for other in options)]

    found: set[frozenset[int]] = set()

    def follow(path: tuple[Standing, ...]) -> None:
        for item in onward(path[-1].holder):
            if item.holder == path[0].grantor:
                found.add(frozenset(step.key for step in (*path, item)))
            elif item.holder not in {step.grantor for step in (*path, item)}:
                follow((*path, item))

    for item in group:
        if item in onward(item.grantor):
            follow((item,))
    return found


@given(st.lists(st.tuples(masks, st.integers(1, 7)), max_size=4), st.tuples(masks, st.integers(1, 7)))
def test_what_is_cut_and_what_is_left_make_the_whole(
    area: list[tuple[int, int]], box: tuple[int, int]
) -> None:
    def spread(found: list[tuple[int, int]]) -> set[tuple[int, int]]:
        used = [bit for bit in range(300) if any(of >> bit & 1 for of, _ in area)]
        return {
            (bit, land)
            for of, lands in found
            for bit in used
            for land in range(3)
            if of >> bit & 1 and lands >> land & 1
        }

    left, cut = spread(subtract(area, [box])), spread(intersect(area, [box]))
    assert left | cut == spread(area)
    assert not left & cut


def test_uses_are_named_by_the_widest_that_hold() -> None:
    assert text_of_cells(cells(("PR",), ("broadcast",))) == ("PR", "broadcast")
    assert text_of_cells(cells(("PR", "MR"), ())) == ("PR|MR", "*")
    rights, uses = text_of_cells(cells(("PR",), ("stream", "-on-demand-stream")))
    assert rights == "PR"
    assert "on-demand-stream" not in uses.split("|")
