"""Cells into values: numbers, shares, identifiers, dates and lists, each with its findings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from parsers.tabular.grouping import Group
from parsers.tabular.parties import identifier_of, named
from parsers.tabular.rows import Row
from schemas import territories
from schemas.cwr.lookups import codes
from schemas.declarations import PartyName
from schemas.findings import Finding, quote
from schemas.identifiers import Scheme, ipi_base, ipi_name, isni, isrc, iswc
from schemas.identifiers.errors import ValidationError
from schemas.roles import canonical_role
from schemas.shares import ShareError, parse_percent
from schemas.tables.columns import column as column_of
from schemas.tables.columns import tables

Parse = Callable[[str], tuple[tuple[str, ...], tuple[str, ...]]]
"""Splits a sequence of codes into canonical ones and unknown ones."""

IDENTIFIERS: Mapping[str, Scheme] = {
    "iswc": iswc,
    "isrc": isrc,
    "ipi_name": ipi_name,
    "ipi_base": ipi_base,
    "isni": isni,
}
"""Schemes with a check; their names are those of the rules ``identifier.*``."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{0,30})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR = re.compile(r"[0-9]{4}")
_SECONDS = re.compile(r"([0-9]{1,6})(?:\.[0-9]+)?")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,2}):([0-5][0-9])(?:\.[0-9]+)?")


def iso_day(text: str) -> str:
    """The text if it is an ISO date, else an empty text.

    >>> iso_day("2026-03-15"), iso_day("2026-W11-7"), iso_day("2026-02-30")
    ('2026-03-15', '', '')
    """
    try:
        return dt.date.fromisoformat(text).isoformat() if _DAY.fullmatch(text) else ""
    except ValueError:
        return ""


def seconds_of(text: str) -> int | None:
    """Seconds of ``HH:MM:SS``, ``MM:SS`` or a number, fractions left out; None for anything else.

    >>> seconds_of("00:05:10"), seconds_of("3:07"), seconds_of("187"), seconds_of("5 min")
    (310, 187, 187, None)
    """
    number = _SECONDS.fullmatch(text)
    if number is not None:
        return int(number[1])
    clock = _CLOCK.fullmatch(text)
    if clock is None or (clock[1] is not None and int(clock[2]) > 59):
        return None
    return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])


@lru_cache(maxsize=65536)
def _checked(scheme: str, text: str) -> tuple[str, str]:
    """The compact form and what is wrong with it; the same parties come again on many rows."""
    module = IDENTIFIERS[scheme]
    try:
        return module.validate(text), ""
    except ValidationError as fault:
        return module.compact(text), str(fault)


class Remarks:
    """Reads the cells of one statement and collects its findings."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.found: list[Finding] = []

    @property
    def failed(self) -> bool:
        """Whether one of the findings is an error, so that the statement must be rejected."""
        return any(item.severity == "error" for item in self.found)

    def add(self, code: str, row: Row, column: str, value: str, detail: str = "") -> None:
        """Note a remark on a cell."""
        self.found.append(Finding(code, row.position, self.table, column, quote(value), detail))

    def required(self, row: Row) -> None:
        """Remark on every cell of the row that must not be empty by the column table."""
        for column in tables()[self.table]:
            if column.required and not row[column.name]:
                self.add("tabular.required", row, column.name, "")

    def deciding(self, group: Group, column: str) -> Row:
        """The first row that fills a column which says something of the whole statement.

        Other rows may repeat it or leave it empty; one that says something else is remarked upon.
        """
        decided: Row | None = None
        for row in group.rows:
            text = row[column]
            if text and decided is None:
                decided = row
            elif text and decided is not None and text != decided[column]:
                self.add("tabular.conflicting_rows", row, column, text, decided[column])
        return decided or group.rows[0]

    def listed(self, row: Row, column: str) -> tuple[str, ...]:
        """The parts of a cell that holds a list, by the separator of the column table."""
        text = row[column]
        if not text:
            return ()
        parts = text.split(column_of(self.table, column).separator)
        return tuple(filter(None, map(str.strip, parts)))

    def choice(self, row: Row, column: str) -> str:
        """A word out of those of the column table, in their spelling; empty for an empty or unknown one."""
        text = row[column]
        values = column_of(self.table, column).values
        for value in values:
            if value.casefold() == text.casefold():
                return value
        if text:
            self.add("tabular.choice", row, column, text, ", ".join(values))
        return ""

    def share(self, row: Row, column: str) -> int | None:
        """A percentage in share units; None for an empty or unreadable cell."""
        return self.percentage(row, column, row[column]) if row[column] else None

    def percentage(self, row: Row, column: str, text: str) -> int | None:
        """A percentage that is a cell or a part of one; a decimal comma is read with a remark."""
        number = text
        if "," in text and "." not in text:
            number = text.replace(",", ".", 1)
        if not _NUMBER.fullmatch(number):
            self.add("tabular.number", row, column, text, "0 - 100")
            return None
        try:
            share = parse_percent(number)
        except ShareError as fault:
            self.add("tabular.number", row, column, text, str(fault).partition(":")[0])
            return None
        if number != text:
            self.add("tabular.decimal_comma", row, column, text)
        return share

    def day(self, row: Row, column: str) -> str:
        """An ISO date as text; empty for an empty or unreadable cell."""
        found = iso_day(row[column])
        if row[column] and not found:
            self.add("tabular.date", row, column, row[column])
        return found

    def year(self, row: Row, column: str) -> int:
        """A year; 0 for an empty or unreadable cell."""
        text = row[column]
        if text and not _YEAR.fullmatch(text):
            self.add("tabular.number", row, column, text, "YYYY")
            return 0
        return int(text or 0)

    def duration(self, row: Row, column: str = "duration") -> int:
        """Seconds; 0 for an empty or unreadable cell."""
        text = row[column]
        found = seconds_of(text) if text else 0
        if found is None:
            self.add("tabular.duration", row, column, text)
        return found or 0

    def expression(self, row: Row, column: str, parse: Parse) -> tuple[str, ...]:
        """A sequence of codes in their canonical spelling, empty for an empty cell, which stands for all.

        Unknown codes are errors, because without them the row means something else; so is a cell that holds
        separators only, which would turn into all.
        """
        if not row[column]:
            return ()
        expression, unknown = parse(row[column])
        for code in unknown if expression or unknown else (row[column],):
            self.add("tabular.code", row, column, code)
        return expression

    def territories(self, row: Row) -> tuple[str, ...]:
        """The sequence of territories of a row."""
        return self.expression(row, "territories", territories.parse)

    def identifier(self, row: Row, column: str, scheme: str, text: str) -> str:
        """An identifier, compact; an invalid one is kept with a warning."""
        if not text:
            return ""
        number, fault = _checked(scheme, text)
        if fault:
            self.add(f"identifier.{scheme}", row, column, text, fault)
        return number

    def role(self, row: Row) -> str:
        """A role in a work as CWR's code, from IPI's or DDEX's word too; another one is remarked upon."""
        stated = row["role"]
        role = stated.upper()
        if role not in work_roles():
            role = canonical_role(role, "ipi") or canonical_role(stated, "ddex") or role
        if role not in work_roles():
            role = stated.upper()
        if role and role not in work_roles():
            self.add("tabular.role", row, "role", role)
        return role

    def party(self, row: Row, name: str, column: str, *, short: str = "ipn") -> PartyName:
        """A party by its name and whatever identifier stands in ``column``."""
        given = identifier_of(row[column], short=short)
        number = given.text
        if given.scheme in IDENTIFIERS:
            number = self.identifier(row, column, given.scheme, given.text)
        elif not given.scheme and given.text:
            self.add("identifier.ipi_name", row, column, given.text)
        return named(row[name], given.scheme, number)


@lru_cache(maxsize=1)
def work_roles() -> frozenset[str]:
    """CWR writer designations and publisher types."""
    return codes("writer_type") | codes("publisher_type")


def unread(group: Group, columns: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What a statement says beyond the documented columns, and cells that could not be read, once each."""
    pairs = [pair for row in group.rows for pair in row.extra]
    pairs += [(column, row[column]) for row in group.rows for column in columns if row[column]]
    return tuple(dict.fromkeys(pairs))
