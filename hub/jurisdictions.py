"""Rules of jurisdictions as data: where, for which rights and since when one society only may collect.

A rule either names the society that alone collects, or says that a rightsholder may entrust one society
only. What it does is a row's ``effect``: ``tell`` names it beside the answer, ``hold`` lets the money wait,
``off`` ends a rule of that name. The operator keeps the rules; each version has its known time, so answers
as known before a change stay as they were.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Any, BinaryIO

from sqlalchemy import Connection, insert, select, update

from hub.audit.log import record
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon, take, tick
from hub.db.engine import reading, writing
from hub.db.lists import terms
from hub.db.tables import JURISDICTION_RULE
from hub.db.times import FOREVER, OPEN, as_known
from hub.errors import UsageError
from hub.registers import OPERATOR
from hub.usage.sheets import rows
from schemas import rights, territories
from schemas.societies import normalise_code

KIND = "jurisdictions"
TELL, HOLD, OFF = "tell", "hold", "off"
EFFECTS = (TELL, HOLD, OFF)
COLUMNS = ("rule", "territories", "rights", "society", "effect", "valid_from", "valid_to", "source")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; ``valid_to`` is the first day without it, ``society`` empty where each grantor chooses."""

    name: str
    territories: tuple[str, ...]
    rights: tuple[str, ...]
    society: str
    effect: str
    valid_from: dt.date
    valid_to: dt.date
    source: str

    def holds(self, right: str, use: str, territory: str, on: dt.date) -> bool:
        """Whether it is for a right and use in a territory on a day."""
        return (
            self.valid_from <= on < self.valid_to
            and rights.covers(self.rights, right, use)
            and territories.covers(self.territories, territory, on)
        )

    def as_json(self) -> dict[str, str]:
        """As in a file of rules."""
        return {
            "rule": self.name,
            "territories": "|".join(self.territories),
            "rights": "|".join(self.rights),
            "society": self.society,
            "effect": self.effect,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": "" if self.valid_to == FOREVER else self.valid_to.isoformat(),
            "source": self.source,
        }


def import_rules(hub: Hub, stream: BinaryIO) -> dict[str, int]:
    """Read a file of rules; one that differs from the rule of its name replaces it from now on.

    Returns how many were ``read``, ``stored`` and ``unchanged``. A file with a fault changes nothing.

    Raises:
        UsageError: a column is missing or a cell is not understood; the line is named.
    """
    listed = list(_read(stream))
    stored = 0
    with writing(hub.engine) as connection:
        current = {item.name: item for item in known(connection, horizon(connection))}
        at = 0
        for item in listed:
            if current.get(item.name) == item or (item.effect == OFF and item.name not in current):
                continue
            at = at or tick(connection)
            _write(connection, item, at)
            current[item.name] = item
            stored += 1
            record(connection, at, KIND, OPERATOR, item.name, item.as_json())
    return {"read": len(listed), "stored": stored, "unchanged": len(listed) - stored}


def add_shipped(hub: Hub) -> dict[str, int]:
    """Take the rules in that come with the hub; they tell and hold nothing."""
    return import_rules(hub, BytesIO(files("hub").joinpath("jurisdiction_rules.csv").read_bytes()))


def listing(hub: Hub, known_at: int | None = None) -> list[dict[str, str]]:
    """The rules as known at an instant, by name, each with the instant since which it is known."""
    with reading(hub.engine) as connection:
        at = horizon(connection) if known_at is None else known_at
        return [
            {**_rule(row).as_json(), "known_from": times.text(row.known_from)}
            for row in connection.execute(_query(at))
            if row.effect != OFF
        ]


def known(connection: Connection, at: int) -> list[Rule]:
    """The rules as known at an instant, by name; those that were ended are left out."""
    return [_rule(row) for row in connection.execute(_query(at)) if row.effect != OFF]


def _query(at: int) -> Any:
    return (
        select(JURISDICTION_RULE)
        .where(as_known(JURISDICTION_RULE, at))
        .order_by(JURISDICTION_RULE.c.rule, JURISDICTION_RULE.c.id)
    )


def _rule(row: Any) -> Rule:
    return Rule(
        row.rule, terms(row.territories), terms(row.rights), row.society, row.effect, row.valid_from,
        row.valid_to, row.source,
    )  # fmt: skip


def _write(connection: Connection, item: Rule, at: int) -> None:
    standing = JURISDICTION_RULE.c.rule == item.name, JURISDICTION_RULE.c.known_to == OPEN
    connection.execute(update(JURISDICTION_RULE).where(*standing).values(known_to=at))
    values = {
        "id": take(connection, "jurisdiction_rule", 1), "rule": item.name,
        "territories": "|".join(item.territories), "rights": "|".join(item.rights), "society": item.society,
        "effect": item.effect, "valid_from": item.valid_from, "valid_to": item.valid_to,
        "source": item.source, "known_from": at, "known_to": OPEN,
    }  # fmt: skip
    connection.execute(insert(JURISDICTION_RULE).values(**values))


def _read(stream: BinaryIO) -> Iterator[Rule]:
    for line, row in rows(stream, COLUMNS):
        try:
            yield _stated(row)
        except (ValueError, csv.Error) as fault:
            raise UsageError(f"line {line}: {fault}") from fault


def _stated(row: dict[str, str]) -> Rule:
    if not row["rule"] or not row["source"]:
        raise ValueError("a rule needs a name and its source")
    if row["effect"] not in EFFECTS:
        raise ValueError(f"effect {row['effect']!r} is not one of {', '.join(EFFECTS)}")
    places, strange = territories.parse(row["territories"])
    spheres, unknown = rights.parse_rights(row["rights"])
    if strange or unknown:
        raise ValueError(f"not understood: {', '.join((*strange, *unknown))}")
    if not places or not spheres:
        raise ValueError("a rule names its territories and rights; * is all")
    start = dt.date.fromisoformat(row["valid_from"])
    end = dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else FOREVER
    if end <= start:
        raise ValueError(f"a rule cannot end ({end}) before it begins ({start})")
    society = normalise_code(row["society"]) if row["society"] else ""
    return Rule(row["rule"], places, spheres, society, row["effect"], start, end, row["source"])
