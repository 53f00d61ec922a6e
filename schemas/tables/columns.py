"""The column table of the CSV files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a CSV file; without a required one the file is refused."""

    name: str
    required: bool
    meaning: str


@cache
def tables() -> Mapping[str, tuple[Column, ...]]:
    """The columns of ``societies``, ``works``, ``recordings`` and ``mandates`` in the contract's order."""
    text = files("schemas.tables").joinpath("columns.csv").read_text(encoding="utf-8")
    found: dict[str, list[Column]] = {}
    for row in csv.DictReader(StringIO(text)):
        found.setdefault(row["table"], []).append(
            Column(row["column"], row["required"] == "Y", row["meaning"])
        )
    return {name: tuple(columns) for name, columns in found.items()}


KEYS = {"works": "work_ref", "recordings": "recording_ref", "mandates": "mandate_ref", "societies": "code"}
"""The column that tells which table a header belongs to."""


def recognise(header: list[str]) -> str:
    """Which table has this header; empty when none has."""
    names = {name.strip().casefold() for name in header}
    for table in ("works", "recordings", "mandates"):
        if KEYS[table] in names:
            return table
    return "societies" if {"code", "name"} <= names else ""
