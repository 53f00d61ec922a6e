"""API keys: shown once when made, kept only as their SHA-256, bound to one member, its role and some
scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub import registers
from hub.access.permissions import OPERATOR, SOCIETY, Caller, granted
from hub.audit.log import record
from hub.context import Hub
from hub.db import times
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.tables import API_KEY
from hub.db.times import OPEN
from hub.errors import NotAllowed, NotAuthenticated, NotFound, UsageError

HOUR = 3_600_000_000
DAY = 24 * HOUR
"""Microseconds."""

MOST_DAYS = 3650
MOST_OVERLAP = 30 * 24
"""Hours for which a key that was rotated may go on at most."""


def create(
    hub: Hub,
    society: str,
    *,
    scopes: Sequence[str] = (),
    days: int = 365,
    label: str = "",
    role: str = SOCIETY,
    by: str = registers.OPERATOR,
) -> dict[str, Any]:
    """Make a key for a member; the only time its secret is seen. Without ``scopes`` it has all of its role.

    Raises:
        UsageError: an unknown role or scope, or a lifetime that is not positive.
        NotFound: no such society.
    """
    wanted = granted(role, scopes)
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"a key is valid for 1 to {MOST_DAYS} days")
    owner = registers.OPERATOR if role == OPERATOR else registers.require(hub, society)
    with writing(hub.engine) as connection:
        made = _insert(connection, owner, role, wanted, days * DAY, label)
        body = {"society": owner, "role": role, "scopes": wanted}
        record(connection, tick(connection), "key_created", by, made["prefix"], body)
    return made


def create_own(
    hub: Hub, caller: Caller, *, scopes: Sequence[str] = (), days: int = 365, label: str = ""
) -> dict[str, Any]:
    """Make another key of the caller's own: its role, and at most the scopes that the caller has.

    Raises:
        NotAllowed: the caller keeps no keys.
        UsageError: more scopes than the caller has.
    """
    caller.need("keys")
    more = sorted(set(scopes) - caller.scopes)
    if more:
        raise UsageError(f"your own key has no scope {', '.join(more)}, so the new one cannot have it")
    wanted = list(scopes) or sorted(caller.scopes)
    return create(
        hub, caller.society, scopes=wanted, days=days, label=label, role=caller.role, by=caller.society
    )


def rotate(hub: Hub, prefix: str, caller: Caller | None = None, *, overlap_hours: int = 24) -> dict[str, Any]:
    """A new key with the rights and the lifetime of an old one, which ends after the overlap.

    Without a caller the operator does it on the command line.

    Raises:
        NotAllowed: the caller keeps no keys, or the old one may do more than the caller.
        NotFound: there is no such key in use, or it is another member's.
        UsageError: an overlap out of bounds.
    """
    if not 0 <= overlap_hours <= MOST_OVERLAP:
        raise UsageError(f"the old key may go on for 0 to {MOST_OVERLAP} hours")
    now = time.time_ns() // 1000
    if caller is not None:
        caller.need("keys")
    with writing(hub.engine) as connection:
        old = _in_use(connection, prefix, caller)
        if caller is not None and not caller.scopes.issuperset(old.scopes.split()):
            raise NotAllowed(f"key {prefix} may do more than yours, so yours cannot replace it")
        lifetime = old.expires_at - old.created_at
        made = _insert(connection, old.society, old.role, old.scopes.split(), lifetime, old.label)
        ends = min(old.expires_at, now + overlap_hours * HOUR)
        connection.execute(update(API_KEY).where(API_KEY.c.id == old.id).values(expires_at=ends))
        body = {"instead_of": prefix, "until": times.text(ends)}
        record(connection, tick(connection), "key_rotated", _actor(caller), made["prefix"], body)
    return {**made, "instead_of": prefix, "old_expires": times.text(ends)}


def _in_use(connection: Connection, prefix: str, caller: Caller | None) -> Any:
    query = select(API_KEY).where(API_KEY.c.prefix == prefix, API_KEY.c.revoked_at == 0)
    if caller is not None:
        caller.need("keys", "operate")
        if "operate" not in caller.scopes:
            query = query.where(API_KEY.c.society == caller.society, API_KEY.c.role == caller.role)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise NotFound(f"no key {prefix!r} is in use; `hub keys list` or GET /v1/keys shows them")
    return row


def _actor(caller: Caller | None) -> str:
    return registers.OPERATOR if caller is None else caller.society


def _insert(
    connection: Connection, owner: str, role: str, scopes: Sequence[str], lifetime: int, label: str
) -> dict[str, Any]:
    prefix = "hub_" + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    now = time.time_ns() // 1000
    connection.execute(
        insert(API_KEY).values(
            id=take(connection, "api_key", 1), prefix=prefix, digest=_digest(secret), society=owner,
            role=role, scopes=" ".join(sorted(set(scopes))), label=label, created_at=now, expires_at=now +
            lifetime, revoked_at=0, last_used_at=0,
        )
    )  # fmt: skip
    return {
        "key": secret,
        "prefix": prefix,
        "society": owner,
        "role": role,
        "scopes": sorted(set(scopes)),
        "expires": times.text(now + lifetime),
    }


def listing(hub: Hub, caller: Caller | None = None) -> list[dict[str, Any]]:
    """Keys without their secrets, the newest last: all, or those that the caller may see."""
    query = select(API_KEY).order_by(API_KEY.c.id)
    if caller is not None:
        caller.need("keys", "operate")
        if "operate" not in caller.scopes:
            query = query.where(API_KEY.c.society == caller.society, API_KEY.c.role == caller.role)
    with reading(hub.engine) as connection:
        return [
            {
                "prefix": row.prefix,
                "society": row.society,
                "role": row.role,
                "scopes": row.scopes.split(),
                "label": row.label,
                "created": times.text(row.created_at),
                "expires": times.text(row.expires_at),
                "revoked": times.text(row.revoked_at) if row.revoked_at else "",
                "last_used": times.text(row.last_used_at) if row.last_used_at else "",
            }
            for row in connection.execute(query)
        ]


def revoke(hub: Hub, prefix: str, caller: Caller | None = None) -> None:
    """End a key at once.

    Raises:
        NotAllowed: the caller keeps no keys.
        NotFound: no key with this prefix is in use, or it is another member's.
    """
    with writing(hub.engine) as connection:
        row = _in_use(connection, prefix, caller)
        ended = {"revoked_at": time.time_ns() // 1000}
        connection.execute(update(API_KEY).where(API_KEY.c.id == row.id).values(**ended))
        record(connection, tick(connection), "key_revoked", _actor(caller), prefix, {})


def authenticate(hub: Hub, secret: str) -> Caller:
    """The caller behind a key. Its last use is noted to the minute, not at every call.

    Raises:
        NotAuthenticated: unknown, expired or revoked; the three are not told apart to the caller.
    """
    now = time.time_ns() // 1000
    wanted = _digest(secret)
    with reading(hub.engine) as connection:
        row = connection.execute(select(API_KEY).where(API_KEY.c.digest == wanted)).first()
    if (
        row is None
        or not hmac.compare_digest(row.digest, wanted)
        or row.revoked_at
        or not now < row.expires_at <= OPEN
    ):
        raise NotAuthenticated("the API key is unknown, expired or revoked")
    if now - row.last_used_at > 60_000_000:
        with writing(hub.engine) as connection:
            connection.execute(update(API_KEY).where(API_KEY.c.id == row.id).values(last_used_at=now))
    return Caller(row.society, frozenset(row.scopes.split()), row.prefix, row.role)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
