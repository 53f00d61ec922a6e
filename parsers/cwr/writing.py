"""Writing records: values by field name in, a line by the same tables that the reader cuts it with out.

Nothing is lost silently. Prose that is too long is cut, anything else that does not fit is left blank,
characters outside the record's set are folded, and each of these gives a finding. What is written is then
judged by the reader's own field checks, so a record that a recipient would have to reject is never sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from parsers.cwr.fields import field_checks, judge
from schemas.cwr.characters import CODECS, LATIN_1, UTF_8, character_set, fits, fold
from schemas.cwr.layouts import Field, Layout, layouts
from schemas.cwr.lookups import lookups
from schemas.cwr.written_values import written_values
from schemas.findings import Finding, quote
from schemas.shares import HUNDREDTH

PROSE = 30
"""Text fields of so many characters hold names, titles and sentences; shorter ones hold numbers and codes,
which cut short would be other numbers and codes."""

ZERO_FILLED = frozenset("NPDT")
PREFIX_LENGTH = 19
"""Record type and the two sequence numbers, the same in every record of a transaction and every version."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record to be written: its type, and its values by field name, without the sequence numbers.

    ``sent`` is the record behind its prefix as a file of ``version`` had it; written in the same version it
    stays as it was.
    """

    kind: str
    values: Mapping[str, str]
    sent: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A written record; ``rule`` is the worst that recipients must do with it (``TR``, ``RR`` or nothing)."""

    line: str
    findings: tuple[Finding, ...] = ()
    rule: str = ""


class RecordWriter:
    """Writes the records of one version for a file in ``encoding``.

    A file in ``ASCII`` folds everything; one in ``UTF-8`` keeps other alphabets in the records made for them
    (all records of version 3); one in ``ISO-8859-1`` keeps what that set has in every record, for recipients
    that agreed to it.
    """

    def __init__(self, version: str, encoding: str = UTF_8) -> None:
        """Take the tables of ``version``.

        Raises:
            LookupError: the encoding is none that CWR files have.
        """
        if encoding not in CODECS:
            raise LookupError(f"CWR is not written in {encoding}; known are {', '.join(CODECS)}")
        self.version = version
        self.encoding = encoding
        self._layouts = layouts(version)

    def has(self, record: str) -> bool:
        """Whether the version has this record type."""
        return record in self._layouts

    def layout(self, record: str) -> Layout:
        """The layout of a record type that the version has."""
        return self._layouts[record]

    def character_set(self, record: str) -> str:
        """The character set that the record's texts are folded into."""
        return character_set(self.version, record) if self.encoding == UTF_8 else self.encoding

    def takes(self, record: str, text: str) -> bool:
        """Whether the record can hold these characters as they are."""
        return self.has(record) and fits(text, self.character_set(record))

    def write(self, record: Record, position: str = "file") -> Written:
        """The line of ``record``, its sequence numbers zero, with what was changed on the way.

        ``position`` goes into the findings: a name of what is being written.
        """
        findings: list[Finding] = []
        layout = self._layouts.get(record.kind)
        if layout is None:
            shown = quote(" ".join(value for value in record.values.values() if value.strip()))
            lost = Finding("cwr.write_no_place", position, record.kind, record.kind, shown, self.version)
            return Written("", (lost,))
        if record.version == self.version and self.takes(record.kind, record.sent):
            as_sent = f"{record.kind}{'0' * (PREFIX_LENGTH - 3)}{record.sent}"
            return self._judged(layout, as_sent.ljust(layout.size), position, findings)
        for name, value in record.values.items():
            if name not in layout.index and value.strip(" 0"):
                found = Finding("cwr.write_no_place", position, record.kind, name, quote(value), self.version)
                findings.append(found)
        stand_ins = written_values(self.version, record.kind)
        cells = []
        for field in layout.fields:
            value = record.kind if field.name == "record_type" else record.values.get(field.name, "")
            if not value.strip():
                value = stand_ins.get(field.name, "")
            cells.append(self._cell(record.kind, field, value, position, findings))
        line = "".join(cells)
        return self._judged(layout, line, position, findings)

    def _cell(self, record: str, field: Field, value: str, position: str, findings: list[Finding]) -> str:
        text = self._text(record, field, value.strip(), position, findings)
        if len(text) > field.size:
            shown, size = quote(value), str(field.size)
            if field.format == "A" and field.size >= PROSE:
                findings.append(Finding("cwr.write_cut", position, record, field.name, shown, size))
                text = text[: field.size].rstrip()
            else:
                findings.append(Finding("cwr.write_too_long", position, record, field.name, shown, size))
                text = ""
        if field.format in ZERO_FILLED:
            return text.zfill(field.size)
        if field.format == "L":
            text = _as_listed(field, text)
        return text.ljust(field.size)

    def _text(self, record: str, field: Field, value: str, position: str, findings: list[Finding]) -> str:
        if value.isascii() and value.isprintable():
            return value.upper() if field.format == "A" and field.size >= PROSE else value
        plain = "".join(char if char.isprintable() else " " for char in value)
        if field.format == "A" and field.size >= PROSE:
            plain = plain.upper()
        name = self.character_set(record)
        if name == UTF_8 or fits(plain, name):
            return plain
        if name == LATIN_1:
            text = "".join(char if fits(char, LATIN_1) else fold(char) for char in plain)
        else:
            text = fold(plain)
        if field.format == "A" and field.size >= PROSE:
            text = text.upper()
        findings.append(Finding("cwr.write_folded", position, record, field.name, quote(value), quote(text)))
        return text

    def _judged(self, layout: Layout, line: str, position: str, findings: list[Finding]) -> Written:
        rule = ""
        for fault in field_checks(layout).faults(layout.split(line)):
            findings.append(replace(fault.finding(layout.record, 0), position=position))
            if fault.rule in ("TR", "RR") and rule != "TR":
                rule = fault.rule
                if rule == "RR":
                    shown = quote(line[PREFIX_LENGTH:].strip())
                    findings.append(
                        Finding("cwr.write_record_left_out", position, layout.record, fault.field.name, shown)
                    )
        return Written(line, tuple(findings), rule)


@lru_cache(maxsize=1 << 12)
def _as_listed(field: Field, text: str) -> str:
    """A code of digits with the leading zeros that its list writes it with."""
    if not text.isdecimal() or field.lookup not in lookups():
        return text
    filled = text.zfill(field.size)
    return filled if filled in lookups()[field.lookup] else text


def good(layout: Layout, name: str, value: str) -> bool:
    """Whether a field of ``layout`` may hold ``value`` by its format and code list."""
    place = layout.index.get(name)
    return place is not None and judge(layout.fields[place], value) is None


def renumbered(line: str, transaction: int, record: int) -> str:
    """``line`` with these sequence numbers."""
    return f"{line[:3]}{transaction:08d}{record:08d}{line[PREFIX_LENGTH:]}"


def cwr_date(day: str) -> str:
    """An ISO date as CWR writes it; one without day or month is none.

    >>> cwr_date("2026-01-31"), cwr_date("2026"), cwr_date("")
    ('20260131', '', '')
    """
    digits = day[:10].replace("-", "")
    return digits if len(digits) == 8 and digits.isdecimal() else ""


def cwr_time(seconds: int) -> str:
    """Seconds as HHMMSS; hours beyond 99 make it longer than a field.

    >>> cwr_time(210), cwr_time(0)
    ('000330', '000000')
    """
    minutes, rest = divmod(max(seconds, 0), 60)
    return f"{minutes // 60:02d}{minutes % 60:02d}{rest:02d}"


def cwr_share(units: int) -> str:
    """A share in hundredths of a percent, rounded to the nearest, a half up.

    >>> from schemas.shares import parse_percent
    >>> cwr_share(parse_percent("33.33")), cwr_share(parse_percent("16.666667"))
    ('03333', '01667')
    """
    return f"{(units + HUNDREDTH // 2) // HUNDREDTH:05d}"
