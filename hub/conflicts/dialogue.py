"""The use cases of conflicts: sides claim, answer and give way; the operator records decisions.

A society acts as itself only, and only where it has a side; that is checked here. The hub judges no
document: it keeps their hashes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, insert

from hub import registers
from hub.audit.log import record
from hub.conflicts import settlements
from hub.conflicts.conflict_records import Record, find, name_of
from hub.conflicts.conflict_states import (
    ACTIONS,
    CONCEDE,
    OPERATOR,
    REGISTER,
    REOPEN,
    SETTLE,
    Act,
    permitted,
    roles_of,
)
from hub.conflicts.found import DISAGREEMENT, OVERCLAIM, OVERLAP
from hub.context import Hub
from hub.db.counters import Instant, horizon, take
from hub.db.engine import writing
from hub.db.tables import CONFLICT_EVENT
from hub.db.times import BEGINNING, FOREVER, OPEN
from hub.errors import AmbiguousReference, NotAllowed, UsageError
from hub.webhooks.outbox import CONFLICT_ACTED, notify

DECIDABLE = (OVERLAP, OVERCLAIM, DISAGREEMENT)
"""Kinds in which a settlement can name a winner, which answers then go by."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is done to a conflict; ``winner`` names a side, its society or its reference; ISO dates."""

    action: str
    reason: str = ""
    evidence: str = ""
    winner: str = ""
    valid_from: str = ""
    valid_to: str = ""


def act(hub: Hub, public_id: str, step: Step, actor: str, *, today: dt.date | None = None) -> dict[str, Any]:
    """Take one step of the table as a society, or as the operator (``hub.registers.OPERATOR``).

    The same statement by the same author twice in a row changes nothing.

    Raises:
        NotFound: no such conflict.
        NotAllowed: the society has no side in it, or cannot give way for one side alone.
        IllegalTransition: not from this state by this role.
        UsageError: an unknown action, a missing reason or evidence, or a winner that cannot be.
    """
    if step.action not in ACTIONS:
        raise UsageError(f"action {step.action!r} is not one of {', '.join(ACTIONS)}")
    author = actor if actor == registers.OPERATOR else registers.require(hub, actor)
    day = today or dt.datetime.now(dt.UTC).date()
    with writing(hub.engine) as connection:
        take(connection, "conflict_event", 0)
        found = find(connection, public_id, horizon(connection))
        row = permitted(found.course.state, step.action, _roles(found, author))
        done = Act(step.action, row.role, day, author, step.reason.strip(), step.evidence)
        for name in row.needs:
            if not getattr(done, name):
                raise UsageError(f"{step.action} needs {' and '.join(row.needs)}: it is kept and public")
        done = _decided(found, step, done)
        status = "unchanged"
        if row.to != found.course.state or not _repeats(found, done):
            status = "done"
            now = Instant(connection)
            _append(connection, found, done, now)
            found = find(connection, public_id, now.at)
    return {**found.detail(day), "status": status}


def _roles(found: Record, author: str) -> frozenset[str]:
    if author == registers.OPERATOR:
        return frozenset((OPERATOR,))
    roles = roles_of(found.course, author, found.societies)
    if not roles:
        raise NotAllowed(
            f"society {author} has no side in conflict {found.id}; its sides are "
            f"{', '.join(found.societies) or 'nobody'}"
        )
    return roles


def _decided(found: Record, step: Step, done: Act) -> Act:
    """The act with its winner and the days of the settlement."""
    if step.action not in (SETTLE, CONCEDE):
        if step.winner or step.valid_from or step.valid_to:
            raise UsageError("a winner and the days it is for belong to a settlement")
        return done
    start, end = _day(step.valid_from, BEGINNING), _day(step.valid_to, FOREVER)
    if start >= end:
        raise UsageError(f"a settlement cannot end ({end}) before it begins ({start})")
    winner = _yielded(found, done.author) if step.action == CONCEDE else _named(found, step.winner)
    return replace(done, winner=winner, valid_from=start, valid_to=end)


def _yielded(found: Record, society: str) -> str:
    """The other side, when a society gives way for its own."""
    own = [side for side in found.sides if side["societies"][:1] == [society]]
    if len(found.sides) != 2 or len(own) != 1:
        raise NotAllowed(
            f"society {society} cannot give way in conflict {found.id}: it must be the first of one of "
            "two sides; the operator records what was agreed (`hub conflicts settle`)"
        )
    return next(str(side["side"]) for side in found.sides if side is not own[0])


def _named(found: Record, text: str) -> str:
    if not text:
        return ""
    if found.kind not in DECIDABLE or len(found.sides) < 2:
        raise UsageError(
            f"a conflict of the kind {found.kind} has no winner: settle it without, and correct what is said"
        )
    fitting = [side for side in found.sides if text in (side["side"], name_of(side))] or [
        side for side in found.sides if side["societies"][:1] == [text]
    ]
    listed = ", ".join(f"{side['side']} ({name_of(side)}, {side['societies'][0]})" for side in found.sides)
    if not fitting:
        raise UsageError(f"winner {text!r} is no side of this conflict; its sides are {listed}")
    if len(fitting) > 1:
        raise AmbiguousReference(f"winner {text!r} stands for several sides: {listed}; name one by its id")
    return str(fitting[0]["side"])


def _day(text: str, default: dt.date) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else default
    except ValueError:
        raise UsageError(f"{text!r} is not an ISO date such as 2026-07-01") from None


def _repeats(found: Record, done: Act) -> bool:
    said = [item for item in found.acts if item.role != REGISTER]
    words = (done.action, done.author, done.reason, done.evidence)
    return bool(said) and words == (said[-1].action, said[-1].author, said[-1].reason, said[-1].evidence)


def _append(connection: Connection, found: Record, done: Act, now: Instant) -> None:
    """Keep an act for ever, log it, and begin or end what it means for answers."""
    connection.execute(
        insert(CONFLICT_EVENT).values(
            id=take(connection, "conflict_event", 1), conflict_id=found.key, action=done.action,
            role=done.role, author=done.author, reason=done.reason, evidence=done.evidence,
            winner=done.winner, done_on=done.day, valid_from=done.valid_from, valid_to=done.valid_to,
            known_from=now.at, known_to=OPEN,
        )
    )  # fmt: skip
    if done.winner and found.kind in DECIDABLE:
        settlements.begin(connection, found.key, _losers(found, done.winner), done, now.at)
    if done.action == REOPEN:
        settlements.end(connection, found.key, now.at)
    content = {
        "kind": found.kind, "action": done.action, "role": done.role, "on": done.day.isoformat(),
        "reason": done.reason, "evidence": done.evidence, "winner": done.winner,
        "valid_from": done.valid_from.isoformat(), "valid_to": done.valid_to.isoformat(),
    }  # fmt: skip
    record(connection, now.at, "conflict", done.author, found.id, content)
    told = {"conflict": found.id, "author": done.author, **content}
    notify(connection, CONFLICT_ACTED, told, found.societies)


def _losers(found: Record, winner: str) -> Sequence[settlements.Effect]:
    keys = {str(side["side"]): int(side["key"]) for side in found.sides}
    right = "" if found.kind == OVERLAP else found.about
    return [settlements.Effect(key, keys[winner], right) for name, key in keys.items() if name != winner]
