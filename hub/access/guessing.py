"""Guessing slowed down: who fails too often at signing in waits, longer each time.

Counted by the name that is tried, whether anybody has it or not, and by the address it comes from. An
attempt counts before it is looked at, so that a hundred at once are a hundred; a success takes the name's
count back, and its own from the address. What was typed is kept as SHA-256 only, because people type
passwords where names belong.
"""

from __future__ import annotations

import hashlib
import time
from typing import Any

from sqlalchemy import Connection, delete, select, text, update

from hub.context import Hub
from hub.db.engine import writing
from hub.db.tables import SIGN_IN_ATTEMPT
from hub.errors import TooManyAttempts

SECOND = 1_000_000
"""Microseconds."""

FREE = 5
"""Failures of a name before the first wait."""

FREE_OF_ADDRESS = 50
"""The same for an address: a whole office may share one."""

FIRST, LONGEST = 5 * SECOND, 900 * SECOND
"""The first wait, and the longest: each failure doubles it. An operator's word ends it at once."""

FORGOTTEN = 86_400 * SECOND
"""Failures are forgotten a day after the last one."""


def admit(hub: Hub, name: str, address: str) -> None:
    """Count an attempt to sign in.

    Raises:
        TooManyAttempts: the name or the address has to wait; says for how long.
    """
    now = time.time_ns() // 1000
    counted = ((_named(name), FREE), (_from(address), FREE_OF_ADDRESS))
    with writing(hub.engine) as connection:
        connection.execute(delete(SIGN_IN_ATTEMPT).where(SIGN_IN_ATTEMPT.c.last_at < now - FORGOTTEN))
        # Always in the same order, so that two attempts never wait for each other.
        rows = [_locked(connection, subject, now) for subject, _ in counted]
        until = max(row.locked_until for row in rows)
        if until <= now:
            for (subject, free), row in zip(counted, rows, strict=True):
                over = row.failures + 1 - free
                wait = min(FIRST * 2 ** min(over, 20), LONGEST) if over >= 0 else 0
                values = {
                    "failures": row.failures + 1,
                    "last_at": now,
                    "locked_until": now + wait if wait else 0,
                }
                mine = SIGN_IN_ATTEMPT.c.subject == subject
                connection.execute(update(SIGN_IN_ATTEMPT).where(mine).values(**values))
    if until > now:
        raise TooManyAttempts("too many attempts to sign in", -(-(until - now) // SECOND))


def forgive(hub: Hub, name: str, address: str | None = None) -> None:
    """Forget the failures of a name: it signed in, or the operator says so.

    The ``address`` that it signed in from gets this one attempt back: an office signs in all day long.
    """
    with writing(hub.engine) as connection:
        connection.execute(delete(SIGN_IN_ATTEMPT).where(SIGN_IN_ATTEMPT.c.subject == _named(name)))
        if address is not None:
            mine = (SIGN_IN_ATTEMPT.c.subject == _from(address), SIGN_IN_ATTEMPT.c.failures > 0)
            back = {"failures": SIGN_IN_ATTEMPT.c.failures - 1, "locked_until": 0}
            connection.execute(update(SIGN_IN_ATTEMPT).where(*mine).values(**back))


def _locked(connection: Connection, subject: str, now: int) -> Any:
    new = (
        "INSERT INTO sign_in_attempt (subject, failures, last_at, locked_until) VALUES (:subject, 0, :now, 0)"
    )
    connection.execute(text(f"{new} ON CONFLICT DO NOTHING"), {"subject": subject, "now": now})
    query = select(SIGN_IN_ATTEMPT).where(SIGN_IN_ATTEMPT.c.subject == subject)
    return connection.execute(query.with_for_update()).one()


def _named(name: str) -> str:
    return "name:" + hashlib.sha256(name.encode()).hexdigest()


def _from(address: str) -> str:
    return "from:" + hashlib.sha256(address.encode()).hexdigest()
