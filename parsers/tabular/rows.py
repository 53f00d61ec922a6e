"""Rows of a CSV file from a binary stream: UTF-8, bounded, every row accounted for.

A quotation mark that is never closed does not swallow the file: a row has a limited length, and reading
goes on with the line after the one where the row began.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parsers.reading import FILE
from schemas.findings import Finding, quote
from schemas.tables.columns import tables

ROW_LIMIT = 1 << 20
LINE_LIMIT = ROW_LIMIT
DELIMITERS = ",;\t"
CHUNK = 1 << 16


class Refused(Exception):
    """The file cannot be read as this table; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells by column, stripped; ``position`` is the line it begins on."""

    position: str
    cells: dict[str, str]
    extra: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class Lines:
    """Physical lines of a UTF-8 stream with their numbers; a line over the limit is cut short."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.number = 0
        self._pending: list[tuple[int, str]] = []
        self._source = self._decoded()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return self

    def __next__(self) -> tuple[int, str]:
        return self._pending.pop() if self._pending else next(self._source)

    def push_back(self, lines: list[tuple[int, str]]) -> None:
        """Give lines back to be read again, in their order."""
        self._pending.extend(reversed(lines))

    def _decoded(self) -> Iterator[tuple[int, str]]:
        decoder = codecs.getincrementaldecoder("utf-8-sig")()
        rest, cut, final = "", False, False
        while not final:
            chunk = self.stream.read(CHUNK)
            final = not chunk
            try:
                text = rest + decoder.decode(chunk, final)
            except UnicodeDecodeError as fault:
                raise Refused(
                    Finding("tabular.encoding", FILE, detail=f"line {self.number + 1}: {fault.reason}")
                ) from None
            *whole, rest = text.split("\n")
            for line in whole:
                self.number += 1
                if cut:
                    cut = False
                    continue
                yield self.number, line.removesuffix("\r") + "\n"
            if len(rest) > LINE_LIMIT:
                if not cut:
                    # The line is reported as too long by its length; what follows on it is skipped.
                    yield self.number + 1, rest
                cut, rest = True, ""
        if rest and not cut:
            self.number += 1
            yield self.number, rest


def read_rows(stream: BinaryIO, table: str) -> Iterator[Row | Finding]:
    """The rows of a table; findings about single rows come instead of them, at the row's position.

    Raises:
        Refused: the file as a whole cannot be this table.
    """
    lines = Lines(stream)
    first = _first_line(lines)
    delimiter = max(DELIMITERS, key=first[1].count)
    header = [name.strip().casefold() for name in next(csv.reader([first[1]], delimiter=delimiter))]
    yield from _check_header(table, header, delimiter)
    known = {column.name for column in tables()[table]}
    for number, cells in _records(lines, delimiter):
        position = f"line:{number}"
        if isinstance(cells, Finding):
            yield cells
        elif not any(cell.strip() for cell in cells):
            continue
        elif len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            yield Finding("tabular.cells", position, table, value=str(len(cells)), detail=str(len(header)))
        else:
            pairs = [(name, cell.strip()) for name, cell in zip(header, cells, strict=False)]
            extra = tuple((name, cell) for name, cell in pairs if name not in known and cell)
            yield Row(position, {name: cell for name, cell in pairs if name in known}, extra)


def _first_line(lines: Lines) -> tuple[int, str]:
    for number, line in lines:
        if len(line) > LINE_LIMIT:
            raise Refused(Finding("tabular.row_too_long", f"line:{number}", detail=str(ROW_LIMIT)))
        if line.strip():
            return number, line.strip("\n")
    raise Refused(Finding("file.empty", FILE))


def _check_header(table: str, header: list[str], delimiter: str) -> Iterator[Finding]:
    if delimiter != ",":
        yield Finding("tabular.delimiter", "line:1", table, value=repr(delimiter).strip("'"))
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise Refused(Finding("tabular.duplicate_column", "line:1", table, field=quote(doubled[0])))
    for column in tables()[table]:
        if column.required and column.name not in header:
            raise Refused(Finding("tabular.missing_column", "line:1", table, field=column.name))
    known = {column.name for column in tables()[table]}
    for name in header:
        if name and name not in known:
            yield Finding("tabular.unknown_column", "line:1", table, field=quote(name))


def _records(lines: Lines, delimiter: str) -> Iterator[tuple[int, list[str] | Finding]]:
    """Logical rows: physical lines joined while a quoted cell is open."""
    for number, line in lines:
        gathered = [(number, line)]
        length = len(line)
        opened = _quoted_at_end(line, delimiter, False)
        while opened and length <= ROW_LIMIT and (following := next(lines, None)) is not None:
            gathered.append(following)
            length += len(following[1])
            opened = _quoted_at_end(following[1], delimiter, True)
        if opened or length > ROW_LIMIT:
            lines.push_back(gathered[1:])
            code = "tabular.row_too_long" if length > ROW_LIMIT else "tabular.unclosed_quote"
            yield number, Finding(code, f"line:{number}", value=quote(line), detail=str(ROW_LIMIT))
            continue
        try:
            text = "".join(part for _, part in gathered).rstrip("\n")
            yield number, next(csv.reader([text], delimiter=delimiter), [])
        except csv.Error as fault:
            yield number, Finding("tabular.cells", f"line:{number}", value=quote(line), detail=str(fault))


def _quoted_at_end(text: str, delimiter: str, opened: bool) -> bool:
    """Whether a quoted cell is open at the end of a line; a quotation mark inside a plain cell is text."""
    if '"' not in text:
        return opened
    at_start = not opened
    place = 0
    while place < len(text):
        char = text[place]
        if opened and char == '"':
            if text[place + 1 : place + 2] == '"':
                place += 1
            else:
                opened = False
        elif not opened:
            opened = at_start and char == '"'
        at_start = not opened and char == delimiter
        place += 1
    return opened
