"""API keys: shown once when made, kept only as their SHA-256, bound to one society and some scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from hub import registers
from hub.audit.log import record
from hub.context import Hub
from hub.db import times
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.tables import API_KEY
from hub.db.times import OPEN
from hub.errors import NotAllowed, NotAuthenticated, NotFound, UsageError

SCOPES = ("read", "submit", "mandates", "review")
"""``read``: questions and the catalogue; ``submit``: upload and read own submissions; ``mandates``: file
withdrawals; ``review``: judge matches of own repertoire. A key has those it was made with."""

DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the society behind a key and the key's scopes."""

    society: str
    scopes: frozenset[str]
    key: str

    def need(self, scope: str) -> None:
        """Refuse a call that the key was not made for.

        Raises:
            NotAllowed: the scope is missing.
        """
        if scope not in self.scopes:
            raise NotAllowed(
                f"this key has no scope {scope!r}; it has {', '.join(sorted(self.scopes)) or 'none'}"
            )


def create(
    hub: Hub, society: str, *, scopes: Sequence[str] = SCOPES, days: int = 365, label: str = ""
) -> dict[str, Any]:
    """Make a key for a society; the only time its secret is seen.

    Raises:
        UsageError: an unknown scope or a lifetime that is not positive.
        NotFound: no such society.
    """
    unknown = set(scopes) - set(SCOPES)
    if unknown or not scopes:
        raise UsageError(f"scopes are {', '.join(SCOPES)}; not {', '.join(sorted(unknown)) or 'none at all'}")
    if days < 1:
        raise UsageError("a key must be valid for at least one day")
    owner = registers.require(hub, society)
    prefix = "hub_" + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    now = time.time_ns() // 1000
    expires = now + days * DAY
    with writing(hub.engine) as connection:
        connection.execute(
            insert(API_KEY).values(
                id=take(connection, "api_key", 1),
                prefix=prefix,
                digest=_digest(secret),
                society=owner,
                scopes=" ".join(sorted(set(scopes))),
                label=label,
                created_at=now,
                expires_at=expires,
                revoked_at=0,
                last_used_at=0,
            )
        )
        record(connection, tick(connection), "key_created", registers.OPERATOR, prefix, {"society": owner})
    return {
        "key": secret,
        "prefix": prefix,
        "society": owner,
        "scopes": sorted(set(scopes)),
        "expires": times.text(expires),
    }


def listing(hub: Hub) -> list[dict[str, Any]]:
    """All keys without their secrets, the newest last."""
    with reading(hub.engine) as connection:
        return [
            {
                "prefix": row.prefix,
                "society": row.society,
                "scopes": row.scopes.split(),
                "label": row.label,
                "created": times.text(row.created_at),
                "expires": times.text(row.expires_at),
                "revoked": times.text(row.revoked_at) if row.revoked_at else "",
                "last_used": times.text(row.last_used_at) if row.last_used_at else "",
            }
            for row in connection.execute(select(API_KEY).order_by(API_KEY.c.id))
        ]


def revoke(hub: Hub, prefix: str) -> None:
    """End a key at once.

    Raises:
        NotFound: no key with this prefix is in use.
    """
    with writing(hub.engine) as connection:
        done = connection.execute(
            update(API_KEY)
            .where(API_KEY.c.prefix == prefix, API_KEY.c.revoked_at == 0)
            .values(revoked_at=time.time_ns() // 1000)
        )
        if done.rowcount != 1:
            raise NotFound(f"no key {prefix!r} is in use; `hub keys list` shows them")
        record(connection, tick(connection), "key_revoked", registers.OPERATOR, prefix, {})


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
    return Caller(row.society, frozenset(row.scopes.split()), row.prefix)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
