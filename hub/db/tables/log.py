"""The append-only log, and API keys."""

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
    scopes: str = words()
    label: str = words()
    created_at: int = instant()
    expires_at: int = instant()
    revoked_at: int = instant()
    last_used_at: int = instant()


EVENT = core(Event)
API_KEY = core(ApiKey)
