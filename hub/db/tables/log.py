"""The append-only log, API keys, and refused attempts."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from hub.db.tables.columns import core, identity, instant, words


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
    role: str = words()
    scopes: str = words()
    label: str = words()
    created_at: int = instant()
    expires_at: int = instant()
    revoked_at: int = instant()
    last_used_at: int = instant()


class Denial(SQLModel, table=True):
    """A refused attempt; equal ones within a minute are one row, so that nobody can fill the disk."""

    __tablename__ = "denial"
    __table_args__ = (UniqueConstraint("minute", "who", "method", "route", "code"),)
    id: int = identity()
    minute: int = instant()
    who: str = words()
    society: str = words()
    role: str = words()
    method: str = words()
    route: str = words()
    code: str = words()
    attempts: int = instant()
    last_at: int = instant()


EVENT = core(Event)
API_KEY = core(ApiKey)
DENIAL = core(Denial)
