"""Decisions of people about subjects: that works and recordings are in the public domain."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, day, identity, instant, words


class PublicDomain(SQLModel, table=True):
    """A dated decision that a subject is in the public domain, for rights and territories, from a day on.

    ``subject_id`` is one member of the linked subject; taking the decision back closes the known period.
    """

    __tablename__ = "public_domain"
    __table_args__ = (Index("ix_public_domain_subject_id", "subject_id"), UniqueConstraint("public_id"))
    id: int = identity()
    public_id: str = words()
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    rights: str = words()
    territories: str = words()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    author: str = words()
    reason: str = words()
    evidence: str = words()
    known_from: int = instant()
    known_to: int = instant()


PUBLIC_DOMAIN = core(PublicDomain)
