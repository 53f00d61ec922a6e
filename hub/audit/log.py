"""Events as a chain of hashes: each entry's hash covers its content and the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from hub.db.counters import take
from hub.db.tables import EVENT

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of checking the chain; ``broken_at`` is the first bad entry, 0 when there is none."""

    entries: int
    head: str
    broken_at: int = 0
    reason: str = ""


def entry_content(
    number: int, at: int, kind: str, actor: str, subject: str, body: str, previous: str
) -> bytes:
    """The canonical JSON of an entry, which is what hashes are taken of."""
    content = [number, at, kind, actor, subject, body, previous]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def entry_hash(number: int, at: int, kind: str, actor: str, subject: str, body: str, previous: str) -> str:
    """SHA-256 over the canonical JSON of an entry."""
    content = entry_content(number, at, kind, actor, subject, body, previous)
    return hashlib.sha256(content).hexdigest()


def record(
    connection: Connection, at: int, kind: str, actor: str, subject: str, body: Mapping[str, Any]
) -> int:
    """Append an event within the open transaction and return its number."""
    number = take(connection, "event", 1)
    previous = connection.scalar(select(EVENT.c.hash).where(EVENT.c.id == number - 1)) or GENESIS
    written = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    connection.execute(
        insert(EVENT).values(
            id=number,
            at=at,
            kind=kind,
            actor=actor,
            subject=subject,
            body=written,
            previous=previous,
            hash=entry_hash(number, at, kind, actor, subject, written, previous),
        )
    )
    return number


def verify(connection: Connection) -> Verification:
    """Recompute the whole chain."""
    previous, count = GENESIS, 0
    for row in connection.execute(select(EVENT).order_by(EVENT.c.id)):
        count += 1
        if row.id != count:
            return Verification(count, previous, row.id, f"entry {count} is missing")
        if row.previous != previous:
            return Verification(count, previous, row.id, "it does not follow the entry before it")
        expected = entry_hash(row.id, row.at, row.kind, row.actor, row.subject, row.body, row.previous)
        if row.hash != expected:
            return Verification(count, previous, row.id, "its content was changed")
        previous = row.hash
    return Verification(count, previous)
