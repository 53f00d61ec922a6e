"""What a withdrawal changes: how many works and recordings it may touch, and a sample of answers, both ways.

The count goes by claims: every linked subject in which a party stands whose mandates run through the
withdrawn one. The sample answers the same questions on the effective day with and without the withdrawal, so
what it shows as changed is what the resolver will say, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from hub import registers
from hub.answers.answer import Line
from hub.answers.book import RegisterBook
from hub.answers.mandates import Mandate, MandateBook, Matter, Notice
from hub.answers.question import Question
from hub.answers.resolve import resolve
from hub.catalogue.subjects import Linked, load
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.lists import terms
from hub.db.tables import (
    CLAIM,
    CLUSTER_MEMBER,
    DECLARATION,
    IDENTIFIER,
    MANDATE,
    PARTY,
    PARTY_IDENTIFIERS,
    SUBJECT,
)
from hub.db.times import as_known
from hub.mandates import withdrawal_records as records
from hub.mandates.register import MandateEntry, lookup
from hub.mandates.withdrawal_records import Withdrawal
from schemas import rights, territories
from schemas.shares import format_percent

SAMPLE = 20
LARGEST_SAMPLE = 200


@dataclass(frozen=True, slots=True)
class _OneMore:
    """A register in which one mandate has one more notice."""

    book: MandateBook
    mandate: str
    notice: Notice

    def of_party(self, keys: frozenset[str], right: str) -> Sequence[Mandate]:
        return self._noted(self.book.of_party(keys, right))

    def of_society(self, code: str) -> Sequence[Mandate]:
        return self._noted(self.book.of_society(code))

    def by_statute(self) -> Sequence[Mandate]:
        return self._noted(self.book.by_statute())

    def _noted(self, mandates: Sequence[Mandate]) -> Sequence[Mandate]:
        return [
            replace(item, notices=(*item.notices, self.notice)) if item.name == self.mandate else item
            for item in mandates
        ]


def preview(
    hub: Hub, public_id: str, *, viewer: str = "", limit: int = SAMPLE, language: str = "en"
) -> dict[str, Any]:
    """What stops being paid through the mandate on the effective day, by what is known now.

    ``subjects`` counts linked works and recordings with claims that lead through the mandate; ``lines`` are
    the lines of the first ``limit`` of them that change; ``complete`` says whether that was all of them.

    Raises:
        NotFound: no such withdrawal for this viewer.
    """
    with reading(hub.engine) as connection:
        at = horizon(connection)
        found = records.find(connection, public_id, at, viewer)
        entry = lookup(connection, found.mandate, at)
        notice = Notice(
            found.effective,
            terms(found.rights),
            terms(found.uses),
            terms(found.territories),
            terms(found.works),
        )
        societies = (viewer, entry.row.holder, entry.declarant)
        matters = _matters(entry, notice, registers.homes(connection, at, societies))
        touched = _touched(connection, entry, found, {item.right for item in matters}, at)
        counts = _counted(connection, touched)
        sample = connection.scalars(
            select(touched.c.cluster).order_by(touched.c.cluster).limit(min(limit, LARGEST_SAMPLE))
        ).all()
        before = RegisterBook(connection, at, without=found.key)
        after = _OneMore(RegisterBook(connection, at, without=found.key), entry.id, notice)
        changed: list[dict[str, Any]] = []
        for cluster in sample:
            subject = load(connection, cluster, at)
            for matter in matters:
                if rights.CATEGORIES[matter.right] == subject.kind:
                    changed += _changes(
                        connection, subject, matter, hub.settings.share_policy, at, (before, after), entry.id
                    )
    asked = [{"right": item.right, "use": item.use, "territory": item.territory} for item in matters]
    return {
        "withdrawal": found.as_json(records.today_of(None), language),
        "holder": entry.row.holder,
        "on": found.effective.isoformat(),
        "subjects": counts,
        "sampled": len(sample),
        "complete": len(sample) == sum(counts.values()),
        "asked": asked,
        "stopped": sum(1 for item in changed if item["stopped"]),
        "lines": changed,
    }


def _matters(entry: MandateEntry, notice: Notice, homes: Sequence[str]) -> list[Matter]:
    """One question for each right that both the mandate and the notice cover on the day.

    Of the territories that both cover it is about one that the notice names, or one of the ``homes`` of the
    societies, or else the first.
    """
    row = entry.row
    mandate = Mandate(
        entry.id, row.grantor_type, row.grantor_id, row.grantor_name, row.holder, row.basis,
        terms(row.rights), terms(row.uses), terms(row.territories), terms(row.works),
        row.valid_from, row.valid_to,
    )  # fmt: skip
    places = sorted(territories.evaluate(mandate.territories or (territories.WORLD,), notice.effective))
    named = [code for code in (*notice.territories, *homes) if code in places]
    works = frozenset((*mandate.works, *notice.works))
    found = []
    for right in rights.CATEGORIES:
        tried = (
            Matter(right, use, place, notice.effective, works)
            for use in rights.uses()
            for place in (*named, *places)
        )
        first = next((item for item in tried if mandate.in_force(item) and notice.takes(item)), None)
        if first is not None:
            found.append(first)
    return found


def _changes(
    connection: Connection,
    subject: Linked,
    matter: Matter,
    policy: str,
    at: int,
    books: tuple[MandateBook, MandateBook],
    mandate: str,
) -> Iterator[dict[str, Any]]:
    question = Question(
        subject.kind,
        subject.public_id,
        matter.right,
        matter.use,
        matter.territory,
        matter.on,
        known_at=at,
        policy=policy,
    )
    before, after = (resolve(connection, question, book).lines for book in books)
    # Shares and their order do not depend on mandates, so the lines stand side by side.
    for old, new in zip(before, after, strict=True):
        if (old.status, old.payee) != (new.status, new.payee):
            yield {
                "subject": subject.as_json(),
                "right": matter.right,
                "use": matter.use,
                "territory": matter.territory,
                "party": dict(old.party) if old.party else None,
                "share": format_percent(old.share),
                "stopped": old.payee is not None and any(hop.name == mandate for hop in old.chain),
                "before": _outcome(old),
                "after": _outcome(new),
            }


def _outcome(line: Line) -> dict[str, Any]:
    payee = line.payee.as_json() if line.payee else None
    return {"status": line.status, "payee": payee, "reasons": list(line.reasons)}


def _touched(
    connection: Connection, entry: MandateEntry, found: Withdrawal, categories: set[str], at: int
) -> Any:
    """A subquery of the clusters with a claim whose money may run through the mandate."""
    cluster = func.coalesce(CLUSTER_MEMBER.c.cluster_id, DECLARATION.c.subject_id).label("cluster")
    member = and_(CLUSTER_MEMBER.c.subject_id == DECLARATION.c.subject_id, as_known(CLUSTER_MEMBER, at))
    codes = sorted(code for code, right in rights.rights().items() if right.category in categories)
    query = (
        select(cluster)
        .distinct()
        .select_from(CLAIM)
        .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
        .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
        .outerjoin(CLUSTER_MEMBER, member)
        .where(as_known(DECLARATION, at), CLAIM.c.right.in_(codes), _represented(connection, entry, at))
    )
    for listed in (terms(entry.row.works), terms(found.works)):
        if listed:
            pairs = [item.partition(":") for item in listed]
            # By cluster, not by declaration: the code may stand in another society's statement of the work.
            query = query.where(
                cluster.in_(_clusters_of([(scheme, value) for scheme, _, value in pairs], at))
            )
    return query.subquery()


def _clusters_of(codes: Sequence[tuple[str, str]], at: int) -> Select[Any]:
    member = and_(CLUSTER_MEMBER.c.subject_id == IDENTIFIER.c.subject_id, as_known(CLUSTER_MEMBER, at))
    return (
        select(func.coalesce(CLUSTER_MEMBER.c.cluster_id, IDENTIFIER.c.subject_id))
        .join(DECLARATION, DECLARATION.c.id == IDENTIFIER.c.declaration_id)
        .outerjoin(CLUSTER_MEMBER, member)
        .where(
            as_known(DECLARATION, at),
            or_(
                *(and_(IDENTIFIER.c.scheme == scheme, IDENTIFIER.c.value == value) for scheme, value in codes)
            ),
        )
    )


def _represented(connection: Connection, entry: MandateEntry, at: int) -> ColumnElement[bool]:
    """The condition that a claim's party leads to the mandate: itself, or through societies before it."""
    row = entry.row
    if row.grantor_type == "any":
        return true()
    named = [PARTY.c[column] for column in PARTY_IDENTIFIERS]
    if row.grantor_type == "party":
        return or_(*(column == row.grantor_id for column in named))
    societies = _before(connection, row.grantor_id, at)
    members = (
        select(MANDATE.c.grantor_id)
        .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
        .where(MANDATE.c.grantor_type == "party", MANDATE.c.holder.in_(societies), as_known(DECLARATION, at))
    )
    return or_(CLAIM.c.society.in_(societies), *(and_(column != "", column.in_(members)) for column in named))


def _before(connection: Connection, society: str, at: int) -> list[str]:
    """The society and every one that hands its repertoire on to it, over any number of agreements."""
    found, pending = {society}, [society]
    while pending:
        query = (
            select(MANDATE.c.grantor_id)
            .distinct()
            .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
            .where(
                MANDATE.c.grantor_type == "society", MANDATE.c.holder.in_(pending), as_known(DECLARATION, at)
            )
        )
        pending = sorted(set(connection.scalars(query)) - found)
        found |= set(pending)
    return sorted(found)


def _counted(connection: Connection, touched: Any) -> dict[str, int]:
    query = (
        select(SUBJECT.c.kind, func.count())
        .select_from(touched)
        .join(SUBJECT, SUBJECT.c.id == touched.c.cluster)
        .group_by(SUBJECT.c.kind)
    )
    counted = {kind: int(count) for kind, count in connection.execute(query).all()}
    return {"works": counted.get("work", 0), "recordings": counted.get("recording", 0)}
