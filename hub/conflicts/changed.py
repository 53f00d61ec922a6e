"""What can have changed the conflicts since the hub last looked: the scopes to look at again.

Rows get ascending ids under a lock that lasts until they are committed, so "since then" is everything with a
higher id; nothing that commits late is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, func, select

from hub.db.counters import last_ids
from hub.db.tables import (
    ACCREDITATION,
    CLAIM,
    CLUSTER_MEMBER,
    CONFLICT_SCOPE,
    CONFLICT_VERSION,
    DECLARATION,
    IDENTIFIER,
    MANDATE,
    PARTY,
    PARTY_IDENTIFIERS,
    SOCIETY,
    SUBMISSION,
    WITHDRAWAL,
    WITHDRAWAL_EVENT,
)
from hub.db.times import OPEN, as_known

MARK = "conflicts:"
"""Prefix of the counters that say how far the hub has looked."""

INSTANT = "known"
GROWING: Mapping[str, Table] = {
    "cluster_member": CLUSTER_MEMBER,
    "withdrawal_event": WITHDRAWAL_EVENT,
    "accreditation": ACCREDITATION,
    "society": SOCIETY,
}
PART = 500


@dataclass(slots=True)
class Changed:
    """The scopes that changed. ``accreditations``: the licences of any society did."""

    grantors: set[tuple[str, str]] = field(default_factory=set)
    subjects: set[int] = field(default_factory=set)
    holders: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    agreements: bool = False
    accreditations: bool = False

    def __bool__(self) -> bool:
        return bool(self.grantors or self.subjects or self.holders or self.agreements or self.accreditations)

    def scopes(self) -> set[str]:
        """As conflicts name them."""
        found = {f"{kind}:{name}" for kind, name in self.grantors}
        found |= {f"subject:{number}" for number in self.subjects}
        found |= {f"holder:{code}" for code in self.holders}
        found |= {f"work:{code}" for code in self.codes}
        if self.agreements:
            found.add("agreements")
        if self.accreditations:
            found.add("accreditations")
        return found


def heads(connection: Connection, at: int) -> dict[str, int]:
    """How far there is to look now."""
    last = select(func.max(SUBMISSION.c.known_at)).where(SUBMISSION.c.known_at <= at)
    return {INSTANT: connection.scalar(last) or 0, **last_ids(connection, GROWING)}


def since(connection: Connection, before: Mapping[str, int], at: int) -> Changed:
    """What changed after these marks, up to an instant."""
    found = Changed()
    moved = _rows(connection, select(CLUSTER_MEMBER.c.subject_id), CLUSTER_MEMBER, before, "cluster_member")
    found.subjects |= moved
    found.subjects |= _old_mates(connection, sorted(moved), before.get(INSTANT, 0), at)
    mandates: set[int] = set()
    # The few new submissions lead to their declarations by the index; joined, all declarations are read.
    new = select(SUBMISSION.c.id).where(
        SUBMISSION.c.known_at > before.get(INSTANT, 0), SUBMISSION.c.known_at <= at
    )
    declared = select(DECLARATION.c.subject_id, DECLARATION.c.kind).where(
        DECLARATION.c.submission_id.in_(new)
    )
    for number, kind in connection.execute(declared):
        if kind in ("work", "recording"):
            found.subjects.add(number)
        elif kind == "mandate":
            mandates.add(number)
    touched = select(WITHDRAWAL.c.mandate_id).join(
        WITHDRAWAL_EVENT, WITHDRAWAL_EVENT.c.withdrawal_id == WITHDRAWAL.c.id
    )
    mandates |= _rows(connection, touched, WITHDRAWAL_EVENT, before, "withdrawal_event")
    for name in ("accreditation", "society"):
        if heads(connection, at)[name] > before.get(name, 0):
            found.accreditations = True
    _add_mandates(connection, found, mandates)
    _add_mates(connection, found, at)
    _add_parties(connection, found)
    _add_codes(connection, found)
    return found


def _rows(connection: Connection, query: Any, table: Table, before: Mapping[str, int], name: str) -> set[int]:
    return set(connection.scalars(query.where(table.c.id > before.get(name, 0))))


def _old_mates(connection: Connection, moved: Sequence[int], since_instant: int, at: int) -> set[int]:
    """Who was in one cluster with what has moved, and still is there."""
    member, left = CLUSTER_MEMBER, CLUSTER_MEMBER.alias("left")
    found: set[int] = set()
    for start in range(0, len(moved), PART):
        query = (
            select(member.c.subject_id)
            .join(left, left.c.cluster_id == member.c.cluster_id)
            .where(left.c.subject_id.in_(moved[start : start + PART]), left.c.known_to > since_instant)
            .where(as_known(member, at))
        )
        found |= set(connection.scalars(query))
    return found


def _add_mandates(connection: Connection, found: Changed, mandates: Iterable[int]) -> None:
    """Grantors and holders of mandates in any of their versions."""
    listed = sorted(mandates)
    for start in range(0, len(listed), PART):
        query = select(MANDATE.c.grantor_type, MANDATE.c.grantor_id, MANDATE.c.holder).where(
            MANDATE.c.subject_id.in_(listed[start : start + PART])
        )
        for kind, name, holder in connection.execute(query):
            found.grantors |= {(kind, name), ("society", holder)}
            found.holders.add(holder)
            # Circles weigh what their societies pass on, so every mandate counts.
            found.agreements = True
            if kind == "society":
                found.holders.add(name)


def _add_mates(connection: Connection, found: Changed, at: int) -> None:
    """Everything that is linked with a changed subject now."""
    member, own = CLUSTER_MEMBER, CLUSTER_MEMBER.alias("own")
    listed = sorted(found.subjects)
    for start in range(0, len(listed), PART):
        query = (
            select(member.c.subject_id)
            .join(own, own.c.cluster_id == member.c.cluster_id)
            .where(
                own.c.subject_id.in_(listed[start : start + PART]), as_known(own, at), as_known(member, at)
            )
        )
        found.subjects |= set(connection.scalars(query))


def _add_parties(connection: Connection, found: Changed) -> None:
    """Parties with a claim in any version of what was said about a changed subject: mandates of theirs weigh
    by their works, and a number may turn out to be another's."""
    listed = sorted(found.subjects)
    columns = [PARTY.c[column] for column in PARTY_IDENTIFIERS]
    for start in range(0, len(listed), PART):
        claimed = (
            select(*columns)
            .distinct()
            .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
            .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
            .where(DECLARATION.c.subject_id.in_(listed[start : start + PART]))
        )
        for row in connection.execute(claimed):
            found.grantors |= {("party", number) for number in row if number}


def _add_codes(connection: Connection, found: Changed) -> None:
    """Identifiers in any version of what was said about a changed subject."""
    listed = sorted(found.subjects)
    for start in range(0, len(listed), PART):
        named = (
            select(IDENTIFIER.c.scheme, IDENTIFIER.c.value)
            .join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id)
            .where(DECLARATION.c.subject_id.in_(listed[start : start + PART]))
        )
        found.codes |= {f"{scheme}:{value}" for scheme, value in connection.execute(named)}


def with_conflicts(connection: Connection, found: Changed) -> set[int]:
    """Conflicts there are now that hang on what changed; all they hang on is to be looked at again."""
    touched: set[int] = set()
    scopes = sorted(found.scopes())
    for start in range(0, len(scopes), PART):
        hit = (
            select(CONFLICT_SCOPE.c.conflict_id)
            .join(CONFLICT_VERSION, CONFLICT_VERSION.c.conflict_id == CONFLICT_SCOPE.c.conflict_id)
            .where(CONFLICT_SCOPE.c.scope.in_(scopes[start : start + PART]))
            .where(CONFLICT_VERSION.c.known_to == OPEN)
        )
        touched.update(connection.scalars(hit))
    keys = sorted(touched)
    for start in range(0, len(keys), PART):
        all_of = select(CONFLICT_SCOPE.c.scope).where(
            CONFLICT_SCOPE.c.conflict_id.in_(keys[start : start + PART])
        )
        for scope in connection.scalars(all_of):
            kind, _, name = scope.partition(":")
            if kind == "subject":
                found.subjects.add(int(name))
            elif kind == "holder":
                found.holders.add(name)
            elif kind == "work":
                found.codes.add(name)
            elif kind in ("party", "society", "any"):
                found.grantors.add((kind, name))
    return touched
