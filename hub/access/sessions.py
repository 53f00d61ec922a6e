"""Sessions: a person signs in with an API key of the society and acts with that key's scopes.

A session ends when the person signs out, after twelve hours, or at once when its key is revoked or expires.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from hub.access.keys import authenticate
from hub.access.permissions import Caller
from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.tables import API_KEY, WEB_SESSION
from hub.errors import NotAllowed, NotAuthenticated

LIFETIME = 12 * 3_600_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in; ``token`` stands in every form, so that no other site can send one."""

    caller: Caller
    token: str

    def check(self, token: str) -> None:
        """Refuse a form that this session did not show.

        Raises:
            NotAllowed: the token is another one.
        """
        if not hmac.compare_digest(self.token.encode(), token.encode()):
            raise NotAllowed("this form is not from your session; go back, reload the page and send it again")


def sign_in(hub: Hub, secret: str) -> str:
    """Begin a session for an API key; returns what the browser's cookie holds.

    Raises:
        NotAuthenticated: the key is unknown, expired or revoked.
    """
    caller = authenticate(hub, secret.strip())
    cookie = secrets.token_urlsafe(32)
    now = _now()
    with writing(hub.engine) as connection:
        connection.execute(
            insert(WEB_SESSION).values(
                id=take(connection, "web_session", 1), digest=_digest(cookie), key_prefix=caller.key,
                token=secrets.token_urlsafe(24), created_at=now, expires_at=now + LIFETIME, ended_at=0,
            )
        )  # fmt: skip
        record(connection, tick(connection), "signed_in", caller.society, caller.key, {})
    return cookie


def resume(hub: Hub, cookie: str) -> Session:
    """The session of a cookie.

    Raises:
        NotAuthenticated: there is none, or it or its key has ended.
    """
    now = _now()
    with reading(hub.engine) as connection:
        row = connection.execute(
            select(WEB_SESSION.c.token, API_KEY.c.society, API_KEY.c.scopes, API_KEY.c.prefix, API_KEY.c.role)
            .join(API_KEY, API_KEY.c.prefix == WEB_SESSION.c.key_prefix)
            .where(
                WEB_SESSION.c.digest == _digest(cookie), WEB_SESSION.c.ended_at == 0,
                WEB_SESSION.c.expires_at > now, API_KEY.c.revoked_at == 0, API_KEY.c.expires_at > now,
            )
        ).first()  # fmt: skip
    if row is None:
        raise NotAuthenticated("you are not signed in, or your session has ended")
    return Session(Caller(row.society, frozenset(row.scopes.split()), row.prefix, row.role), row.token)


def sign_out(hub: Hub, cookie: str) -> None:
    """End a session; one that has ended already stays so."""
    with writing(hub.engine) as connection:
        mine = (WEB_SESSION.c.digest == _digest(cookie), WEB_SESSION.c.ended_at == 0)
        connection.execute(update(WEB_SESSION).where(*mine).values(ended_at=_now()))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _now() -> int:
    return time.time_ns() // 1000
