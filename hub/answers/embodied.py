"""Which works a recording embodies, and with what weight.

Order of trust: a person's judgement, then what recordings and work registrations declare, then the
matcher's positive judgements. Weights are share units and add up to ``WHOLE``; what no known work takes is
left over and reported.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from hub.catalogue.ahead import ahead, has
from hub.catalogue.identifier_schemes import RECORDING_IN_WORK
from hub.catalogue.subjects import Declared, Linked, cluster_of, identified, known_of
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import JUDGEMENT, SUBJECT, WORK_REFERENCE
from hub.db.times import as_known
from hub.links.clustering import AUTHOR
from matching.linking import chosen
from schemas.shares import WHOLE, apportion

JUDGED = Prepared(
    "judgements on recordings",
    select(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id, JUDGEMENT.c.score, JUDGEMENT.c.author)
    .where(
        JUDGEMENT.c.kind == "embodiment",
        JUDGEMENT.c.left_id.in_(KEYS),
        JUDGEMENT.c.verdict == "positive",
        as_known(JUDGEMENT, AT),
    )
    .order_by(in_order(JUDGEMENT.c.right_id)),
)
"""Positive judgements that one of these source recordings embodies a work."""

REFERENCES = Prepared(
    "works that declarations name",
    select(
        WORK_REFERENCE.c.declaration_id, WORK_REFERENCE.c.iswc, WORK_REFERENCE.c.ref, WORK_REFERENCE.c.weight
    )
    .where(WORK_REFERENCE.c.declaration_id.in_(KEYS))
    .order_by(WORK_REFERENCE.c.declaration_id, WORK_REFERENCE.c.ordinal),
)

OWN_WORKS = Prepared(
    "works by their submitter's number",
    select(SUBJECT.c.ref, SUBJECT.c.id).where(
        SUBJECT.c.kind == "work", SUBJECT.c.submitter == bindparam("submitter"), SUBJECT.c.ref.in_(KEYS)
    ),
)


BY_REGISTRATION = ("linked_by_registration",)
"""Why a recording's work is known where only the work's registration says so."""


@dataclass(frozen=True, slots=True)
class Embodiment:
    """Works by cluster key with their weights; ``missing`` is the weight of works not in the catalogue."""

    weights: Mapping[int, int]
    missing: int
    reasons: tuple[str, ...]


def works_of(connection: Connection, recording: Linked, declared: Sequence[Declared], at: int) -> Embodiment:
    """The works of a linked recording as known at an instant."""
    human = _judged(connection, recording.members, at, by_people=True)
    if human:
        return Embodiment(_equally(human), 0, ("linked_by_person",))
    stated = _declared(connection, declared, at)
    if stated is not None and stated[1] < WHOLE:
        weights, missing = stated
        return Embodiment(weights, missing, ("work_not_in_catalogue",) if missing else ())
    # What works say of their recordings counts where no recording names a work that is known.
    mentioned = _mentioned(connection, recording, at)
    if mentioned:
        return Embodiment(_equally(mentioned), 0, BY_REGISTRATION)
    if stated is not None:
        return Embodiment({}, WHOLE, ("work_not_in_catalogue",))
    matched = _judged(connection, recording.members, at, by_people=False)
    if matched:
        return Embodiment(_equally(matched), 0, ("linked_by_matcher",))
    return Embodiment({}, WHOLE, ("no_linked_work",))


def _equally(clusters: Sequence[int]) -> dict[int, int]:
    ordered = sorted(set(clusters))
    return dict(zip(ordered, apportion(WHOLE, [1] * len(ordered)), strict=True))


def _judged(connection: Connection, members: Sequence[int], at: int, *, by_people: bool) -> list[int]:
    read = ahead(connection, at).judged
    rows = (
        [row for member in members for row in read[member]]
        if has(read, members)
        else list(JUDGED.rows(connection, members, at=at))
    )
    rows = [row for row in rows if (row.author != AUTHOR) == by_people]
    # What a judgement was about may have been taken back since.
    known = set(known_of(connection, [row.right_id for row in rows], at))
    clusters = cluster_of(connection, sorted(known), at)
    if by_people:
        return sorted(set(clusters.values()))
    return sorted(chosen((clusters[row.right_id], row.score) for row in rows if row.right_id in known))


def _mentioned(connection: Connection, recording: Linked, at: int) -> list[int]:
    works = identified(connection, RECORDING_IN_WORK, recording.codes("isrc"), at)
    return sorted(set(cluster_of(connection, works, at).values()))


def _declared(
    connection: Connection, declared: Sequence[Declared], at: int
) -> tuple[dict[int, int], int] | None:
    """What most declarations agree on; among equals the one known first. None when nobody names a work."""
    readings: list[tuple[tuple[tuple[int, int], ...], int]] = []
    for item in declared:
        references = _references(connection, item, at)
        if references:
            readings.append(_weighted(references))
    if not readings:
        return None
    counted = Counter(readings)
    best = max(readings, key=lambda reading: (counted[reading], WHOLE - reading[1], -readings.index(reading)))
    return dict(best[0]), best[1]


def _references(connection: Connection, item: Declared, at: int) -> list[tuple[int | None, int]]:
    """(cluster or None, stated weight) for each work that a declaration names by an identifier."""
    facts = ahead(connection, at)
    rows = facts.references.get(item.id)
    found: list[tuple[int | None, int]] = []
    for row in REFERENCES.rows(connection, [item.id]) if rows is None else rows:
        works: set[int] = set()
        if row.iswc:
            works = identified(connection, "iswc", [row.iswc], at)
        elif (item.submitter, row.ref) in facts.numbered:
            works = known_of(connection, facts.numbered[item.submitter, row.ref], at)
        elif row.ref:
            own = OWN_WORKS.rows(connection, [row.ref], submitter=item.submitter)
            works = known_of(connection, {number for _, number in own}, at)
        else:
            continue
        clusters = sorted(set(cluster_of(connection, works, at).values()))
        # A clash (one ISWC, several works) is nobody's work until somebody settles it.
        found.append((clusters[0] if len(clusters) == 1 else None, row.weight))
    return found


def _weighted(references: Sequence[tuple[int | None, int]]) -> tuple[tuple[tuple[int, int], ...], int]:
    """Complete the weights: works without one share what the others leave equally."""
    stated = sum(weight for _, weight in references)
    open_ones = [index for index, (_, weight) in enumerate(references) if not weight]
    weights = [weight for _, weight in references]
    if open_ones and stated < WHOLE:
        for index, part in zip(open_ones, apportion(WHOLE - stated, [1] * len(open_ones)), strict=True):
            weights[index] = part
    totals: Counter[int] = Counter()
    for (cluster, _), weight in zip(references, weights, strict=True):
        if cluster is not None:
            totals[cluster] += weight
    return tuple(sorted(totals.items())), WHOLE - sum(totals.values())
