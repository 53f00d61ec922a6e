"""The log of deliveries: what was sent to whom, what came back, and sending it once more."""

from __future__ import annotations

import json
import time
from typing import Any

from sqlalchemy import select, update

from hub.context import Hub
from hub.db import times
from hub.db.engine import reading, writing
from hub.db.tables import WEBHOOK, WEBHOOK_DELIVERY
from hub.errors import NotFound
from hub.webhooks.outbox import PENDING
from hub.webhooks.subscriptions import find


def listing(
    hub: Hub, webhook: str, society: str = "", *, before: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """Notices of a webhook, the newest first.

    Raises:
        NotFound: there is no such webhook, or it is another member's.
    """
    find(hub, webhook, society)
    query = (
        select(WEBHOOK_DELIVERY)
        .join(WEBHOOK, WEBHOOK.c.id == WEBHOOK_DELIVERY.c.webhook_id)
        .where(WEBHOOK.c.public_id == webhook)
        .order_by(WEBHOOK_DELIVERY.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(WEBHOOK_DELIVERY.c.id < before)
    with reading(hub.engine) as connection:
        return [_shown(row) for row in connection.execute(query)]


def resend(hub: Hub, webhook: str, delivery: str, society: str = "") -> dict[str, Any]:
    """Send a notice again, from the first attempt on, under the same id.

    Raises:
        NotFound: there is no such notice, or it is another member's.
    """
    find(hub, webhook, society)
    of_webhook = select(WEBHOOK.c.id).where(WEBHOOK.c.public_id == webhook).scalar_subquery()
    mine = (WEBHOOK_DELIVERY.c.public_id == delivery, WEBHOOK_DELIVERY.c.webhook_id == of_webhook)
    with writing(hub.engine) as connection:
        again = {"state": PENDING, "attempts": 0, "next_at": time.time_ns() // 1000, "finished_at": 0}
        if not connection.execute(update(WEBHOOK_DELIVERY).where(*mine).values(**again)).rowcount:
            raise NotFound(f"webhook {webhook} has no notice {delivery!r}")
        return _shown(connection.execute(select(WEBHOOK_DELIVERY).where(*mine)).one())


def _shown(row: Any) -> dict[str, Any]:
    return {
        "number": row.id, "delivery": row.public_id, "event": row.kind, "state": row.state,
        "attempts": row.attempts, "status": row.status, "error": row.error,
        "created": times.text(row.created_at),
        "next": times.text(row.next_at) if row.state == PENDING else "",
        "finished": times.text(row.finished_at) if row.finished_at else "",
        "notice": json.loads(row.body),
    }  # fmt: skip
