"""Blocks of one use with its resource and its work: what nearly all of a large sales report consists of.

What a block says of its resource and its work is read once for all blocks that say the same, and of its use
only the cells that a usage line needs. A block with anything else in it is left to the exact reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from parsers.ddex.dsr_cells import Record, day, first_of
from parsers.ddex.dsr_usage import (
    ARTISTS,
    COUNTS,
    FIRST_DAYS,
    ISRCS,
    ISWCS,
    LAST_DAYS,
    REFS,
    REVENUES,
    TITLES,
    Known,
    Summary,
    UsageLine,
    told_by,
)  # fmt: skip
from schemas.ddex import dsr
from schemas.ddex.dsr import Layout
from schemas.findings import Finding

HELD = 25_000
"""Of so many resources and works, twice, what is said of them is held for each kind of block."""

MOST = 3
"""A regular block has no more records."""


class Raw(NamedTuple):
    """A record of a block that is not cut into cells yet; ``rest`` is what follows its name and block."""

    line: int
    name: str
    layout: Layout
    text: str
    rest: str

    def record(self) -> Record:
        """Cut into its cells."""
        return Record(self.line, self.layout, self.text.split("\t")[1:])


class _Shape:
    """Blocks of the same records: the places of the cells of the use, after those of its name and block."""

    def __init__(self, use: Layout) -> None:
        # What was met lately; when that is much, it takes the place of what was before it.
        self.held: dict[tuple[str, ...], tuple[Known, str, str]] = {}
        self.before: dict[tuple[str, ...], tuple[Known, str, str]] = {}
        self.blocks = 0
        self.width = len(use.cells) - 1
        self.summary = use.places["SummaryRecordId"] - 1
        self.returns = _after(use, ("Returns",))
        self.refs, self.counts, self.revenues = _after(use, REFS), _after(use, COUNTS), _after(use, REVENUES)
        self.firsts, self.lasts = _after(use, FIRST_DAYS), _after(use, LAST_DAYS)

    def hold(self, said: tuple[str, ...], about: tuple[Known, str, str]) -> None:
        """Remember what a resource and a work are known by, and their title and artist."""
        if len(self.held) >= HELD:
            self.held, self.before = {}, self.held
        self.held[said] = about


def _after(layout: Layout, names: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(place - 1 for place in layout.where(names))


def _shape_of(names: Sequence[str]) -> _Shape | None:
    """What blocks of these records have in common; None where they may have more than one use in them."""
    layouts = [dsr.layout(name) for name in names]
    *before, use = layouts
    parts = [None if item is None else item.part for item in before]
    if use is None or use.part != dsr.USAGE or parts not in ([dsr.RESOURCE], [dsr.RESOURCE, dsr.WORK]):
        return None
    if use.where(ISRCS) or use.where(ISWCS) or not use.where(("SummaryRecordId",)):
        return None
    return _Shape(use)


class RegularBlocks:
    """Reads blocks, remembers what they say of resources and works, and counts their records."""

    def __init__(self) -> None:
        self._shapes: dict[tuple[str, ...], _Shape | None] = {}

    def counted(self) -> Counter[str]:
        """The records of the blocks that were read here, by their names."""
        found: Counter[str] = Counter()
        for names, shape in self._shapes.items():
            if shape is not None:
                for name in names:
                    found[name] += shape.blocks
        return found

    def line(
        self, block: Sequence[Raw], summaries: Mapping[str, Summary], period: tuple[str, str]
    ) -> UsageLine | None:
        """The one line of a regular block that has no findings; None for another block."""
        if len(block) > MOST:
            return None
        names = tuple([raw.name for raw in block])
        try:
            shape = self._shapes[names]
        except KeyError:
            shape = self._shapes[names] = _shape_of(names)
        if shape is None:
            return None
        rest = block[-1].rest
        if "\\" in rest or "|" in rest:
            return None
        cells = rest.split("\t")
        if len(cells) < shape.width:
            cells += [""] * (shape.width - len(cells))
        summary = summaries.get(cells[shape.summary].strip())
        if summary is None or _filled(cells, shape.returns):
            return None
        said = (block[0].rest,) if len(block) == 2 else (block[0].rest, block[1].rest)
        about = shape.held.get(said)
        if about is None:
            about = shape.before.get(said) or _about(block)
            if about is None:
                return None
            shape.hold(said, about)
        shape.blocks += 1
        (ref, isrc, iswc), title, artist = about
        amount = _filled(cells, shape.revenues)
        first, last = _filled(cells, shape.firsts), _filled(cells, shape.lasts)
        return UsageLine(
            block[-1].line, ref or _filled(cells, shape.refs), isrc, iswc, title, artist,
            summary.use_type, summary.territory,
            (day(first) if first else "") or period[0], (day(last) if last else "") or period[1],
            _filled(cells, shape.counts), amount, summary.currency if amount else "", summary.rights,
        )  # fmt: skip


def _filled(cells: Sequence[str], places: tuple[int, ...]) -> str:
    """The first filled cell."""
    for place in places:
        if text := cells[place].strip():
            return text
    return ""


def _about(block: Sequence[Raw]) -> tuple[Known, str, str] | None:
    """What a block says of its resource and work, with the title and the artist; None with findings."""
    records = [raw.record() for raw in block[:-1]]
    findings: list[Finding] = []
    known = told_by(records, findings)
    return None if findings else (known, first_of(records, TITLES), records[0].first(ARTISTS))
