"""Sessions of people at the pages: made from an API key, and ended with it."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import SQLModel

from hub.db.tables.columns import core, identity, instant, words


class WebSession(SQLModel, table=True):
    """A signed-in browser: only the SHA-256 of its token is kept; ``ended_at`` is 0 until it signs out."""

    __tablename__ = "web_session"
    __table_args__ = (UniqueConstraint("digest"),)
    id: int = identity()
    digest: str = words()
    key_prefix: str = words()
    token: str = words()
    created_at: int = instant()
    expires_at: int = instant()
    ended_at: int = instant()


WEB_SESSION = core(WebSession)
