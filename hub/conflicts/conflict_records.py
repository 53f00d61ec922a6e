"""Conflicts as they are read: what is in question and everything done about it, as known at an instant."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from hub.conflicts.conflict_states import Act, Course, course
from hub.conflicts.register import month
from hub.db import times
from hub.db.tables import CONFLICT, CONFLICT_EVENT, CONFLICT_SCOPE, CONFLICT_VERSION
from hub.db.times import BEGINNING, FOREVER, as_known
from hub.errors import NotFound

PAGE = 500
MONTHS_BACK, MONTHS_AHEAD = 36, 12
"""The window in which territory-months are counted: money of the last years is claimed back, next year's is
held; what lies further away blocks nothing now."""

LEFT = ("settled", "vanished")
"""States of conflicts that may not be there any more: their last content is shown."""


@dataclass(frozen=True, slots=True)
class Record:
    """A conflict with its current or last content and its acts in order."""

    key: int
    id: str
    kind: str
    found_at: int
    row: Any
    present: bool
    acts: tuple[Act, ...]
    about: str
    sides: tuple[dict[str, Any], ...]

    @property
    def course(self) -> Course:
        """Where it stands."""
        return course(self.acts)

    @property
    def societies(self) -> tuple[str, ...]:
        """Everybody with a side."""
        return tuple(filter(None, self.row.societies.split("|")))

    def territory_months(self, on: dt.date) -> int:
        """Countries times months in question within the window around a day."""
        first = max(self.row.month_from, month(on) - MONTHS_BACK)
        last = min(self.row.month_to, month(on) + MONTHS_AHEAD)
        return int(self.row.countries * max(0, last - first))

    def as_json(self, on: dt.date) -> dict[str, Any]:
        """For listings; open ends are empty. ``blocks`` is what the queue is ranked by."""
        row, months = self.row, self.territory_months(on)
        return {
            "id": self.id,
            "kind": self.kind,
            "state": self.course.state,
            "present": self.present,
            "about": self.about,
            "rights": row.rights,
            "uses": row.uses,
            "territories": row.territories,
            "valid_from": "" if row.valid_from == BEGINNING else row.valid_from.isoformat(),
            "valid_to": "" if row.valid_to == FOREVER else row.valid_to.isoformat(),
            "works": row.works,
            "countries": row.countries,
            "territory_months": months,
            "blocks": months * row.works,
            "societies": list(self.societies),
            "sides": [
                {"side": side["side"], "societies": side["societies"], "name": name_of(side)}
                for side in self.sides
            ],
            "found_at": times.text(self.found_at),
        }

    def detail(self, on: dt.date) -> dict[str, Any]:
        """With the sides' statements and sources, the settlement in force, and the history."""
        settlement = self.course.settlement
        return {
            **self.as_json(on),
            "sides": [
                {key: value for key, value in side.items() if key != "key"} | {"name": name_of(side)}
                for side in self.sides
            ],
            "settlement": _act_json(settlement) if settlement else None,
            "history": [_act_json(act) for act in self.acts],
        }


def name_of(side: dict[str, Any]) -> str:
    """What people call a side: the mandate's or registration's own reference, or its own name."""
    statement = side["statement"]
    refs = ", ".join(statement.get("refs", ()))
    return str(statement.get("mandate_ref") or statement.get("ref") or refs or side["side"])


def _act_json(act: Act) -> dict[str, Any]:
    return {
        "action": act.action,
        "role": act.role,
        "author": act.author,
        "on": act.day.isoformat(),
        "reason": act.reason,
        "evidence": act.evidence,
        "winner": act.winner,
        "valid_from": "" if act.valid_from == BEGINNING else act.valid_from.isoformat(),
        "valid_to": "" if act.valid_to == FOREVER else act.valid_to.isoformat(),
        "known_from": times.text(act.known_from),
    }


def _query(at: int, *, left: bool) -> Select[Any]:
    """Conflicts with their content; ``left`` takes the last one of those that are not there any more."""
    version = CONFLICT_VERSION
    query = select(CONFLICT, version).join(version, version.c.conflict_id == CONFLICT.c.id)
    if not left:
        return query.where(as_known(version, at))
    other = CONFLICT_VERSION.alias("other")
    last = select(func.max(other.c.id)).where(other.c.conflict_id == CONFLICT.c.id, other.c.known_from <= at)
    return query.where(version.c.id == last.scalar_subquery())


def _rank(on: dt.date) -> ColumnElement[int]:
    """The SQL of ``blocks``."""
    version = CONFLICT_VERSION.c
    low, high = month(on) - MONTHS_BACK, month(on) + MONTHS_AHEAD
    first = case((version.month_from > low, version.month_from), else_=low)
    last = case((version.month_to < high, version.month_to), else_=high)
    return case((last > first, (last - first) * version.countries * version.works), else_=0)


def _read(connection: Connection, query: Select[Any], at: int) -> list[Record]:
    rows = connection.execute(query).all()
    acts: dict[int, list[Act]] = {}
    told = (
        select(CONFLICT_EVENT)
        .where(CONFLICT_EVENT.c.conflict_id.in_([row.id for row in rows]), as_known(CONFLICT_EVENT, at))
        .order_by(CONFLICT_EVENT.c.id)
    )
    for row in connection.execute(told):
        act = Act(
            row.action, row.role, row.done_on, row.author, row.reason, row.evidence, row.winner,
            row.valid_from, row.valid_to, row.known_from,
        )  # fmt: skip
        acts.setdefault(row.conflict_id, []).append(act)
    found = []
    for row in rows:
        body = json.loads(row.content)
        present = row.known_from <= at < row.known_to
        found.append(
            Record(
                row.id, row.public_id, row.kind, row.found_at, row, present, tuple(acts.get(row.id, ())),
                body["about"], tuple(body["sides"]),
            )
        )  # fmt: skip
    return found


def find(connection: Connection, public_id: str, at: int) -> Record:
    """One conflict.

    Raises:
        NotFound: none is known under this id at the instant.
    """
    found = _read(connection, _query(at, left=True).where(CONFLICT.c.public_id == public_id), at)
    if not found:
        raise NotFound(f"no conflict is known as {public_id!r}; `hub conflicts list` shows their ids")
    return found[0]


def queue(
    connection: Connection,
    at: int,
    on: dt.date,
    *,
    state: str = "",
    kind: str = "",
    society: str = "",
    skip: int = 0,
    limit: int | None = None,
) -> tuple[list[Record], int | None]:
    """Conflicts by what they block, then by age, and where to go on (None at the end).

    Without ``state`` those that are there. States are derived, so that filter reads on in pages.
    """
    query = _query(at, left=state in LEFT)
    if kind:
        query = query.where(CONFLICT.c.kind == kind)
    if society:
        query = query.where(CONFLICT_VERSION.c.societies.contains(f"|{society}|", autoescape=True))
    query = query.order_by(_rank(on).desc(), CONFLICT.c.found_at, CONFLICT.c.id)
    # Without a state everything that is read is shown.
    size = PAGE if state or limit is None else min(PAGE, limit)
    found: list[Record] = []
    while True:
        page = _read(connection, query.offset(skip).limit(size), at)
        for number, item in enumerate(page):
            if state in ("", item.course.state):
                found.append(item)
                if limit is not None and len(found) == limit:
                    return found, skip + number + 1
        skip += len(page)
        if len(page) < size:
            return found, None


def hanging_on(connection: Connection, scopes: Sequence[str], at: int) -> list[Record]:
    """Conflicts there are at an instant that hang on one of these (``subject:KEY``, ``party:IPI``...)."""
    hit = select(CONFLICT_SCOPE.c.conflict_id).where(CONFLICT_SCOPE.c.scope.in_(list(scopes)))
    query = _query(at, left=False).where(CONFLICT.c.id.in_(hit)).order_by(CONFLICT.c.found_at, CONFLICT.c.id)
    return _read(connection, query.limit(PAGE), at)


def by_society(connection: Connection, at: int, on: dt.date) -> list[dict[str, Any]]:
    """For each society with a side: its conflicts there are and what they block, the most first."""
    version = CONFLICT_VERSION
    query = (
        select(version.c.societies, func.count(), func.sum(_rank(on)))
        .where(as_known(version, at))
        .group_by(version.c.societies)
    )
    found: dict[str, list[int]] = {}
    for societies, count, blocks in connection.execute(query):
        for code in filter(None, societies.split("|")):
            sums = found.setdefault(code, [0, 0])
            sums[0] += count
            sums[1] += int(blocks or 0)
    ranked = sorted(found.items(), key=lambda item: (-item[1][1], -item[1][0], item[0]))
    return [{"society": code, "conflicts": sums[0], "blocks": sums[1]} for code, sums in ranked]


def totals(connection: Connection, at: int) -> Sequence[tuple[str, int]]:
    """How many conflicts there are of each kind."""
    query = (
        select(CONFLICT.c.kind, func.count())
        .join(CONFLICT_VERSION, CONFLICT_VERSION.c.conflict_id == CONFLICT.c.id)
        .where(as_known(CONFLICT_VERSION, at))
        .group_by(CONFLICT.c.kind)
        .order_by(CONFLICT.c.kind)
    )
    return list(connection.execute(query))
