"""CSV tables that people bring along and take away; their rows are answered and never stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from hub.errors import UsageError

FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read: the place of each column, and its rows as (line, cells).

    Each row has a cell for every column and one more, at ``NOWHERE``, which is empty.
    """

    NOWHERE: ClassVar[int] = -1
    places: Mapping[str, int]
    rows: Iterator[tuple[int, list[str]]]


def table(stream: BinaryIO, required: Sequence[str]) -> Table:
    """A UTF-8 CSV table with a header; a cell that is missing is empty.

    Raises:
        UsageError: a required column is missing, or the file is no UTF-8 text or no CSV table; also
            while the rows are read.
    """
    rows = _cut(stream)
    _, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    missing = [column for column in required if column not in names]
    if missing:
        raise UsageError(
            f"the file lacks the columns {', '.join(missing)}; it needs at least {','.join(required)}"
        )
    return Table({name: place for place, name in enumerate(names)}, _padded(rows, len(names)))


def _padded(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    for number, row in rows:
        if row:
            cells = [cell.strip() for cell in row[:width]]
            cells += [""] * (width + 1 - len(cells))
            yield number, cells


def _cut(stream: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        lines = csv.reader(text)
        for row in lines:
            yield lines.line_num, row
    except UnicodeDecodeError as fault:
        raise UsageError(f"the file is not UTF-8 text (byte {fault.start}); save it as CSV UTF-8") from fault
    except csv.Error as fault:
        raise UsageError(f"the file is not a CSV table: {fault}") from fault
    finally:
        # After a refusal the file may be closed before anybody lets go of its rows.
        if not stream.closed:
            text.detach()


def rows(stream: BinaryIO, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of a table; columns and errors as for ``table``."""
    found = table(stream, required)
    for number, cells in found.rows:
        yield number, {name: cells[place] for name, place in found.places.items()}


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("25.00")
    ("'=1+1", '25.00')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell
