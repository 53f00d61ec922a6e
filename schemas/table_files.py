"""The CSV tables that are shipped beside the code, read in one way.

>>> [row["code"] for row in rows("schemas", "rights.csv")][:2]
['PR', 'MR']
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from io import StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def rows(package: str, name: str) -> tuple[Mapping[str, str], ...]:
    """Every row of a table by its columns, in their order; a table is read once and cannot be changed."""
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return tuple(MappingProxyType(row) for row in csv.DictReader(StringIO(text, newline="")))
