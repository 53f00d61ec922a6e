"""Societies files: the register of societies with their accreditations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from parsers.tabular.cells import Remarks, iso_day
from parsers.tabular.grouping import SeenReferences
from parsers.tabular.lines import Refused
from parsers.tabular.rows import Row, read_rows
from schemas import territories
from schemas.findings import Finding, quote
from schemas.rights import canonical_right
from schemas.societies import normalise_code
from schemas.societies_register import Accreditation, SocietyRow

TABLE = "societies"


def read_societies(stream: BinaryIO) -> Iterator[SocietyRow | Finding]:
    """Rows that are fine, and findings; a row with an error is left out and its finding says where it is."""
    seen = SeenReferences()
    try:
        for item in read_rows(stream, TABLE):
            if isinstance(item, Finding):
                yield item
                continue
            yield from item.findings
            if item.broken:
                continue
            code = normalise_code(item["code"])
            if code and seen.add(code):
                yield Finding("file.duplicate_ref", item.position, TABLE, "code", quote(code))
            yield from _society(item, code)
    except Refused as refused:
        yield refused.finding


def _society(row: Row, code: str) -> Iterator[SocietyRow | Finding]:
    remarks = Remarks(TABLE)
    remarks.required(row)
    country = territories.canonical(row["country"]) or ""
    if row["country"] and not country:
        remarks.add("tabular.code", row, "country", row["country"])
    read = [_accreditation(text, row, remarks) for text in remarks.listed(row, "accreditations")]
    yield from remarks.found
    if not remarks.failed:
        accreditations = tuple(item for item in read if item is not None)
        yield SocietyRow(code, row["name"], country, row["kind"] or "cmo", accreditations, row.position)


def _accreditation(text: str, row: Row, remarks: Remarks) -> Accreditation | None:
    """One ``TERRITORY:RIGHT:FROM:TO``; the last colon may be left out with an open end."""
    parts = [part.strip() for part in text.split(":")]
    place, sphere, start, end = [*parts, ""][:4] if len(parts) in (3, 4) else ("", "", "", "")
    territory, right = territories.canonical(place), canonical_right(sphere)
    if territory is None or right is None:
        remarks.add("tabular.code", row, "accreditations", text)
    elif not iso_day(start) or (end and not iso_day(end)):
        remarks.add("tabular.date", row, "accreditations", text)
    elif end and end <= start:
        remarks.add("tabular.period", row, "accreditations", text)
    else:
        return Accreditation(territory, right, start, end)
    return None
