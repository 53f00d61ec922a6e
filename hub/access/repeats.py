"""Calls that may be repeated safely: the key a society sent with a call, and what that call made.

The rule is that of the HTTP header ``Idempotency-Key``: the same key with the same content is the same call,
with other content it is a mistake of the caller.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection, delete, insert, select

from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import REQUEST_KEY
from hub.errors import RepeatedKey

KEPT = 30 * 86_400_000_000
"""Microseconds for which keys are remembered at least."""


def remembered(hub: Hub, society: str, key: str, fingerprint: str) -> str:
    """What the call with this key made, empty for a key that is new (or for no key).

    Raises:
        RepeatedKey: the key came with other content before.
    """
    if not key:
        return ""
    with reading(hub.engine) as connection:
        return _found(connection, society, key, fingerprint)


def remember(hub: Hub, society: str, key: str, fingerprint: str, answer: str) -> str:
    """Keep what a call made; returns what an equal call made first, when two came at once.

    Raises:
        RepeatedKey: the key came with other content meanwhile.
    """
    if not key:
        return answer
    now = time.time_ns() // 1000
    with writing(hub.engine) as connection:
        connection.execute(delete(REQUEST_KEY).where(REQUEST_KEY.c.created_at < now - KEPT))
        earlier = _found(connection, society, key, fingerprint)
        if not earlier:
            connection.execute(
                insert(REQUEST_KEY).values(
                    society=society, key=key, fingerprint=fingerprint, answer=answer, created_at=now
                )
            )
    return earlier or answer


def _found(connection: Connection, society: str, key: str, fingerprint: str) -> str:
    mine = (REQUEST_KEY.c.society == society, REQUEST_KEY.c.key == key)
    row = connection.execute(select(REQUEST_KEY).where(*mine)).first()
    if row is None:
        return ""
    if row.fingerprint != fingerprint:
        raise RepeatedKey(
            "this Idempotency-Key was sent with other content before; use a new key for new content"
        )
    return str(row.answer)
