"""Recordings files: one row per rights claim; a row without a party declares only the recording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import BinaryIO

from parsers.reading import Item, reject_file
from parsers.tabular.cells import Remarks, listed
from parsers.tabular.grouping import Group, groups
from parsers.tabular.rows import Refused, Row, read_rows
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    Header,
    PartyName,
    RecordingDeclaration,
    Rejection,
    RightShare,
    WorkReference,
)
from schemas.findings import Finding
from schemas.rights import CATEGORIES, canonical_right
from schemas.shares import WHOLE, ShareError, format_percent, parse_percent
from schemas.societies import normalise_code

TABLE = "recordings"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Recordings with their works and neighbouring-rights claims."""
    yield Header("recordings-csv", "1")
    try:
        for item in groups(read_rows(stream, TABLE), "recording_ref", TABLE):
            if isinstance(item, Finding):
                yield item
                if item.severity == "error":
                    yield Rejection("recording", item.position)
            else:
                yield from _recording(item)
    except Refused as refused:
        yield from reject_file(refused.finding)


def _recording(group: Group) -> Iterator[Item]:
    remarks = Remarks(TABLE)
    first = group[0]
    ref = first["recording_ref"]
    for column in ("recording_ref", "title"):
        if not first[column]:
            remarks.add("tabular.required", first, column, "")
    for row in group[1:]:
        for column in ("title", "isrc", "works"):
            if row[column] and row[column] != first[column]:
                remarks.add("tabular.conflicting_rows", row, column, ref)
    code = remarks.identifier(first, "isrc", "isrc", first["isrc"])
    recording = RecordingDeclaration(
        ref=ref,
        title=first["title"],
        isrcs=(code,) if code else (),
        version=first["version"],
        artist=first["artist"],
        duration=remarks.duration(first),
        year=_year(first, remarks),
        label=first["label"],
        works=_works(first, remarks),
        claims=_claims(group, remarks),
        details=tuple(dict.fromkeys(pair for row in group for pair in row.extra)),
        position=first.position,
    )
    yield from remarks.found
    yield Rejection("recording", first.position, ref) if remarks.failed else recording


def _year(row: Row, remarks: Remarks) -> int:
    text = row["year"]
    if text and not (text.isdecimal() and len(text) == 4):
        remarks.add("tabular.number", row, "year", text, "a year has four digits")
        return 0
    return int(text or 0)


def _works(row: Row, remarks: Remarks) -> tuple[WorkReference, ...]:
    found = []
    for part in listed(row["works"]):
        name, _, weight = part.rpartition("=") if "=" in part else (part, "", "")
        try:
            units = parse_percent(weight) if weight else 0
        except ShareError as fault:
            remarks.add("tabular.number", row, "works", weight, str(fault).partition(":")[0])
            continue
        if name.casefold().startswith("iswc:"):
            found.append(WorkReference(iswc=remarks.identifier(row, "works", "iswc", name[5:]), weight=units))
        else:
            found.append(WorkReference(ref=name, weight=units))
    total = sum(item.weight for item in found)
    if total > WHOLE:
        remarks.add("tabular.weights", row, "works", format_percent(total))
    return tuple(found)


def _claims(group: Group, remarks: Remarks) -> tuple[Claim, ...]:
    gathered: dict[tuple[PartyName, str], list[tuple[Row, str, CollectionShare]]] = defaultdict(list)
    for row in group:
        if not row["party_name"] and not row["party_id"]:
            if row["share"] or row["right"]:
                remarks.add("tabular.required", row, "party_name", "")
            continue
        right = canonical_right(row["right"]) or ""
        if CATEGORIES.get(right) != "recording":
            remarks.add("tabular.code", row, "right", row["right"])
            continue
        share = remarks.share(row, "share")
        if share is None:
            remarks.add("tabular.required", row, "share", "")
            continue
        statement = CollectionShare(remarks.territories(row), (RightShare(right, share),), row.position)
        party = remarks.party(row, "party_id")
        gathered[party, row["role"]].append((row, right, statement))
    return tuple(
        Claim(
            party=party,
            role=role,
            collection=tuple(statement for _, _, statement in rows),
            affiliations=tuple(
                dict.fromkeys(
                    Affiliation(right, normalise_code(row["society"]))
                    for row, right, _ in rows
                    if row["society"]
                )
            ),
            position=rows[0][0].position,
        )
        for (party, role), rows in gathered.items()
    )
