"""The courier: takes notices that are due from the outbox, sends them, and writes down what came of it.

Several may be at work: each leases what it takes, and one that dies lets the lease run out. So a notice comes
at least once, and may come twice; its id stays the same.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import delete, select, update

from hub.access import denials
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import WEBHOOK, WEBHOOK_DELIVERY
from hub.webhooks import signing, subscriptions
from hub.webhooks.outbox import DELIVERED, FAILED, PENDING
from hub.webhooks.sending import WHOLE, NotDelivered, post

log = logging.getLogger("hub.webhooks")
SECOND = 1_000_000
"""Microseconds."""

PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds after each failed attempt: three days in all. After the last one the webhook is stopped."""

LEASE = int(2 * WHOLE) * SECOND
AT_ONCE, OF_ONE = 8, 2
"""Notices sent at the same time, and those of one webhook, so that a slow receiver holds nobody up."""

IDLE = 1.0
"""Seconds between two looks at the outbox."""

KEPT = 30 * 86_400 * SECOND
"""How long the log of deliveries is kept."""

GONE = 410


class Courier:
    """A thread that delivers until it is stopped."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.run, name="hub-courier", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def ask_to_stop(self) -> None:
        """End after the notices at hand, without waiting for that."""
        self._stop.set()

    def stop(self) -> None:
        """End after the notices at hand."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(WHOLE + 5)

    def run(self) -> None:
        """Deliver until asked to stop, and forget what is old; a failing database is waited for."""
        pruned = 0.0
        while not self._stop.is_set():
            try:
                if time.monotonic() - pruned > 3600 or not pruned:
                    pruned = time.monotonic()
                    prune(self._hub)
                    denials.prune(self._hub)
                worked = deliver_due(self._hub)
            except Exception:
                log.exception("the outbox could not be read; it is tried again")
                worked = 0
            if not worked:
                self._stop.wait(IDLE)


def deliver_due(hub: Hub) -> int:
    """Send what is due now, a handful at once; returns how many notices were tried."""
    due = _lease(hub)
    if not due:
        return 0
    with ThreadPoolExecutor(len(due)) as pool:
        list(pool.map(lambda row: _deliver(hub, row), due))
    return len(due)


def _lease(hub: Hub) -> list[Any]:
    now = time.time_ns() // 1000
    waiting = (
        WEBHOOK_DELIVERY.c.state == PENDING,
        WEBHOOK_DELIVERY.c.next_at <= now,
    )
    active = (WEBHOOK.c.disabled_at == 0, WEBHOOK.c.removed_at == 0)
    query = (
        select(WEBHOOK_DELIVERY, WEBHOOK.c.url, WEBHOOK.c.secret, WEBHOOK.c.old_secret, WEBHOOK.c.old_until)
        .join(WEBHOOK, WEBHOOK.c.id == WEBHOOK_DELIVERY.c.webhook_id)
        .where(*waiting, *active)
        .order_by(WEBHOOK_DELIVERY.c.next_at, WEBHOOK_DELIVERY.c.id)
        .limit(AT_ONCE * 4)
    )
    with reading(hub.engine) as connection:
        if connection.execute(query.limit(1)).first() is None:
            return []
    with writing(hub.engine) as connection:
        taken: list[Any] = []
        of_one: dict[int, int] = {}
        locked = query.with_for_update(skip_locked=True, of=WEBHOOK_DELIVERY)
        for row in connection.execute(locked).all():
            of_one[row.webhook_id] = of_one.get(row.webhook_id, 0) + 1
            if of_one[row.webhook_id] <= OF_ONE and len(taken) < AT_ONCE:
                taken.append(row)
        mine = WEBHOOK_DELIVERY.c.id.in_([row.id for row in taken])
        connection.execute(update(WEBHOOK_DELIVERY).where(mine).values(next_at=now + LEASE))
    return taken


def _deliver(hub: Hub, row: Any) -> None:
    body = row.body.encode()
    now = time.time_ns() // 1000
    keys = [row.secret, *([row.old_secret] if row.old_until > now else [])]
    headers = signing.headers(keys, row.public_id, now // SECOND, body)
    status, error = 0, ""
    try:
        status = post(row.url, body, headers, subscriptions.policy_of(hub))
        if not 200 <= status < 300:
            error = f"answered {status}" + (", and redirects are not followed" if 300 <= status < 400 else "")
    except NotDelivered as fault:
        error = str(fault)
    except Exception as fault:
        # Whatever a receiver makes of a call is its failure, never an end of the courier.
        log.exception("sending notice %s failed", row.public_id)
        error = f"{type(fault).__name__}"
    try:
        _written(hub, row, status, error[:500])
    except Exception:
        log.exception("what came of notice %s could not be kept; it is sent again", row.public_id)


def _written(hub: Hub, row: Any, status: int, error: str) -> None:
    now = time.time_ns() // 1000
    values: dict[str, Any] = {"attempts": row.attempts + 1, "status": status, "error": error}
    last = bool(error) and (row.attempts >= len(PAUSES) or status == GONE)
    if not error:
        values |= {"state": DELIVERED, "finished_at": now}
    elif last:
        values |= {"state": FAILED, "finished_at": now}
    else:
        values |= {"next_at": now + PAUSES[row.attempts] * SECOND}
    with writing(hub.engine) as connection:
        mine = (WEBHOOK_DELIVERY.c.id == row.id, WEBHOOK_DELIVERY.c.state == PENDING)
        connection.execute(update(WEBHOOK_DELIVERY).where(*mine).values(**values))
        if last:
            webhook = select(WEBHOOK).where(WEBHOOK.c.id == row.webhook_id, WEBHOOK.c.disabled_at == 0)
            found = connection.execute(webhook.with_for_update()).first()
            if found is not None:
                why = f"notice {row.public_id} failed {row.attempts + 1} times: {error}"
                subscriptions.disable(connection, found, why)
    if error:
        log.warning("notice %s was not delivered (attempt %d): %s", row.public_id, row.attempts + 1, error)


def prune(hub: Hub) -> int:
    """Remove from the log of deliveries what ended long ago; returns how many."""
    old = WEBHOOK_DELIVERY.c.finished_at < time.time_ns() // 1000 - KEPT
    ended = WEBHOOK_DELIVERY.c.state.in_((DELIVERED, FAILED))
    with writing(hub.engine) as connection:
        return connection.execute(delete(WEBHOOK_DELIVERY).where(ended, old)).rowcount
