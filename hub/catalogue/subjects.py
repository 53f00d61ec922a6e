"""From an identifier to the linked subject: the source subjects that are judged to be one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, select

from hub.db.tables import ClusterMember, DeclarationRow, Identifier, Subject, Submission, TitleRow
from hub.db.times import as_known
from hub.errors import AmbiguousReference, UnknownSubject

RECORDING_IN_WORK = "isrc-in-work"
"""Identifier scheme of the ISRCs that a work registration mentions for its recordings (CWR REC)."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A work or recording: its canonical public id and its members' keys, smallest first."""

    kind: str
    public_id: str
    members: tuple[int, ...]
    title: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()

    def codes(self, scheme: str) -> tuple[str, ...]:
        """The subject's identifiers of one scheme."""
        return tuple(value for of_scheme, value in self.identifiers if of_scheme == scheme)

    def as_json(self) -> dict[str, Any]:
        """The contract's ``subject`` object."""
        found: dict[str, Any] = {"kind": self.kind, "id": self.public_id}
        if self.kind == "work":
            found["iswc"] = next(iter(self.codes("iswc")), None)
        else:
            found["isrc"] = next(iter(self.codes("isrc")), None)
        found["title"] = self.title
        return found


def find(connection: Connection, scheme: str, value: str, at: int) -> Linked:
    """The work or recording that a question names, as known at an instant.

    Raises:
        UnknownSubject: nothing was known under this name at that instant.
        AmbiguousReference: several linked subjects carry it (an identifier clash); all are named.
    """
    members = _named(connection, scheme, value, at)
    clusters = {cluster for _, cluster in cluster_of(connection, members, at).items()}
    if not clusters and scheme == "isrc":
        works = identified(connection, RECORDING_IN_WORK, [value], at)
        if works:
            # Only work registrations mention it so far: it can be paid for by its works' rights.
            title = load(connection, cluster_of(connection, [min(works)], at)[min(works)], at).title
            return Linked("recording", "", (), title, (("isrc", value),))
    if not clusters:
        raise UnknownSubject(f"no work or recording is known as {scheme}:{value}")
    if len(clusters) > 1:
        names = ", ".join(f"{item.kind}:{item.public_id}" for item in (load(connection, c, at) for c in sorted(clusters)))
        raise AmbiguousReference(f"{scheme}:{value} stands for several subjects that do not match: {names}")
    return load(connection, clusters.pop(), at)


def _named(connection: Connection, scheme: str, value: str, at: int) -> set[int]:
    if scheme in ("iswc", "isrc"):
        return identified(connection, scheme, [value], at)
    if scheme == "society-code":
        submitter, _, ref = value.partition(":")
        query = select(Subject.id).where(
            Subject.submitter == submitter, Subject.ref == ref, Subject.kind.in_(("work", "recording"))  # type: ignore[attr-defined,arg-type]
        )
        own = _known(connection, connection.scalars(query).all(), at)
        return own or identified(connection, "code", [value], at)
    query = select(Subject.id).where(Subject.public_id == value, Subject.kind == scheme)  # type: ignore[arg-type]
    return _known(connection, connection.scalars(query).all(), at)


def identified(connection: Connection, scheme: str, values: Iterable[str], at: int) -> set[int]:
    """Source subjects whose declarations known at the instant give one of these identifiers."""
    query = (
        select(Identifier.subject_id)
        .join(DeclarationRow, DeclarationRow.id == Identifier.declaration_id)  # type: ignore[arg-type]
        .where(Identifier.scheme == scheme, Identifier.value.in_(list(values)), as_known(DeclarationRow, at))  # type: ignore[attr-defined,arg-type]
    )
    return set(connection.scalars(query))


def _known(connection: Connection, subjects: Sequence[int], at: int) -> set[int]:
    if not subjects:
        return set()
    query = select(DeclarationRow.subject_id).where(
        DeclarationRow.subject_id.in_(subjects), as_known(DeclarationRow, at)  # type: ignore[attr-defined]
    )
    return set(connection.scalars(query))


def cluster_of(connection: Connection, subjects: Iterable[int], at: int) -> dict[int, int]:
    """The cluster of each source subject; one that is not linked yet is its own."""
    wanted = list(subjects)
    query = select(ClusterMember.subject_id, ClusterMember.cluster_id).where(
        ClusterMember.subject_id.in_(wanted), as_known(ClusterMember, at)  # type: ignore[attr-defined]
    )
    found = {subject: cluster for subject, cluster in connection.execute(query)}
    return {subject: found.get(subject, subject) for subject in wanted}


def load(connection: Connection, cluster: int, at: int) -> Linked:
    """A linked subject by its cluster key, as known at an instant."""
    query = select(ClusterMember.subject_id).where(ClusterMember.cluster_id == cluster, as_known(ClusterMember, at))  # type: ignore[arg-type]
    members = sorted(_known(connection, [*connection.scalars(query), cluster], at))
    # The cluster's own key may belong to a subject that has moved to another cluster since.
    placed = cluster_of(connection, members, at)
    members = [member for member in members if placed[member] == cluster]
    canonical = connection.execute(select(Subject).where(Subject.id == members[0])).one()  # type: ignore[arg-type]
    titles = (
        select(TitleRow.text)
        .join(DeclarationRow, DeclarationRow.id == TitleRow.declaration_id)  # type: ignore[arg-type]
        .where(TitleRow.subject_id.in_(members), as_known(DeclarationRow, at))  # type: ignore[attr-defined]
        .order_by(TitleRow.subject_id, TitleRow.id)  # type: ignore[arg-type]
        .limit(1)
    )
    codes = (
        select(Identifier.scheme, Identifier.value)
        .join(DeclarationRow, DeclarationRow.id == Identifier.declaration_id)  # type: ignore[arg-type]
        .where(Identifier.subject_id.in_(members), as_known(DeclarationRow, at))  # type: ignore[attr-defined]
        .order_by(Identifier.subject_id, Identifier.scheme, Identifier.value)  # type: ignore[arg-type]
    )
    identifiers = tuple(dict.fromkeys((scheme, value) for scheme, value in connection.execute(codes)))
    return Linked(canonical.kind, canonical.public_id, tuple(members), connection.scalar(titles) or "", identifiers)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration with where it stands: what an answer cites as its source."""

    id: int
    subject_id: int
    kind: str
    position: str
    submission: str
    submitter: str
    payload: bytes

    def as_source(self) -> dict[str, str]:
        """The contract's entry of ``sources``."""
        return {"submission": self.submission, "position": self.position, "submitter": self.submitter}


def declarations(connection: Connection, members: Sequence[int], at: int) -> list[Declared]:
    """What was known of these source subjects at the instant, in the order it became known."""
    query = (
        select(
            DeclarationRow.id, DeclarationRow.subject_id, DeclarationRow.kind, DeclarationRow.position,
            Submission.public_id, Submission.submitter, DeclarationRow.payload,
        )
        .join(Submission, Submission.id == DeclarationRow.submission_id)  # type: ignore[arg-type]
        .where(DeclarationRow.subject_id.in_(members), as_known(DeclarationRow, at))  # type: ignore[attr-defined]
        .order_by(DeclarationRow.id)  # type: ignore[arg-type]
    )  # fmt: skip
    return [Declared(*row) for row in connection.execute(query)]


def is_published(at: int) -> Any:
    """The condition that a subject has a declaration known at the instant."""
    return exists().where(and_(DeclarationRow.subject_id == Subject.id, as_known(DeclarationRow, at)))
