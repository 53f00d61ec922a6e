"""Societies files: the register of societies with their accreditations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import BinaryIO

from parsers.tabular.cells import Remarks, listed
from parsers.tabular.rows import Refused, Row, read_rows
from schemas import territories
from schemas.findings import Finding
from schemas.rights import canonical_right
from schemas.societies import normalise_code
from schemas.societies_register import Accreditation, SocietyRow

TABLE = "societies"


def read_societies(stream: BinaryIO) -> Iterator[SocietyRow | Finding]:
    """Rows that are fine, and findings; a row with an error is left out and its finding says where it is."""
    try:
        for item in read_rows(stream, TABLE):
            if isinstance(item, Finding):
                yield item
            else:
                yield from _society(item)
    except Refused as refused:
        yield refused.finding


def _society(row: Row) -> Iterator[SocietyRow | Finding]:
    remarks = Remarks(TABLE)
    for column in ("code", "name"):
        if not row[column]:
            remarks.add("tabular.required", row, column, "")
    country = territories.canonical(row["country"]) or ""
    if row["country"] and not country:
        remarks.add("tabular.code", row, "country", row["country"])
    accreditations = tuple(
        found
        for text in listed(row["accreditations"])
        if (found := _accreditation(text, row, remarks)) is not None
    )
    yield from remarks.found
    if not remarks.failed:
        code = normalise_code(row["code"])
        yield SocietyRow(code, row["name"], country, row["kind"] or "cmo", accreditations, row.position)


def _accreditation(text: str, row: Row, remarks: Remarks) -> Accreditation | None:
    parts = [part.strip() for part in text.split(":")]
    territory, right, start, end = (*parts, "", "", "", "")[:4]
    place, sphere = territories.canonical(territory), canonical_right(right)
    try:
        first = dt.date.fromisoformat(start)
        last = dt.date.fromisoformat(end) if end else None
    except ValueError:
        remarks.add("tabular.date", row, "accreditations", text)
        return None
    if len(parts) > 4 or place is None or sphere is None:
        remarks.add("tabular.code", row, "accreditations", text)
        return None
    if last is not None and last < first:
        remarks.add("tabular.period", row, "accreditations", text)
        return None
    return Accreditation(place, sphere, start, end)
