"""Mandates and their withdrawals."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, day, identity, instant, words

OF_OTHERS = "grantor_type <> 'party'"
"""The condition of an index over what societies and statutes granted; statements say the same words."""


class MandateRow(SQLModel, table=True):
    """The columns of a mandate that questions are asked by; lists are kept as sent, ``|`` between."""

    __tablename__ = "mandate"
    __table_args__ = (
        Index("ix_mandate_grantor_id", "grantor_id"),
        Index("ix_mandate_subject_id", "subject_id"),
        Index("ix_mandate_holder", "holder"),
        Index(
            "ix_mandate_listing_works",
            "subject_id",
            sqlite_where=text("works <> ''"),
            postgresql_where=text("works <> ''"),
        ),
        Index(
            "ix_mandate_of_others",
            "declaration_id",
            sqlite_where=text(OF_OTHERS),
            postgresql_where=text(OF_OTHERS),
        ),
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
    """A notice that ends a mandate, wholly or narrowed by rights, uses, territories or works.

    Its terms as first written. Whether it counts, and from which day, say its events: a row may be a draft
    or cancelled, and a draft's ``effective`` is ``FOREVER`` until a filing says the day.
    """

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


class WithdrawalEvent(SQLModel, table=True):
    """One act about a withdrawal, or a step of the clock that was logged; only ever added.

    ``done_on`` is its day. The further days are those of a draft or a filing and ``FOREVER`` elsewhere;
    ``seal`` and ``salt`` belong to acts that the log keeps sealed.
    """

    __tablename__ = "withdrawal_event"
    __table_args__ = (Index("ix_withdrawal_event_withdrawal_id", "withdrawal_id"),)
    id: int = identity()
    withdrawal_id: int = Field(sa_column=Column(LONG, nullable=False))
    action: str = words()
    role: str = words()
    author: str = words()
    reason: str = words()
    evidence: str = words()
    done_on: dt.date = day()
    notice: dt.date = day()
    effective: dt.date = day()
    earliest: dt.date = day()
    deadline: dt.date = day()
    rule: str = words()
    seal: str = words()
    salt: str = words()
    known_from: int = instant()
    known_to: int = instant()


MANDATE = core(MandateRow)
WITHDRAWAL = core(Withdrawal)
WITHDRAWAL_EVENT = core(WithdrawalEvent)
