"""The outbox: a notice is written in the transaction that makes it true, so none is lost or made up."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, insert, select

from hub.access.permissions import SOCIETY
from hub.db import times
from hub.db.counters import take
from hub.db.tables import DECLARATION, MANDATE, SUBJECT, WEBHOOK, WEBHOOK_DELIVERY

JOB_ENDED, CONFLICTS_CHANGED, CONFLICT_ACTED, MANDATES_RECORDED, WITHDRAWAL_ACTED, TEST = (
    f"{subject}.{happening}"
    for subject, happening in (
        ("job", "ended"), ("conflict", "changed"), ("conflict", "acted"), ("mandate", "recorded"),
        ("withdrawal", "acted"), ("webhook", "test"),
    )
)  # fmt: skip

EVENTS: Mapping[str, str] = {
    JOB_ENDED: "a job of one's own is done, has failed or was cancelled; `data` is the job",
    CONFLICTS_CHANGED: "the hub found conflicts, or found again, or not any more; `data` has their ids",
    CONFLICT_ACTED: "somebody acted in a conflict, or the operator settled it",
    MANDATES_RECORDED: "a submission stated mandates; `data` has their ids",
    WITHDRAWAL_ACTED: "a withdrawal was filed, answered, cancelled, or its day has come; drafts tell nobody",
}
"""What can be told, by the name that stands in ``type``."""

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"
MOST_NAMED = 100
"""Ids that one notice names; ``total`` counts all."""


def listening(connection: Connection, kind: str) -> list[Any]:
    """The webhooks that want to hear of this."""
    query = select(WEBHOOK.c.id, WEBHOOK.c.society, WEBHOOK.c.role, WEBHOOK.c.events).where(
        WEBHOOK.c.disabled_at == 0, WEBHOOK.c.removed_at == 0
    )
    return [row for row in connection.execute(query) if kind in row.events.split()]


def notify(
    connection: Connection,
    kind: str,
    data: Mapping[str, Any],
    societies: Collection[str],
    *,
    public: bool = True,
) -> None:
    """Put a notice out for those of these societies who want it.

    What is ``public`` may be read by everybody, so services and authorities, whom nothing concerns by name,
    hear of all of it. Call it last in a transaction: it takes keys that other writers wait for.
    """
    heard = [
        row
        for row in listening(connection, kind)
        if row.society in societies or (public and row.role != SOCIETY)
    ]
    put(connection, kind, data, [row.id for row in heard])


def put(connection: Connection, kind: str, data: Mapping[str, Any], webhooks: Iterable[int]) -> list[str]:
    """Write a notice for these webhooks; returns the ids."""
    wanted = list(webhooks)
    if not wanted:
        return []
    now = time.time_ns() // 1000
    content = {"type": kind, "timestamp": times.text(now), "data": dict(data)}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    first = take(connection, "webhook_delivery", len(wanted))
    names = ["msg_" + secrets.token_hex(12) for _ in wanted]
    rows = [
        {
            "id": first + place, "public_id": name, "webhook_id": webhook, "kind": kind, "body": body,
            "state": PENDING, "attempts": 0, "status": 0, "error": "", "created_at": now, "next_at": now,
            "finished_at": 0,
        }
        for place, (name, webhook) in enumerate(zip(names, wanted, strict=True))
    ]  # fmt: skip
    connection.execute(insert(WEBHOOK_DELIVERY), rows)
    return names


def notify_conflicts(connection: Connection, acts: Mapping[str, list[tuple[str, str]]]) -> None:
    """Tell of conflicts found, returned or vanished: by act, their ids with ``|society|society|``."""
    for row in listening(connection, CONFLICTS_CHANGED):
        data: dict[str, Any] = {}
        total = 0
        for act, items in acts.items():
            mine = [name for name, who in items if row.role != SOCIETY or f"|{row.society}|" in who]
            total += len(mine)
            data[act] = mine[:MOST_NAMED]
        if total:
            put(connection, CONFLICTS_CHANGED, {**data, "total": total}, [row.id])


def notify_mandates(connection: Connection, submission: str, submitter: str, number: int) -> None:
    """Tell of mandates that a submission stated: its key is ``number``."""
    for row in listening(connection, MANDATES_RECORDED):
        query = (
            select(SUBJECT.c.public_id)
            .distinct()
            .join(MANDATE, MANDATE.c.subject_id == SUBJECT.c.id)
            .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
            .where(DECLARATION.c.submission_id == number)
            .order_by(SUBJECT.c.public_id)
        )
        if row.role == SOCIETY and row.society != submitter:
            by_society = (MANDATE.c.grantor_type == "society") & (MANDATE.c.grantor_id == row.society)
            query = query.where((MANDATE.c.holder == row.society) | by_society)
        names = list(connection.scalars(query))
        if names:
            data = {"submission": submission, "submitter": submitter, "mandates": names[:MOST_NAMED]}
            put(connection, MANDATES_RECORDED, {**data, "total": len(names)}, [row.id])


def notify_withdrawal(connection: Connection, mandate: int, filer: str, data: Mapping[str, Any]) -> None:
    """Tell those with a part in the mandate what was done about its withdrawal."""
    if not listening(connection, WITHDRAWAL_ACTED):
        return
    query = (
        select(MANDATE.c.holder, MANDATE.c.grantor_type, MANDATE.c.grantor_id, SUBJECT.c.submitter)
        .join(SUBJECT, SUBJECT.c.id == MANDATE.c.subject_id)
        .where(MANDATE.c.subject_id == mandate)
    )
    societies = {filer}
    for row in connection.execute(query):
        societies |= {row.holder, row.submitter}
        societies |= {row.grantor_id} if row.grantor_type == "society" else set()
    notify(connection, WITHDRAWAL_ACTED, data, societies)
