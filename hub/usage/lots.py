"""The lines of a report many at a time, from this process or from a second one that reads ahead.

Where a second process is asked for (``Settings.second_process``) it cuts the report into lines; nothing
depends on it: if it is lost, this one reads on from where it is.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from hub.errors import UsageError
from hub.second_process import Lost, SecondProcess
from hub.usage.lines import Asked, Key, Remark, UsageReport, read
from hub.usage.money import Money
from schemas.findings import Finding

LOG = logging.getLogger("hub.usage")
NO_MONEY = (None, 0, "")
"""A line that states no amount."""

LOT = 4_000
"""So many lines are looked at together: each of their questions is looked up once, and what they are made
into finds room in a processor's cache."""


class Lot(NamedTuple):
    """Lines from a second process by columns, and what it has come to when it has read them.

    ``keys`` are different ones, ``asking`` is the place among them of each line's. ``fault`` says why there
    are no more, if it is not that the report ends.
    """

    lines: tuple[Sequence[int], Sequence[str]]
    keys: Sequence[Key]
    asking: Sequence[int]
    money: Sequence[Sequence[Any]]
    """Units, decimals and currency of each amount; None in place of the units where there is none."""
    rest: tuple[Sequence[str], Sequence[str]]
    findings: Sequence[Finding]
    report: UsageReport
    place: int
    fault: str

    def asked(self) -> list[Asked]:
        """The lines."""
        keys = [self.keys[place] for place in self.asking]
        stated = [
            None if units is None else Money(units, decimals, currency)
            for units, decimals, currency in zip(*self.money, strict=True)
        ]
        return list(map(Asked, *self.lines, keys, stated, *self.rest))


class Cutting(NamedTuple):
    """What a second process is to do: cut a report into lots of ``size`` lines."""

    path: Path
    rights: tuple[str, ...]
    size: int

    def results(self) -> Iterator[Lot]:
        """The lots in the order of the report."""
        report = UsageReport()
        findings: list[Finding] = []
        with self.path.open("rb") as stream:
            lines = read(stream, report, rights=self.rights, remark=findings.append)
            fault, more = "", True
            while more:
                try:
                    lot = list(itertools.islice(lines, self.size))
                except UsageError as said:
                    fault, lot = said.detail, []
                more = bool(lot)
                # The last one has no lines: it says what the end of the report has told.
                yield _by_columns(lot, findings, report, stream.tell(), fault)
                findings.clear()


def _by_columns(
    lines: Sequence[Asked], findings: Sequence[Finding], report: UsageReport, place: int, fault: str
) -> Lot:
    numbers: dict[Key, int] = {}
    asking = [numbers.setdefault(asked.key, len(numbers)) for asked in lines]
    columns: list[Sequence[Any]] = list(zip(*lines, strict=True)) or [()] * len(Asked._fields)
    number, ref, _, paid, usages, wrong = columns
    stated = list(zip(*[item or NO_MONEY for item in paid], strict=True)) or [()] * len(NO_MONEY)
    return Lot(
        (number, ref), list(numbers), asking, stated, (usages, wrong), [*findings], report, place, fault
    )


@dataclass(slots=True)
class Lots:
    """Reads a report in lots. ``place`` is how far, in bytes of its file; findings go to ``remark``.

    ``path`` names the file that ``stream`` reads, where a second process may read it.
    """

    stream: BinaryIO
    rights: Sequence[str]
    report: UsageReport = field(default_factory=UsageReport)
    remark: Remark | None = None
    path: Path | None = None
    place: int = 0
    _read: int = 0
    _told: int = 0

    def all(self) -> Generator[list[Asked]]:
        """The lots in the order of the report.

        Raises:
            UsageError: no report that the hub reads, or one that cannot be read as a whole.
        """
        if self.path is not None:
            try:
                with SecondProcess(Cutting(self.path, tuple(self.rights), LOT)) as second:
                    yield from self._sent(second)
                return
            except Lost:
                LOG.warning("the second process of a report was lost; the first one reads on by itself")
        yield from self._own()

    def _sent(self, second: SecondProcess[Lot]) -> Iterator[list[Asked]]:
        for lot in second.results():
            self.report.kind, self.report.told = lot.report.kind, lot.report.told
            self.report.findings = lot.report.findings
            self._told += len(lot.findings)
            if self.remark is not None:
                for finding in lot.findings:
                    self.remark(finding)
            lines = lot.asked()
            self._read += len(lines)
            self.place = lot.place
            if lines:
                yield lines
            if lot.fault:
                raise UsageError(lot.fault)

    def _own(self) -> Iterator[list[Asked]]:
        """The lots that have not been given yet, read here."""
        fresh = UsageReport()
        self.report.told, self.report.findings = fresh.told, fresh.findings
        known = self._told

        def remark(finding: Finding) -> None:
            nonlocal known
            known -= 1
            if known < 0 and self.remark is not None:
                self.remark(finding)

        lines = read(self.stream, self.report, rights=self.rights, remark=remark)
        for _ in itertools.islice(lines, self._read):
            pass
        while lot := list(itertools.islice(lines, LOT)):
            self.place = self.stream.tell()
            yield lot


def cut(
    stream: BinaryIO,
    rights: Sequence[str],
    *,
    remark: Remark | None = None,
    path: Path | None = None,
    least: int = 0,
) -> Lots:
    """How to read a report: in a second process if it is a file of at least so many bytes, never for 0."""
    apart = path is not None and 0 < least <= path.stat().st_size
    return Lots(stream, rights, remark=remark, path=path if apart else None)
