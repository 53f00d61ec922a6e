"""The rows of the CWR tables beside this file that are in force for one version of the standard.

Every table starts with ``version_from`` and ``version_to`` (both inclusive, empty: open), so what differs
between versions is a row, never code. A cell may name several records, separated by ``|``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from schemas import table_files

Row = Mapping[str, str]


def ordered(version: str) -> tuple[int, ...]:
    """A version as numbers that compare in the right order.

    >>> ordered("2.1") < ordered("3.0")
    True
    """
    return tuple(int(part) for part in version.split("."))


def table(name: str) -> tuple[Row, ...]:
    """All rows of one table of this package, by the file name without its ending."""
    return table_files.rows("schemas.cwr", f"{name}.csv")


@cache
def rows(name: str, version: str) -> tuple[Row, ...]:
    """The rows of one table that hold in ``version``."""
    return tuple(row for row in table(name) if _holds(row, version))


def _holds(row: Row, version: str) -> bool:
    start, end = row["version_from"], row["version_to"]
    return ordered(start) <= ordered(version) and (not end or ordered(version) <= ordered(end))


def split_cell(cell: str) -> tuple[str, ...]:
    """The names in a cell that may hold several."""
    return tuple(cell.split("|")) if cell else ()
