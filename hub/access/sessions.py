"""Sessions: a person signs in with name and password, or with an API key, and acts with the scopes of it.

A session ends when the person signs out (here or everywhere), after twelve hours, or at once when its key is
revoked or expires, or its user is disabled or gets another password or role.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from hub.access import guessing, passwords
from hub.access.keys import authenticate
from hub.access.permissions import Caller
from hub.access.users import end_sessions, folded
from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.tables import API_KEY, USER_ACCOUNT, WEB_SESSION
from hub.errors import NotAllowed, NotAuthenticated

LIFETIME = 12 * 3_600_000_000
"""Microseconds."""

KEPT = 30 * 86_400_000_000
"""Microseconds for which ended sessions are kept."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in; ``token`` stands in every form, so that no other site can send one.

    ``user`` is the person's name, empty for a session that was begun with a key; with ``must_change`` the
    person may do nothing before choosing a password.
    """

    caller: Caller
    token: str
    user: str = ""
    must_change: bool = False

    def check(self, token: str) -> None:
        """Refuse a form that this session did not show.

        Raises:
            NotAllowed: the token is another one.
        """
        if not hmac.compare_digest(self.token.encode(), token.encode()):
            raise NotAllowed("this form is not from your session; go back, reload the page and send it again")


def sign_in(hub: Hub, secret: str, *, instead_of: str = "") -> str:
    """Begin a session for an API key; returns what the browser's cookie holds.

    ``instead_of`` is the cookie that the browser had before: its session ends, and nobody can plant one.

    Raises:
        NotAuthenticated: the key is unknown, expired or revoked.
    """
    caller = authenticate(hub, secret.strip())
    with writing(hub.engine) as connection:
        return _begin(connection, caller, instead_of, key=caller.key)


def sign_in_user(hub: Hub, name: str, password: str, *, address: str = "", instead_of: str = "") -> str:
    """Begin a session for a person; returns what the browser's cookie holds.

    Raises:
        TooManyAttempts: the name or the address has failed too often and must wait.
        NotAuthenticated: no such user, a wrong password, or a disabled user; the three are not told apart.
    """
    chosen = folded(name)
    guessing.admit(hub, chosen, address)
    with reading(hub.engine) as connection:
        row = connection.execute(select(USER_ACCOUNT).where(USER_ACCOUNT.c.name == chosen)).first()
    right = passwords.matches(row.password if row is not None else "", password)
    if row is None or not right or row.disabled_at:
        raise NotAuthenticated("the name or the password is wrong")
    caller = Caller(row.society, frozenset(row.scopes.split()), row.public_id, row.role)
    renewed = {"password": passwords.kept(password)} if passwords.outdated(row.password) else {}
    with writing(hub.engine) as connection:
        values = {"last_used_at": _now(), **renewed}
        # A password that was changed meanwhile stays changed.
        same = (USER_ACCOUNT.c.id == row.id, USER_ACCOUNT.c.password == row.password)
        if not connection.execute(update(USER_ACCOUNT).where(*same).values(**values)).rowcount:
            raise NotAuthenticated("the name or the password is wrong")
        cookie = _begin(connection, caller, instead_of, user=row.id)
    guessing.forgive(hub, chosen, address)
    return cookie


def sign_in_known(hub: Hub, user: int, *, instead_of: str = "") -> str:
    """Begin a session for a user whom a provider has vouched for; returns what the browser's cookie holds.

    Raises:
        NotAuthenticated: the user is disabled, or there is none any more.
    """
    mine = (USER_ACCOUNT.c.id == user, USER_ACCOUNT.c.disabled_at == 0)
    with writing(hub.engine) as connection:
        row = connection.execute(select(USER_ACCOUNT).where(*mine)).first()
        if row is None:
            raise NotAuthenticated("you are not signed in, or your session has ended")
        connection.execute(update(USER_ACCOUNT).where(*mine).values(last_used_at=_now()))
        caller = Caller(row.society, frozenset(row.scopes.split()), row.public_id, row.role)
        return _begin(connection, caller, instead_of, user=row.id)


def _begin(connection: Connection, caller: Caller, instead_of: str, *, key: str = "", user: int = 0) -> str:
    cookie = secrets.token_urlsafe(32)
    now = _now()
    connection.execute(delete(WEB_SESSION).where(WEB_SESSION.c.expires_at < now - KEPT))
    _end(connection, instead_of)
    connection.execute(
        insert(WEB_SESSION).values(
            id=take(connection, "web_session", 1), digest=_digest(cookie), key_prefix=key, user_id=user,
            token=secrets.token_urlsafe(24), created_at=now, expires_at=now + LIFETIME, ended_at=0,
        )
    )  # fmt: skip
    record(connection, tick(connection), "signed_in", caller.society, caller.key, {})
    return cookie


def resume(hub: Hub, cookie: str) -> Session:
    """The session of a cookie.

    Raises:
        NotAuthenticated: there is none, or it, its key or its user has ended.
    """
    now = _now()
    by_key = and_(API_KEY.c.revoked_at == 0, API_KEY.c.expires_at > now)
    by_its_key = and_(WEB_SESSION.c.user_id == 0, API_KEY.c.prefix == WEB_SESSION.c.key_prefix)
    query = (
        select(
            WEB_SESSION.c.token, WEB_SESSION.c.user_id, USER_ACCOUNT.c.name, USER_ACCOUNT.c.must_change,
            *(
                func.coalesce(USER_ACCOUNT.c[name], API_KEY.c[name]).label(name)
                for name in ("society", "role", "scopes")
            ),
            func.coalesce(USER_ACCOUNT.c.public_id, API_KEY.c.prefix).label("who"),
        )
        .join(API_KEY, by_its_key, isouter=True)
        .join(USER_ACCOUNT, USER_ACCOUNT.c.id == WEB_SESSION.c.user_id, isouter=True)
        .where(
            WEB_SESSION.c.digest == _digest(cookie), WEB_SESSION.c.ended_at == 0,
            WEB_SESSION.c.expires_at > now, or_(by_key, USER_ACCOUNT.c.disabled_at == 0),
        )
    )  # fmt: skip
    with reading(hub.engine) as connection:
        row = connection.execute(query).first()
    if row is None:
        raise NotAuthenticated("you are not signed in, or your session has ended")
    caller = Caller(row.society, frozenset(row.scopes.split()), row.who, row.role)
    return Session(caller, row.token, row.name or "", bool(row.must_change))


def sign_out(hub: Hub, cookie: str) -> None:
    """End a session; one that has ended already stays so."""
    with writing(hub.engine) as connection:
        _end(connection, cookie)


def sign_out_everywhere(hub: Hub, session: Session) -> int:
    """End every session of the same person, or of the same key; returns how many there were."""
    with writing(hub.engine) as connection:
        record(
            connection,
            tick(connection),
            "signed_out_everywhere",
            session.caller.society,
            session.caller.key,
            {},
        )
        if session.user:
            mine = select(USER_ACCOUNT.c.id).where(USER_ACCOUNT.c.public_id == session.caller.key)
            return end_sessions(connection, int(connection.execute(mine).scalar_one()))
        same = (WEB_SESSION.c.key_prefix == session.caller.key, WEB_SESSION.c.ended_at == 0)
        return connection.execute(update(WEB_SESSION).where(*same).values(ended_at=_now())).rowcount


def _end(connection: Connection, cookie: str) -> None:
    if cookie:
        mine = (WEB_SESSION.c.digest == _digest(cookie), WEB_SESSION.c.ended_at == 0)
        connection.execute(update(WEB_SESSION).where(*mine).values(ended_at=_now()))


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()


def _now() -> int:
    return time.time_ns() // 1000
