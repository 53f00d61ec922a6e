"""DDEX sales reports (DSR flat files) as usage lines, streamed block by block.

Columns are found by the exact name of the record; for a version that the table does not have, by the
headings that many reports carry in lines beginning with ``#``, else by the nearest version. Nothing is
dropped silently: each record is counted by its name, and one that cannot be used has a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from parsers.tabular.lines import Lines, Refused
from schemas.ddex import dsr
from schemas.ddex.dsr import Layout
from schemas.findings import Finding, quote
from schemas.identifiers import isrc, iswc

MOST_RECORDS = 20_000
"""A block of more records is refused: it would have to be held whole."""

MOST_SUMMARIES = 100_000
_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_ESCAPED = re.compile(r"\\(.)")
_UNESCAPED_BAR = re.compile(r"(?<!\\)(?:\\\\)*\|")
COUNTS = (
    "Usages", "NumberOfStreams", "NumberOfBroadcasts", "TotalUsages", "NetUsage", "Downloads",
    "UsageForPrioritisation",
)  # fmt: skip
"""Cells that say how often something was used; the first that a record has counts."""

TITLES = ("Title", "ResourceTitle", "WorkTitle", "MusicalWorkTitle", "ReleaseTitle")
IDENTIFIERS = (
    ("isrc", ("ISRC", "ResourceISRC"), isrc),
    ("iswc", ("ISWC", "MusicalWorkISWC", "ResourceISWC"), iswc),
)


@dataclass(frozen=True, slots=True)
class UsageLine:
    """One use of one resource: where, how, when and how often, and by what it is known.

    ``line`` is the line of the usage record. Days are ISO, ``first`` the first day of use; ``usages`` is the
    number as it stands. ``ref`` is the service's own id of the resource or work. ``amount`` is the net
    revenue that the report states for the use, ``rights`` the types of rights that it names, if any.
    """

    line: int
    ref: str
    isrc: str
    iswc: str
    title: str
    artist: str
    use_type: str
    territory: str
    first: str
    last: str
    usages: str
    amount: str = ""
    currency: str = ""
    rights: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What is told of a report besides its lines; complete when its last line has been read."""

    version: str = ""
    profile: str = ""
    message: str = ""
    sender: str = ""
    first: str = ""
    last: str = ""
    records: Counter[str] = field(default_factory=Counter)
    lines: int = 0


@dataclass(slots=True)
class _Record:
    """A record cut into its cells."""

    line: int
    layout: Layout
    cells: Sequence[str]

    def __getitem__(self, name: str) -> str:
        place = self.layout.places.get(name)
        return self.cells[place].strip() if place is not None and place < len(self.cells) else ""

    def first(self, *names: str) -> str:
        """The first filled cell among these, as plain text."""
        for place in self.layout.where(names):
            if place < len(self.cells) and (text := self.cells[place].strip()):
                return _plain(text)
        return ""

    def codes(self, *names: str) -> list[str]:
        """The parts of all of these cells."""
        places = self.layout.where(names)
        if not any(place < len(self.cells) and self.cells[place] for place in places):
            return []
        return [part for name in names for part in self.listed(name) if part]

    def listed(self, name: str) -> list[str]:
        """The parts of a cell of several values; empty ones are kept, as lists may run in parallel."""
        text = self[name]
        if not text:
            return []
        parts, start = [], 0
        for found in _UNESCAPED_BAR.finditer(text):
            parts.append(text[start : found.end() - 1])
            start = found.end()
        return [_plain(part.strip()) for part in [*parts, text[start:]]]


def _plain(text: str) -> str:
    """Text without its escapes."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def looks_like(head: bytes) -> bool:
    """Whether these first bytes are those of a sales report: a header record, after comments at most."""
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines():
        if line.strip() and not line.startswith(b"#"):
            return line.startswith((b"HEAD\t", b"SRHE\t"))
    return False


def read(stream: BinaryIO, report: Report) -> Iterator[UsageLine | Finding]:
    """Usage lines and findings in file order; ``report`` is filled on the way.

    Raises:
        Refused: the bytes are not UTF-8, or a block or the summaries are larger than can be held.
    """
    reading = _Reading(report)
    number = 0
    for number, line in Lines(stream):
        text = line.rstrip("\n")
        if not text.strip():
            continue
        if text.startswith("#"):
            reading.heading(text)
            continue
        yield from reading.record(number, text)
    report.lines = number
    yield from reading.close()


class _Reading:
    """The state of reading one report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._headings: dict[str, Layout] = {}
        self._told: set[str] = set()
        self._summaries: dict[str, _Record] = {}
        self._rights: dict[str, dict[str, None]] = {}
        self._summary_count = 0
        self._block: list[_Record] = []
        self._block_id = ""
        self._blocks = 0
        self._foot: _Record | None = None

    def heading(self, text: str) -> None:
        """Remember the columns that a comment names, for records the table does not have."""
        record, *cells = (cell.strip() for cell in text[1:].split("\t"))
        if cells and dsr.layout(record) is None and re.fullmatch("[A-Z]{2,4}[0-9.]*", record):
            self._headings[record] = Layout.of(record, dsr.part_of(record), tuple(cells))

    def record(self, number: int, text: str) -> Iterator[UsageLine | Finding]:
        """Take one record; a usage comes out when its block is complete."""
        name, *cells = text.split("\t")
        name = name.strip()
        layout = dsr.layout(name) or self._headings.get(name) or dsr.nearest(name)
        self._report.records[name if layout else "(unknown)"] += 1
        if layout is not None and layout.record != name and self._first_time(name):
            yield Finding("dsr.record_version", f"line:{number}", quote(name[:20]), detail=layout.record)
        if layout is None:
            if self._first_time(name):
                yield Finding("dsr.unknown_record", f"line:{number}", quote(name[:20]))
            return
        record = _Record(number, layout, cells)
        if layout.part == dsr.HEAD:
            yield from self._head(record)
        elif layout.part == dsr.FOOT:
            self._foot = record
        elif layout.part == dsr.SUMMARY:
            yield from self._flush()
            if len(self._summaries) >= MOST_SUMMARIES:
                raise Refused(Finding("dsr.too_large", f"line:{number}", name, detail=str(MOST_SUMMARIES)))
            self._summary_count += 1
            self._summaries.setdefault(record["SummaryRecordId"], record)
            if record["RightsType"]:
                rights = self._rights.setdefault(record["SummaryRecordId"], {})
                rights[_plain(record["RightsType"])] = None
        elif layout.part == dsr.SALES:
            yield from self._flush()
            yield from self._usage(record, record, None, filter(None, [_plain(record["RightsType"])]))
        else:
            if record["BlockId"] != self._block_id:
                yield from self._flush()
                self._block_id = record["BlockId"]
            if len(self._block) >= MOST_RECORDS:
                raise Refused(Finding("dsr.too_large", f"line:{number}", name, detail=str(MOST_RECORDS)))
            self._block.append(record)

    def _first_time(self, name: str) -> bool:
        if name in self._told or len(self._told) >= 1000:
            return False
        self._told.add(name)
        return True

    def _head(self, record: _Record) -> Iterator[Finding]:
        report = self._report
        report.version, report.profile = _plain(record["MessageVersion"]), _plain(record["Profile"])
        report.message, report.sender = _plain(record["MessageId"]), _plain(record["SenderPartyId"])
        report.first, report.last = _day(record["UsageStartDate"]), _day(record["UsageEndDate"])
        if not report.first:
            value = quote(record["UsageStartDate"])
            yield Finding("dsr.date", f"line:{record.line}", record.layout.record, "UsageStartDate", value)

    def _flush(self) -> Iterator[UsageLine | Finding]:
        """The usage lines of the block at hand."""
        block, self._block = self._block, []
        if not block:
            return
        self._blocks += 1
        resources = [item for item in block if item.layout.part == dsr.RESOURCE]
        works = [item for item in block if item.layout.part == dsr.WORK]
        used = [item for item in block if item.layout.part == dsr.USAGE and item.layout.record[:2] != "RU"]
        # A release's usages are the sum of its sales records, where there are both.
        used = used or [item for item in block if item.layout.part == dsr.USAGE]
        allocated = _rights_of(block)
        for item in used:
            rights = allocated.get(item.line) or allocated.get(0) or ()
            for resource in _resources_of(item, resources, block):
                yield from self._usage(item, resource, works[0] if len(works) == 1 else None, rights)
        if not used and (resources or works):
            yield Finding(
                "dsr.no_usage",
                f"line:{block[0].line}",
                block[0].layout.record,
                "BlockId",
                quote(self._block_id),
            )

    def _usage(
        self, item: _Record, resource: _Record | None, work: _Record | None, rights: Iterable[str]
    ) -> Iterator[UsageLine | Finding]:
        position = f"line:{item.line}"
        name = item.layout.record
        summary = self._summaries.get(item["SummaryRecordId"])
        if summary is None and len(self._summaries) == 1 and not item["SummaryRecordId"]:
            (summary,) = self._summaries.values()
        if summary is None:
            yield Finding("dsr.summary", position, name, "SummaryRecordId", quote(item["SummaryRecordId"]))
        codes = {}
        named = [found for found in (resource, work) if found is not None]
        for scheme, cells, module in IDENTIFIERS:
            codes[scheme] = ""
            for found in named if resource is item else (*named, item):
                for text in found.codes(*cells):
                    if module.is_valid(text):
                        codes[scheme] = codes[scheme] or module.compact(text)
                    else:
                        yield Finding(
                            f"identifier.{scheme}",
                            f"line:{found.line}",
                            found.layout.record,
                            scheme.upper(),
                            quote(text),
                        )
        amount = item.first("NetRevenue")
        yield UsageLine(
            line=item.line,
            ref=_first_of([*named, item], "DspResourceId", "DspWorkId"),
            isrc=codes["isrc"],
            iswc=codes["iswc"],
            title=_first_of(named, *TITLES),
            artist=resource.first("DisplayArtistName", "ResourceDisplayArtistName") if resource else "",
            use_type=_plain(summary["UseType"]) if summary else "",
            territory=_plain(summary["Territory"]) if summary else "",
            first=_day(item.first("ValidityPeriodStart", "SalesTransactionDate")) or self._report.first,
            last=_day(item.first("ValidityPeriodEnd", "SalesTransactionDate")) or self._report.last,
            usages=_total(item),
            amount=amount,
            currency=_currency(summary) if amount else "",
            rights=tuple(rights) or tuple(self._rights.get(item["SummaryRecordId"], ())),
        )

    def close(self) -> Iterator[UsageLine | Finding]:
        """The last block, and what the footer says against what was read."""
        yield from self._flush()
        foot = self._foot
        if foot is None:
            yield Finding("dsr.no_footer", f"line:{self._report.lines}")
            return
        counted = {
            "NumberOfSummaryRecords": self._summary_count,
            "NumberOfBlocksInFile": self._blocks,
            "NumberOfLinesInFile": self._report.lines,
        }
        for cell, count in counted.items():
            stated = foot[cell]
            if stated and stated != str(count):
                yield Finding(
                    "dsr.count", f"line:{foot.line}", foot.layout.record, cell, quote(stated), str(count)
                )


def _resources_of(
    item: _Record, resources: Sequence[_Record], block: Sequence[_Record]
) -> list[_Record | None]:
    """The resources that a usage record is about.

    It names one by the reference or the service's id, or a release; a release stands for the resources that
    a record lists for it, else for all of its block.
    """
    names = ("TransactedResource", "ResourceReference", "DspResourceId", "DspReleaseId")
    wanted = {text for place in item.layout.where(names) if (text := _cell(item, place))}
    exact = [
        found
        for found in resources
        if found["ResourceReference"] in wanted or found["DspResourceId"] in wanted
    ]
    if exact:
        return list(exact[:1])
    listed = {
        reference
        for record in block
        if "UsedResources" in record.layout.places
        and item["TransactedRelease"] in ("", record["ReleaseReference"])
        for reference in record.listed("UsedResources")
    }
    chosen = [found for found in resources if found["ResourceReference"] in listed]
    return list(chosen or resources) or [None]


def _cell(item: _Record, place: int) -> str:
    return item.cells[place].strip() if place < len(item.cells) else ""


def _rights_of(block: Sequence[_Record]) -> dict[int, dict[str, None]]:
    """The rights that allocations name, by the line of the usage record before them, else 0."""
    found: dict[int, dict[str, None]] = {}
    line = 0
    for item in block:
        if item.layout.part == dsr.USAGE and item.layout.record[:2] != "RU":
            line = item.line
        elif item.layout.part == dsr.CLAIM and item["RightsType"]:
            found.setdefault(line, {})[_plain(item["RightsType"])] = None
    return found


def _currency(summary: _Record | None) -> str:
    names = ("CurrencyOfReporting", "Currency", "CurrencyOfAccounting")
    return summary.first(*names) if summary is not None else ""


def _first_of(records: Sequence[_Record], *names: str) -> str:
    """The first filled cell among these in any of the records."""
    for record in records:
        if text := record.first(*names):
            return text
    return ""


def _total(item: _Record) -> str:
    """How often something was used; of several numbers, one for each release, the sum."""
    stated = item.first(*COUNTS)
    if "|" not in stated:
        return stated
    name = next(name for name in COUNTS if item[name])
    numbers = item.listed(name)
    if all(number.isascii() and number.isdecimal() for number in numbers):
        return str(sum(int(number[:18]) for number in numbers))
    return numbers[0]


def _day(text: str) -> str:
    """An ISO day of ``2015-10-01``, ``20151001`` or a date with a time; empty for anything else."""
    found = _DAY.match(text)
    return "-".join(found.groups()) if found else ""
