"""From an identifier to the linked subject: the source subjects that are judged to be one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, or_, select

from hub.catalogue.acknowledgements import works_called
from hub.catalogue.ahead import ahead, has
from hub.catalogue.identifier_schemes import ANSWERED_CODE, ANSWERED_ISWC, RECORDING_IN_WORK
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import CLUSTER_MEMBER, DECLARATION, IDENTIFIER, SUBJECT, SUBMISSION, TITLE
from hub.db.times import as_known
from hub.errors import AmbiguousReference, UnknownSubject

_OF = DECLARATION.c.id == IDENTIFIER.c.declaration_id
IDENTIFIED = Prepared(
    "subjects by identifier",
    select(IDENTIFIER.c.value, IDENTIFIER.c.subject_id)
    .join(DECLARATION, _OF)
    .where(
        IDENTIFIER.c.scheme == bindparam("scheme"), IDENTIFIER.c.value.in_(KEYS), as_known(DECLARATION, AT)
    ),
)
NUMBERED = Prepared(
    "works and recordings by their submitter's number",
    select(SUBJECT.c.ref, SUBJECT.c.id)
    .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
    .where(
        SUBJECT.c.submitter == bindparam("submitter"), SUBJECT.c.ref.in_(KEYS),
        or_(SUBJECT.c.kind == "work", SUBJECT.c.kind == "recording"), as_known(DECLARATION, AT),
    ),
)  # fmt: skip
PUBLIC = Prepared(
    "subjects by public id",
    select(SUBJECT.c.public_id, SUBJECT.c.id)
    .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
    .where(SUBJECT.c.public_id.in_(KEYS), SUBJECT.c.kind == bindparam("kind"), as_known(DECLARATION, AT)),
)
KNOWN = Prepared(
    "known declarations of subjects",
    select(DECLARATION.c.subject_id, DECLARATION.c.id).where(
        DECLARATION.c.subject_id.in_(KEYS), as_known(DECLARATION, AT)
    ),
)
CLUSTERS = Prepared(
    "clusters of subjects",
    select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id).where(
        CLUSTER_MEMBER.c.subject_id.in_(KEYS), as_known(CLUSTER_MEMBER, AT)
    ),
)
_FELLOW = CLUSTER_MEMBER.alias("fellow")
FELLOWS = Prepared(
    "subjects with all members of their clusters",
    select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id, _FELLOW.c.subject_id.label("fellow"))
    .join(_FELLOW, _FELLOW.c.cluster_id == CLUSTER_MEMBER.c.cluster_id)
    .where(CLUSTER_MEMBER.c.subject_id.in_(KEYS), as_known(CLUSTER_MEMBER, AT), as_known(_FELLOW, AT)),
)
MEMBERS = Prepared(
    "members of clusters",
    select(CLUSTER_MEMBER.c.cluster_id, CLUSTER_MEMBER.c.subject_id).where(
        CLUSTER_MEMBER.c.cluster_id.in_(KEYS), as_known(CLUSTER_MEMBER, AT)
    ),
)
SUBJECTS = Prepared(
    "subjects", select(SUBJECT.c.id, SUBJECT.c.kind, SUBJECT.c.public_id).where(SUBJECT.c.id.in_(KEYS))
)
TITLES = Prepared(
    "titles of declarations",
    select(TITLE.c.subject_id, TITLE.c.id, TITLE.c.text).where(TITLE.c.declaration_id.in_(KEYS)),
)
"""Of a subject the one that was written first is shown."""

CODES = Prepared(
    "identifiers of declarations",
    select(IDENTIFIER.c.declaration_id, IDENTIFIER.c.scheme, IDENTIFIER.c.value).where(
        IDENTIFIER.c.declaration_id.in_(KEYS)
    ),
)
"""Nothing but the columns of the key: its index answers."""

DECLARATIONS = Prepared(
    "declarations of subjects",
    select(
        DECLARATION.c.id, DECLARATION.c.subject_id, DECLARATION.c.kind, DECLARATION.c.position,
        SUBMISSION.c.public_id, SUBMISSION.c.submitter, DECLARATION.c.payload,
        SUBJECT.c.public_id.label("name"),
    )
    .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
    .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
    .where(DECLARATION.c.subject_id.in_(KEYS), as_known(DECLARATION, AT))
    .order_by(in_order(DECLARATION.c.id)),
)  # fmt: skip
"""The columns of ``Declared``."""


class Linked(NamedTuple):
    """A work or recording: its canonical public id and its members' keys, smallest first."""

    kind: str
    public_id: str
    members: tuple[int, ...]
    title: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()

    def codes(self, scheme: str) -> tuple[str, ...]:
        """The subject's identifiers of one scheme."""
        return tuple([value for of_scheme, value in self.identifiers if of_scheme == scheme])

    def _first(self, scheme: str) -> str | None:
        for of_scheme, value in self.identifiers:
            if of_scheme == scheme:
                return value
        return None

    def as_json(self) -> dict[str, Any]:
        """The contract's ``subject`` object."""
        found: dict[str, Any] = {"kind": self.kind, "id": self.public_id}
        if self.kind == "work":
            found["iswc"] = self._first("iswc")
        else:
            found["isrc"] = self._first("isrc")
        found["title"] = self.title
        return found


def find(connection: Connection, scheme: str, value: str, at: int) -> Linked:
    """The work or recording that a question names, as known at an instant.

    Raises:
        UnknownSubject: nothing was known under this name at that instant.
        AmbiguousReference: several linked subjects carry it (an identifier clash); all are named.
    """
    members = called(connection, scheme, value, at)
    clusters = {cluster for _, cluster in cluster_of(connection, members, at).items()}
    if not clusters and scheme == "isrc":
        works = identified(connection, RECORDING_IN_WORK, [value], at)
        if works:
            first = min(works)
            return mentioned_in(load(connection, cluster_of(connection, [first], at)[first], at), value)
    if not clusters:
        raise not_known(scheme, value)
    if len(clusters) > 1:
        names = ", ".join(
            f"{item.kind}:{item.public_id}" for item in (load(connection, c, at) for c in sorted(clusters))
        )
        raise AmbiguousReference(f"{scheme}:{value} stands for several subjects that do not match: {names}")
    return load(connection, clusters.pop(), at)


def not_known(scheme: str, value: str) -> UnknownSubject:
    """What is raised for a name that stands for nothing."""
    return UnknownSubject(f"no work or recording is known as {scheme}:{value}")


def mentioned_in(work: Linked, isrc: str) -> Linked:
    """A recording that only work registrations mention so far: it can be paid for by its works' rights."""
    return Linked("recording", "", (), work.title, (("isrc", isrc),))


def called(connection: Connection, scheme: str, value: str, at: int) -> set[int]:
    """Source subjects that an identifier names at the instant."""
    read = ahead(connection, at).named.get((scheme, value))
    # Where nobody declares the identifier, a society's answer to a registration may still have assigned it.
    if read or (read is not None and scheme not in ("iswc", "society-code")):
        return set(read)
    if scheme in ("iswc", "isrc"):
        said = identified(connection, scheme, [value], at)
        return said or (works_called(connection, ANSWERED_ISWC, [value], at) if scheme == "iswc" else said)
    if scheme == "society-code":
        submitter, _, ref = value.partition(":")
        own = {number for _, number in NUMBERED.rows(connection, [ref], at=at, submitter=submitter)}
        said = own or identified(connection, "code", [value], at)
        return said or works_called(connection, ANSWERED_CODE, [value], at)
    return {number for _, number in PUBLIC.rows(connection, [value], at=at, kind=scheme)}


def identified(connection: Connection, scheme: str, values: Iterable[str], at: int) -> set[int]:
    """Source subjects whose declarations known at the instant give one of these identifiers."""
    wanted = [(scheme, value) for value in values]
    named = ahead(connection, at).named
    if has(named, wanted):
        return set().union(*(named[key] for key in wanted))
    rows = IDENTIFIED.rows(connection, [value for _, value in wanted], at=at, scheme=scheme)
    return {number for _, number in rows}


def known_of(connection: Connection, subjects: Collection[int], at: int) -> set[int]:
    """Those of these source subjects of which anything was known at the instant."""
    read = ahead(connection, at).declared
    if has(read, subjects):
        return {subject for subject in subjects if read[subject]}
    return {number for number, _ in KNOWN.cells(connection, subjects, at=at)}


def cluster_of(connection: Connection, subjects: Iterable[int], at: int) -> dict[int, int]:
    """The cluster of each source subject; one that is not linked yet is its own."""
    wanted = list(subjects)
    clusters = ahead(connection, at).clusters
    if has(clusters, wanted):
        return {subject: clusters[subject] for subject in wanted}
    found: dict[int, int] = dict(CLUSTERS.rows(connection, wanted, at=at))
    return {subject: found.get(subject, subject) for subject in wanted}


def load(connection: Connection, cluster: int, at: int) -> Linked:
    """A linked subject by its cluster key, as known at an instant."""
    return loaded(connection, [cluster], at)[cluster]


def loaded(connection: Connection, clusters: Collection[int], at: int) -> dict[int, Linked]:
    """Linked subjects by their cluster keys, as known at an instant."""
    read = ahead(connection, at).linked
    found = {cluster: read[cluster] for cluster in clusters if cluster in read}
    listed: dict[int, list[int]] = {cluster: [] for cluster in clusters if cluster not in found}
    for cluster, number in MEMBERS.cells(connection, listed, at=at):
        listed[cluster].append(number)
    # The cluster's own key may belong to a subject that has moved to another cluster since.
    absent = [cluster for cluster, numbers in listed.items() if cluster not in numbers]
    for subject, cluster in cluster_of(connection, absent, at).items() if absent else ():
        if subject == cluster:
            listed[cluster].append(cluster)
    everyone = [number for numbers in listed.values() for number in numbers]
    stated = {number: subject for subject, number in KNOWN.cells(connection, everyone, at=at)}
    known = set(stated.values())
    members = {cluster: sorted(known.intersection(numbers)) for cluster, numbers in listed.items()}
    first = [numbers[0] for numbers in members.values()]
    named = {number: (kind, name) for number, kind, name in SUBJECTS.cells(connection, first)}
    titles, codes = titled(connection, stated), coded(connection, stated)
    for cluster, own in members.items():
        found[cluster] = linked(*named[own[0]], own, titles, codes)
    return found


def titled(connection: Connection, declarations: Collection[int]) -> dict[int, str]:
    """The titles by which these declarations' subjects are shown."""
    found: dict[int, tuple[int, str]] = {}
    for subject, number, text in TITLES.cells(connection, declarations):
        other = found.get(subject)
        if other is None or number < other[0]:
            found[subject] = (number, text)
    return {subject: text for subject, (_, text) in found.items()}


def coded(connection: Connection, declarations: Mapping[int, int]) -> dict[int, list[tuple[str, str]]]:
    """The identifiers that these declarations (with their subjects) give, as (scheme, value) by subject."""
    found: dict[int, list[tuple[str, str]]] = {}
    for number, scheme, value in CODES.cells(connection, declarations):
        subject = declarations[number]
        if subject in found:
            found[subject].append((scheme, value))
        else:
            found[subject] = [(scheme, value)]
    return found


def linked(
    kind: str,
    name: str,
    members: Sequence[int],
    titles: Mapping[int, str],
    codes: Mapping[int, list[tuple[str, str]]],
) -> Linked:
    """A linked subject from its first member's public id and what is known of all of them."""
    if len(members) == 1:
        [member] = members
        found = codes.get(member, ())
        own = tuple(sorted(set(found))) if len(found) > 1 else tuple(found)
        return Linked(kind, name, (member,), titles.get(member, ""), own)
    return Linked(
        kind,
        name,
        tuple(members),
        next((titles[member] for member in members if member in titles), ""),
        tuple(dict.fromkeys(code for member in members for code in sorted(codes.get(member, ())))),
    )


class Declared(NamedTuple):
    """A declaration with where it stands: what an answer cites as its source."""

    id: int
    subject_id: int
    kind: str
    position: str
    submission: str
    submitter: str
    payload: bytes
    name: str = ""
    """The public id of its subject, where it was read with it."""

    def as_source(self) -> dict[str, str]:
        """The contract's entry of ``sources``."""
        return {"submission": self.submission, "position": self.position, "submitter": self.submitter}


def declarations(connection: Connection, members: Sequence[int], at: int) -> list[Declared]:
    """What was known of these source subjects at the instant, in the order it became known."""
    read = ahead(connection, at).declared
    if has(read, members):
        return sorted((item for member in members for item in read[member]), key=lambda item: item.id)
    return [Declared(*row) for row in DECLARATIONS.rows(connection, members, at=at)]
