"""The header line of a CSV file: its separator and its column names.

One rule for detection and for the readers: of the separators in use, the one is right under which most names
are known columns; the comma of the contract wins a tie.
"""

from __future__ import annotations

import csv
from functools import cache

from schemas.tables.columns import recognise, tables

DELIMITERS = ",;\t"
"""The documented separator, and those of spreadsheet programs with another language or choice."""

HEADER_LIMIT = 1 << 14
"""Longest header line in characters; all documented columns together take less than 500."""


@cache
def _known_names() -> frozenset[str]:
    return frozenset(column.name for columns in tables().values() for column in columns)


def split_header(line: str) -> tuple[str, list[str]]:
    """The separator and the names in lower case without surrounding blanks; no names for no header at all.

    >>> split_header("Work_Ref; title ;x")
    (';', ['work_ref', 'title', 'x'])
    """
    best: tuple[str, list[str]] = (DELIMITERS[0], [])
    most = -1
    if len(line) > HEADER_LIMIT:
        return best
    for delimiter in DELIMITERS:
        try:
            names = [name.strip().casefold() for name in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            continue
        known = len(_known_names().intersection(names))
        if known > most:
            best, most = (delimiter, names), known
    return best


def table_of(head: bytes) -> str:
    """Which table begins with these bytes, whatever their encoding; empty when none does.

    UTF-16 is looked through as well, although no reader takes it: the reader then says what is wrong.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[: len(head) - len(head) % 2].decode("utf-16", "replace")
    else:
        text = head.decode("utf-8-sig", "replace")
    line = text.lstrip("\r\n").replace("\r", "\n").partition("\n")[0]
    return recognise(split_header(line)[1])
