"""A party with everything the hub holds of it: names, identifiers, roles, mandates, works and recordings.

A party has no record of its own: it is what mentions with the same identifiers say. IPI name numbers that
some declaration joins with an IPI base number belong together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from hub.answers.question import asked_instant
from hub.catalogue.subjects import cluster_of, load
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.db.tables import CLAIM, DECLARATION, PARTY, PARTY_IDENTIFIERS, SUBMISSION
from hub.db.times import as_known
from hub.errors import NotFound, UsageError
from hub.mandates.register import MandateEntry, granted_by
from schemas.identifiers import dpid, ipi_base, ipi_name, isni
from schemas.societies import NOBODY

SCHEMES = {"ipi_base": ipi_base, "ipi_name": ipi_name, "isni": isni, "dpid": dpid}
"""Identifiers with a check, in the order in which a text is tried."""

SHOWN = 100
"""Works and recordings, and mandates, that are listed; all are counted."""


@dataclass(frozen=True, slots=True)
class PartyDetail:
    """What is known of a party at an instant.

    ``names`` and ``societies`` count mentions, the most frequent first; ``societies`` holds (right,
    society, who says so, mentions). ``subjects`` are (kind, public id, title, role, code).
    """

    identifiers: dict[str, list[str]]
    known_at: int
    names: list[tuple[str, int]]
    roles: list[tuple[str, int]]
    societies: list[tuple[str, str, str, int]]
    mandates: list[MandateEntry]
    subjects: list[tuple[str, str, str, str, str]]
    total: int

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        return {
            "known_at": times.text(self.known_at),
            "identifiers": self.identifiers,
            "names": [{"name": name, "mentions": count} for name, count in self.names],
            "roles": [{"role": role, "mentions": count} for role, count in self.roles],
            "societies": [
                {"right": right, "society": society, "said_by": author, "mentions": count}
                for right, society, author, count in self.societies
            ],
            "mandates": [item.as_json() for item in self.mandates],
            "subjects": [
                dict(zip(("kind", "id", "title", "role", "code"), item, strict=True))
                for item in self.subjects
            ],
            "total_subjects": self.total,
        }


def parse_identifier(text: str) -> tuple[str, str]:
    """(scheme, compact number) of an IPI name or base number, an ISNI, a DPID or an IPN (``ipn:`` in front).

    Raises:
        UsageError: none of these.

    >>> parse_identifier("ipi:00000000199")[0], parse_identifier("ipn:123")
    ('ipi_name', ('ipn', '123'))
    """
    scheme, colon, rest = text.strip().partition(":")
    given, number = (scheme.casefold(), rest.strip()) if colon else ("", text.strip())
    if given == "ipn" and number.isascii() and number.isdecimal() and len(number) <= 12:
        return "ipn", number
    for name, known in SCHEMES.items():
        if given in ("", name, name.partition("_")[0]) and known.is_valid(number):
            return name, known.compact(number)
    raise UsageError(f"{text!r} is no IPI name or base number, ISNI, DPID or ipn:... with a valid number")


def party(hub: Hub, text: str, known_at: str | None = None) -> PartyDetail:
    """The party that has this identifier.

    Raises:
        UsageError: the text is no identifier of a party, or ``known_at`` no instant.
        NotFound: nothing was known of it at that instant.
    """
    scheme, number = parse_identifier(text)
    with reading(hub.engine) as connection:
        at = asked_instant(connection, known_at)
        identifiers = _together(connection, scheme, number, at)
        granted = granted_by(connection, [item for found in identifiers.values() for item in found], at)
        rows = connection.execute(_mentions(identifiers, at)).all()
        if not rows and not granted:
            raise NotFound(f"nothing is known of a party {text!r}")
        names = _counted((f"{row.name} {row.given}".strip(), row.mentions) for row in rows)
        roles = _counted((row.role, row.mentions) for row in rows if row.role)
        said = _counted(
            ((row.right, row.society, row.submitter), row.mentions)
            for row in rows
            if row.society not in NOBODY
        )
        subjects, total = _subjects(connection, identifiers, at)
    societies = [(*key, count) for key, count in said]
    return PartyDetail(identifiers, at, names, roles, societies, granted[:SHOWN], subjects, total)


def _together(connection: Connection, scheme: str, number: str, at: int) -> dict[str, list[str]]:
    """All identifiers that known mentions join with this one, by way of base and name numbers."""
    found: dict[str, set[str]] = {name: set() for name in PARTY_IDENTIFIERS}
    found[scheme].add(number)
    # From a name number to its base number, from there to its other name numbers: two steps reach all.
    for _ in range(2):
        query = (
            select(*(PARTY.c[name] for name in PARTY_IDENTIFIERS))
            .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
            .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
            .where(as_known(DECLARATION, at), _named(found))
            .distinct()
        )
        for row in connection.execute(query):
            for name in PARTY_IDENTIFIERS:
                if row._mapping[name]:
                    found[name].add(row._mapping[name])
    return {name: sorted(numbers) for name, numbers in found.items() if numbers}


def _named(identifiers: dict[str, Any]) -> Any:
    return or_(*(PARTY.c[name].in_(sorted(numbers)) for name, numbers in identifiers.items() if numbers))


def _mentions(identifiers: dict[str, list[str]], at: int) -> Select[Any]:
    told = (PARTY.c.name, PARTY.c.given, CLAIM.c.role, CLAIM.c.right, CLAIM.c.society, SUBMISSION.c.submitter)
    return (
        select(*told, func.count().label("mentions"))
        .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
        .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(as_known(DECLARATION, at), _named(identifiers))
        .group_by(*told)
    )


def _counted(items: Iterable[tuple[Any, int]]) -> list[tuple[Any, int]]:
    """Totals by what was counted: the largest first, equal ones in their order."""
    totals: dict[Any, int] = {}
    for value, count in items:
        totals[value] = totals.get(value, 0) + count
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))


def _subjects(
    connection: Connection, identifiers: dict[str, list[str]], at: int
) -> tuple[list[tuple[str, str, str, str, str]], int]:
    query = (
        select(DECLARATION.c.subject_id, func.min(CLAIM.c.role))
        .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
        .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
        .where(as_known(DECLARATION, at), _named(identifiers), DECLARATION.c.kind.in_(("work", "recording")))
        .group_by(DECLARATION.c.subject_id)
    )
    roles: dict[int, str] = dict(connection.execute(query).all())
    clusters = _clusters(connection, sorted(roles), at)
    first: dict[int, str] = {}
    for subject, cluster in clusters.items():
        first.setdefault(cluster, roles[subject])
    listed = []
    for cluster in sorted(first)[:SHOWN]:
        found = load(connection, cluster, at)
        shown = found.as_json()
        code = shown.get("iswc") or shown.get("isrc") or ""
        listed.append((found.kind, found.public_id, found.title, first[cluster], code))
    return listed, len(first)


def _clusters(connection: Connection, subjects: Sequence[int], at: int) -> dict[int, int]:
    """As ``cluster_of``, in pieces that any database takes."""
    found: dict[int, int] = {}
    for start in range(0, len(subjects), 500):
        found |= cluster_of(connection, subjects[start : start + 500], at)
    return found
