"""The register of conflicts: what was found is kept in versions, and what the register did is logged."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from hub.audit.log import record
from hub.conflicts.conflict_states import FIND, REGISTER, RETURN, VANISH
from hub.conflicts.found import Found
from hub.db.bulk import insert_rows
from hub.db.counters import Instant, take, tick
from hub.db.tables import CONFLICT, CONFLICT_SCOPE, CONFLICT_VERSION
from hub.db.times import BEGINNING, FOREVER, OPEN, moment
from hub.webhooks.outbox import CONFLICTS_CHANGED, listening, notify_conflicts

if TYPE_CHECKING:
    from hub.conflicts.finding import Looked

AUTHOR = "hub"
"""Who signs what the register does."""

CHANGE = "change"
"""What a notice calls a conflict that is another one now; the register keeps a version and no act."""

PART = 500
CONFLICT_COLUMNS = ("id", "public_id", "kind", "found_at")
CONTENT = (
    "rights", "uses", "territories", "valid_from", "valid_to", "countries", "month_from", "month_to",
    "works", "societies", "content",
)  # fmt: skip
VERSION_COLUMNS = ("id", "conflict_id", *CONTENT, "known_from", "known_to")
EVENT_COLUMNS = (
    "id", "conflict_id", "action", "role", "author", "reason", "evidence", "winner", "done_on",
    "valid_from", "valid_to", "known_from", "known_to",
)  # fmt: skip


def month(day: dt.date, *, up: bool = False) -> int:
    """Months since year 0; ``up`` counts a month that has begun as a whole one."""
    return day.year * 12 + day.month - 1 + (up and day.day > 1)


def _content(item: Found) -> tuple[Any, ...]:
    extent = item.extent
    body = {"about": item.about, "sides": [side.as_json() for side in item.sides]}
    return (
        extent.rights, extent.uses, extent.territories, extent.valid_from, extent.valid_to, extent.countries,
        month(extent.valid_from), month(extent.valid_to, up=True), item.works, item.societies,
        json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )  # fmt: skip


def keep(connection: Connection, found: Sequence[Found], looked: Looked) -> set[int]:
    """Keep what was found, in one transaction; returns the keys of these conflicts."""
    keys: dict[str, int] = {}
    current: dict[int, Any] = {}
    names = [item.public_id for item in found]
    for start in range(0, len(names), PART):
        query = select(CONFLICT.c.public_id, CONFLICT.c.id).where(
            CONFLICT.c.public_id.in_(names[start : start + PART])
        )
        keys.update(connection.execute(query).all())
    known = sorted(keys.values())
    for start in range(0, len(known), PART):
        versions = select(CONFLICT_VERSION).where(
            CONFLICT_VERSION.c.conflict_id.in_(known[start : start + PART]),
            CONFLICT_VERSION.c.known_to == OPEN,
        )
        current.update({row.conflict_id: row for row in connection.execute(versions)})
    _alone(connection)
    now = Instant(connection)
    fresh: list[tuple[Any, ...]] = []
    scopes: list[tuple[int, str]] = []
    versions_to_add: list[tuple[int, tuple[Any, ...]]] = []
    acts: list[tuple[int, str]] = []
    stale: list[int] = []
    first = take(connection, "conflict", sum(name not in keys for name in names))
    for name, item in zip(names, found, strict=True):
        content = _content(item)
        if name not in keys:
            keys[name] = first + len(fresh)
            fresh.append((keys[name], name, item.kind, now.at))
            acts.append((keys[name], FIND))
            looked.new += 1
        else:
            row = current.get(keys[name])
            if row is not None and tuple(getattr(row, column) for column in CONTENT) == content:
                continue
            if row is None:
                acts.append((keys[name], RETURN))
                looked.returned += 1
            else:
                stale.append(row.id)
                looked.changed += 1
        versions_to_add.append((keys[name], content))
        scopes += [(keys[name], scope) for scope in sorted(item.scopes)]
    looked.found += len(found)
    if versions_to_add:
        _close(connection, stale, now)
        insert_rows(connection, "conflict", CONFLICT_COLUMNS, fresh)
        number = take(connection, "conflict_version", len(versions_to_add))
        rows = [
            (number + offset, key, *content, now.at, OPEN)
            for offset, (key, content) in enumerate(versions_to_add)
        ]
        insert_rows(connection, "conflict_version", VERSION_COLUMNS, rows)
        _add_scopes(connection, scopes)
        _log(connection, acts, now)
        sides = {keys[item.public_id]: (item.public_id, item.societies) for item in found}
        told: dict[str, list[tuple[str, str]]] = {}
        for key, act in acts:
            told.setdefault(act, []).append(sides[key])
        acted = {key for key, _ in acts}
        told[CHANGE] = [sides[key] for key, _ in versions_to_add if key not in acted]
        notify_conflicts(connection, told)
    return {keys[name] for name in names}


def let_go(connection: Connection, conflicts: Sequence[int], looked: Looked) -> None:
    """Note that these conflicts are not there any more."""
    _alone(connection)
    now = Instant(connection)
    versions: list[int] = []
    for start in range(0, len(conflicts), PART):
        query = select(CONFLICT_VERSION.c.id).where(
            CONFLICT_VERSION.c.conflict_id.in_(conflicts[start : start + PART]),
            CONFLICT_VERSION.c.known_to == OPEN,
        )
        versions += connection.scalars(query)
    gone = _with_societies(connection, versions)
    _close(connection, versions, now)
    _log(connection, [(key, VANISH) for key in conflicts], now)
    looked.vanished += len(conflicts)
    notify_conflicts(connection, {VANISH: gone})


def _with_societies(connection: Connection, versions: Sequence[int]) -> list[tuple[str, str]]:
    """The id and the societies of each of these versions, if anybody wants to be told."""
    found: list[tuple[str, str]] = []
    if not listening(connection, CONFLICTS_CHANGED):
        return found
    joined = CONFLICT.join(CONFLICT_VERSION, CONFLICT_VERSION.c.conflict_id == CONFLICT.c.id)
    for start in range(0, len(versions), PART):
        query = (
            select(CONFLICT.c.public_id, CONFLICT_VERSION.c.societies)
            .select_from(joined)
            .where(CONFLICT_VERSION.c.id.in_(versions[start : start + PART]))
            .order_by(CONFLICT.c.public_id)
        )
        found += [(name, who) for name, who in connection.execute(query)]
    return found


def log_found(connection: Connection, counts: Mapping[str, int | bool]) -> None:
    """Add what a look at the register came to to the log, if it changed anything."""
    if any(counts[name] for name in ("new", "changed", "returned", "vanished")):
        record(connection, tick(connection), "conflicts", AUTHOR, "", counts)


def _alone(connection: Connection) -> None:
    """Keep the dialogue out until the end: it takes the acts first and then the instant, so this does too."""
    take(connection, "conflict_event", 0)


def _close(connection: Connection, versions: Sequence[int], now: Instant) -> None:
    for start in range(0, len(versions), PART):
        connection.execute(
            update(CONFLICT_VERSION)
            .where(CONFLICT_VERSION.c.id.in_(versions[start : start + PART]))
            .values(known_to=now.at)
        )


def _add_scopes(connection: Connection, scopes: Sequence[tuple[int, str]]) -> None:
    """Scopes are only ever added: looking once too often does no harm."""
    known: set[tuple[int, str]] = set()
    keys = sorted({key for key, _ in scopes})
    for start in range(0, len(keys), PART):
        query = select(CONFLICT_SCOPE.c.conflict_id, CONFLICT_SCOPE.c.scope).where(
            CONFLICT_SCOPE.c.conflict_id.in_(keys[start : start + PART])
        )
        known.update(connection.execute(query))
    insert_rows(
        connection, "conflict_scope", ("conflict_id", "scope"), [item for item in scopes if item not in known]
    )


def _log(connection: Connection, acts: Sequence[tuple[int, str]], now: Instant) -> None:
    if not acts:
        return
    number = take(connection, "conflict_event", len(acts))
    today = moment(now.at).date()
    rows = [
        (
            number + offset, key, action, REGISTER, AUTHOR, "", "", "", today, BEGINNING, FOREVER, now.at,
            OPEN,
        )
        for offset, (key, action) in enumerate(acts)
    ]  # fmt: skip
    insert_rows(connection, "conflict_event", EVENT_COLUMNS, rows)
