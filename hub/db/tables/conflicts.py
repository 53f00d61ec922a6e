"""Conflicts: what was found, what was done about each, and what settlements decided."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Column, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from hub.db.tables.columns import LONG, core, day, identity, instant, words


class Conflict(SQLModel, table=True):
    """Two or more statements that cannot all hold; ``public_id`` is a hash of the kind and the sides.

    ``found_at`` is when the hub first saw it.
    """

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("public_id"),)
    id: int = identity()
    public_id: str = words()
    kind: str = words()
    found_at: int = instant()


class ConflictVersion(SQLModel, table=True):
    """What a conflict comes to as long as nothing changes; it is there while one version is known.

    Months count from year 0; ``month_to`` is exclusive. ``content`` is canonical JSON: the sides with their
    statements and sources. ``societies`` are those with a side, ``|`` before, between and after.
    """

    __tablename__ = "conflict_version"
    __table_args__ = (Index("ix_conflict_version_conflict_id", "conflict_id"),)
    id: int = identity()
    conflict_id: int = Field(sa_column=Column(LONG, nullable=False))
    rights: str = words()
    uses: str = words()
    territories: str = words()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    countries: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    month_from: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    month_to: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    works: int = Field(default=0, sa_column=Column(Integer, nullable=False))
    societies: str = words()
    content: str = words()
    known_from: int = instant()
    known_to: int = instant()


class ConflictScope(SQLModel, table=True):
    """What a conflict hangs on: when one of these changes, it is looked at again."""

    __tablename__ = "conflict_scope"
    __table_args__ = (Index("ix_conflict_scope_scope", "scope"),)
    conflict_id: int = Field(sa_column=Column(LONG, primary_key=True, autoincrement=False))
    scope: str = Field(sa_column=Column(Text, primary_key=True))


class ConflictEvent(SQLModel, table=True):
    """One act about a conflict, by people or by the register itself; only ever added.

    A settlement may name the ``winner`` (the key of a side) and the days it is for; others carry
    ``FOREVER``.
    """

    __tablename__ = "conflict_event"
    __table_args__ = (Index("ix_conflict_event_conflict_id", "conflict_id"),)
    id: int = identity()
    conflict_id: int = Field(sa_column=Column(LONG, nullable=False))
    action: str = words()
    role: str = words()
    author: str = words()
    reason: str = words()
    evidence: str = words()
    winner: str = words()
    done_on: dt.date = day()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    known_from: int = instant()
    known_to: int = instant()


class Settlement(SQLModel, table=True):
    """What a settlement means for answers: where both count, the ``loser`` stands back for the ``winner``.

    Both are keys of subjects: mandates, or source works and recordings for a ``right``. Undoing closes the
    known period.
    """

    __tablename__ = "settlement"
    __table_args__ = (
        Index("ix_settlement_loser", "loser"),
        Index("ix_settlement_conflict_id", "conflict_id"),
    )
    id: int = identity()
    conflict_id: int = Field(sa_column=Column(LONG, nullable=False))
    loser: int = Field(sa_column=Column(LONG, nullable=False))
    winner: int = Field(sa_column=Column(LONG, nullable=False))
    right: str = words()
    valid_from: dt.date = day()
    valid_to: dt.date = day()
    known_from: int = instant()
    known_to: int = instant()


CONFLICT = core(Conflict)
CONFLICT_VERSION = core(ConflictVersion)
CONFLICT_SCOPE = core(ConflictScope)
CONFLICT_EVENT = core(ConflictEvent)
SETTLEMENT = core(Settlement)
