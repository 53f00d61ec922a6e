"""People at the pages: their names and passwords, their sessions, and failures to sign in."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from hub.db.tables.columns import core, identity, instant, words


class UserAccount(SQLModel, table=True):
    """A person; instants are 0 where nothing happened yet, ``must_change`` is 1 for a password that the
    operator gave out. The log names people by ``public_id`` only: names can be erased, its entries cannot."""

    __tablename__ = "user_account"
    __table_args__ = (UniqueConstraint("name"), UniqueConstraint("public_id"))
    id: int = identity()
    public_id: str = words()
    name: str = words()
    society: str = words()
    role: str = words()
    scopes: str = words()
    password: str = words()
    must_change: int = instant()
    created_at: int = instant()
    changed_at: int = instant()
    disabled_at: int = instant()
    last_used_at: int = instant()


class WebSession(SQLModel, table=True):
    """A signed-in browser: only the SHA-256 of its token is kept; ``ended_at`` is 0 until it signs out.

    It belongs to a key (``key_prefix``) or to a user (``user_id``, else 0) and ends with it.
    """

    __tablename__ = "web_session"
    __table_args__ = (UniqueConstraint("digest"),)
    id: int = identity()
    digest: str = words()
    key_prefix: str = words()
    token: str = words()
    created_at: int = instant()
    expires_at: int = instant()
    ended_at: int = instant()
    user_id: int = instant()


class SignInAttempt(SQLModel, table=True):
    """Failures to sign in of a name or an address, which stand here as SHA-256 only."""

    __tablename__ = "sign_in_attempt"
    subject: str = words(primary_key=True)
    failures: int = instant()
    last_at: int = instant()
    locked_until: int = instant()


class UserIdentity(SQLModel, table=True):
    """Under which name (``subject``) an OpenID Connect provider (``issuer``) knows a user."""

    __tablename__ = "user_identity"
    __table_args__ = (Index("ix_user_identity_user_id", "user_id"),)
    issuer: str = words(primary_key=True)
    subject: str = words(primary_key=True)
    user_id: int = instant()
    created_at: int = instant()


class AskedSignIn(SQLModel, table=True):
    """A browser that was sent to the provider, until it comes back: what its answer must fit.

    ``digest`` is the SHA-256 of the state that the browser carries.
    """

    __tablename__ = "asked_sign_in"
    __table_args__ = (Index("ix_asked_sign_in_created_at", "created_at"),)
    digest: str = words(primary_key=True)
    nonce: str = words()
    verifier: str = words()
    back: str = words()
    created_at: int = instant()


USER_ACCOUNT = core(UserAccount)
WEB_SESSION = core(WebSession)
SIGN_IN_ATTEMPT = core(SignInAttempt)
USER_IDENTITY = core(UserIdentity)
ASKED_SIGN_IN = core(AskedSignIn)
