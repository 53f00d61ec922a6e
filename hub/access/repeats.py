"""Calls that may be repeated safely: the key a society sent with a call, and what that call made.

The rule is that of the HTTP header ``Idempotency-Key``: the same key with the same content is the same call,
with other content it is a mistake of the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from hub.context import Hub
from hub.db.counters import take
from hub.db.engine import reading, writing
from hub.db.tables import REQUEST_KEY
from hub.errors import HubError, RepeatedKey

KEPT = 30 * 86_400_000_000
"""Microseconds for which keys are remembered at least."""


def once(hub: Hub, society: str, key: str, fingerprint: str, make: Callable[[], str]) -> str:
    """What ``make`` makes, or what the call with this key made before; without a key it is always made.

    A new key is taken before anything is done, so that of two calls at once with different content one is
    refused and does nothing. A call that was cut off is done again; one that was refused gives its key back.
    Of two equal calls at once both may make something, and both answer with what was made first.

    Raises:
        RepeatedKey: the key came with other content before.
    """
    if not key:
        return make()
    earlier = _taken(hub, society, key, fingerprint)
    if earlier:
        return earlier
    try:
        made = make()
    except HubError:
        with writing(hub.engine) as connection:
            connection.execute(delete(REQUEST_KEY).where(*_mine(society, key), REQUEST_KEY.c.answer == ""))
        raise
    with writing(hub.engine) as connection:
        take(connection, "request_key", 0)
        row = _row(connection, society, key, fingerprint)
        if row is not None and row.answer:
            return str(row.answer)
        connection.execute(update(REQUEST_KEY).where(*_mine(society, key)).values(answer=made))
    return made


def _taken(hub: Hub, society: str, key: str, fingerprint: str) -> str:
    """What was made with a key; empty for one that is new, which is taken, or that is still being used."""
    with reading(hub.engine) as connection:
        row = _row(connection, society, key, fingerprint)
    if row is None:
        with writing(hub.engine) as connection:
            # The lock makes calls that come at once wait for each other.
            take(connection, "request_key", 0)
            now = time.time_ns() // 1000
            connection.execute(delete(REQUEST_KEY).where(REQUEST_KEY.c.created_at < now - KEPT))
            row = _row(connection, society, key, fingerprint)
            if row is None:
                values = {"society": society, "key": key, "fingerprint": fingerprint, "created_at": now}
                connection.execute(insert(REQUEST_KEY).values(**values, answer=""))
    return "" if row is None else str(row.answer)


def _mine(society: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return REQUEST_KEY.c.society == society, REQUEST_KEY.c.key == key


def _row(connection: Connection, society: str, key: str, fingerprint: str) -> Any:
    row = connection.execute(select(REQUEST_KEY).where(*_mine(society, key))).first()
    if row is not None and row.fingerprint != fingerprint:
        raise RepeatedKey(
            "this Idempotency-Key was sent with other content before; use a new key for new content"
        )
    return row
