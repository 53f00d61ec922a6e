"""The tables. Known time lives on statements (``declaration`` and its like); their detail rows inherit it.

Nothing here is a wire format: these classes never appear in an API signature, because a SQLModel table
does not validate what it is given.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
metadata = SQLModel.metadata

LONG = BigInteger().with_variant(Integer, "sqlite")


def identity() -> Any:
    """A 64-bit primary key that callers assign in blocks."""
    return Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))


def words(**options: Any) -> Any:
    """A text column that is never NULL."""
    return Field(default="", sa_column=Column(Text, nullable=False, **options))


def instant() -> Any:
    """An instant of known time in microseconds."""
    return Field(sa_column=Column(BigInteger, nullable=False))


def day() -> Any:
    """A date of valid time."""
    return Field(sa_column=Column(Date, nullable=False))


class Counter(SQLModel, table=True):
    """Named counters: the next free key of a table, and the last instant of known time given out."""

    __tablename__ = "counter"
    name: str = Field(sa_column=Column(Text, primary_key=True))
    value: int = Field(sa_column=Column(BigInteger, nullable=False))


class Society(SQLModel, table=True):
    """One version of a society's entry in the register."""

    __tablename__ = "society"
    __table_args__ = (Index("ix_society_code", "code"),)
    id: int = identity()
    code: str = words()
    name: str = words()
    country: str = words()
    kind: str = words()
    known_from: int = instant()
    known_to: int = instant()


class Accreditation(SQLModel, table=True):
    """A state's licence to a society for a right in a territory and period (``right`` may be ``*``)."""

    __tablename__ = "accreditation"
    __table_args__ = (Index("ix_accreditation_society", "society"),)
    id: int = identity()
    society: str = words()
    territory: str = words()
    right: str = words()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    known_from: int = instant()
    known_to: int = instant()


class Submission(SQLModel, table=True):
    """One file or call of one submitter; its bytes lie in the store under ``sha256``.

    ``status`` is ``staging`` until the visible switch, then one of the contract's statuses.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("sha256", "submitter", "attempt"),
        UniqueConstraint("public_id"),
        Index("ix_submission_submitter", "submitter"),
    )
    id: int = identity()
    public_id: str = words()
    sha256: str = words()
    submitter: str = words()
    attempt: int = Field(sa_column=Column(Integer, nullable=False))
    filename: str = words()
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    format: str = words()
    version: str = words()
    sender: str = words()
    status: str = words()
    read: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    stored: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    rejected: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    unchanged: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    by_kind: str = words()
    errors: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    warnings: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    consumed: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    received_at: int = instant()
    known_at: int = instant()
    linked_at: int = instant()


class FindingRow(SQLModel, table=True):
    """A finding of a submission, in file order."""

    __tablename__ = "finding"
    submission_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    ordinal: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    code: str = words()
    severity: str = words()
    position: str = words()
    record: str = words()
    field: str = words()
    value: str = words()
    detail: str = words()


class Subject(SQLModel, table=True):
    """A source subject: what one submitter calls by one reference. Never merged away."""

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("kind", "submitter", "ref"), UniqueConstraint("public_id"))
    id: int = identity()
    public_id: str = words()
    kind: str = words()
    submitter: str = words()
    ref: str = words()


class DeclarationRow(SQLModel, table=True):
    """One version of one statement; ``payload`` is the whole content as canonical JSON."""

    __tablename__ = "declaration"
    __table_args__ = (
        Index("ix_declaration_subject_id_known_to", "subject_id", "known_to"),
        Index("ix_declaration_submission_id_subject_id", "submission_id", "subject_id"),
    )
    id: int = identity()
    submission_id: int = Field(sa_column=Column(LONG, nullable=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    kind: str = words()
    position: str = words()
    digest: str = words()
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    known_from: int = instant()
    known_to: int = instant()


class Identifier(SQLModel, table=True):
    """An identifier that a declaration gives its subject (``iswc``, ``isrc``, ``code``)."""

    __tablename__ = "identifier"
    __table_args__ = (Index("ix_identifier_scheme_value", "scheme", "value"),)
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    scheme: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))


class Party(SQLModel, table=True):
    """A party exactly as some declaration names it; equal mentions share a row."""

    __tablename__ = "party"
    __table_args__ = (
        UniqueConstraint("digest"),
        Index("ix_party_ipi_name", "ipi_name"),
        Index("ix_party_ipi_base", "ipi_base"),
        Index("ix_party_folded", "folded"),
    )
    id: int = identity()
    digest: str = words()
    name: str = words()
    given: str = words()
    folded: str = words()
    ipi_name: str = words()
    ipi_base: str = words()
    isni: str = words()
    ipn: str = words()


class ClaimRow(SQLModel, table=True):
    """A share of one right stated for one party: ``basis`` O (ownership) or C (collection)."""

    __tablename__ = "claim"
    __table_args__ = (
        Index("ix_claim_declaration_id", "declaration_id"),
        Index("ix_claim_party_id", "party_id"),
    )
    id: int = identity()
    declaration_id: int = Field(sa_column=Column(LONG, nullable=False))
    party_id: int = Field(sa_column=Column(LONG, nullable=False))
    right: str = words()
    basis: str = words()
    share: int = Field(sa_column=Column(BigInteger, nullable=False))
    territories: str = words()
    role: str = words()
    society: str = words()
    controlled: bool = False
    chain: int = 0
    position: str = words()


class TitleRow(SQLModel, table=True):
    """A title of a declaration with its folded form, for search."""

    __tablename__ = "title"
    __table_args__ = (Index("ix_title_folded", "folded"), Index("ix_title_declaration_id", "declaration_id"))
    id: int = identity()
    declaration_id: int = Field(sa_column=Column(LONG, nullable=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    text: str = words()
    kind: str = words()
    folded: str = words()


class MatchKey(SQLModel, table=True):
    """A blocking key of a declaration: a new record meets only what shares one."""

    __tablename__ = "match_key"
    __table_args__ = (Index("ix_match_key_key", "key"),)
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))


class WorkReferenceRow(SQLModel, table=True):
    """A work that a recording's declaration says it embodies; ``weight`` 0 when none is stated."""

    __tablename__ = "work_reference"
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    ordinal: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    iswc: str = words()
    ref: str = words()
    title: str = words()
    weight: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))


class Judgement(SQLModel, table=True):
    """Whether two subjects are the same (or a recording embodies a work), with the evidence."""

    __tablename__ = "judgement"
    __table_args__ = (
        Index("ix_judgement_left_id", "left_id"),
        Index("ix_judgement_right_id", "right_id"),
        Index("ix_judgement_kind_verdict", "kind", "verdict"),
    )
    id: int = identity()
    kind: str = words()
    left_id: int = Field(sa_column=Column(LONG, nullable=False))
    right_id: int = Field(sa_column=Column(LONG, nullable=False))
    verdict: str = words()
    score: int = 0
    evidence: str = words()
    conflict: str = words()
    author: str = words()
    reason: str = words()
    known_from: int = instant()
    known_to: int = instant()


class ClusterMember(SQLModel, table=True):
    """Which linked subject a source subject belongs to; the cluster is named by its smallest member."""

    __tablename__ = "cluster_member"
    __table_args__ = (
        Index("ix_cluster_member_subject_id", "subject_id"),
        Index("ix_cluster_member_cluster_id", "cluster_id"),
    )
    id: int = identity()
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    cluster_id: int = Field(sa_column=Column(LONG, nullable=False))
    known_from: int = instant()
    known_to: int = instant()


class MandateRow(SQLModel, table=True):
    """The columns of a mandate that questions are asked by; lists are kept as sent, ``|`` between."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index("ix_mandate_grantor_id", "grantor_id"),
        Index("ix_mandate_subject_id", "subject_id"),
        Index("ix_mandate_holder", "holder"),
    )
    declaration_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    grantor_type: str = words()
    grantor_id: str = words()
    grantor_name: str = words()
    holder: str = words()
    rights: str = words()
    uses: str = words()
    territories: str = words()
    works: str = words()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    exclusive: bool = True
    basis: str = words()
    evidence: str = words()


class Withdrawal(SQLModel, table=True):
    """A notice that ends a mandate, wholly or narrowed by rights, uses, territories or works."""

    __tablename__ = "withdrawal"
    __table_args__ = (Index("ix_withdrawal_mandate_id", "mandate_id"), UniqueConstraint("public_id"))
    id: int = identity()
    public_id: str = words()
    mandate_id: int = Field(sa_column=Column(LONG, nullable=False))
    notice: dt.date = day()
    effective: dt.date = day()
    rights: str = words()
    uses: str = words()
    territories: str = words()
    works: str = words()
    filed_by: str = words()
    evidence: str = words()
    known_from: int = instant()
    known_to: int = instant()


class Event(SQLModel, table=True):
    """The append-only log; each entry carries the hash of the one before."""

    __tablename__ = "event"
    id: int = identity()
    at: int = instant()
    kind: str = words()
    actor: str = words()
    subject: str = words()
    body: str = words()
    previous: str = words()
    hash: str = words()


class ApiKey(SQLModel, table=True):
    """A machine's key: only its SHA-256 is kept; instants are 0 where nothing happened yet."""

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("digest"), UniqueConstraint("prefix"))
    id: int = identity()
    prefix: str = words()
    digest: str = words()
    society: str = words()
    scopes: str = words()
    label: str = words()
    created_at: int = instant()
    expires_at: int = instant()
    revoked_at: int = instant()
    last_used_at: int = instant()


def _core(model: type[SQLModel]) -> Table:
    """The table behind a model: statements use it, because bulk paths do not pass through objects."""
    return model.__table__  # type: ignore[attr-defined,no-any-return]


COUNTER = _core(Counter)
SOCIETY = _core(Society)
ACCREDITATION = _core(Accreditation)
SUBMISSION = _core(Submission)
FINDING = _core(FindingRow)
SUBJECT = _core(Subject)
DECLARATION = _core(DeclarationRow)
IDENTIFIER = _core(Identifier)
PARTY = _core(Party)
CLAIM = _core(ClaimRow)
TITLE = _core(TitleRow)
MATCH_KEY = _core(MatchKey)
WORK_REFERENCE = _core(WorkReferenceRow)
JUDGEMENT = _core(Judgement)
CLUSTER_MEMBER = _core(ClusterMember)
MANDATE = _core(MandateRow)
WITHDRAWAL = _core(Withdrawal)
EVENT = _core(Event)
API_KEY = _core(ApiKey)
