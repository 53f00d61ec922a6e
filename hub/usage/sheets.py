"""CSV tables that people bring along and take away; their rows are answered and never stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from hub.errors import UsageError

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(stream: BinaryIO, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, cells by column) of a UTF-8 CSV table with a header; a cell that is missing is empty.

    Raises:
        UsageError: a required column is missing, or the file is no UTF-8 text or no CSV table.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        table = csv.DictReader(text, restval="")
        names = [name.strip() for name in table.fieldnames or ()]
        table.fieldnames = names
        missing = [column for column in required if column not in names]
        if missing:
            raise UsageError(
                f"the file lacks the columns {', '.join(missing)}; it needs at least {','.join(required)}"
            )
        for row in table:
            yield table.line_num, {name: (row[name] or "").strip() for name in names}
    except UnicodeDecodeError as fault:
        raise UsageError(f"the file is not UTF-8 text (byte {fault.start}); save it as CSV UTF-8") from fault
    except csv.Error as fault:
        raise UsageError(f"the file is not a CSV table: {fault}") from fault
    finally:
        text.detach()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("25.00")
    ("'=1+1", '25.00')
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell
