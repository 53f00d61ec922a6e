"""Submissions with their findings, and the declarations they made of their subjects."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, identity, instant, words


class Submission(SQLModel, table=True):
    """One file or call of one submitter; its bytes lie in the store under ``sha256``.

    ``status`` is ``staging`` until the visible switch, then one of the contract's statuses.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("sha256", "submitter", "attempt"),
        UniqueConstraint("public_id"),
        Index("ix_submission_submitter", "submitter"),
        Index("ix_submission_message_id", "message_id"),
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
    message_id: str = words(server_default="")
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


class BatchedMessage(SQLModel, table=True):
    """A message of a batch that was taken: where it lies in it, and by which number it may be recalled."""

    __tablename__ = "batched_message"
    __table_args__ = (Index("ix_batched_message_message_id", "message_id"),)
    submission_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    path: str = Field(sa_column=Column(Text, primary_key=True))
    message_id: str = words()


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


SUBMISSION = core(Submission)
FINDING = core(FindingRow)
BATCHED_MESSAGE = core(BatchedMessage)
SUBJECT = core(Subject)
DECLARATION = core(DeclarationRow)
