"""Records of DDEX sales reports (DSR flat files): which part each plays, and its cells in their order.

Facts from DDEX's public schemas of the profiles basic audio, UGC, royalty reporting, radio broadcast, master
list, audio-visual and financial reporting. A record may be written with or without the number of its version
(``AS01``, ``AS01.01``); the cells are those of the exact name.

>>> layout("SU02").cells.index("NumberOfStreams"), layout("ZZ01") is None
(6, True)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from schemas.table_files import rows

HEAD, FOOT, SUMMARY, RESOURCE, WORK, RELEASE, USAGE, CLAIM, SALES, OTHER = (
    "head", "foot", "summary", "resource", "work", "release", "usage", "claim", "sales", "other",
)  # fmt: skip
"""Parts; ``sales`` is a record that has the usage, its resource and its work in one, ``claim`` what a service
allocated to a rights controller."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A record: its name, its part, and the names of the cells after the record's name."""

    record: str
    part: str
    cells: tuple[str, ...]
    places: Mapping[str, int] = field(default_factory=dict, compare=False)
    _found: dict[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, record: str, part: str, cells: tuple[str, ...]) -> Layout:
        """A layout with the places of its cells."""
        return cls(record, part, cells, {name: place for place, name in enumerate(cells)})

    def where(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """The places of those of these cells that the record has, in the order of the names."""
        found = self._found.get(names)
        if found is None:
            found = tuple(self.places[name] for name in names if name in self.places)
            self._found[names] = found
        return found


@cache
def layouts() -> Mapping[str, Layout]:
    """Every record by its exact name."""
    return {
        row["record"]: Layout.of(row["record"], row["part"], tuple(row["cells"].split("|")))
        for row in rows("schemas.ddex", "dsr_records.csv")
    }


def layout(record: str) -> Layout | None:
    """The layout of a record by its exact name."""
    return layouts().get(record)


def nearest(record: str) -> Layout | None:
    """The layout of another version of a record: the next older one, else the oldest; None for none.

    >>> nearest("AS02.04").record, nearest("AS02").record, nearest("SU09.07") is None
    ('AS02.03', 'AS02.01', True)
    """
    base = record.partition(".")[0]
    versions = sorted(name for name in layouts() if name.partition(".")[0] == base)
    older = [name for name in versions if name <= record]
    return layouts()[(older or versions[:1])[-1]] if versions else None


def part_of(record: str) -> str:
    """The part that records with these first two letters play, for records that the table does not have."""
    return next((item.part for name, item in layouts().items() if name[:2] == record[:2]), OTHER)
