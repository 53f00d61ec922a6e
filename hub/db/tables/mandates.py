"""Mandates and their withdrawals."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, day, identity, instant, words


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


MANDATE = core(MandateRow)
WITHDRAWAL = core(Withdrawal)
