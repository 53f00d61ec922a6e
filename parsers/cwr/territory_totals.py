"""Whether the collection shares of a registration add up in each territory (CWR 2.2 NWR edits 14, 27, 44).

A file repeats the same few lists of territories, so what a list means is evaluated once for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import lru_cache

from parsers.cwr.claims import RIGHTS, OpenClaim
from parsers.cwr.share_totals import TOLERANCE
from schemas.findings import Finding
from schemas.shares import WHOLE, format_percent
from schemas.territories import evaluate

Group = tuple[tuple[str, ...], tuple[int, ...]]
"""Territories as they were listed, and the shares of the three rights there."""

ON = dt.date(2025, 1, 1)
"""Registrations give no day; the hierarchy of a recent one is taken for all, to be repeatable."""

COMPARED = 2_000
"""So many groups of territories are compared; the largest real works have some hundreds."""


def collection_findings(claims: Sequence[OpenClaim], number: int, record: str) -> Iterator[Finding]:
    """A remark for each right that is collected more than once somewhere, naming one such territory."""
    groups = groups_of(claims)
    if sum([shares[0] for _, shares in groups]) <= WHOLE and _within(groups):
        return
    for right, (total, territory) in zip(RIGHTS, largest(groups), strict=True):
        if total > WHOLE + TOLERANCE:
            shown = format_percent(total)
            yield Finding("cwr.collection_total", f"line:{number}", record, right, shown, territory)


def chain_findings(publishers: Sequence[OpenClaim]) -> Iterator[Finding]:
    """A remark for each controlled chain that collects another performing share than it owns somewhere.

    Chains with an income participant, which the edit leaves out, are not looked at, nor those of which
    others collect a part (OPT); the caller leaves out registrations that say that shares change.
    """
    chains: dict[int, list[OpenClaim]] = {}
    for claim in publishers:
        chains.setdefault(claim.chain, []).append(claim)
    for chain, members in chains.items():
        first = members[0]
        if (
            not first.controlled
            or not first.ownership
            or any(claim.role == "PA" or claim.shared for claim in members)
        ):
            continue
        owned = sum([claim.ownership[0].share for claim in members if claim.role in ("E", "AQ")])
        for total in _extremes(groups_of(members)):
            if abs(total - owned) > TOLERANCE:
                yield Finding(
                    "cwr.chain_collection",
                    f"line:{first.number}",
                    "SPU",
                    "PR",
                    format_percent(total),
                    str(chain),
                )
                break


def groups_of(claims: Sequence[OpenClaim]) -> tuple[Group, ...]:
    """What the claims collect where."""
    return tuple(
        [
            (tuple(group.territories), tuple([item.share for item in group.shares]))
            for claim in claims
            for group in claim.groups
        ][:COMPARED]
    )


def _within(groups: tuple[Group, ...]) -> bool:
    return all(sum([shares[place] for _, shares in groups]) <= WHOLE for place in (1, 2))


def largest(groups: tuple[Group, ...]) -> tuple[tuple[int, str], ...]:
    """For each right the largest sum in any territory, and the territory."""
    together = _together(tuple([territories for territories, _ in groups]))
    return tuple(
        max((_sum(groups, places, right), territory) for places, territory in together)
        if together
        else (0, "")
        for right in range(len(RIGHTS))
    )


def _extremes(groups: tuple[Group, ...]) -> tuple[int, ...]:
    """The smallest and the largest performing sum in the territories that are collected in."""
    together = _together(tuple([territories for territories, _ in groups]))
    sums = [_sum(groups, places, 0) for places, _ in together]
    return (min(sums), max(sums)) if sums else ()


def _sum(groups: tuple[Group, ...], places: tuple[int, ...], right: int) -> int:
    return sum([groups[place][1][right] for place in places])


@lru_cache(maxsize=1 << 12)
def _together(lists: tuple[tuple[str, ...], ...]) -> tuple[tuple[tuple[int, ...], str], ...]:
    """Which lists of territories hold in the same country: each such set of lists once, with a country.

    Whoever collects may be many, but few countries differ in who does.
    """
    holding: dict[str, list[int]] = {}
    for place, territories in enumerate(lists):
        for code in _evaluated(territories):
            holding.setdefault(code, []).append(place)
    found: dict[tuple[int, ...], str] = {}
    for code in sorted(holding):
        found.setdefault(tuple(holding[code]), code)
    return tuple(found.items())


@lru_cache(maxsize=1 << 12)
def _evaluated(territories: tuple[str, ...]) -> frozenset[str]:
    return evaluate(territories, ON)
