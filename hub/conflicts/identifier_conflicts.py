"""Identifiers that clash: one code on subjects that are not linked, and several ISWCs on one linked work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from hub.conflicts.areas import cells, countries
from hub.conflicts.changed import Changed
from hub.conflicts.found import SEVERAL_IDENTIFIERS, SHARED_IDENTIFIER, Extent, Found, Side, extent
from hub.conflicts.mandate_reading import batches
from hub.db.tables import CLUSTER_MEMBER, DECLARATION, IDENTIFIER, SUBJECT, SUBMISSION, TITLE
from hub.db.times import BEGINNING, FOREVER, as_known
from schemas import rights, territories

SCHEMES = {"iswc": "work", "isrc": "recording"}
_LINKED: ColumnElement[int] = func.coalesce(CLUSTER_MEMBER.c.cluster_id, IDENTIFIER.c.subject_id)
Code = tuple[str, str]


def _known(at: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(IDENTIFIER)
        .join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id)
        .outerjoin(
            CLUSTER_MEMBER,
            (CLUSTER_MEMBER.c.subject_id == IDENTIFIER.c.subject_id) & as_known(CLUSTER_MEMBER, at),
        )
        .where(as_known(DECLARATION, at), DECLARATION.c.kind.in_(tuple(SCHEMES.values())))
    )


def clashing(connection: Connection, at: int, changed: Changed | None = None) -> Iterator[Found]:
    """Identifier clashes of everything, or of the codes that changed subjects carry."""
    yield from _shared(connection, at, changed)
    yield from _several(connection, at, changed)


def _shared(connection: Connection, at: int, changed: Changed | None) -> Iterator[Found]:
    grouped = (
        _known(at, IDENTIFIER.c.scheme, IDENTIFIER.c.value)
        .where(IDENTIFIER.c.scheme.in_(tuple(SCHEMES)))
        .group_by(IDENTIFIER.c.scheme, IDENTIFIER.c.value)
        .having(func.min(_LINKED) != func.max(_LINKED))
    )
    codes: set[Code] = set()
    if changed is None:
        codes.update(connection.execute(grouped))
    else:
        for part in batches(sorted(changed.subjects)):
            own = select(IDENTIFIER.c.value).where(IDENTIFIER.c.subject_id.in_(part))
            named = own.join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id).where(
                DECLARATION.c.subject_id.in_(part), as_known(DECLARATION, at)
            )
            codes.update(connection.execute(grouped.where(IDENTIFIER.c.value.in_(named))))
    for part in batches(sorted(codes)):
        yield from _of_codes(connection, at, part)


def _of_codes(connection: Connection, at: int, codes: Sequence[Code]) -> Iterator[Found]:
    # With the scheme the index serves, without it the whole table would be read.
    named = IDENTIFIER.c.scheme.in_(tuple(SCHEMES)) & IDENTIFIER.c.value.in_([value for _, value in codes])
    rows = _rows(connection, at, named)
    by_code: dict[Code, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_code[row.scheme, row.value][row.cluster].append(row)
    for scheme, value in codes:
        clusters = by_code[scheme, value]
        sides = [_side(listed[0].cluster_name, f"{scheme}:{value}", listed) for listed in clusters.values()]
        yield _found(SHARED_IDENTIFIER, f"{scheme}:{value}", sides, len(clusters), clusters.values())


def _several(connection: Connection, at: int, changed: Changed | None) -> Iterator[Found]:
    grouped = (
        _known(at, _LINKED)
        .where(IDENTIFIER.c.scheme == "iswc")
        .group_by(_LINKED)
        .having(func.min(IDENTIFIER.c.value) != func.max(IDENTIFIER.c.value))
    )
    clusters: set[int] = set()
    if changed is None:
        clusters.update(connection.scalars(grouped))
    else:
        for part in batches(sorted(changed.subjects)):
            mates, own = CLUSTER_MEMBER.alias("mates"), CLUSTER_MEMBER.alias("own")
            linked = (
                select(mates.c.subject_id)
                .join(own, own.c.cluster_id == mates.c.cluster_id)
                .where(own.c.subject_id.in_(part), as_known(own, at), as_known(mates, at))
            )
            members = sorted({*part, *connection.scalars(linked)})
            clusters.update(connection.scalars(grouped.where(DECLARATION.c.subject_id.in_(members))))
    for part in batches(sorted(clusters)):
        placed = select(CLUSTER_MEMBER.c.subject_id).where(
            CLUSTER_MEMBER.c.cluster_id.in_(part), as_known(CLUSTER_MEMBER, at)
        )
        # An unlinked subject is its own cluster; one that names a cluster may have moved to another.
        members = sorted({*part, *connection.scalars(placed)})
        is_one = DECLARATION.c.subject_id.in_(members) & _LINKED.in_(part)
        by_cluster: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for row in _rows(connection, at, is_one):
            if row.scheme == "iswc":
                by_cluster[row.cluster][row.value].append(row)
        for codes in by_cluster.values():
            name = next(iter(codes.values()))[0].cluster_name
            sides = [_side(f"iswc:{value}", f"iswc:{value}", codes[value]) for value in sorted(codes)]
            yield _found(SEVERAL_IDENTIFIERS, name, sides, 1, codes.values())


def _rows(connection: Connection, at: int, condition: ColumnElement[bool]) -> list[Any]:
    named = SUBJECT.alias("named")
    title = (
        select(func.min(TITLE.c.text))
        .where(TITLE.c.declaration_id == IDENTIFIER.c.declaration_id, TITLE.c.kind == "OT")
        .scalar_subquery()
    )
    query = (
        _known(
            at, IDENTIFIER.c.scheme, IDENTIFIER.c.value, IDENTIFIER.c.subject_id, _LINKED.label("cluster"),
            named.c.public_id.label("cluster_name"), SUBJECT.c.submitter, SUBJECT.c.ref,
            SUBMISSION.c.public_id.label("submission"), DECLARATION.c.position, title.label("title"),
        )
        .join(SUBJECT, SUBJECT.c.id == IDENTIFIER.c.subject_id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .join(named, named.c.id == _LINKED)
        .where(condition)
        .order_by(IDENTIFIER.c.subject_id)
    )  # fmt: skip
    return list(connection.execute(query))


def _side(name: str, code: str, rows: Sequence[Any]) -> Side:
    return Side(
        name,
        tuple(sorted({row.submitter for row in rows})),
        {"identifier": code, "title": rows[0].title or "", "refs": [row.ref for row in rows[:20]]},
        tuple((row.submission, row.position, row.submitter) for row in rows),
    )


def _found(kind: str, about: str, sides: Sequence[Side], works: int, rows: Any) -> Found:
    scopes = {f"subject:{row.subject_id}" for listed in rows for row in listed}
    if kind == SHARED_IDENTIFIER:
        # A further subject with the code is a further side, and so another conflict.
        scopes.add(f"work:{about}")
    ordered = tuple(sorted(sides, key=lambda side: side.name))
    scheme = about.partition(":")[0]
    return Found(kind, about, ordered, _everywhere(SCHEMES.get(scheme, "work")), works, frozenset(scopes))


def _everywhere(domain: str) -> Extent:
    """A clash is about all rights of its kind of subject, everywhere and always."""
    own = tuple(right for right, of in rights.CATEGORIES.items() if of == domain)
    area = [(cells(own, ()), countries((territories.WORLD,), FOREVER))]
    return extent([(BEGINNING, FOREVER, area)])
