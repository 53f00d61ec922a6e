"""Users whom an OpenID Connect provider knows: who they are here, and their way to it and back.

A person is the user that is linked to the provider's ``sub``. Where the operator named a claim that holds
users' names (``HUB_OIDC_NAME_CLAIM``), a user of that name is linked at the first visit; where it named a
society for new users (``HUB_OIDC_NEW_USERS``), who has no user gets one that may read. Nobody else gets in.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from hub import registers
from hub.access.permissions import SOCIETY
from hub.access.provider import Provider, SignInFailed
from hub.access.users import NAME, add, end_sessions, find, folded
from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import tick
from hub.db.engine import reading, writing
from hub.db.tables import ASKED_SIGN_IN, USER_ACCOUNT, USER_IDENTITY
from hub.errors import TooManyAttempts, UsageError

WAITS = 600 * 1_000_000
"""Microseconds within which a browser must come back from the provider."""

MOST_WAITING = 10_000
"""Browsers that may be on their way at once: beginning to sign in needs no name, so it is bounded."""

NEW_SCOPES = ("read",)


@dataclass(frozen=True, slots=True)
class Way:
    """A browser on its way: what the provider's answer must fit, and where it wanted to go."""

    state: str
    nonce: str
    verifier: str
    back: str


def begin(hub: Hub, back: str) -> Way:
    """Remember that a browser is sent to the provider.

    Raises:
        TooManyAttempts: too many are on their way.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    way = Way(state, nonce, verifier, back)
    now = _now()
    with writing(hub.engine) as connection:
        connection.execute(delete(ASKED_SIGN_IN).where(ASKED_SIGN_IN.c.created_at < now - WAITS))
        waiting = connection.scalar(select(func.count()).select_from(ASKED_SIGN_IN)) or 0
        if waiting >= MOST_WAITING:
            raise TooManyAttempts("too many people are signing in", 60)
        connection.execute(
            insert(ASKED_SIGN_IN).values(
                digest=_digest(way.state), nonce=way.nonce, verifier=way.verifier, back=back, created_at=now
            )
        )
    return way


def come_back(hub: Hub, state: str, carried: str) -> Way:
    """What was remembered under a state; it can be taken once, by the browser that carries it.

    Raises:
        SignInFailed: it is another browser's, was used already, or is too old.
    """
    unknown = SignInFailed("this sign-in was not begun in this browser, is used up or too old; begin again")
    if not state or not secrets.compare_digest(state.encode(), carried.encode()):
        raise unknown
    mine = ASKED_SIGN_IN.c.digest == _digest(state)
    with writing(hub.engine) as connection:
        row = connection.execute(select(ASKED_SIGN_IN).where(mine)).first()
        taken = connection.execute(delete(ASKED_SIGN_IN).where(mine)).rowcount
    if row is None or not taken or row.created_at < _now() - WAITS:
        raise unknown
    return Way(state, row.nonce, row.verifier, row.back)


def user_of(hub: Hub, provider: Provider, claims: Mapping[str, Any]) -> int:
    """The key of the user that somebody's claims belong to; links or adds one where the settings say so.

    Raises:
        SignInFailed: there is none, or it is disabled.
    """
    subject = str(claims["sub"])
    found = _linked(hub, provider.issuer, subject)
    if found is None:
        found = _by_name(hub, provider, subject, claims)
    if found is None or found.disabled_at:
        raise SignInFailed(
            f"the identity provider knows you as {subject!r}, this hub does not; ask its operator to link you"
        )
    return int(found.id)


def _by_name(hub: Hub, provider: Provider, subject: str, claims: Mapping[str, Any]) -> Any:
    settings = hub.settings
    name = _name(claims, settings.oidc_name_claim) if settings.oidc_name_claim else ""
    if not name:
        return None
    with reading(hub.engine) as connection:
        known = connection.execute(select(USER_ACCOUNT).where(USER_ACCOUNT.c.name == name)).first()
        mine = (
            USER_IDENTITY.c.user_id == (known.id if known else 0),
            USER_IDENTITY.c.issuer == provider.issuer,
        )
        if connection.scalar(select(USER_IDENTITY.c.user_id).where(*mine)) is not None:
            # Whoever is given the name of somebody who left must not become that person.
            return None
    if known is None and settings.oidc_new_users:
        try:
            add(
                hub, name, settings.oidc_new_users, role=SOCIETY, scopes=NEW_SCOPES,
                password=secrets.token_urlsafe(24),
            )  # fmt: skip
        except UsageError as fault:
            raise SignInFailed(fault.detail) from fault
    elif known is None:
        return None
    link(hub, name, provider.issuer, subject)
    return _linked(hub, provider.issuer, subject)


def _name(claims: Mapping[str, Any], claim: str) -> str:
    """The user's name in a claim; an address of mail only if the provider has verified it."""
    told = claims.get(claim)
    if not isinstance(told, str) or (claim == "email" and claims.get("email_verified") is not True):
        return ""
    return folded(told) if NAME.fullmatch(folded(told)) else ""


def _linked(hub: Hub, issuer: str, subject: str) -> Any:
    query = select(USER_ACCOUNT).join(USER_IDENTITY, USER_IDENTITY.c.user_id == USER_ACCOUNT.c.id)
    mine = (USER_IDENTITY.c.issuer == issuer, USER_IDENTITY.c.subject == subject)
    with reading(hub.engine) as connection:
        return connection.execute(query.where(*mine)).first()


def link(hub: Hub, name: str, issuer: str, subject: str) -> dict[str, str]:
    """Let the provider speak for a user under one name of its own; an earlier one of the user is replaced.

    A password that was given out and never changed is taken away: the person did not come by it.

    Raises:
        NotFound: there is no such user.
        UsageError: the name at the provider belongs to another user.
    """
    with writing(hub.engine) as connection:
        row = find(connection, name)
        mine = (USER_IDENTITY.c.issuer == issuer, USER_IDENTITY.c.subject == subject)
        other = connection.scalar(select(USER_IDENTITY.c.user_id).where(*mine))
        if other not in (None, row.id):
            raise UsageError(f"{subject!r} is linked to another user; unlink that one first")
        _forget(connection, row.id, issuer)
        values = {"issuer": issuer, "subject": subject, "user_id": row.id, "created_at": _now()}
        connection.execute(insert(USER_IDENTITY).values(**values))
        if row.must_change:
            unused = {"password": "", "must_change": 0}
            connection.execute(update(USER_ACCOUNT).where(USER_ACCOUNT.c.id == row.id).values(**unused))
        record(
            connection, tick(connection), "user_linked", registers.OPERATOR, row.public_id, {"issuer": issuer}
        )
    return {"user": row.name, "issuer": issuer, "subject": subject}


def unlink(hub: Hub, name: str, issuer: str) -> int:
    """Let the provider no longer speak for a user, whose sessions end; returns how many links there were.

    Raises:
        NotFound: there is no such user.
    """
    with writing(hub.engine) as connection:
        row = find(connection, name)
        gone = _forget(connection, row.id, issuer)
        if gone:
            end_sessions(connection, row.id)
            record(
                connection, tick(connection), "user_unlinked", registers.OPERATOR, row.public_id,
                {"issuer": issuer},
            )  # fmt: skip
        return gone


def _forget(connection: Connection, user: int, issuer: str) -> int:
    mine = (USER_IDENTITY.c.user_id == user, USER_IDENTITY.c.issuer == issuer)
    return connection.execute(delete(USER_IDENTITY).where(*mine)).rowcount


def _digest(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def _now() -> int:
    return time.time_ns() // 1000
