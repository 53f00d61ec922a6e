"""Mandates that registrations contradict: no share in the works they list, or withdrawn and still named."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from hub.conflicts.areas import Area, cells, countries
from hub.conflicts.changed import Changed
from hub.conflicts.found import WITHDRAWN, WITHOUT_RIGHTS, Found, Side, extent
from hub.conflicts.mandate_reading import Entry, aliases, batches, entries, filed
from hub.db.tables import (
    CLAIM,
    CLUSTER_MEMBER,
    DECLARATION,
    IDENTIFIER,
    MANDATE,
    PARTY,
    PARTY_IDENTIFIERS,
    SUBMISSION,
    WITHDRAWAL,
)
from hub.db.times import FOREVER, as_known
from schemas import rights

_CLUSTER = func.coalesce(CLUSTER_MEMBER.c.cluster_id, DECLARATION.c.subject_id)
Claimants = dict[str, dict[str, set[tuple[str, str]]]]
"""Who claims a right in the subjects with a code: (identifier, submitter) pairs by right, by code."""


def without_rights(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """Mandates that list works of which the hub knows the shares, where the grantor has none of the right.

    A mandate for the whole repertoire of a party without registered works contradicts nothing: the works
    may come. It is left out.
    """
    listing = (
        select(MANDATE.c.subject_id, MANDATE.c.grantor_id, MANDATE.c.works)
        .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
        .where(MANDATE.c.works != "", MANDATE.c.grantor_type == "party", as_known(DECLARATION, at))
    )
    codes = changed.codes if changed else set()
    wanted = []
    for number, grantor, works in connection.execute(listing):
        if (
            changed is None
            or ("party", grantor) in changed.grantors
            or not codes.isdisjoint(works.split("|"))
        ):
            wanted.append(number)
    for part in batches(wanted):
        read = entries(connection, at, MANDATE.c.subject_id.in_(part))
        holders = _parties_by_code(connection, at, {work for item in read for work in item.standing.works})
        known = aliases(connection, at, sorted({item.standing.grantor for item in read}))
        for item in read:
            yield from _unfounded(item, holders, known)


def _parties_by_code(connection: Connection, at: int, works: set[str]) -> Claimants:
    found: Claimants = defaultdict(lambda: defaultdict(set))
    other = CLUSTER_MEMBER.alias("other")
    for part in batches(sorted({work.partition(":")[2] for work in works})):
        named = (
            select(
                IDENTIFIER.c.scheme, IDENTIFIER.c.value, CLAIM.c.right, SUBMISSION.c.submitter,
                *(PARTY.c[name] for name in PARTY_IDENTIFIERS),
            )
            .distinct()
            .select_from(IDENTIFIER)
            .outerjoin(
                CLUSTER_MEMBER,
                (CLUSTER_MEMBER.c.subject_id == IDENTIFIER.c.subject_id) & as_known(CLUSTER_MEMBER, at),
            )
            .outerjoin(other, (other.c.cluster_id == CLUSTER_MEMBER.c.cluster_id) & as_known(other, at))
            .join(
                DECLARATION,
                DECLARATION.c.subject_id == func.coalesce(other.c.subject_id, IDENTIFIER.c.subject_id),
            )
            .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
            .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
            .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
            .where(IDENTIFIER.c.scheme.in_(("iswc", "isrc")), IDENTIFIER.c.value.in_(part))
            .where(as_known(DECLARATION, at))
        )  # fmt: skip
        for row in connection.execute(named):
            parties = found[f"{row.scheme}:{row.value}"][rights.category(row.right) or ""]
            parties |= {(number, row.submitter) for number in ("", *row[4:]) if number or not any(row[4:])}
    return found


def _unfounded(item: Entry, holders: Claimants, known: Mapping[str, str]) -> Iterator[Found]:
    grantor = item.standing.grantor
    same = {grantor, known.get(grantor, grantor)} | {name for name, base in known.items() if base == grantor}
    lacking: dict[str, set[str]] = defaultdict(set)
    submitters: set[str] = set()
    for work in item.standing.works:
        said = holders.get(work, {})
        for right, domain in rights.CATEGORIES.items():
            of = "recording" if work.startswith("isrc:") else "work"
            claimed = said.get(right)
            if not claimed or domain != of or not item.standing.cells & cells((right,), ()):
                continue
            if same.isdisjoint(number for number, _ in claimed):
                lacking[right].add(work)
                submitters |= {submitter for _, submitter in claimed}
    if not lacking:
        return
    area = [
        (
            item.standing.cells & cells(tuple(lacking), ()),
            countries(item.standing.territories, item.standing.start),
        )
    ]
    works = sorted(set().union(*lacking.values()))
    shown = {"works": works[:20], "works_total": len(works)}
    scopes = {f"party:{item.row.grantor_id}", *(f"work:{work}" for work in works)}
    if area[0][1]:
        segments = [(item.standing.start, item.standing.end, area)]
        sides = (item.side, Side("registrations", tuple(sorted(submitters)), shown))
        yield Found(WITHOUT_RIGHTS, "", sides, extent(segments), len(works), frozenset(scopes))


def withdrawn_but_claimed(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """Registrations that still name a society whose mandate of that party was withdrawn for the right."""
    query = (
        select(WITHDRAWAL.c.mandate_id)
        .distinct()
        .join(MANDATE, MANDATE.c.subject_id == WITHDRAWAL.c.mandate_id)
        .where(WITHDRAWAL.c.id.in_(filed(at)), MANDATE.c.grantor_type == "party")
    )
    if changed is None:
        mandates = set(connection.scalars(query))
    else:
        mandates = set()
        for part in batches(sorted(name for kind, name in changed.grantors if kind == "party")):
            mandates |= set(connection.scalars(query.where(MANDATE.c.grantor_id.in_(part))))
    for part in batches(sorted(mandates)):
        for item in entries(connection, at, MANDATE.c.subject_id.in_(part)):
            yield from _still_claimed(connection, at, item)


def _still_claimed(connection: Connection, at: int, item: Entry) -> Iterator[Found]:
    mandate = item.standing
    # Registrations name a society for a right as a whole: a notice for some uses or places leaves that true.
    notices = [notice for notice in mandate.notices if not notice.territories and not notice.works]
    taken: dict[str, dt.date] = {}
    for notice in notices:
        for right in rights.CATEGORIES:
            whole = cells((right,), ())
            if mandate.cells & whole and not mandate.cells & whole & ~notice.cells:
                taken[right] = min(taken.get(right, FOREVER), notice.effective)
    if not taken:
        return
    known = aliases(connection, at, [mandate.grantor])
    same = {mandate.grantor, *known, *known.values()}
    others = entries(
        connection, at, MANDATE.c.grantor_id.in_(sorted(same)) & (MANDATE.c.holder == mandate.holder)
    )
    for other in others:
        if other.standing.key != mandate.key:
            for right, day in list(taken.items()):
                if any(box & cells((right,), ()) for box, _ in other.standing.area(day, frozenset())):
                    del taken[right]
    rows = _naming(connection, at, same, mandate.holder, frozenset(taken)) if taken else []
    if not rows:
        return
    start = max(min(taken.values()), mandate.start)
    if start >= mandate.end:
        return
    area: Area = [(mandate.cells & cells(tuple(taken), ()), countries(mandate.territories, start))]
    filers = connection.scalars(
        select(WITHDRAWAL.c.filed_by)
        .distinct()
        .where(WITHDRAWAL.c.mandate_id == mandate.key, WITHDRAWAL.c.id.in_(filed(at)))
        .order_by(WITHDRAWAL.c.filed_by)
    ).all()
    told = item.side
    withdrawn = Side(
        told.name, tuple(dict.fromkeys([*filers, item.row.submitter])),
        {**told.statement, "withdrawn_from": min(taken.values()).isoformat()}, told.sources, told.key,
    )  # fmt: skip
    sources = tuple(dict.fromkeys((row.submission, row.position, row.submitter) for row in rows))
    naming = Side(
        f"registrations:{mandate.holder}",
        tuple(dict.fromkeys([mandate.holder, *(row.submitter for row in rows)])),
        {"society": mandate.holder, "rights": sorted(taken)},
        sources,
    )
    works = len({row.cluster for row in rows})
    scopes = frozenset(f"party:{number}" for number in same)
    yield Found(WITHDRAWN, "", (withdrawn, naming), extent([(start, mandate.end, area)]), works, scopes)


def _naming(
    connection: Connection, at: int, numbers: set[str], society: str, of_rights: frozenset[str]
) -> Sequence[Any]:
    """Claims of a party that name a society for one of these rights."""
    found: list[Any] = []
    for column in [PARTY.c[name] for name in PARTY_IDENTIFIERS]:
        query = (
            select(
                CLAIM.c.right, _CLUSTER.label("cluster"), DECLARATION.c.position, SUBMISSION.c.submitter,
                SUBMISSION.c.public_id.label("submission"),
            )
            .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
            .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
            .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
            .outerjoin(
                CLUSTER_MEMBER,
                (CLUSTER_MEMBER.c.subject_id == DECLARATION.c.subject_id) & as_known(CLUSTER_MEMBER, at),
            )
            .where(column != "", column.in_(sorted(numbers)), CLAIM.c.society == society)
            .where(as_known(DECLARATION, at))
            .order_by(CLAIM.c.id)
        )  # fmt: skip
        found += [row for row in connection.execute(query) if rights.category(row.right) in of_rights]
    return found
