"""What a dossier hangs on, and what of that changed between two instants of known time.

Everything that a dossier was read by is one of its scopes: names that were asked for, source subjects, their
clusters, identifiers of parties, mandates. As long as none of them changed, reading anew would find the same.
The end of what makes a subject particular - a notice, a settlement, a person's judgement - needs no scope,
as a particular subject has no dossier.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, select, text

from hub.answers.statements import bases, names_of_bases
from hub.catalogue.ahead import Ahead
from hub.catalogue.identifier_schemes import RECORDING_IN_WORK
from hub.db.counters import last_ids
from hub.db.prepared import KEYS, Prepared
from hub.db.tables import (
    CLAIM,
    CLUSTER_MEMBER,
    DECLARATION,
    IDENTIFIER,
    JUDGEMENT,
    MANDATE,
    PARTY,
    PUBLIC_DOMAIN,
    SETTLEMENT,
    SUBJECT,
    SUBMISSION,
    WITHDRAWAL,
    WITHDRAWAL_EVENT,
)
from hub.db.tables.links import PEOPLE
from hub.intake.retracting import retracted
from schemas.declarations import RetractionDeclaration

GROWING: Mapping[str, Table] = {
    "cluster_member": CLUSTER_MEMBER,
    "judgement": JUDGEMENT,
    "settlement": SETTLEMENT,
    "public_domain": PUBLIC_DOMAIN,
    "withdrawal_event": WITHDRAWAL_EVENT,
}
"""Tables whose new rows are told by their ids, which ascend under a lock that lasts until they are there."""

MOST = 20_000
"""Statements and links; where more have changed, everything counts as changed."""

MOST_SCOPES = 200_000
"""Scopes that are remembered as changed; with more, everything counts as changed as well."""

NAMED = Prepared(
    "identifiers in any version of subjects",
    select(IDENTIFIER.c.scheme, IDENTIFIER.c.value)
    .join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id)
    .where(DECLARATION.c.subject_id.in_(KEYS)),
)
NUMBERED = Prepared(
    "submitters' numbers of subjects",
    select(SUBJECT.c.submitter, SUBJECT.c.ref).where(SUBJECT.c.id.in_(KEYS), SUBJECT.c.ref != ""),
)
GRANTED = Prepared(
    "grantors in any version of mandates",
    select(MANDATE.c.grantor_id).where(MANDATE.c.subject_id.in_(KEYS), MANDATE.c.grantor_type == "party"),
)
CLAIMED = Prepared(
    "numbers of parties in any version of subjects",
    select(PARTY.c.ipi_name, PARTY.c.ipi_base)
    .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
    .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
    .where(DECLARATION.c.subject_id.in_(KEYS)),
)

Name = tuple[str, str]
"""Scheme and value of an identifier."""


@lru_cache(maxsize=65_536)
def scope(*names: str) -> int:
    """A scope that is no source subject, as a negative number of 64 bits; equal by chance is no harm."""
    digest = blake2b("\x1f".join(names).encode(), digest_size=8).digest()
    return -1 - (int.from_bytes(digest, "big") >> 1)


def named(scheme: str, value: str) -> int:
    """The subjects that an identifier names."""
    return scope("named", scheme, value)


def numbered(submitter: str, ref: str) -> int:
    """The work that a submitter knows by a number of its own."""
    return scope("numbered", submitter, ref)


def cluster(number: int) -> int:
    """The members of a cluster."""
    return scope("cluster", str(number))


def party(identifier: str) -> int:
    """What an identifier of a party granted, and which other identifiers are the same party's."""
    return scope("party", identifier)


def scopes_of(
    name: Name,
    facts: Ahead,
    members: Mapping[int, Collection[int]],
    parties: Collection[str],
    mandates: Iterable[int],
) -> bytes:
    """What the dossier for a name hangs on, as 64-bit integers, by what was read for it.

    ``members`` are the source subjects of each cluster, known or not; ``parties`` the identifiers of
    those who have shares, ``mandates`` what they granted.
    """
    hangs = {*mandates, *map(party, parties)}
    own = _linked(_asked(name, facts, hangs), facts, members, hangs)
    works: set[int] = set()
    for number in own:
        linked = facts.linked.get(facts.clusters.get(number, number))
        if linked is None or linked.kind != "recording":
            continue
        for code in linked.codes("isrc"):
            works |= _asked((RECORDING_IN_WORK, code), facts, hangs)
        for item in facts.declared.get(number, ()):
            for row in facts.references.get(item.id, ()):
                if row.iswc:
                    works |= _asked(("iswc", row.iswc), facts, hangs)
                elif row.ref:
                    hangs.add(numbered(item.submitter, row.ref))
                    works |= facts.numbered.get((item.submitter, row.ref), set())
    _linked(works, facts, members, hangs)
    return array("q", sorted(hangs)).tobytes()


def _asked(name: Name, facts: Ahead, hangs: set[int]) -> set[int]:
    """The subjects that a name stands for; it is hung on."""
    scheme, value = name
    hangs.add(named(scheme, value))
    found = set(facts.named.get(name, ()))
    return found | _asked((RECORDING_IN_WORK, value), facts, hangs) if scheme == "isrc" else found


def _linked(
    subjects: Collection[int], facts: Ahead, members: Mapping[int, Collection[int]], hangs: set[int]
) -> set[int]:
    """These with all members of their clusters; they are hung on."""
    clusters = {facts.clusters.get(number, number) for number in subjects}
    found = set(subjects).union(*(members.get(number, ()) for number in clusters))
    hangs.update(found)
    hangs.update(map(cluster, clusters))
    return found


def heads(connection: Connection) -> dict[str, int]:
    """How far the growing tables go now."""
    return last_ids(connection, GROWING)


def changed(connection: Connection, before: Mapping[str, int], since: int, until: int) -> set[int] | None:
    """The scopes that changed after one instant and up to another; None where nearly all may have.

    ``before`` are the heads at the earlier instant. Some that changed later may be among them.
    """
    if growth(connection, before, since, until) > MOST:
        return None
    subjects, mandates = _declared(connection, since, until)
    if len(subjects) + len(mandates) > MOST:
        # One message may take back many.
        return None
    found = {*subjects, *mandates}
    found |= _grown(connection, before)
    found.update(named(*name) for name in _names(connection, subjects))
    found |= _granted(connection, mandates)
    found |= _numbered(connection, subjects)
    found |= _same_parties(connection, subjects, since, until)
    return found


def growth(connection: Connection, before: Mapping[str, int], since: int, until: int) -> int:
    """How many statements and links came between two instants; ``before`` are the heads at the first."""
    stored = connection.scalar(select(func.sum(SUBMISSION.c.stored)).where(*_window(since, until))) or 0
    # Of judgements most are the matcher's, which change nothing but clusters.
    grown = sum(head - before.get(name, 0) for name, head in heads(connection).items() if name != "judgement")
    return int(stored) + grown


def names_since(connection: Connection, since: int, until: int) -> set[Name]:
    """Identifiers, of any scheme, in any version of what something was said of between two instants."""
    return _names(connection, _declared(connection, since, until)[0])


def _window(since: int, until: int) -> tuple[ColumnElement[bool], ...]:
    return SUBMISSION.c.known_at > since, SUBMISSION.c.known_at <= until


def _declared(connection: Connection, since: int, until: int) -> tuple[set[int], set[int]]:
    """Subjects, and mandates, of which something was said or taken back."""
    subjects: set[int] = set()
    mandates: set[int] = set()
    query = select(SUBMISSION.c.id, SUBMISSION.c.submitter).where(*_window(since, until))
    for number, submitter in connection.execute(query).all():
        declared = select(DECLARATION.c.subject_id, DECLARATION.c.kind).where(
            DECLARATION.c.submission_id == number
        )
        told = [(subject, kind) for subject, kind in connection.execute(declared)]
        if any(kind == RetractionDeclaration.kind for _, kind in told):
            told += retracted(connection, number, submitter)
        for subject, kind in told:
            (mandates if kind == "mandate" else subjects).add(subject)
    return subjects, mandates


def _new(connection: Connection, query: Select[Any], before: Mapping[str, int], name: str) -> Any:
    return connection.execute(query.where(GROWING[name].c.id > before.get(name, 0)))


def _grown(connection: Connection, before: Mapping[str, int]) -> set[int]:
    found: set[int] = set()
    member = CLUSTER_MEMBER
    for subject, number in _new(
        connection, select(member.c.subject_id, member.c.cluster_id), before, "cluster_member"
    ):
        found |= {subject, cluster(number)}
    # The matcher's own judgements count where nobody names a work, and there no dossier is.
    judged = select(JUDGEMENT.c.left_id).where(text(PEOPLE), JUDGEMENT.c.kind == "embodiment")
    noticed = select(WITHDRAWAL.c.mandate_id).join(
        WITHDRAWAL_EVENT, WITHDRAWAL_EVENT.c.withdrawal_id == WITHDRAWAL.c.id
    )
    for name, query in (
        ("judgement", judged),
        ("settlement", select(SETTLEMENT.c.loser)),
        ("public_domain", select(PUBLIC_DOMAIN.c.subject_id)),
        ("withdrawal_event", noticed),
    ):
        found.update(subject for (subject,) in _new(connection, query, before, name))
    return found


def _names(connection: Connection, subjects: Collection[int]) -> set[Name]:
    """Identifiers in any version of what was said of these."""
    return {(scheme, value) for scheme, value in NAMED.cells(connection, subjects)}


def _numbered(connection: Connection, subjects: Collection[int]) -> set[int]:
    """The numbers by which their own submitters know these."""
    return {numbered(submitter, ref) for submitter, ref in NUMBERED.cells(connection, subjects)}


def _granted(connection: Connection, mandates: Collection[int]) -> set[int]:
    """Grantors in any version of these mandates."""
    return {party(grantor) for (grantor,) in GRANTED.cells(connection, mandates)}


def _same_parties(connection: Connection, subjects: Collection[int], since: int, until: int) -> set[int]:
    """Numbers of parties named in any version of these, as far as other numbers are the same party's now."""
    told = set(CLAIMED.cells(connection, subjects))
    names = {name for name, _ in told} - {""}
    numbers = {base for _, base in told} - {""}
    found: set[int] = set()
    before, now = (bases(connection, names, at) for at in (since, until))
    for name in names:
        if before.get(name) != now.get(name):
            found.add(party(name))
            found.update(party(base) for base in (before.get(name), now.get(name)) if base)
    listed, lists = (names_of_bases(connection, numbers, at) for at in (since, until))
    for number in numbers:
        if listed[number] != lists[number]:
            found.update(party(code) for code in (number, *listed[number], *lists[number]))
    return found
