"""Collection shares as inclusions and exclusions in the order in which CWR readers evaluate them.

An exclusion takes its territory out of everything included before it, except where exactly this territory
was included. Several groups of shares can therefore not simply be written one after the other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import territories
from schemas.declarations import CollectionShare, RightShare

WORLD = "2136"
TODAY_OR_LATER = dt.date(9999, 1, 1)
"""Whether an exclusion touches a territory is asked of the world as the table knows it last."""

Shares = tuple[RightShare, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One territory record: a TIS code, included with its shares or excluded."""

    territory: str
    included: bool
    shares: Shares = ()


def territory_statements(groups: Sequence[CollectionShare]) -> list[Statement]:
    """The territory records of one party.

    >>> world = CollectionShare(("2136", "-398"), (RightShare("PR", 50_000_000),))
    >>> local = CollectionShare(("KZ",), (RightShare("PR", 0),))
    >>> [(item.territory, item.included) for item in territory_statements([world, local])]
    [('2136', True), ('398', False), ('398', True)]
    """
    wanted = [(_tis(group.territories), group.shares) for group in groups]
    found: list[Statement] = []
    for place, (codes, shares) in enumerate(wanted):
        later = {code for other, _ in wanted[place + 1 :] for code in other if code.startswith("-")}
        for code in codes:
            if not code.startswith("-"):
                found.append(Statement(code, True, shares))
            elif code not in later:
                found.append(Statement(code[1:], False))
    return found + list(_given_back(wanted, _as_read(found)))


def _tis(expression: Iterable[str]) -> tuple[str, ...]:
    codes = tuple(expression) or (WORLD,)
    if codes[0].startswith("-"):
        codes = (WORLD, *codes)
    found = []
    for code in codes:
        sign = "-" if code.startswith("-") else ""
        bare = code.removeprefix("-")
        found.append(f"{sign}{bare.lstrip('0') if bare.isdecimal() else tis_code(bare)}")
    return tuple(found)


def tis_code(spelling: str) -> str:
    """The TIS number of a territory; a spelling that is none stays as it is.

    >>> tis_code("KZ"), tis_code("*"), tis_code("398")
    ('398', '2136', '398')
    """
    code = WORLD if spelling == "*" else territories.canonical(spelling)
    return territories.table()[code].tis if code else spelling


def _as_read(statements: Iterable[Statement]) -> list[tuple[list[str], Shares]]:
    """What a reader makes of the records."""
    groups: list[tuple[list[str], Shares]] = []
    for item in statements:
        if not item.included:
            for codes, _ in groups:
                if item.territory not in codes:
                    codes.append(f"-{item.territory}")
        elif groups and groups[-1][1] == item.shares:
            groups[-1][0].append(item.territory)
        else:
            groups.append(([item.territory], item.shares))
    return groups


def _given_back(
    wanted: Sequence[tuple[tuple[str, ...], Shares]], read: Sequence[tuple[list[str], Shares]]
) -> Iterable[Statement]:
    """Countries that a later exclusion takes from an earlier group, included once more."""
    if [(list(codes), shares) for codes, shares in wanted] == list(read):
        return
    covered: dict[Shares, set[str]] = {}
    for read_codes, shares in read:
        covered.setdefault(shares, set()).update(territories.evaluate(tuple(read_codes), TODAY_OR_LATER))
    for codes, shares in wanted:
        lost = territories.evaluate(codes, TODAY_OR_LATER) - covered[shares]
        covered[shares] |= lost
        for country in sorted(lost):
            yield Statement(tis_code(country), True, shares)
