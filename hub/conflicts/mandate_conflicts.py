"""Conflicts among mandates: overlaps of a grantor's mandates, and circles of agreements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, and_

from hub.conflicts.changed import Changed
from hub.conflicts.found import CYCLE, OVERLAP, Found, extent
from hub.conflicts.mandate_reading import (
    Entry,
    Grantor,
    aliases,
    batches,
    entries,
    members_of,
    rival_grantors,
    works_of,
)
from hub.conflicts.mandate_sweep import Overlap, Standing, circles, overlaps
from hub.db.tables import MANDATE


def overlapping(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """Mandate overlaps of all grantors, or of those that changed."""
    if changed is None:
        known = aliases(connection, at)
        rivals = list(rival_grantors(connection, at))
        # Under two numbers a party has rivals that no single number shows.
        rivals += [("party", name) for pair in known.items() for name in pair]
    else:
        parties = sorted(name for kind, name in changed.grantors if kind == "party")
        known = aliases(connection, at, parties)
        known |= aliases(connection, at, sorted(set(known.values())))
        rivals = sorted(changed.grantors)
    groups: dict[Grantor, set[str]] = defaultdict(set)
    for kind, name in rivals:
        groups[kind, known.get(name, name) if kind == "party" else name].add(name)
    also: dict[str, list[str]] = defaultdict(list)
    for number, base in known.items():
        also[base].append(number)
    for (kind, name), numbers in groups.items():
        if kind == "party":
            numbers.update((name, *also.get(name, ())))
    for kind in ("any", "party", "society"):
        named = sorted(name for of, name in groups if of == kind)
        for part in batches(named):
            yield from _overlaps_of(connection, at, kind, {name: groups[kind, name] for name in part}, known)


def _overlaps_of(
    connection: Connection, at: int, kind: str, groups: dict[str, set[str]], known: dict[str, str]
) -> Iterator[Found]:
    numbers = sorted(number for group in groups.values() for number in group)
    condition: ColumnElement[bool] = and_(MANDATE.c.grantor_type == kind, MANDATE.c.grantor_id.in_(numbers))
    read = entries(connection, at, condition, known if kind == "party" else None)
    by_key = {item.standing.key: item for item in read}
    by_grantor: dict[str, list[Entry]] = defaultdict(list)
    for item in read:
        by_grantor[item.standing.grantor].append(item)
    found = [
        overlap for group in by_grantor.values() for overlap in overlaps(item.standing for item in group)
    ]
    weights = _weights(connection, at, kind, {item.mandates[0].grantor for item in found}, groups)
    for overlap in found:
        grantor = overlap.mandates[0].grantor
        # A holder is no side only because it changed: what it holds as a society is looked at by itself.
        scopes = {f"{kind}:{number}" for number in groups.get(grantor, {grantor})}
        yield _found(OVERLAP, overlap, by_key, len(overlap.works) or weights.get(grantor, 0), scopes)


def _weights(
    connection: Connection, at: int, kind: str, grantors: set[str], groups: dict[str, set[str]]
) -> dict[str, int]:
    if kind == "party":
        return works_of(connection, at, {number: name for name in grantors for number in groups[name]})
    return members_of(connection, at, grantors) if kind == "society" else {}


def circular(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """Circles of representation agreements, looked for anew whenever one of them changed."""
    if changed is not None and not changed.agreements:
        return
    read = entries(connection, at, MANDATE.c.grantor_type == "society")
    by_key = {item.standing.key: item for item in read}
    found = list(circles(item.standing for item in read if item.standing.grantor != item.standing.holder))
    weights = members_of(connection, at, {step.grantor for item in found for step in item.mandates})
    for item in found:
        scopes = {"agreements", *(f"society:{step.grantor}" for step in item.mandates)}
        weight = len(item.works) or sum(weights.get(step.grantor, 0) for step in item.mandates)
        yield _found(CYCLE, item, by_key, weight, scopes)


def _found(kind: str, item: Overlap, by_key: dict[int, Entry], works: int, scopes: Iterable[str]) -> Found:
    sides = [by_key[mandate.key].side for mandate in _in_order(kind, item)]
    return Found(kind, "", tuple(sides), extent(item.segments), works, frozenset(scopes))


def _in_order(kind: str, item: Overlap) -> Sequence[Standing]:
    return item.mandates if kind == CYCLE else sorted(item.mandates, key=lambda mandate: mandate.name)
