"""Recordings files: one row per rights claim; a row without a party declares only the recording."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from parsers.reading import Item
from parsers.tabular.cells import Remarks, seconds_of, unread
from parsers.tabular.grouping import Group
from parsers.tabular.rows import Row
from parsers.tabular.statements import check_totals, read_groups
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    PartyName,
    RecordingDeclaration,
    RightShare,
    WorkReference,
)
from schemas.rights import CATEGORIES, canonical_rights, category
from schemas.shares import WHOLE, format_percent
from schemas.societies import normalise_code

TABLE = "recordings"
_ISWC = "iswc:"


def read(stream: BinaryIO) -> Iterator[Item]:
    """Recordings with their works and neighbouring-rights claims; one with an unreadable cell is rejected."""
    return read_groups(stream, TABLE, "recording", _recording)


def _recording(group: Group, remarks: Remarks) -> RecordingDeclaration:
    titled = remarks.deciding(group, "title")
    remarks.required(titled)
    coded = remarks.deciding(group, "isrc")
    code = remarks.identifier(coded, "isrc", "isrc", coded["isrc"])
    timed = remarks.deciding(group, "duration")
    claims = _claims(group, remarks)
    check_totals(claims, group.rows[0], remarks)
    return RecordingDeclaration(
        ref=group.ref,
        title=titled["title"],
        isrcs=(code,) if code else (),
        version=remarks.deciding(group, "version")["version"],
        artist=remarks.deciding(group, "artist")["artist"],
        duration=remarks.duration(timed),
        year=remarks.year(remarks.deciding(group, "year"), "year"),
        label=remarks.deciding(group, "label")["label"],
        works=_works(remarks.deciding(group, "works"), remarks),
        claims=claims,
        details=unread(group, ["duration"] if seconds_of(timed["duration"] or "0") is None else []),
        position=group.position,
    )


def _works(row: Row, remarks: Remarks) -> tuple[WorkReference, ...]:
    """The works that the recording embodies; the weight stands after the last equals sign."""
    found = []
    for part in remarks.listed(row, "works"):
        name, equals, weight = (item.strip() for item in part.rpartition("=" if "=" in part else "\n"))
        if not equals:
            name, weight = part, ""
        units = remarks.percentage(row, "works", weight) if equals else 0
        if name.casefold().startswith(_ISWC):
            code = remarks.identifier(row, "works", "iswc", name[len(_ISWC) :].strip())
            reference = WorkReference(iswc=code, weight=units or 0)
        else:
            reference = WorkReference(ref=name, weight=units or 0)
        if not reference.iswc and not reference.ref:
            remarks.add("tabular.code", row, "works", part)
        found.append(reference)
    total = sum(item.weight for item in found)
    if total > WHOLE:
        remarks.add("tabular.weights", row, "works", format_percent(total))
    return tuple(found)


def _claims(group: Group, remarks: Remarks) -> tuple[Claim, ...]:
    """One claim per party, role and society, with a collection statement per row."""
    gathered: dict[tuple[PartyName, str, str], list[tuple[Row, CollectionShare]]] = {}
    for row in group.rows:
        if not row["party_name"] and not row["party_id"]:
            if row["share"] or row["right"] or row["society"]:
                remarks.add("tabular.required", row, "party_name", "")
            continue
        party = remarks.party(row, "party_name", "party_id")
        if not party.name:
            remarks.add("tabular.required", row, "party_name", "")
        statement = CollectionShare(remarks.territories(row), _share(row, remarks), row.position)
        gathered.setdefault((party, row["role"], row["society"]), []).append((row, statement))
    return tuple(
        Claim(
            party=party,
            role=role,
            collection=tuple(statement for _, statement in rows),
            affiliations=tuple(
                dict.fromkeys(
                    Affiliation(item.right, normalise_code(society))
                    for _, statement in rows
                    if society
                    for item in statement.shares
                )
            ),
            position=rows[0][0].position,
        )
        for (party, role, society), rows in gathered.items()
    )


def _share(row: Row, remarks: Remarks) -> tuple[RightShare, ...]:
    """The right and share of a row with a party; both must stand there. One word may mean two rights."""
    found = canonical_rights(row["right"]) or ("",)
    for column in ("right", "share"):
        if not row[column]:
            remarks.add("tabular.required", row, column, "")
    if row["right"] and any(CATEGORIES.get(category(right) or "") != "recording" for right in found):
        remarks.add("tabular.code", row, "right", row["right"])
    share = remarks.share(row, "share")
    return () if share is None else tuple(RightShare(right, share) for right in found)
