"""Mandates as known at an instant, read for the sweep: grantor by grantor, in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from hub.answers.mandates import PRECEDENCE
from hub.conflicts.areas import cells
from hub.conflicts.found import Side
from hub.conflicts.mandate_sweep import Notice, Standing, notice_of
from hub.db.lists import terms
from hub.db.tables import (
    CLAIM,
    CLUSTER_MEMBER,
    DECLARATION,
    MANDATE,
    PARTY,
    PARTY_IDENTIFIERS,
    SUBJECT,
    SUBMISSION,
    WITHDRAWAL_EVENT,
)
from hub.db.times import FOREVER, as_known
from hub.mandates.withdrawal_records import effective_notices
from hub.mandates.withdrawal_states import FILE

BATCH = 500
"""How many grantors (mandates, subjects) one statement asks about."""

Grantor = tuple[str, str]
"""Kind (``party``, ``society``, ``any``) and identifier."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A mandate with what is shown of it; ``standing`` is what the sweep compares."""

    standing: Standing
    grantor_type: str
    row: Any

    @property
    def side(self) -> Side:
        """The mandate as a side of a conflict: its holder's, and its declarant's."""
        row = self.row
        societies = dict.fromkeys(code for code in (row.holder, row.submitter) if code)
        return Side(
            row.public_id,
            tuple(societies),
            {
                "mandate": row.public_id,
                "mandate_ref": row.ref,
                "grantor": row.grantor_id,
                "grantor_name": row.grantor_name,
                "holder": row.holder,
                "declarant": row.submitter,
                "basis": row.basis,
                "rights": row.rights,
                "uses": row.uses,
                "territories": row.territories,
                "works": row.works if len(row.works) <= 1_000 else f"{row.works[:1_000]}...",
                "valid_from": row.valid_from.isoformat(),
                "valid_to": "" if row.valid_to == FOREVER else row.valid_to.isoformat(),
                "evidence": row.evidence,
            },
            ((row.submission, row.position, row.submitter),),
            row.subject_id,
        )


def filed(at: int) -> Select[Any]:
    """Keys of the withdrawals that were filed: a draft is its filer's alone and must not show anywhere."""
    return select(WITHDRAWAL_EVENT.c.withdrawal_id).where(
        WITHDRAWAL_EVENT.c.action == FILE, as_known(WITHDRAWAL_EVENT, at)
    )


def aliases(connection: Connection, at: int, numbers: Sequence[str] | None = None) -> dict[str, str]:
    """IPI base numbers by IPI name number, as far as mandates are granted under either.

    The smallest base counts where declarations name several. ``numbers`` limits it to these.
    """
    used = select(MANDATE.c.grantor_id).where(MANDATE.c.grantor_type == "party")
    known = (
        select(CLAIM.c.id)
        .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
        .where(CLAIM.c.party_id == PARTY.c.id, as_known(DECLARATION, at))
        .exists()
    )
    query = (
        select(PARTY.c.ipi_name, func.min(PARTY.c.ipi_base))
        .where(PARTY.c.ipi_name != "", PARTY.c.ipi_base != "", known)
        .group_by(PARTY.c.ipi_name)
    )
    if numbers is None:
        query = query.where(PARTY.c.ipi_name.in_(used) | PARTY.c.ipi_base.in_(used))
        return dict(connection.execute(query).all())
    found: dict[str, str] = {}
    for part in batches(numbers):
        either = PARTY.c.ipi_name.in_(part) | PARTY.c.ipi_base.in_(part)
        found.update(connection.execute(query.where(either)).all())
    return found


def batches(keys: Iterable[Any], size: int = BATCH) -> Iterator[list[Any]]:
    """A sequence in lists of at most ``size``."""
    listed = list(keys)
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def rival_grantors(connection: Connection, at: int) -> Iterator[Grantor]:
    """Grantors with more than one holder; one query over the whole register."""
    query = (
        select(MANDATE.c.grantor_type, MANDATE.c.grantor_id)
        .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
        .where(as_known(DECLARATION, at))
        .group_by(MANDATE.c.grantor_type, MANDATE.c.grantor_id)
        .having(func.min(MANDATE.c.holder) != func.max(MANDATE.c.holder))
        .order_by(MANDATE.c.grantor_type, MANDATE.c.grantor_id)
    )
    yield from connection.execute(query)


def query(at: int) -> Select[Any]:
    """Mandates known at an instant with where they stand."""
    return (
        select(
            MANDATE, SUBJECT.c.public_id, SUBJECT.c.ref, SUBJECT.c.submitter,
            SUBMISSION.c.public_id.label("submission"), DECLARATION.c.position,
        )
        .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
        .join(SUBJECT, SUBJECT.c.id == MANDATE.c.subject_id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(as_known(DECLARATION, at))
    )  # fmt: skip


def entries(
    connection: Connection,
    at: int,
    condition: ColumnElement[bool],
    canonical: Mapping[str, str] | None = None,
) -> list[Entry]:
    """The mandates of a condition, ready to compare; grantors go by their base number where one is known."""
    rows = connection.execute(query(at).where(condition)).all()
    notices: dict[int, list[Notice]] = defaultdict(list)
    for part in batches([row.subject_id for row in rows]):
        for item in connection.execute(effective_notices(part, at)):
            made = notice_of(
                item.takes_effect,
                terms(item.rights),
                terms(item.uses),
                terms(item.territories),
                terms(item.works),
            )
            if made is not None:
                notices[item.mandate_id].append(made)
    known = canonical or {}
    return [
        Entry(_standing(row, known.get(row.grantor_id, row.grantor_id), tuple(notices[row.subject_id])),
              row.grantor_type, row)
        for row in rows
    ]  # fmt: skip


def _standing(row: Any, grantor: str, notices: tuple[Notice, ...]) -> Standing:
    return Standing(
        row.subject_id, row.public_id, grantor, row.holder,
        (PRECEDENCE[row.basis], 0 if row.works else 1),
        cells(terms(row.rights), terms(row.uses)), terms(row.territories), frozenset(terms(row.works)),
        row.valid_from, row.valid_to, notices,
    )  # fmt: skip


def works_of(connection: Connection, at: int, numbers: Mapping[str, str]) -> dict[str, int]:
    """How many linked works and recordings parties have claims in.

    ``numbers`` has the identifiers to count by, each with the name its count goes under.
    """
    counted: dict[str, int] = {}
    held: dict[str, set[int]] = defaultdict(set)
    cluster = func.coalesce(CLUSTER_MEMBER.c.cluster_id, DECLARATION.c.subject_id)
    for part in batches(sorted(numbers)):
        for column in [PARTY.c[name] for name in PARTY_IDENTIFIERS]:
            claimed = (
                select(column, cluster)
                .distinct()
                .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
                .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
                .outerjoin(
                    CLUSTER_MEMBER,
                    (CLUSTER_MEMBER.c.subject_id == DECLARATION.c.subject_id) & as_known(CLUSTER_MEMBER, at),
                )
                .where(column != "", column.in_(part), as_known(DECLARATION, at))
            )
            for number, linked in connection.execute(claimed):
                held[numbers[number]].add(linked)
    for name, works in held.items():
        counted[name] = len(works)
    return counted


def members_of(connection: Connection, at: int, societies: Iterable[str]) -> dict[str, int]:
    """How many mandates these societies hold: what a mandate of their own passes on."""
    counted: dict[str, int] = {}
    for part in batches(sorted(set(societies))):
        held = (
            select(MANDATE.c.holder, func.count())
            .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
            .where(MANDATE.c.holder.in_(part), as_known(DECLARATION, at))
            .group_by(MANDATE.c.holder)
        )
        counted.update(connection.execute(held).all())
    return counted
