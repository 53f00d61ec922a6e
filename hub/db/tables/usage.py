"""What usage reports stated of money, kept for weighing what people are asked."""

from __future__ import annotations

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, identity, instant, words


class UsageSum(SQLModel, table=True):
    """The money of a report's lines that asked for one right of one subject, in one currency.

    ``society`` handed the ``report`` (its SHA-256) in; ``subject_id`` is the first member of the linked
    subject that its answers were about. ``units`` are a whole number of ten to the power of minus
    ``hub.usage.totals.DECIMALS``, as text, for it may be longer than an integer of the database.
    """

    __tablename__ = "usage_sum"
    __table_args__ = (
        Index("ix_usage_sum_subject_id", "subject_id"),
        Index("ix_usage_sum_report_society", "report", "society"),
    )
    id: int = identity()
    society: str = words()
    report: str = words()
    subject_id: int = Field(sa_column=Column(LONG, nullable=False))
    right: str = words()
    currency: str = words()
    units: str = words()
    known_from: int = instant()
    known_to: int = instant()


USAGE_SUM = core(UsageSum)
