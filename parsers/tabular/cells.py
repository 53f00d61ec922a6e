"""Cells into values: numbers, shares, identifiers, dates and lists, each with its findings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from parsers.tabular.rows import Row
from schemas import territories
from schemas.declarations import PartyName
from schemas.findings import Finding, quote
from schemas.identifiers import ipi_base, ipi_name, isni, isrc, iswc
from schemas.identifiers.errors import ValidationError
from schemas.shares import ShareError, parse_percent

ROLES = frozenset(["CA", "C", "A", "AR", "AD", "SR", "SA", "TR", "PA", "E", "SE", "AM", "AQ", "ES"])
"""CWR writer designations and publisher types."""

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:\.\d+)?")
_IPI = re.compile(r"[0-9]{9,11}")
_BASE = re.compile(r"I-?[0-9]{9}-?[0-9]")
_ISNI = re.compile(r"[0-9]{15}[0-9X]")
_IPN = re.compile(r"[0-9]{1,8}")


class Remarks:
    """Collects the findings of one row or group; ``failed`` once one of them is an error."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.found: list[Finding] = []

    @property
    def failed(self) -> bool:
        """Whether the statement must be rejected."""
        return any(item.severity == "error" for item in self.found)

    def add(self, code: str, row: Row, column: str, value: str, detail: str = "") -> None:
        """Note a remark on a cell."""
        self.found.append(Finding(code, row.position, self.table, column, quote(value), detail))

    def share(self, row: Row, column: str) -> int | None:
        """A percentage in share units; None for an empty or unreadable cell."""
        text = row[column]
        if not text:
            return None
        if "," in text and "." not in text:
            self.add("tabular.decimal_comma", row, column, text)
            text = text.replace(",", ".")
        try:
            return parse_percent(text)
        except ShareError as fault:
            self.add("tabular.number", row, column, text, str(fault).partition(":")[0])
            return None

    def day(self, row: Row, column: str) -> str:
        """An ISO date as text; empty when it is none."""
        text = row[column]
        try:
            if len(text) == 10:
                return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            pass
        self.add("tabular.date", row, column, text)
        return ""

    def territories(self, row: Row) -> tuple[str, ...]:
        """The territories column as an expression; unknown codes are errors, for they change the meaning."""
        expression, unknown = territories.parse(row["territories"])
        for code in unknown:
            self.add("tabular.code", row, "territories", code)
        return expression

    def identifier(self, row: Row, column: str, scheme: str, text: str) -> str:
        """An identifier, compact; an invalid one is kept with a warning."""
        if not text:
            return ""
        module = {"iswc": iswc, "isrc": isrc, "ipi_name": ipi_name, "ipi_base": ipi_base, "isni": isni}[
            scheme
        ]
        try:
            return str(module.validate(text))
        except ValidationError as fault:
            self.add(f"identifier.{scheme}", row, column, text, str(fault))
            return str(module.compact(text))

    def duration(self, row: Row, column: str = "duration") -> int:
        """Seconds of ``HH:MM:SS``, ``MM:SS`` or a number; 0 when there is none."""
        text = row[column]
        if not text:
            return 0
        if text.isdecimal() and len(text) <= 6:
            return int(text)
        clock = _CLOCK.fullmatch(text)
        if clock is None:
            self.add("tabular.duration", row, column, text)
            return 0
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds

    def role(self, row: Row) -> str:
        """A role in upper case, remarked upon when CWR does not know it."""
        role = row["role"].upper()
        if role and role not in ROLES:
            self.add("tabular.role", row, "role", role)
        return role

    def party(self, row: Row, column: str) -> PartyName:
        """A party by the name in ``party_name`` and whatever identifier stands in ``column``."""
        name, text = row["party_name"], row[column]
        prefix, _, value = text.rpartition(":")
        code = re.sub(r"[\s.]", "", value).upper()
        scheme = prefix.casefold() or party_scheme(code) or ("ipn" if _IPN.fullmatch(code) else "")
        if scheme == "ipi":
            scheme = "ipi_base" if code.startswith("I") else "ipi_name"
        if scheme in ("ipi_name", "ipi_base", "isni"):
            number = self.identifier(row, column, scheme, value)
            return PartyName(
                name or number,
                ipi_name=number if scheme == "ipi_name" else "",
                ipi_base=number if scheme == "ipi_base" else "",
                isni=number if scheme == "isni" else "",
            )
        if scheme == "ipn":
            return PartyName(name or code, ipn=code)
        if text:
            return PartyName(name or text, proprietary=((scheme, value),))
        return PartyName(name)


def party_scheme(text: str) -> str:
    """Which kind of party identifier has this shape; empty for none, such as a society's code."""
    code = text.strip().upper()
    if _IPI.fullmatch(code):
        return "ipi_name"
    if _BASE.fullmatch(code):
        return "ipi_base"
    return "isni" if _ISNI.fullmatch(re.sub(r"[\s-]", "", code)) else ""


def listed(text: str) -> Iterator[str]:
    """The parts of a cell that holds a list."""
    return filter(None, (part.strip() for part in text.split("|")))
