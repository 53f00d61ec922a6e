"""Usage lines of either kind of report as questions: CSV with columns of our own, and DDEX DSR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from hub.errors import UsageError
from hub.usage.sheets import rows
from parsers import detect
from parsers.ddex import dsr
from parsers.tabular.lines import Refused
from parsers.unpacking import Limits, Unpackable, compression_of, open_gzip, open_zip
from schemas.findings import Finding
from schemas.rights import canonical_use

REQUIRED = ("subject", "right", "use", "territory", "on")
WORK_RIGHTS = ("PR", "MR")
"""What a DSR is answered for unless others are asked for: it does not say which rights it reports on."""

CSV, DSR = "csv", "dsr"
Remark = Callable[[Finding], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One usage line for one right. Of ``subjects`` the first that is known is meant.

    ``on`` is the first day of use; ``usages`` and ``ref`` are passed on to the result as they stand.
    """

    line: int
    ref: str
    subjects: tuple[str, ...]
    right: str
    use: str
    territory: str
    on: str
    amount: str = ""
    currency: str = ""
    usages: str = ""


@dataclass(slots=True)
class UsageReport:
    """A report that is being read: its kind, its findings by severity, and what a DSR tells of itself."""

    kind: str = CSV
    told: dsr.Report = field(default_factory=dsr.Report)
    findings: Counter[str] = field(default_factory=Counter)


def read(
    stream: BinaryIO,
    report: UsageReport,
    *,
    rights: Sequence[str] = WORK_RIGHTS,
    remark: Remark | None = None,
) -> Iterator[Asked]:
    """The lines of a report, told by content and unpacked on the way; findings go to ``remark``.

    Raises:
        UsageError: no report that the hub reads, or one that cannot be read as a whole.
    """
    try:
        head, opened = detect.peek(stream)
        compression = compression_of(head)
        if compression == "zip":
            if not stream.seekable():
                raise UsageError("a zip archive cannot be read from this stream; unpack it and send the file")
            head, opened = detect.peek(open_zip(stream, Limits()))
        elif compression == "gzip":
            head, opened = detect.peek(open_gzip(opened, Limits()))
        if dsr.looks_like(head):
            report.kind = DSR
            yield from _dsr(opened, report, rights, remark)
        else:
            yield from _csv(opened)
    except (Refused, Unpackable) as fault:
        raise UsageError(f"{fault.finding.position}: {fault.finding.text()}") from fault


def _csv(stream: BinaryIO) -> Iterator[Asked]:
    for number, row in rows(stream, REQUIRED):
        yield Asked(
            number, row.get("line_ref", ""), (row["subject"],), row["right"], row["use"], row["territory"],
            row["on"], row.get("amount", ""), row.get("currency", ""), row.get("usages", ""),
        )  # fmt: skip


def _dsr(
    stream: BinaryIO, report: UsageReport, rights: Sequence[str], remark: Remark | None
) -> Iterator[Asked]:
    for item in dsr.read(stream, report.told):
        if isinstance(item, Finding):
            report.findings[item.severity] += 1
            if remark is not None:
                remark(item)
            continue
        # A recording's works' rights are asked for by the recording, which knows all its works.
        subjects = tuple(
            f"{scheme}:{code}" for scheme, code in (("isrc", item.isrc), ("iswc", item.iswc)) if code
        )
        use = canonical_use(item.use_type) or item.use_type
        for right in rights:
            yield Asked(
                item.line, item.ref, subjects, right, use, item.territory, item.first, usages=item.usages
            )
