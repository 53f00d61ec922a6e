"""The cells of one record of a sales report: plain text, codes, lists with their escapes, days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.ddex.dsr import Layout

_DAY = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_ESCAPED = re.compile(r"\\(.)")
_UNESCAPED_BAR = re.compile(r"(?<!\\)(?:\\\\)*\|")


@dataclass(slots=True)
class Record:
    """A record cut into its cells, of which there are as many as its layout names, or more."""

    line: int
    layout: Layout
    cells: list[str]

    def __post_init__(self) -> None:
        missing = len(self.layout.cells) - len(self.cells)
        if missing > 0:
            self.cells += [""] * missing

    def __getitem__(self, name: str) -> str:
        place = self.layout.places.get(name)
        return "" if place is None else self.cells[place].strip()

    def first(self, names: tuple[str, ...]) -> str:
        """The first filled cell among these, as plain text."""
        for place in self.layout.where(names):
            if text := self.cells[place].strip():
                return plain(text)
        return ""

    def parts(self, names: tuple[str, ...]) -> Sequence[str]:
        """The filled parts of all of these cells."""
        places = self.layout.where(names)
        if not places:
            return ()
        filled = [text for place in places if (text := self.cells[place].strip())]
        return [part for text in filled for part in _listed(text) if part]

    def listed(self, name: str) -> list[str]:
        """The parts of a cell of several values; empty ones are kept, as lists may run in parallel."""
        text = self[name]
        return _listed(text) if text else []


def _listed(text: str) -> list[str]:
    if "|" not in text:
        return [plain(text)]
    parts, start = [], 0
    for found in _UNESCAPED_BAR.finditer(text):
        parts.append(text[start : found.end() - 1])
        start = found.end()
    return [plain(part.strip()) for part in [*parts, text[start:]]]


def plain(text: str) -> str:
    """Text without its escapes."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def first_of(records: Sequence[Record], names: tuple[str, ...]) -> str:
    """The first filled cell among these in any of the records."""
    for record in records:
        if text := record.first(names):
            return text
    return ""


def day(text: str) -> str:
    """An ISO day of ``2015-10-01``, ``20151001`` or a date with a time; empty for anything else.

    >>> day("20151001"), day("2015-10-01T00:00:00"), day("October")
    ('2015-10-01', '2015-10-01', '')
    """
    found = _DAY.match(text)
    return "-".join(found.groups()) if found else ""
