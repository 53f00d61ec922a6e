"""Notice periods as data: from which day a withdrawal may take effect, and how long a holder may react.

Rows are for a society (by its code), a jurisdiction (a territory expression that its country is in) or
everybody. An empty cell says nothing, and the next scope is asked: society, jurisdiction, default. A
jurisdiction's ceiling caps whatever months were found. An operator adds rows in ``notice_rules.csv`` in the
hub's data folder; a row of a shipped ``rule`` name replaces it.

How periods are counted: the day of the notice is not part of it, and a period of months ends with the last
hour of the day of the same number, or of the last day of a shorter month (as in Regulation (EEC, Euratom)
No 1182/71 Art. 3). The mandate may end with the first day after it, or with the first day of the next
month, quarter, half-year or (financial) year where the rule lets notices take effect only then.
"""

from __future__ import annotations

import calendar
import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path

from hub.db.times import FOREVER
from hub.errors import Surroundings
from schemas import territories
from schemas.societies import normalise_code

FILE = "notice_rules.csv"
SCOPES = ("society", "jurisdiction", "default")
EFFECTS = {"day": 0, "month": 1, "quarter": 3, "half-year": 6, "year": 12}
"""How many months lie between two days on which a notice may take effect; 0: any day."""

_DAY = dt.timedelta(days=1)
_COLUMNS = (
    "rule", "scope", "key", "months", "effect", "year_start", "ceiling_months", "reaction_days",
    "valid_from", "valid_to", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """One row; None and "" say nothing. ``valid_to`` is the first day without it."""

    rule: str
    scope: str
    key: str
    months: int | None
    effect: str
    year_start: str
    ceiling_months: int | None
    reaction_days: int | None
    valid_from: dt.date
    valid_to: dt.date
    source: str

    def applies(self, society: str, country: str, on: dt.date) -> bool:
        """Whether the row is for a society of this country on a day."""
        if not self.valid_from <= on < self.valid_to:
            return False
        if self.scope == "society":
            return normalise_code(self.key) == society
        if self.scope == "jurisdiction":
            return bool(country) and territories.covers(tuple(self.key.split("|")), country, on)
        return True


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """What the rows come to for one notice; ``rule`` joins the names of those that spoke."""

    months: int
    effect: str
    year_start: tuple[int, int]
    reaction_days: int
    rule: str

    def earliest(self, notice: dt.date) -> dt.date:
        """The first day without the mandate that the notice period allows."""
        free = _months_later(notice, self.months) + _DAY if self.months else notice
        return _next_turn(free, EFFECTS[self.effect], self.year_start)

    def deadline(self, notice: dt.date, filed: dt.date) -> dt.date:
        """The last day to react: counted from when the holder's side could know, never from before that."""
        start = max(notice, filed)
        return start + dt.timedelta(days=self.reaction_days) if start < _LAST else start


_LAST = FOREVER - dt.timedelta(days=4000)
"""Days near the end of the calendar are taken as they are: nothing can be added to them."""


def terms(rules: Sequence[NoticeRule], society: str, country: str, notice: dt.date) -> NoticeTerms:
    """What holds for a notice given to this society on this day.

    Among rows of one scope the one that begins last speaks first. A (financial) year begins as the row says
    that tells when notices take effect.
    """
    applying = sorted(
        (item for item in rules if item.applies(society, country, notice)),
        key=lambda item: (SCOPES.index(item.scope), -item.valid_from.toordinal(), item.rule),
    )
    spoke: dict[str, None] = {}

    def first(name: str) -> NoticeRule | None:
        speaks = next((item for item in applying if getattr(item, name) not in (None, "")), None)
        if speaks is not None:
            spoke[speaks.rule] = None
        return speaks

    longest, turn, reaction = first("months"), first("effect"), first("reaction_days")
    months = (longest.months if longest else 0) or 0
    for item in applying:
        if item.ceiling_months is not None and item.ceiling_months < months:
            months = item.ceiling_months
            spoke[item.rule] = None
    month, day = (turn.year_start if turn and turn.year_start else "01-01").split("-")
    return NoticeTerms(
        months,
        turn.effect if turn else "day",
        (int(month), int(day)),
        (reaction.reaction_days if reaction else 0) or 0,
        "+".join(spoke),
    )


def _months_later(day: dt.date, months: int) -> dt.date:
    if day > _LAST:
        return day - _DAY
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _next_turn(day: dt.date, step: int, year_start: tuple[int, int]) -> dt.date:
    """The first day from ``day`` on that begins a period of ``step`` months of the year."""
    if not step or day > _LAST:
        return day
    month, first = year_start
    turns = (
        dt.date(year + (month - 1 + step * n) // 12, (month - 1 + step * n) % 12 + 1, first)
        for year in (day.year - 1, day.year, day.year + 1)
        for n in range(12 // step)
    )
    return min(turn for turn in turns if turn >= day)


def load(folder: Path) -> tuple[NoticeRule, ...]:
    """The shipped rows with those of ``notice_rules.csv`` in the folder, which replace rows of their name.

    Raises:
        Surroundings: the operator's file cannot be read as the table it must be; the line is named.
    """
    found = {item.rule: item for item in shipped()}
    path = folder / FILE
    if path.is_file():
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as fault:
            raise Surroundings(f"{path} cannot be read: {fault}") from fault
        found |= {item.rule: item for item in read(text, str(path))}
    return tuple(found.values())


@cache
def shipped() -> tuple[NoticeRule, ...]:
    """The rows that come with the hub."""
    return tuple(read(files("hub.mandates").joinpath(FILE).read_text(encoding="utf-8"), FILE))


def read(text: str, name: str) -> Iterator[NoticeRule]:
    """Rows of a table of notice rules; ``name`` is what faults are told about.

    Raises:
        Surroundings: a column is missing or a cell is not understood.
    """
    reader = csv.DictReader(StringIO(text, newline=""))
    missing = set(_COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise Surroundings(f"{name}: the columns {', '.join(sorted(missing))} are missing")
    for row in reader:
        try:
            yield _rule({key: (row[key] or "").strip() for key in _COLUMNS})
        except ValueError as fault:
            raise Surroundings(f"{name}, line {reader.line_num}: {fault}") from fault


def _rule(row: dict[str, str]) -> NoticeRule:
    _one_of("scope", row["scope"], SCOPES)
    _one_of("effect", row["effect"], ("", *EFFECTS))
    if not row["rule"] or not row["source"]:
        raise ValueError("a row needs a rule name and its source")
    if row["scope"] == "jurisdiction" and territories.parse(row["key"])[1]:
        raise ValueError(f"key {row['key']!r} is not a list of territories")
    if row["year_start"]:
        start = dt.date.fromisoformat(f"2001-{row['year_start']}")
        if start.day > 28:
            raise ValueError(f"year_start {row['year_start']!r} must be a day that every month has")
    return NoticeRule(
        rule=row["rule"],
        scope=row["scope"],
        key="|".join(territories.parse(row["key"])[0]) if row["scope"] == "jurisdiction" else row["key"],
        months=_whole("months", row["months"], 120),
        effect=row["effect"],
        year_start=row["year_start"],
        ceiling_months=_whole("ceiling_months", row["ceiling_months"], 120),
        reaction_days=_whole("reaction_days", row["reaction_days"], 3650),
        valid_from=dt.date.fromisoformat(row["valid_from"]) if row["valid_from"] else dt.date.min,
        valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else FOREVER,
        source=row["source"],
    )


def _one_of(name: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise ValueError(f"{name} {value!r} is not one of {', '.join(filter(None, known))}")


def _whole(name: str, text: str, most: int) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) > most:
        raise ValueError(f"{name} {text!r} is not a whole number from 0 to {most}")
    return int(text)
