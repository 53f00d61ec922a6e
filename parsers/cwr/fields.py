"""Checking the fields of a record against its layout.

A value that was judged good once is remembered per field, so a file costs one set lookup for each further
occurrence; societies, roles, shares and territories repeat in nearly every record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from parsers.cwr.conditions import broken
from schemas.cwr.conditions import VALID, conditions
from schemas.cwr.layouts import Field, Layout, Slices
from schemas.cwr.lookups import codes
from schemas.findings import Finding, quote, rule
from schemas.identifiers import ipi_base, ipi_name, isni, isrc, iswc, upc
from schemas.identifiers.errors import ValidationError

REMEMBERED = 1 << 13
SHARE_LIMIT = 10_000
"""A whole in hundredths of a percent."""

_IDENTIFIERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        "iswc": iswc.validate,
        "isrc": isrc.validate,
        "ipi_name": ipi_name.validate,
        "ipi_base": ipi_base.validate,
        "isni": isni.validate,
        "upc": upc.validate,
    }
)
_FLAGS = {"F": frozenset("YNU"), "B": frozenset("YN")}


@dataclass(frozen=True, slots=True)
class Fault:
    """A field whose value is missing or not allowed, with the consequence the table demands."""

    field: Field
    value: str
    code: str
    rule: str
    detail: str = ""
    between_fields: bool = False
    """Whether it is between fields: such a rule has an effect of its own, not one that a field gives it."""

    def finding(self, record: str, number: int) -> Finding:
        """The located remark; a fault that costs the transaction is an error, any other a warning."""
        code = f"{self.code}.transaction" if self.rule == "TR" and not self.between_fields else self.code
        return Finding(code, f"line:{number}", record, self.field.name, quote(self.value), self.detail)


class FieldChecks:
    """The checks of one layout; the record type and its sequence numbers are the reader's own business."""

    __slots__ = ("_agreeing", "_conditions", "_involved", "_needed", "_pick", "checked", "compared", "layout")

    def __init__(self, layout: Layout, *, between_fields: bool = True) -> None:
        """Compile the checks, with or without those of what fields demand of each other."""
        self.layout = layout
        fields = [(place, field) for place, field in enumerate(layout.fields) if field.name not in _PREFIX]
        self._needed = tuple(
            (place, field) for place, field in fields if field.format in "AX" and field.required == "M"
        )
        self.checked: tuple[tuple[int, set[str], Field], ...] = tuple(
            (place, set(), field) for place, field in fields if field.format not in "AX"
        )
        """Fields whose values are judged, with those that were good before."""
        self._conditions = tuple(
            item
            for item in conditions(layout.version).get(layout.record, ())
            if between_fields and layout.index.keys() >= set(item.fields)
        )
        self.compared = frozenset(name for item in self._conditions for name in item.compared)
        """Fields of which it matters what they say, not only whether they say something."""
        involved = {name for item in self._conditions for name in item.fields}
        self._involved = tuple(field.name for field in layout.fields if field.name in involved)
        self._pick = layout.picker(self._involved)
        self._agreeing: set[Slices] = set()

    def faults(self, values: Slices) -> list[Fault]:
        """What is wrong with the untrimmed ``values`` of a record, in the order of the line by group."""
        found: list[Fault] = []
        for place, field in self._needed:
            value = values[place]
            if not value or value.isspace():
                found.append(Fault(field, "", "cwr.missing", field.missing))
        for place, good, field in self.checked:
            value = values[place]
            if value not in good:
                fault = judge(field, value)
                if fault:
                    found.append(fault)
                elif len(good) < REMEMBERED:
                    good.add(value)
        if self._conditions:
            picked = self._pick(values)
            if picked not in self._agreeing:
                found += self._disagreeing(picked, found)
        return found

    def _disagreeing(self, picked: Slices, faults: list[Fault]) -> list[Fault]:
        """Faults between fields; a field that is wrong by itself is not compared with others.

        Where it has to be valid, it counts as one that says nothing.
        """
        values = {name: value.strip() for name, value in zip(self._involved, picked, strict=True)}
        wrong = {fault.field.name for fault in faults}
        told = {name: "" if name in wrong else value for name, value in values.items()}
        known = [
            item
            for item in self._conditions
            if wrong.isdisjoint((item.when,) if item.demand == VALID else item.fields)
        ]
        found = [
            Fault(
                self.layout.fields[self.layout.index[item.field]],
                values[item.field],
                item.code,
                _RULES[rule(item.code).effect],
                against,
                between_fields=True,
            )
            for item, against in broken(tuple(known), told)
        ]
        if not found and not wrong and len(self._agreeing) < REMEMBERED:
            self._agreeing.add(picked)
        return found


_RULES = MappingProxyType({"transaction": "TR", "record": "RR", "field": "FR", "none": "W"})
"""The consequences of the record tables, by the effects of the rule tables."""

_PREFIX = frozenset({"record_type", "transaction_sequence", "record_sequence"})


@cache
def field_checks(layout: Layout, *, between_fields: bool = True) -> FieldChecks:
    """The compiled checks of ``layout``."""
    return FieldChecks(layout, between_fields=between_fields)


def judge(field: Field, raw: str) -> Fault | None:
    """The fault of one untrimmed value, or nothing if it may stand."""
    value = raw.strip()
    if not value or (field.format in "DTI" and not value.strip("0")):
        return Fault(field, "", "cwr.missing", field.missing) if field.required == "M" else None
    if field.format == "I":
        return _judge_identifier(field, value)
    code = _WRONG[field.format](field, value)
    return Fault(field, value, f"cwr.{code}", field.rule, field.lookup) if code else None


def _judge_identifier(field: Field, value: str) -> Fault | None:
    try:
        _IDENTIFIERS[field.lookup](value.zfill(field.size) if field.lookup == "ipi_name" else value)
    except ValidationError as error:
        return Fault(field, value, f"identifier.{field.lookup}", field.rule, str(error))
    return None


def _wrong_code(field: Field, value: str) -> str:
    listed = codes(field.lookup)
    # Codes of digits are listed with leading zeros, some to a size that version 3 has grown beyond.
    sizes = range(len(value), field.size + 1)
    return "" if any(value.zfill(size) in listed for size in sizes) else "lookup"


def _wrong_number(_field: Field, value: str) -> str:
    return "" if value.isascii() and value.isdigit() else "number"


def _wrong_share(field: Field, value: str) -> str:
    return "share" if _wrong_number(field, value) or int(value) > SHARE_LIMIT else ""


def _wrong_flag(field: Field, value: str) -> str:
    return "" if value in _FLAGS[field.format] else "flag"


def _wrong_date(field: Field, value: str) -> str:
    return "" if iso_date(value) and len(value) == field.size else "date"


def _wrong_time(field: Field, value: str) -> str:
    return "" if len(value) == field.size and seconds(value) >= 0 else "time"


_WRONG: Mapping[str, Callable[[Field, str], str]] = MappingProxyType(
    {
        "L": _wrong_code,
        "N": _wrong_number,
        "P": _wrong_share,
        "F": _wrong_flag,
        "B": _wrong_flag,
        "D": _wrong_date,
        "T": _wrong_time,
    }
)


def iso_date(value: str) -> str:
    """A CWR date as ISO 8601, empty if it is blank, zero or no date.

    >>> iso_date("20160701"), iso_date("00000000"), iso_date("20160231")
    ('2016-07-01', '', '')
    """
    if not (len(value) == 8 and value.isascii() and value.isdigit()):
        return ""
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:])).isoformat()
    except ValueError:
        return ""


@lru_cache(maxsize=1 << 12)
def seconds(value: str) -> int:
    """A CWR duration HHMMSS in seconds, -1 if it is none.

    >>> seconds("000330"), seconds("000099"), seconds("")
    (210, -1, -1)
    """
    if not (len(value) == 6 and value.isascii() and value.isdigit()):
        return -1
    hours, minutes, rest = int(value[:2]), int(value[2:4]), int(value[4:])
    return -1 if minutes > 59 or rest > 59 else hours * 3600 + minutes * 60 + rest


def instant(day: str, time: str) -> str:
    """Date and time as ISO 8601; the time is left out if it is none or no time of a day."""
    date = iso_date(day)
    if not date or not 0 <= seconds(time) < 24 * 3600:
        return date
    return f"{date}T{time[:2]}:{time[2:4]}:{time[4:]}"
