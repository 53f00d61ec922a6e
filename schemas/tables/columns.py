"""The columns of the contract's CSV files: one table for readers, messages, exporters and documents.

>>> recognise(["mandate_ref", "holder"]), recognise(["id", "amount"])
('mandates', '')
>>> column("mandates", "grantor_type").values
('party', 'society', 'any')
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

TYPES = frozenset(
    {"reference", "text", "iswc", "isrc", "party", "role", "society", "share", "territory", "territories"}
    | {"duration", "year", "embodied", "right", "rights", "uses", "date", "choice", "subject"}
    | {"accreditation"}
)
"""What a cell may hold; readers turn each type into a value in one place."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a CSV file.

    A file without a ``required`` one is refused, and its cells must not be empty. A column with a
    ``separator`` holds a list. ``values`` are the only ones allowed, empty when any may stand.
    """

    name: str
    required: bool
    type: str
    separator: str
    values: tuple[str, ...]
    meaning: str


@cache
def tables() -> Mapping[str, tuple[Column, ...]]:
    """The columns of ``societies``, ``works``, ``recordings`` and ``mandates`` in the contract's order."""
    text = files("schemas.tables").joinpath("columns.csv").read_text(encoding="utf-8")
    found: dict[str, list[Column]] = {}
    for row in csv.DictReader(StringIO(text, newline="")):
        found.setdefault(row["table"], []).append(
            Column(
                name=row["column"],
                required=row["required"] == "Y",
                type=row["type"],
                separator=row["separator"],
                values=tuple(filter(None, row["values"].split("|"))),
                meaning=row["meaning"],
            )
        )
    return {name: tuple(columns) for name, columns in found.items()}


@cache
def columns_of(table: str) -> Mapping[str, Column]:
    """The columns of one table by their names."""
    return {item.name: item for item in tables()[table]}


def column(table: str, name: str) -> Column:
    """One column.

    Raises:
        KeyError: the table has no such column; a reader and the table do not agree.
    """
    return columns_of(table)[name]


def key(table: str) -> str:
    """The column whose value tells one statement of the table from another; it stands first."""
    return tables()[table][0].name


def recognise(names: Iterable[str]) -> str:
    """Which table has a header with these column names, however spelled; empty when none has.

    The key column decides, so that a file that lacks another column is told which one. Societies have no
    key column of a telling name and need their name column too.
    """
    found = {name.strip().casefold() for name in names}
    for table in tables():
        if table != "societies" and key(table) in found:
            return table
    return "societies" if {"code", "name"} <= found else ""
