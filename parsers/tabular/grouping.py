"""Rows of one reference as one statement, and references that come again later."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from parsers.tabular.rows import Row
from schemas.findings import Finding, quote
from schemas.tables.columns import key

GROUP_ROWS = 10_000
GROUP_SIZE = 16 << 20
"""A statement of more rows or characters is rejected: it would not fit into memory with its neighbours."""

HELD_ROWS = 100
"""So many broken rows without a known reference wait for the row that shows where they belong."""


@dataclass(slots=True)
class Group:
    """Rows that follow each other and have the same reference; ``over`` when some were left out."""

    ref: str
    rows: list[Row] = field(default_factory=list)
    over: bool = False
    _size: int = 0

    @property
    def position(self) -> str:
        """Where the first row stands."""
        return self.rows[0].position

    @property
    def broken(self) -> bool:
        """Whether the statement cannot be told from its rows."""
        return self.over or any(row.broken for row in self.rows)

    def add(self, row: Row) -> None:
        """Append a row while the group is within its limits."""
        self._size += row.size
        if len(self.rows) >= GROUP_ROWS or self._size > GROUP_SIZE:
            self.over = True
        else:
            self.rows.append(row)


class SeenReferences:
    """A set of texts that only grows, in 12 to 24 bytes each: fingerprints in one flat table.

    Two texts share a fingerprint of 64 bits once in tens of thousands of files of ten million references.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._count = 0

    def add(self, text: str) -> bool:
        """Remember a text; True when it was there before."""
        mark = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") or 1
        if not self._insert(mark):
            return True
        self._count += 1
        if self._count * 3 > len(self._slots) * 2:
            marks = self._slots
            self._slots = array("Q", bytes(16 * len(marks)))
            for other in filter(None, marks):
                self._insert(other)
        return False

    def _insert(self, mark: int) -> bool:
        slots = self._slots
        last = len(slots) - 1
        place = mark & last
        while found := slots[place]:
            if found == mark:
                return False
            place = (place + 1) & last
        slots[place] = mark
        return True


def groups(rows: Iterable[Row | Finding], table: str) -> Iterator[Group | Finding]:
    """Rows of one reference that follow each other; findings about the header pass through.

    A broken row belongs to the statement whose reference it shows, else to the one that goes on after it:
    a statement without one of its rows would be a different statement. A reference that comes again after
    others is told; the later group is a statement of its own, which replaces the earlier one.
    """
    seen = SeenReferences()
    for item in _gathered(rows):
        if isinstance(item, Group) and item.ref and not item.broken and seen.add(item.ref):
            yield Finding("file.duplicate_ref", item.position, table, key(table), quote(item.ref))
        yield item


def _gathered(rows: Iterable[Row | Finding]) -> Iterator[Group | Finding]:
    group: Group | None = None
    held: list[Row] = []
    for row in rows:
        if isinstance(row, Finding):
            yield row
            continue
        if group is not None and row.ref and row.ref == group.ref:
            for waiting in held:
                group.add(waiting)
            group.add(row)
            held = []
            continue
        if row.broken and len(held) < HELD_ROWS:
            held.append(row)
            continue
        if group is not None:
            yield group
        *apart, last = _by_reference([*held, row])
        yield from apart
        group, held = last, []
    if group is not None:
        yield group
    yield from _by_reference(held)


def _by_reference(rows: Iterable[Row]) -> Iterator[Group]:
    """Groups of adjacent rows of equal reference; rows without one stand alone."""
    for ref, same in groupby(rows, key=lambda row: row.ref):
        group = Group(ref)
        for row in same:
            if not ref and group.rows:
                yield group
                group = Group(ref)
            group.add(row)
        yield group
