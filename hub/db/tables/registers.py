"""The register of societies, and the counters every writer takes keys and instants from."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import core, day, identity, instant, words


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


COUNTER = core(Counter)
SOCIETY = core(Society)
ACCREDITATION = core(Accreditation)
