"""Webhooks of a member: made, rotated, tried, stopped and removed; whose they are is checked here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from hub import registers
from hub.access.permissions import SOCIETY, Caller
from hub.audit.log import record
from hub.context import Hub
from hub.db import times
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.tables import WEBHOOK, WEBHOOK_DELIVERY
from hub.errors import NotFound, UsageError
from hub.webhooks.outbox import EVENTS, PENDING, TEST, put
from hub.webhooks.sending import Policy, checked
from hub.webhooks.signing import new_secret

HOUR = 3_600_000_000
"""Microseconds."""

OVERLAP = 24 * HOUR
"""How long notices are signed with an old secret too after a rotation."""

MOST_WEBHOOKS = 20
"""Webhooks of one member."""


def policy_of(hub: Hub) -> Policy:
    """Which addresses the operator allows."""
    return Policy(hub.settings.webhook_plain, hub.settings.webhook_private)


def add(
    hub: Hub, society: str, url: str, *, events: Sequence[str] = (), label: str = "", role: str = SOCIETY
) -> dict[str, Any]:
    """Have a member told of events (all by default); the secret that signs the notices is shown this once.

    Raises:
        UsageError: an address that may not be called, an unknown event, or too many webhooks.
    """
    checked(url, policy_of(hub))
    unknown = sorted(set(events) - set(EVENTS))
    if unknown:
        raise UsageError(f"events are {', '.join(EVENTS)}; not {', '.join(unknown)}")
    wanted = [name for name in EVENTS if name in (events or EVENTS)]
    secret = new_secret()
    with writing(hub.engine) as connection:
        number = take(connection, "webhook", 1)
        mine = (WEBHOOK.c.society == society, WEBHOOK.c.removed_at == 0)
        if (connection.scalar(select(func.count()).where(*mine)) or 0) >= MOST_WEBHOOKS:
            raise UsageError(f"a member has at most {MOST_WEBHOOKS} webhooks; remove one first")
        public_id = "wh_" + secrets.token_hex(8)
        connection.execute(
            insert(WEBHOOK).values(
                id=number, public_id=public_id, society=society, role=role, url=url, events=" ".join(wanted),
                label=label, secret=secret, old_secret="", old_until=0, created_at=_now(), disabled_at=0,
                disabled_why="", removed_at=0,
            )
        )  # fmt: skip
        _log(connection, "webhook_added", society, public_id, {"events": wanted})
        row = _find(connection, public_id, society)
    return {**_shown(row), "secret": secret}


def listing(hub: Hub, society: str = "") -> list[dict[str, Any]]:
    """A member's webhooks, or everybody's, with how many notices wait."""
    query = select(WEBHOOK).where(WEBHOOK.c.removed_at == 0).order_by(WEBHOOK.c.id)
    if society:
        query = query.where(WEBHOOK.c.society == society)
    waiting = (
        select(WEBHOOK_DELIVERY.c.webhook_id, func.count())
        .where(WEBHOOK_DELIVERY.c.state == PENDING)
        .group_by(WEBHOOK_DELIVERY.c.webhook_id)
    )
    with reading(hub.engine) as connection:
        counts = {row[0]: row[1] for row in connection.execute(waiting)}
        return [{**_shown(row), "waiting": counts.get(row.id, 0)} for row in connection.execute(query)]


def find(hub: Hub, public_id: str, society: str = "") -> dict[str, Any]:
    """One webhook.

    Raises:
        NotFound: there is none, or it is another member's.
    """
    with reading(hub.engine) as connection:
        return _shown(_find(connection, public_id, society))


def rotate(hub: Hub, public_id: str, society: str = "") -> dict[str, Any]:
    """A new secret, shown this once; for a day notices are signed with the old one as well.

    Raises:
        NotFound: there is none, or it is another member's.
    """
    secret = new_secret()
    with writing(hub.engine) as connection:
        row = _find(connection, public_id, society, lock=True)
        until = _now() + OVERLAP
        _set(connection, row, secret=secret, old_secret=row.secret, old_until=until)
        _log(connection, "webhook_rotated", row.society, public_id, {"until": times.text(until)})
    return {"webhook": public_id, "secret": secret, "old_until": times.text(until)}


def enable(hub: Hub, public_id: str, society: str = "") -> dict[str, Any]:
    """Go on with a webhook that was stopped; what waited is tried at once.

    Raises:
        NotFound: there is none, or it is another member's.
    """
    with writing(hub.engine) as connection:
        row = _find(connection, public_id, society, lock=True)
        _set(connection, row, disabled_at=0, disabled_why="")
        waiting = (WEBHOOK_DELIVERY.c.webhook_id == row.id, WEBHOOK_DELIVERY.c.state == PENDING)
        connection.execute(update(WEBHOOK_DELIVERY).where(*waiting).values(attempts=0, next_at=_now()))
        _log(connection, "webhook_enabled", row.society, public_id, {})
        return _shown(_find(connection, public_id, society))


def disable(connection: Connection, row: Any, why: str) -> None:
    """Stop a webhook; what waits goes on waiting."""
    _set(connection, row, disabled_at=_now(), disabled_why=why)
    _log(connection, "webhook_disabled", row.society, row.public_id, {"why": why})


def remove(hub: Hub, public_id: str, society: str = "") -> None:
    """End a webhook for good; its log of deliveries stays until it is pruned.

    Raises:
        NotFound: there is none, or it is another member's.
    """
    with writing(hub.engine) as connection:
        row = _find(connection, public_id, society, lock=True)
        _set(connection, row, removed_at=_now(), secret="", old_secret="")
        _log(connection, "webhook_removed", row.society, public_id, {})


def try_out(hub: Hub, public_id: str, society: str = "") -> str:
    """Put a notice ``webhook.test`` out; returns its id.

    Raises:
        NotFound: there is none, or it is another member's.
    """
    with writing(hub.engine) as connection:
        row = _find(connection, public_id, society)
        return put(connection, TEST, {"webhook": public_id}, [row.id])[0]


def owner(caller: Caller) -> str:
    """Whose webhooks a caller may touch.

    Raises:
        NotAllowed: the caller has no scope for webhooks.
    """
    caller.need("webhooks")
    return caller.society


def _find(connection: Connection, public_id: str, society: str, *, lock: bool = False) -> Any:
    query = select(WEBHOOK).where(WEBHOOK.c.public_id == public_id, WEBHOOK.c.removed_at == 0)
    if society:
        query = query.where(WEBHOOK.c.society == society)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(
            f"there is no webhook {public_id!r}; `hub webhook list` or GET /v1/webhooks shows them"
        )
    return row


def _set(connection: Connection, row: Any, **values: Any) -> None:
    connection.execute(update(WEBHOOK).where(_is(row)).values(**values))


def _is(row: Any) -> ColumnElement[bool]:
    return WEBHOOK.c.id == row.id  # type: ignore[no-any-return]


def _log(connection: Connection, kind: str, society: str, public_id: str, body: dict[str, Any]) -> None:
    # The address stays out of the log: it may hold a secret, and entries cannot be erased.
    record(connection, tick(connection), kind, society or registers.OPERATOR, public_id, body)


def _shown(row: Any) -> dict[str, Any]:
    return {
        "webhook": row.public_id, "society": row.society, "url": row.url, "events": row.events.split(),
        "label": row.label, "created": times.text(row.created_at),
        "disabled": times.text(row.disabled_at) if row.disabled_at else "", "why": row.disabled_why,
    }  # fmt: skip


def _now() -> int:
    return time.time_ns() // 1000
