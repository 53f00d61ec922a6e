"""DDEX sales reports (DSR flat files) as usage lines, streamed block by block.

Columns are found by the exact name of the record; for a version that the table does not have, by the
headings that many reports carry in lines beginning with ``#``, else by the nearest version. Nothing is
dropped silently: each record is counted by its name, and one that cannot be used has a finding.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from parsers.ddex.dsr_cells import Record, day, plain
from parsers.ddex.dsr_regular import Raw, RegularBlocks
from parsers.ddex.dsr_usage import Summary, UsageLine, Use, sale, usage_line, uses_in
from parsers.tabular.lines import Batch, Lines, Refused
from schemas.ddex import dsr
from schemas.ddex.dsr import Layout
from schemas.findings import Finding, quote

__all__ = ["Report", "UsageLine", "looks_like", "read"]

MOST_RECORDS = 20_000
"""A block of more records is refused: it would have to be held whole."""

MOST_SUMMARIES = 100_000
MOST_TOLD = 1000
"""Names of records that are told about, each once."""

_NAME = re.compile("[A-Z]{2,4}[0-9.]*")
_ALONE = (dsr.HEAD, dsr.FOOT, dsr.SUMMARY, dsr.SALES)
"""Parts that belong to no block."""

_IN_BLOCKS = {
    name: layout
    for name, layout in dsr.layouts().items()
    if layout.part not in _ALONE and layout.cells[0] == "BlockId"
}
"""Records that are put to the block that they name first."""

Found = Sequence[UsageLine | Finding]


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
    found: list[UsageLine | Finding] = []
    for batch in Lines(stream).batches():
        try:
            reading.batch(batch, found)
        except Refused:
            # What stands before it is told too.
            yield from found
            raise
        yield from found
        found.clear()
        report.lines = batch.first + len(batch.texts) - 1
    yield from reading.close()


class _Reading:
    """The state of reading one report."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._headings: dict[str, Layout] = {}
        self._told: set[str] = set()
        self._summaries: dict[str, Summary] = {}
        self._summary_count = 0
        self._regular = RegularBlocks()
        self._block: list[Raw] = []
        self._block_id = ""
        self._blocks = 0
        self._foot: Record | None = None

    def batch(self, batch: Batch, found: list[UsageLine | Finding]) -> None:
        """Add what these lines give to ``found``: a usage comes out when its block is complete."""
        block_id = self._block_id
        for number, text in enumerate(batch.texts, batch.first):
            name, _, after = text.partition("\t")
            layout = _IN_BLOCKS.get(name)
            if layout is None or len(self._block) >= MOST_RECORDS:
                if text.startswith("#"):
                    self._heading(text)
                else:
                    found += self._record(number, text)
                    block_id = self._block_id
                continue
            own, _, rest = after.partition("\t")
            if own != block_id and (own := own.strip()) != block_id:
                if self._block:
                    self._flush(found)
                self._block_id = block_id = own
            self._block.append(Raw(number, name, layout, text, rest))

    def _heading(self, text: str) -> None:
        """Remember the columns that a comment names, for records the table does not have."""
        record, *cells = (cell.strip() for cell in text[1:].split("\t"))
        if cells and dsr.layout(record) is None and _NAME.fullmatch(record):
            self._headings[record] = Layout.of(record, dsr.part_of(record), tuple(cells))

    def _record(self, number: int, text: str) -> Found:
        """What a record gives that needs more than being put to its block."""
        name, *cells = text.split("\t")
        name = name.strip()
        layout = dsr.layout(name)
        if layout is None:
            if not text.strip():
                return ()
            layout = self._headings.get(name) or dsr.nearest(name)
        if layout is None:
            self._report.records["(unknown)"] += 1
            code = "dsr.unknown_record"
            return [Finding(code, f"line:{number}", quote(name[:20]))] if self._first_time(name) else ()
        found = self._taken(name, Record(number, layout, cells), text)
        if layout.record != name and self._first_time(name):
            told = Finding("dsr.record_version", f"line:{number}", quote(name[:20]), detail=layout.record)
            return [told, *found]
        return found

    def _taken(self, name: str, record: Record, text: str) -> Found:
        part = record.layout.part
        if part in _ALONE:
            self._report.records[name] += 1
        if part == dsr.HEAD:
            return self._head(record)
        if part == dsr.FOOT:
            self._foot = record
            return ()
        found: list[UsageLine | Finding] = []
        if part == dsr.SUMMARY:
            self._flush(found)
            self._summary(record)
            return found
        if part == dsr.SALES:
            self._flush(found)
            return [*found, *self._lines([sale(record)])]
        block_id = record["BlockId"]
        if block_id != self._block_id:
            self._flush(found)
            self._block_id = block_id
        if len(self._block) >= MOST_RECORDS:
            raise Refused(_too_large(record, MOST_RECORDS))
        rest = "".join(text.split("\t", 2)[2:])
        self._block.append(Raw(record.line, name, record.layout, text, rest))
        return found

    def _first_time(self, name: str) -> bool:
        if name in self._told or len(self._told) >= MOST_TOLD:
            return False
        self._told.add(name)
        return True

    def _head(self, record: Record) -> Found:
        report = self._report
        report.version, report.profile = plain(record["MessageVersion"]), plain(record["Profile"])
        report.message, report.sender = plain(record["MessageId"]), plain(record["SenderPartyId"])
        report.first, report.last = day(record["UsageStartDate"]), day(record["UsageEndDate"])
        if report.first:
            return ()
        value = quote(record["UsageStartDate"])
        return [Finding("dsr.date", f"line:{record.line}", record.layout.record, "UsageStartDate", value)]

    def _summary(self, record: Record) -> None:
        if len(self._summaries) >= MOST_SUMMARIES:
            raise Refused(_too_large(record, MOST_SUMMARIES))
        self._summary_count += 1
        summary = self._summaries.setdefault(record["SummaryRecordId"], Summary.of(record))
        if record["RightsType"]:
            summary.add_right(plain(record["RightsType"]))

    def _flush(self, found: list[UsageLine | Finding]) -> None:
        """Add the usage lines of the block at hand to ``found``."""
        block, self._block = self._block, []
        if not block:
            return
        self._blocks += 1
        report = self._report
        line = self._regular.line(block, self._summaries, (report.first, report.last))
        if line is not None:
            found.append(line)
            return
        for raw in block:
            report.records[raw.name] += 1
        records = [raw.record() for raw in block]
        uses = uses_in(records)
        if not uses and any(item.layout.part in (dsr.RESOURCE, dsr.WORK) for item in records):
            first = records[0]
            value = quote(self._block_id)
            found.append(Finding("dsr.no_usage", f"line:{first.line}", first.layout.record, "BlockId", value))
            return
        found += self._lines(uses)

    def _lines(self, uses: Sequence[Use]) -> Found:
        found: list[UsageLine | Finding] = []
        findings: list[Finding] = []
        told: dict[Finding, None] = {}
        period = self._report.first, self._report.last
        for use in uses:
            line = usage_line(use, self._summary_of(use.item), period, findings)
            if findings:
                # What is wrong with a resource is told once, however many uses it has.
                found += [item for item in findings if item not in told]
                told.update(dict.fromkeys(findings))
                findings.clear()
            found.append(line)
        return found

    def _summary_of(self, item: Record) -> Summary | None:
        """The summary that a usage record names; one that names none means the only one that there is."""
        name = item["SummaryRecordId"]
        found = self._summaries.get(name)
        if found is None and not name and len(self._summaries) == 1:
            (found,) = self._summaries.values()
        return found

    def close(self) -> Iterator[UsageLine | Finding]:
        """The last block, and what the footer says against what was read."""
        found: list[UsageLine | Finding] = []
        self._flush(found)
        yield from found
        self._report.records += self._regular.counted()
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


def _too_large(record: Record, most: int) -> Finding:
    return Finding("dsr.too_large", f"line:{record.line}", record.layout.record, detail=str(most))
