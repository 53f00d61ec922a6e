"""Reads the word and letter tables that stand beside this module as CSV files."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from io import StringIO


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``name``.csv in file order, one dictionary per row keyed by the header."""
    text = files("matching.normalize").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(StringIO(text, newline="")))


def column(name: str, field: str) -> tuple[str, ...]:
    """One column of a table, in file order."""
    return tuple(row[field] for row in rows(name))
