"""Refused attempts: who tried what, how often, kept for the operator and auditors."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from hub.access.permissions import Caller
from hub.context import Hub
from hub.db import times
from hub.db.counters import take
from hub.db.engine import reading, writing
from hub.db.tables import API_KEY, DENIAL, USER_ACCOUNT
from hub.errors import HubError

log = logging.getLogger("hub.access")
MINUTE = 60_000_000
KEPT = 400 * 24 * 60 * MINUTE
"""How long refused attempts are kept: over a year, so that a yearly audit sees all of it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried: the method, the route's template (never the address, which tells what is asked) and how
    it was refused; ``offered`` is the public beginning of the key that came with it, if one did, and ``user``
    the name that somebody tried to sign in with."""

    method: str
    route: str
    code: str
    offered: str = ""
    user: str = ""


def note(hub: Hub, attempt: Attempt, caller: Caller | None = None) -> None:
    """Keep a refused attempt. A database that fails here is logged, because the refusal itself must go
    out."""
    who = caller.key if caller else attempt.offered
    log.warning(
        "refused %s %s (%s) to %s", attempt.method, attempt.route, attempt.code, who or "nobody known"
    )
    try:
        _keep(hub, attempt, caller)
    except (SQLAlchemyError, HubError):
        log.exception("the refused attempt could not be kept")


def _keep(hub: Hub, attempt: Attempt, caller: Caller | None) -> None:
    now = time.time_ns() // 1000
    with writing(hub.engine) as connection:
        who, society, role = (caller.key, caller.society, caller.role) if caller else ("", "", "")
        if not who and (attempt.offered or attempt.user):
            # Only keys and people that are ours are named: a made-up one must not make a row of its own.
            table, name = (USER_ACCOUNT, "public_id") if attempt.user else (API_KEY, "prefix")
            tried = (
                USER_ACCOUNT.c.name == attempt.user if attempt.user else API_KEY.c.prefix == attempt.offered
            )
            query = select(table.c[name].label("who"), table.c.society, table.c.role).where(tried)
            known = connection.execute(query).first()
            if known is not None:
                who, society, role = known.who, known.society, known.role
        number = take(connection, "denial", 1)
        same = and_(
            DENIAL.c.minute == now // MINUTE * MINUTE, DENIAL.c.who == who, DENIAL.c.method == attempt.method,
            DENIAL.c.route == attempt.route, DENIAL.c.code == attempt.code,
        )  # fmt: skip
        more = update(DENIAL).where(same).values(attempts=DENIAL.c.attempts + 1, last_at=now)
        if not connection.execute(more).rowcount:
            connection.execute(
                insert(DENIAL).values(
                    id=number, minute=now // MINUTE * MINUTE, who=who, society=society, role=role,
                    method=attempt.method, route=attempt.route, code=attempt.code, attempts=1, last_at=now,
                )
            )  # fmt: skip


def prune(hub: Hub) -> int:
    """Remove refused attempts that are older than they are kept; returns how many rows."""
    with writing(hub.engine) as connection:
        old = DENIAL.c.minute < time.time_ns() // 1000 - KEPT
        return connection.execute(delete(DENIAL).where(old)).rowcount


def listing(
    hub: Hub, caller: Caller | None = None, *, before: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Refused attempts, the newest first: all of them for auditors and the operator, else one's own."""
    query = select(DENIAL).order_by(DENIAL.c.id.desc()).limit(limit)
    if caller is not None and caller.viewer is not None:
        query = query.where(DENIAL.c.society == caller.viewer, DENIAL.c.role == caller.role)
    if before is not None:
        query = query.where(DENIAL.c.id < before)
    with reading(hub.engine) as connection:
        return [
            {
                "id": row.id, "minute": times.text(row.minute), "who": row.who, "society": row.society,
                "role": row.role, "method": row.method, "route": row.route, "code": row.code,
                "attempts": row.attempts, "last": times.text(row.last_at),
            }
            for row in connection.execute(query)
        ]  # fmt: skip
