"""Jobs that run after a call has been answered, and the keys by which callers repeat a call safely."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import core, identity, instant, words


class Job(SQLModel, table=True):
    """One piece of work for a society; ``payload``, ``progress`` and ``result`` are JSON texts.

    Whoever works on it holds it until ``lease_until``; instants are 0 where nothing happened yet.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("public_id"),
        Index("ix_job_state_id", "state", "id"),
        Index("ix_job_society_id", "society", "id"),
        Index("ix_job_subject", "subject"),
    )
    id: int = identity()
    public_id: str = words()
    kind: str = words()
    society: str = words()
    subject: str = words()
    payload: str = words()
    state: str = words()
    progress: str = words()
    result: str = words()
    error: str = words()
    attempts: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    worker: str = words()
    lease_until: int = instant()
    created_at: int = instant()
    started_at: int = instant()
    finished_at: int = instant()


class RequestKey(SQLModel, table=True):
    """A key that a society sent with a call, the fingerprint of that call, and what it made."""

    __tablename__ = "request_key"
    society: str = Field(sa_column=Column(Text, primary_key=True))
    key: str = Field(sa_column=Column(Text, primary_key=True))
    fingerprint: str = words()
    answer: str = words()
    created_at: int = instant()


JOB = core(Job)
REQUEST_KEY = core(RequestKey)
