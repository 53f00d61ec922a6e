"""Overclaims and share disagreements of linked works and recordings, as registrations state the shares.

Per right, shares are evaluated for every group of countries (and, where statements are limited, uses and
days) that the statements tell apart, by the same function that answers use. Agreements are not applied:
they move shares within a source and create none.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, func, select

from hub.answers.agreement import TOLERANCE, Source, completed
from hub.answers.statements import Occasion, PartyKeys, bases, evaluate
from hub.conflicts.areas import Area, cells, countries, text_of_countries
from hub.conflicts.changed import Changed
from hub.conflicts.found import DISAGREEMENT, OVERCLAIM, Found, Segment, Side, extent
from hub.conflicts.mandate_reading import batches
from hub.db.tables import CLAIM, CLUSTER_MEMBER, DECLARATION, PARTY, PARTY_IDENTIFIERS, SUBJECT, SUBMISSION
from hub.db.times import BEGINNING, FOREVER, as_known
from schemas import rights, territories
from schemas.shares import WHOLE, format_percent

WINDOW = 50_000
"""How many declarations one statement adds up."""
MOST_SHARES = 20
LINKED = ("work", "recording")
Shares = Mapping[int, Mapping[str, int]]
"""Share by party, by declaration."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """One declaration of a linked subject with its claims by right and party."""

    key: int
    declaration: int
    public_id: str
    submitter: str
    ref: str
    source: tuple[str, str, str]
    said: Mapping[str, Mapping[str, Sequence[Any]]]


def disputed_shares(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """Overclaims and disagreements of everything, or of what is linked with the changed subjects."""
    clusters = (
        _suspects(connection, at) if changed is None else _clusters_of(connection, at, changed.subjects)
    )
    for part in batches(clusters):
        yield from _of_clusters(connection, at, part)


def _clusters_of(connection: Connection, at: int, subjects: Iterable[int]) -> list[int]:
    found: set[int] = set()
    for part in batches(sorted(subjects)):
        linked = dict(
            connection.execute(
                select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id).where(
                    CLUSTER_MEMBER.c.subject_id.in_(part), as_known(CLUSTER_MEMBER, at)
                )
            ).all()
        )
        found |= {linked.get(number, number) for number in part}
    return sorted(found)


def _suspects(connection: Connection, at: int) -> list[int]:
    """Clusters of several sources, and those of a source whose shares could add up to too much somewhere."""
    several = (
        select(CLUSTER_MEMBER.c.cluster_id)
        .where(as_known(CLUSTER_MEMBER, at))
        .group_by(CLUSTER_MEMBER.c.cluster_id)
        .having(func.count() > 1)
    )
    found = set(connection.scalars(several))
    category = case(
        {code: item.category for code, item in rights.rights().items() if code != item.category},
        value=CLAIM.c.right,
        else_=CLAIM.c.right,
    )
    collected = func.sum(case((CLAIM.c.basis == "C", CLAIM.c.share), else_=0))
    owned = func.sum(case((CLAIM.c.basis == "O", CLAIM.c.share), else_=0))
    last = connection.scalar(select(func.max(DECLARATION.c.id))) or 0
    for start in range(0, last + 1, WINDOW):
        parties = (
            select(
                CLAIM.c.declaration_id,
                category.label("category"),
                # A party collects or owns, never both: the larger is more than it can come to anywhere.
                case((collected > owned, collected), else_=owned).label("share"),
            )
            .where(CLAIM.c.declaration_id >= start, CLAIM.c.declaration_id < start + WINDOW)
            .group_by(CLAIM.c.declaration_id, category, CLAIM.c.party_id)
            .subquery()
        )
        too_much = (
            select(parties.c.declaration_id)
            .group_by(parties.c.declaration_id, parties.c.category)
            .having(func.sum(parties.c.share) > WHOLE + TOLERANCE)
        )
        subjects = select(DECLARATION.c.subject_id).where(
            DECLARATION.c.id.in_(too_much), as_known(DECLARATION, at), DECLARATION.c.kind.in_(LINKED)
        )
        found.update(_clusters_of(connection, at, set(connection.scalars(subjects))))
    return sorted(found)


def _of_clusters(connection: Connection, at: int, clusters: Sequence[int]) -> Iterator[Found]:
    stated = _read(connection, at, clusters)
    for cluster in clusters:
        sources = stated.get(cluster, ())
        named = {right for item in sources for right in item.said}
        for right in sorted(named & set(rights.CATEGORIES)):
            yield from _of_right(right, [item for item in sources if right in item.said])


def _read(connection: Connection, at: int, clusters: Sequence[int]) -> dict[int, list[_Stated]]:
    members = select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id).where(
        CLUSTER_MEMBER.c.cluster_id.in_(clusters), as_known(CLUSTER_MEMBER, at)
    )
    placed = {number: number for number in clusters}
    # A cluster's key may belong to a subject that has moved to another since.
    moved = select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id).where(
        CLUSTER_MEMBER.c.subject_id.in_(clusters), as_known(CLUSTER_MEMBER, at)
    )
    placed |= dict(connection.execute(moved).all())
    placed |= dict(connection.execute(members).all())
    rows: dict[int, list[Any]] = defaultdict(list)
    by_cluster: dict[int, list[Any]] = defaultdict(list)
    wanted = set(clusters)
    for part in batches(sorted(number for number, cluster in placed.items() if cluster in wanted)):
        declared = (
            select(
                DECLARATION.c.id, DECLARATION.c.subject_id, DECLARATION.c.position, SUBJECT.c.public_id,
                SUBJECT.c.submitter, SUBJECT.c.ref, SUBMISSION.c.public_id.label("submission"),
            )
            .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
            .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
            .where(DECLARATION.c.subject_id.in_(part), as_known(DECLARATION, at))
            .where(DECLARATION.c.kind.in_(LINKED))
            .order_by(DECLARATION.c.id)
        )  # fmt: skip
        for row in connection.execute(declared):
            by_cluster[placed[row.subject_id]].append(row)
    numbers = [row.id for listed in by_cluster.values() for row in listed]
    for part in batches(numbers):
        claimed = (
            select(
                CLAIM.c.declaration_id, CLAIM.c.right, CLAIM.c.basis, CLAIM.c.share, CLAIM.c.territories,
                CLAIM.c.controlled, CLAIM.c.uses, CLAIM.c.valid_from, CLAIM.c.valid_to, PARTY.c.name,
                PARTY.c.given, PARTY.c.folded, *(PARTY.c[column] for column in PARTY_IDENTIFIERS),
            )
            .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
            .where(CLAIM.c.declaration_id.in_(part))
            .order_by(CLAIM.c.id)
        )  # fmt: skip
        for claim in connection.execute(claimed):
            rows[claim.declaration_id].append(claim)
    found_bases: dict[str, str] = {}
    for part in batches(sorted({row.ipi_name for listed in rows.values() for row in listed if row.ipi_name})):
        found_bases.update(bases(connection, part, at))
    return {cluster: _stated(listed, rows, found_bases) for cluster, listed in by_cluster.items()}


def _stated(
    declared: Sequence[Any], rows: Mapping[int, list[Any]], known: Mapping[str, str]
) -> list[_Stated]:
    keys = PartyKeys([row for item in declared for row in rows.get(item.id, ())], known)
    found = []
    for item in declared:
        said: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in rows.get(item.id, ()):
            said[rights.category(row.right) or ""][keys.of(row)].append(row)
        source = (item.submission, item.position, item.submitter)
        found.append(
            _Stated(item.subject_id, item.id, item.public_id, item.submitter, item.ref, source, said)
        )
    return found


def _of_right(right: str, sources: Sequence[_Stated]) -> Iterator[Found]:
    """What cannot all hold of one right of one linked subject."""
    too_much: dict[int, list[Segment]] = defaultdict(list)
    together: list[Segment] = []
    unlike: list[Segment] = []
    shown: dict[tuple[str, int], Shares] = {}
    if len(sources) > 1 and len({_signature(item.said[right]) for item in sources}) == 1:
        # They say the very same: only what one of them says of itself can be wrong.
        compared = sources[:1]
    else:
        compared = sources
    rows = [row for item in compared for said in item.said[right].values() for row in said]
    for occasion, start, end, area in _occasions(right, rows):
        shares = {item.declaration: evaluate(item.said[right], occasion) for item in compared}
        if compared is not sources:
            shares = {item.declaration: shares[compared[0].declaration] for item in sources}
        told = [Source(str(number), said) for number, said in shares.items()]
        for item, source in zip(sources, told, strict=True):
            if source.total > WHOLE + TOLERANCE:
                too_much[item.declaration].append((start, end, area))
                shown.setdefault((OVERCLAIM, item.declaration), shares)
        if len(compared) > 1:
            whole = [completed(source)[0] for source in told if source.whole]
            if _lowest(told) > WHOLE + TOLERANCE and not any(
                source.total > WHOLE + TOLERANCE for source in told
            ):
                together.append((start, end, area))
                shown.setdefault((OVERCLAIM, 0), shares)
            if _differ(whole):
                unlike.append((start, end, area))
                shown.setdefault((DISAGREEMENT, 0), {
                    int(source.name): source.shares for source in told if source.whole
                })  # fmt: skip
    for item in sources:
        if too_much[item.declaration]:
            said = shown[OVERCLAIM, item.declaration]
            yield _found(OVERCLAIM, right, [item], said, too_much[item.declaration])
    if together:
        yield _found(OVERCLAIM, right, sources, shown[OVERCLAIM, 0], together)
    if unlike:
        said = shown[DISAGREEMENT, 0]
        yield _found(
            DISAGREEMENT, right, [item for item in sources if item.declaration in said], said, unlike
        )


def _signature(said: Mapping[str, Sequence[Any]]) -> tuple[Any, ...]:
    return tuple(
        sorted(
            (
                party,
                row.basis,
                row.right,
                row.share,
                row.territories,
                row.controlled,
                row.uses,
                row.valid_from,
                row.valid_to,
            )
            for party, rows in said.items()
            for row in rows
        )
    )


def _lowest(told: Sequence[Source]) -> int:
    """The sum of what every party is certain of: the least that a source speaking to it grants."""
    whole = [completed(source)[0] for source in told if source.whole]
    partial = [source.shares for source in told if not source.whole]
    total = 0
    for party in {party for shares in (*whole, *partial) for party in shares}:
        said = [shares.get(party, 0) for shares in whole]
        said += [shares[party] for shares in partial if party in shares]
        total += min(said)
    return total


def _differ(whole: Sequence[Mapping[str, int]]) -> bool:
    """Whether whole sources are further apart over some party than rounding explains."""
    return any(
        max(shares.get(party, 0) for shares in whole) - min(shares.get(party, 0) for shares in whole)
        > TOLERANCE
        for party in {party for shares in whole for party in shares}
    )


def _occasions(right: str, rows: Sequence[Any]) -> Iterator[tuple[Occasion, dt.date, dt.date, Area]]:
    """One occasion for every stretch of time, use and group of countries that the rows tell apart."""
    days = {BEGINNING}
    for row in rows:
        days |= {dt.date.fromisoformat(text) for text in (row.valid_from, row.valid_to) if text}
    mentioned = {
        term.removeprefix("-") for row in rows for term in row.uses.split("|") if term not in ("", "*")
    }
    finer = {row.right for row in rows} & rights.rights().keys()
    mentioned |= {use for code in finer for use in rights.rights()[code].uses}
    # Which use stands for all the others matters only where some are named.
    others = sorted(set(rights.uses()) - {use for use in rights.uses() if rights.uses()[use] & mentioned})
    ordered = [*sorted(days), FOREVER]
    expressions = {tuple(row.territories.split("|")) if row.territories else () for row in rows}
    for start, end in itertools.pairwise(ordered):
        on = end - dt.timedelta(days=1)
        for group in _groups(sorted(expressions), on):
            territory = text_of_countries(group & -group)
            if not mentioned:
                yield Occasion(right, others[0], territory, on), start, end, [(cells((right,), ()), group)]
                continue
            rest = tuple(f"-{use}" for use in sorted(mentioned))
            if others:
                yield Occasion(right, others[0], territory, on), start, end, [(cells((right,), rest), group)]
            for use in sorted(mentioned):
                yield Occasion(right, use, territory, on), start, end, [(cells((right,), (use,)), group)]


def _groups(expressions: Sequence[tuple[str, ...]], on: dt.date) -> list[int]:
    """Countries that no expression tells apart, as disjoint sets that make up the world."""
    groups = [countries((territories.WORLD,), on)]
    for expression in expressions:
        mask = countries(expression, on)
        groups = [part for group in groups for part in (group & mask, group & ~mask) if part]
    return groups


def _found(
    kind: str, right: str, sources: Sequence[_Stated], shares: Shares, segments: Sequence[Segment]
) -> Found:
    sides = [
        Side(
            item.public_id,
            (item.submitter,),
            {
                "ref": item.ref,
                "submitter": item.submitter,
                "total": format_percent(sum(shares[item.declaration].values())),
                "shares": _shares(item.said[right], shares[item.declaration]),
            },
            (item.source,),
            item.key,
        )
        for item in sorted(sources, key=lambda item: item.public_id)
    ]
    scopes = frozenset(f"subject:{item.key}" for item in sources)
    return Found(kind, right, tuple(sides), extent(segments), 1, scopes)


def _shares(said: Mapping[str, Sequence[Any]], shares: Mapping[str, int]) -> list[dict[str, str]]:
    named = sorted(((share, party) for party, share in shares.items() if share), reverse=True)
    return [
        {
            "party": f"{said[party][0].name} {said[party][0].given}".strip(),
            "ipi": said[party][0].ipi_name or said[party][0].ipi_base,
            "share": format_percent(share),
        }
        for share, party in named[:MOST_SHARES]
    ]
