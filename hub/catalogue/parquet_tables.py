"""The tables of a Parquet export: what each is called, its columns, and the statement that fills it.

Every row was known at the instant of the export. Subjects are named by their public ids throughout, so the
tables join with each other and with the answers; ``cluster`` is the linked work or recording.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, and_, select

from hub.db.tables import (
    CLAIM,
    CLUSTER_MEMBER,
    DECLARATION,
    IDENTIFIER,
    JUDGEMENT,
    MANDATE,
    PARTY,
    SUBJECT,
    SUBMISSION,
    TITLE,
    WORK_REFERENCE,
)
from hub.db.times import as_known

Kind = Literal["text", "date", "iso_date", "instant", "percent", "weight", "flag", "number"]
"""``percent`` and ``weight`` are decimals with six places, ``instant`` a UTC timestamp in microseconds. An
open date and a weight that is not stated are null. ``iso_date`` is a date that the database keeps as text."""


@dataclass(frozen=True, slots=True)
class ParquetTable:
    """One file of the export; ``columns`` are in the order in which the statement selects them."""

    name: str
    columns: tuple[tuple[str, Kind], ...]
    statement: Callable[[int], Select[Any]]


def _declared(*columns: Any, at: int) -> Select[Any]:
    """What declarations that were known at an instant say, subject and declaring society first."""
    return (
        select(SUBJECT.c.public_id, SUBJECT.c.submitter, *columns)
        .select_from(SUBJECT)
        .join(DECLARATION, and_(DECLARATION.c.subject_id == SUBJECT.c.id, as_known(DECLARATION, at)))
    )


def _subjects(at: int) -> Select[Any]:
    head = SUBJECT.alias("head")
    return (
        _declared(
            DECLARATION.c.kind, SUBJECT.c.ref, head.c.public_id.label("cluster"),
            SUBMISSION.c.public_id.label("submission"), DECLARATION.c.position, DECLARATION.c.known_from,
            at=at,
        )
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .outerjoin(
            CLUSTER_MEMBER, and_(CLUSTER_MEMBER.c.subject_id == SUBJECT.c.id, as_known(CLUSTER_MEMBER, at))
        )
        .outerjoin(head, head.c.id == CLUSTER_MEMBER.c.cluster_id)
        .order_by(SUBJECT.c.id)
    )  # fmt: skip


def _identifiers(at: int) -> Select[Any]:
    return (
        _declared(IDENTIFIER.c.scheme, IDENTIFIER.c.value, at=at)
        .join(IDENTIFIER, IDENTIFIER.c.declaration_id == DECLARATION.c.id)
        .order_by(SUBJECT.c.id, IDENTIFIER.c.scheme, IDENTIFIER.c.value)
    )


def _titles(at: int) -> Select[Any]:
    return (
        _declared(TITLE.c.text, TITLE.c.kind, TITLE.c.folded, at=at)
        .join(TITLE, TITLE.c.declaration_id == DECLARATION.c.id)
        .order_by(SUBJECT.c.id, TITLE.c.id)
    )


def _claims(at: int) -> Select[Any]:
    return (
        _declared(
            PARTY.c.name, PARTY.c.given, PARTY.c.ipi_name, PARTY.c.ipi_base, PARTY.c.isni, PARTY.c.ipn,
            PARTY.c.dpid, CLAIM.c.role, CLAIM.c.right, CLAIM.c.basis, CLAIM.c.share, CLAIM.c.territories,
            CLAIM.c.uses, CLAIM.c.valid_from, CLAIM.c.valid_to, CLAIM.c.society, CLAIM.c.controlled,
            CLAIM.c.chain, CLAIM.c.position,
            at=at,
        )
        .join(CLAIM, CLAIM.c.declaration_id == DECLARATION.c.id)
        .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
        .order_by(SUBJECT.c.id, CLAIM.c.id)
    )  # fmt: skip


def _works_named(at: int) -> Select[Any]:
    return (
        _declared(
            WORK_REFERENCE.c.iswc, WORK_REFERENCE.c.ref, WORK_REFERENCE.c.title, WORK_REFERENCE.c.weight,
            at=at,
        )
        .join(WORK_REFERENCE, WORK_REFERENCE.c.declaration_id == DECLARATION.c.id)
        .order_by(SUBJECT.c.id, WORK_REFERENCE.c.ordinal)
    )  # fmt: skip


def _judgements(at: int) -> Select[Any]:
    left, right = SUBJECT.alias("left_subject"), SUBJECT.alias("right_subject")
    return (
        select(
            left.c.public_id, right.c.public_id, JUDGEMENT.c.kind, JUDGEMENT.c.verdict, JUDGEMENT.c.score,
            JUDGEMENT.c.evidence, JUDGEMENT.c.author, JUDGEMENT.c.reason, JUDGEMENT.c.known_from,
        )
        .join(left, left.c.id == JUDGEMENT.c.left_id)
        .join(right, right.c.id == JUDGEMENT.c.right_id)
        .where(as_known(JUDGEMENT, at))
        .order_by(JUDGEMENT.c.id)
    )  # fmt: skip


def _mandates(at: int) -> Select[Any]:
    return (
        _declared(
            SUBJECT.c.ref, MANDATE.c.grantor_type, MANDATE.c.grantor_id, MANDATE.c.grantor_name,
            MANDATE.c.holder, MANDATE.c.rights, MANDATE.c.uses, MANDATE.c.territories, MANDATE.c.works,
            MANDATE.c.valid_from, MANDATE.c.valid_to, MANDATE.c.exclusive, MANDATE.c.basis,
            MANDATE.c.evidence,
            at=at,
        )
        .join(MANDATE, MANDATE.c.declaration_id == DECLARATION.c.id)
        .order_by(SUBJECT.c.id)
    )  # fmt: skip


SUBJECT_COLUMNS: tuple[tuple[str, Kind], ...] = (("subject", "text"), ("submitter", "text"))

TABLES = (
    ParquetTable(
        "subjects",
        (
            *SUBJECT_COLUMNS, ("kind", "text"), ("ref", "text"), ("cluster", "text"),
            ("submission", "text"), ("position", "text"), ("known_from", "instant"),
        ),
        _subjects,
    ),
    ParquetTable("identifiers", (*SUBJECT_COLUMNS, ("scheme", "text"), ("value", "text")), _identifiers),
    ParquetTable(
        "titles", (*SUBJECT_COLUMNS, ("title", "text"), ("kind", "text"), ("folded", "text")), _titles
    ),
    ParquetTable(
        "claims",
        (
            *SUBJECT_COLUMNS, ("party_name", "text"), ("party_given_name", "text"), ("ipi_name", "text"),
            ("ipi_base", "text"), ("isni", "text"), ("ipn", "text"), ("dpid", "text"), ("role", "text"),
            ("right", "text"), ("basis", "text"), ("share", "percent"), ("territories", "text"),
            ("uses", "text"), ("valid_from", "iso_date"), ("valid_to", "iso_date"), ("society", "text"),
            ("controlled", "flag"), ("chain", "number"), ("position", "text"),
        ),
        _claims,
    ),
    ParquetTable(
        "works_named",
        (*SUBJECT_COLUMNS, ("iswc", "text"), ("ref", "text"), ("title", "text"), ("weight", "weight")),
        _works_named,
    ),
    ParquetTable(
        "judgements",
        (
            ("left", "text"), ("right", "text"), ("kind", "text"), ("verdict", "text"), ("score", "number"),
            ("evidence", "text"), ("author", "text"), ("reason", "text"), ("known_from", "instant"),
        ),
        _judgements,
    ),
    ParquetTable(
        "mandates",
        (
            *SUBJECT_COLUMNS, ("mandate_ref", "text"), ("grantor_type", "text"), ("grantor_id", "text"),
            ("grantor_name", "text"), ("holder", "text"), ("rights", "text"), ("uses", "text"),
            ("territories", "text"), ("works", "text"), ("valid_from", "date"), ("valid_to", "date"),
            ("exclusive", "flag"), ("basis", "text"), ("evidence", "text"),
        ),
        _mandates,
    ),
)  # fmt: skip
"""In the order in which they are written. Withdrawals, which need their acts read, are no statement alone."""
