"""Rows of a CSV file from a binary stream: UTF-8, in bounded memory, every row accounted for.

The ``csv`` module does the splitting, over an iterator that hands out one physical line at a time. A row
that cannot be split is broken: it carries the finding that says why, and its reference as far as that can be
told, so that a reader rejects the statement it belongs to. A quotation mark that is never closed does not
swallow the rows after it: a row that went wrong over several lines is blamed on its first line, and the
others are read again.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parsers.reading import FILE
from parsers.tabular.header import HEADER_LIMIT, split_header
from parsers.tabular.lines import LINE_LIMIT, Line, Lines, Refused
from schemas.findings import Finding, quote
from schemas.tables.columns import columns_of, key, tables

ROW_LIMIT = LINE_LIMIT
"""Longest row in characters, over all its lines."""

CELL_LIMIT = 1 << 17
"""Longest cell in characters; the ``csv`` module's own limit is the same unless a program changes it."""

MOST_COLUMNS = 256
REREAD_LIMIT = 64 << 20
"""So many characters may be read again because of quotation marks before the file is refused."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells by column, stripped.

    ``position`` is the line it begins on, ``ref`` the cell of the table's key column, ``extra`` the filled
    cells of columns that the table does not have, ``size`` the length in characters. A ``broken`` row has no
    cells; its ``findings`` hold the error.
    """

    position: str
    ref: str
    cells: dict[str, str]
    extra: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    broken: bool = False
    size: int = 0

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_rows(stream: BinaryIO, table: str) -> Iterator[Row | Finding]:
    """Findings about the header, then the rows of a table; blank rows are left out.

    Raises:
        Refused: the file as a whole cannot be this table.
    """
    lines = Lines(stream)
    layout, findings = _read_header(lines, table)
    yield from findings
    for taken, cells in _records(lines, layout):
        if isinstance(cells, Finding):
            yield layout.broken(taken, cells)
        elif any(cell and not cell.isspace() for cell in cells):
            yield layout.row(taken, cells)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the header says: the table, its separator, the names of the columns in their order."""

    table: str
    delimiter: str
    names: tuple[str, ...]
    known: tuple[bool, ...]
    place_of_key: int

    def fits(self, cells: list[str]) -> bool:
        """Whether the row has a cell for each column, and nothing but blanks after them."""
        width = len(self.names)
        return len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:])))

    def row(self, taken: list[Line], cells: list[str]) -> Row:
        """A row with its cells by column."""
        number = taken[0][0]
        known: dict[str, str] = {}
        extra: list[tuple[str, str]] = []
        for name, is_known, cell in zip(self.names, self.known, cells, strict=False):
            text = cell.strip()
            if is_known:
                known[name] = text
            elif text:
                extra.append((name, text))
        ref = known[key(self.table)]
        size = sum(map(len, cells))
        if len(taken) == 1:
            return Row(f"line:{number}", ref, known, tuple(extra), size=size)
        # Perhaps two stray quotation marks met: the row is well-formed, but only its sender can tell.
        column = next((name for name, cell in zip(self.names, cells, strict=False) if "\n" in cell), "")
        remark = Finding("tabular.line_break", f"line:{number}", self.table, column, detail=str(len(taken)))
        return Row(f"line:{number}", ref, known, tuple(extra), (remark,), size=size)

    def broken(self, taken: list[Line], fault: Finding) -> Row:
        """A row that could not be split, with the reference that its first line seems to have."""
        beginning = taken[0][1][:HEADER_LIMIT].rstrip("\n")
        cells = next(csv.reader([beginning], delimiter=self.delimiter), [])
        ref = cells[self.place_of_key].strip() if self.place_of_key < len(cells) else ""
        if "\0" in ref:
            ref = ""
        return Row(fault.position, ref, {}, findings=(fault,), broken=True, size=len(beginning))

    def split_fault(self, taken: list[Line], error: Exception | None, cells: list[str]) -> Finding | None:
        """Why a row cannot be taken; None when it can.

        A NUL is refused because text with it can be stored and printed nowhere.
        """
        number, text = taken[0]
        position = f"line:{number}"
        if error is not None:
            if len(taken) == 1 and len(text) > CELL_LIMIT:
                limit = str(CELL_LIMIT)
                return Finding("tabular.row_too_long", position, self.table, value=quote(text), detail=limit)
            unclosed = len(taken) > 1 or text.count('"') % 2 == 1
            code = "tabular.unclosed_quote" if unclosed else "tabular.quoting"
            return Finding(code, position, self.table, value=quote(text))
        if not any(map(str.strip, cells)):
            return None
        if not self.fits(cells):
            if len(taken) > 1:
                return Finding("tabular.unclosed_quote", position, self.table, value=quote(text))
            counts = (str(len(cells)), str(len(self.names)))
            return Finding("tabular.cells", position, self.table, value=counts[0], detail=counts[1])
        for name, cell in zip(self.names, cells, strict=False):
            if "\0" in cell:
                return Finding("tabular.nul", position, self.table, name, quote(cell))
        return None


def _read_header(lines: Lines, table: str) -> tuple[_Layout, list[Finding]]:
    number, line = _first_line(lines)
    position = f"line:{number}"
    if "\0" in line:
        raise Refused(Finding("tabular.encoding", position, table, detail="NUL"))
    delimiter, names = split_header(line)
    known = columns_of(table)
    if len(names) > MOST_COLUMNS or not names:
        raise Refused(Finding("tabular.header", position, table, value=quote(line), detail=str(MOST_COLUMNS)))
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise Refused(Finding("tabular.duplicate_column", position, table, field=quote(doubled[0])))
    for column in tables()[table]:
        if column.required and column.name not in names:
            raise Refused(
                Finding("tabular.missing_column", position, table, field=column.name, detail=column.meaning)
            )
    findings = [
        Finding("tabular.unknown_column", position, table, field=quote(name))
        for name in names
        if name and name not in known
    ]
    # A column without a name is told apart by its number, or its cells would be lost.
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    if delimiter != ",":
        shown = {"\t": "TAB"}.get(delimiter, delimiter)
        findings.insert(0, Finding("tabular.delimiter", position, table, value=shown))
    is_known = tuple(name in known for name in names)
    return _Layout(table, delimiter, tuple(names), is_known, names.index(key(table))), findings


def _first_line(lines: Lines) -> Line:
    for number, line in lines:
        if len(line) > HEADER_LIMIT:
            raise Refused(Finding("tabular.row_too_long", f"line:{number}", detail=str(HEADER_LIMIT)))
        if line.strip():
            return number, line.removesuffix("\n")
    raise Refused(Finding("file.empty", FILE))


class _TooLong(Exception):
    """The row at hand is longer than a row may be."""


class _Feed:
    """Hands the csv module one line after the other and remembers those of the row at hand."""

    def __init__(self, lines: Lines) -> None:
        self.taken: list[Line] = []
        self._lines = lines
        self._again: deque[Line] = deque()
        self._length = 0
        self._reread = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._length += len(line[1])
        if self._length > ROW_LIMIT:
            raise _TooLong
        return line[1]

    def begin(self) -> None:
        """Expect the first line of a new row."""
        self.taken = []
        self._length = 0

    def read_again(self) -> None:
        """Give back all lines of the row at hand but the first.

        Raises:
            Refused: this happened so often that the file is a trap, not a table.
        """
        self._again.extendleft(reversed(self.taken[1:]))
        self._reread += self._length
        if self._reread > REREAD_LIMIT:
            number, text = self.taken[0]
            raise Refused(Finding("tabular.unclosed_quote", f"line:{number}", value=quote(text)))


def _records(lines: Lines, layout: _Layout) -> Iterator[tuple[list[Line], list[str] | Finding]]:
    """Logical rows with the physical lines they came from."""
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=layout.delimiter, strict=True)
    while True:
        feed.begin()
        cells: list[str] = []
        error: Exception | None = None
        try:
            cells = next(reader)
        except StopIteration:
            return
        except (csv.Error, _TooLong) as fault:
            error = fault
        if error is None and len(feed.taken) == 1 and layout.fits(cells) and "\0" not in feed.taken[0][1]:
            yield feed.taken, cells
            continue
        found = layout.split_fault(feed.taken, error, cells)
        if found is not None and found.code == "tabular.unclosed_quote":
            feed.read_again()
        yield feed.taken, cells if found is None else found
