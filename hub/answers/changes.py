"""What changed between two instants of known time in the answers for a society's repertoire.

A society's repertoire is what it registered and what any source names it for. Works answer for works'
rights, recordings for their neighbouring rights. Only subjects are asked about whose statements, links or
mandates changed in between; a changed society agreement, statute or accreditation can touch everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from hub.answers.answer import Answer
from hub.answers.book import RegisterBook
from hub.answers.question import Question
from hub.answers.resolve import resolve
from hub.catalogue.subjects import cluster_of, load
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import (
    ACCREDITATION,
    CLAIM,
    CLUSTER_MEMBER,
    DECLARATION,
    JURISDICTION_RULE,
    MANDATE,
    PARTY,
    PARTY_IDENTIFIERS,
    PUBLIC_DOMAIN,
    SETTLEMENT,
    SUBJECT,
    SUBMISSION,
    WITHDRAWAL,
)
from hub.errors import UnknownSubject, UsageError
from schemas.rights import CATEGORIES
from schemas.shares import format_percent

BATCH = 500
Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Change:
    """One subject whose answer differs; ``before`` is None for one that was not known then."""

    key: int
    before: Answer | None
    after: Answer

    def as_json(self) -> dict[str, Any]:
        """The subject, and both answers by payee and by status."""
        return {
            "subject": dict(self.after.subject),
            "before": None if self.before is None else summary(self.before),
            "after": summary(self.after),
        }


def summary(answer: Answer) -> dict[str, Any]:
    """An answer's totals by status, and what is payable by society."""
    payable: dict[str, int] = {}
    for line in answer.lines:
        if line.status == "payable" and line.payee is not None:
            payable[line.payee.code] = payable.get(line.payee.code, 0) + line.share
    return {
        "known_at": times.text(answer.known_at),
        "totals": {status: format_percent(units) for status, units in answer.totals.items() if units},
        "payable_to": {code: format_percent(payable[code]) for code in sorted(payable)},
    }


def changes(
    hub: Hub, terms: Question, society: str, since: int, until: int | None = None, *, after: int = 0
) -> Iterator[Change]:
    """Subjects of the society's repertoire whose answers differ, in the order they first came in.

    ``terms`` says right, use, territory and day; its subject is not looked at. ``after`` is the key of the
    last change seen, to go on from there.

    Raises:
        UsageError: ``until`` lies before ``since``.
    """
    with reading(hub.engine) as connection:
        end = horizon(connection) if until is None else until
        if end < since:
            raise UsageError("the later instant lies before the earlier one")
        books = RegisterBook(connection, since), RegisterBook(connection, end)
        kind = CATEGORIES[terms.right]
        for key in _candidates(connection, kind, society, since, end, after):
            name = load(connection, key, end).public_id
            asked = replace(terms, scheme=kind, value=name, known_at=end, amount=None)
            now = resolve(connection, asked, books[1])
            then = _earlier(connection, replace(asked, known_at=since), books[0])
            if then is None or _told(then) != _told(now):
                yield Change(key, then, now)


def _earlier(connection: Connection, asked: Question, book: RegisterBook) -> Answer | None:
    try:
        return resolve(connection, asked, book)
    except UnknownSubject:
        return None


def _told(answer: Answer) -> list[dict[str, Any]]:
    """What matters to a payer: who gets what, with which status. Sources and chains may change freely."""
    return [
        {key: line[key] for key in ("party", "share", "status", "payee", "candidates")}
        for line in answer.as_json()["lines"]
    ]


def _candidates(
    connection: Connection, kind: str, society: str, since: int, until: int, after: int
) -> Iterator[int]:
    """Keys of linked subjects, ascending, each once."""
    own = _repertoire(connection, kind, society, until)
    if not _everything(connection, since, until):
        own &= _touched(connection, since, until)
    seen: set[int] = set()
    seen = set(_clusters(connection, own, until))
    yield from sorted(key for key in seen if key > after)


def _repertoire(connection: Connection, kind: str, society: str, until: int) -> set[int]:
    known = and_(DECLARATION.c.kind == kind, DECLARATION.c.known_from <= until)
    registered = (
        select(DECLARATION.c.subject_id)
        .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
        .where(known, SUBJECT.c.submitter == society)
    )
    named = (
        select(DECLARATION.c.subject_id)
        .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
        .where(known, CLAIM.c.society == society)
    )
    return set(connection.scalars(registered)) | set(connection.scalars(named))


def _between(table: Table, since: int, until: int) -> ColumnElement[bool]:
    """Rows that became known, or ceased to be, after the one instant and up to the other."""
    return or_(
        and_(table.c.known_from > since, table.c.known_from <= until),
        and_(table.c.known_to > since, table.c.known_to <= until),
    )


def _declared(since: int, until: int) -> ColumnElement[bool]:
    # A declaration ceases to be known when a later submission says something else of the same subject.
    return and_(SUBMISSION.c.known_at > since, SUBMISSION.c.known_at <= until)


def _everything(connection: Connection, since: int, until: int) -> bool:
    """Whether something changed that any answer may rest on."""
    wide = MANDATE.c.grantor_type != "party"
    licence = select(ACCREDITATION.c.id).where(_between(ACCREDITATION, since, until))
    mandate = select(MANDATE.c.subject_id).where(wide, _mandate_changed(since, until))
    rule = select(JURISDICTION_RULE.c.id).where(_between(JURISDICTION_RULE, since, until))
    return any(connection.scalar(query.limit(1)) is not None for query in (licence, mandate, rule))


def _mandate_changed(since: int, until: int) -> ColumnElement[bool]:
    """Mandates stated anew or with a notice, in all their versions: an earlier grantor is touched too."""
    stated = (
        select(DECLARATION.c.subject_id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(DECLARATION.c.kind == "mandate", _declared(since, until))
    )
    noticed = select(WITHDRAWAL.c.mandate_id).where(_between(WITHDRAWAL, since, until))
    settled = select(SETTLEMENT.c.loser).where(SETTLEMENT.c.right == "", _between(SETTLEMENT, since, until))
    return or_(*(MANDATE.c.subject_id.in_(found) for found in (stated, noticed, settled)))


def _touched(connection: Connection, since: int, until: int) -> set[int]:
    """Source subjects with a new statement, a new place in a cluster, or a party with a changed mandate.

    What one member says, the whole linked subject answers with: all members of such clusters are in it.
    """
    stated = (
        select(DECLARATION.c.subject_id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(DECLARATION.c.kind.in_(("work", "recording")), _declared(since, until))
    )
    settled = select(SETTLEMENT.c.loser).where(SETTLEMENT.c.right != "", _between(SETTLEMENT, since, until))
    decided = select(PUBLIC_DOMAIN.c.subject_id).where(_between(PUBLIC_DOMAIN, since, until))
    moved = select(CLUSTER_MEMBER.c.subject_id).where(_between(CLUSTER_MEMBER, since, until))
    granted = select(MANDATE.c.grantor_id).where(_mandate_changed(since, until))
    # An agreement may move shares of whatever its submitter registered.
    agreed = (
        select(SUBJECT.c.submitter)
        .join(DECLARATION, DECLARATION.c.subject_id == SUBJECT.c.id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(DECLARATION.c.kind == "agreement", _declared(since, until))
    )
    administered = select(SUBJECT.c.id).where(SUBJECT.c.kind == "work", SUBJECT.c.submitter.in_(agreed))
    found = {
        key for query in (stated, settled, decided, moved, administered) for key in connection.scalars(query)
    }
    # Who is told apart by a base number holds mandates under all its names.
    told = (
        select(PARTY.c.ipi_name, PARTY.c.ipi_base)
        .distinct()
        .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
        .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
        .where(PARTY.c.ipi_name != "", PARTY.c.ipi_base != "", DECLARATION.c.subject_id.in_(stated))
    )
    parties = set(connection.scalars(granted))
    parties |= {number for row in connection.execute(told) for number in row}
    found |= _of_parties(connection, _same_persons(connection, parties))
    for batch in _batches(set(_clusters(connection, found, until))):
        query = select(CLUSTER_MEMBER.c.subject_id).where(
            CLUSTER_MEMBER.c.cluster_id.in_(batch), times.as_known(CLUSTER_MEMBER, until)
        )
        found |= set(connection.scalars(query))
    return found


def _clusters(connection: Connection, subjects: set[int], at: int) -> Iterator[int]:
    for batch in _batches(subjects):
        yield from cluster_of(connection, batch, at).values()


def _batches(keys: set[Key]) -> Iterator[list[Key]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


def _same_persons(connection: Connection, identifiers: set[str]) -> set[str]:
    """These identifiers with every IPI number that some declaration of any time joins them with."""
    found = set(identifiers)
    for given, joined in ((PARTY.c.ipi_name, PARTY.c.ipi_base), (PARTY.c.ipi_base, PARTY.c.ipi_name)):
        for batch in _batches(set(found)):
            query = select(joined).distinct().where(given.in_(batch), joined != "")
            found |= set(connection.scalars(query))
    return found


def _of_parties(connection: Connection, identifiers: set[str]) -> set[int]:
    found: set[int] = set()
    for batch in _batches(identifiers):
        query = (
            select(DECLARATION.c.subject_id)
            .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
            .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
            .where(or_(*(PARTY.c[column].in_(batch) for column in PARTY_IDENTIFIERS)))
        )
        found |= set(connection.scalars(query))
    return found
