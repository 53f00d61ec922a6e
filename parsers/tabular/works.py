"""Works files: one row per party and territory statement, rows of one ``work_ref`` together."""

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
    Performer,
    RecordingReference,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.societies import normalise_code

TABLE = "works"
RIGHTS = (("PR", "pr_share"), ("MR", "mr_share"), ("SR", "sr_share"))


def read(stream: BinaryIO) -> Iterator[Item]:
    """Works with their collection shares; a work with an unreadable cell is rejected whole."""
    return read_groups(stream, TABLE, "work", _work)


def _work(group: Group, remarks: Remarks) -> WorkDeclaration:
    titled = remarks.deciding(group, "title")
    remarks.required(titled)
    coded = remarks.deciding(group, "iswc")
    timed = remarks.deciding(group, "duration")
    claims = _claims(group, remarks)
    check_totals(claims, group.rows[0], remarks)
    return WorkDeclaration(
        ref=group.ref,
        title=titled["title"],
        titles=tuple(Title(text, "AT") for text in _union(group, "alternative_titles", remarks)),
        iswc=remarks.identifier(coded, "iswc", "iswc", coded["iswc"]),
        language=remarks.deciding(group, "language")["language"].upper(),
        duration=remarks.duration(timed),
        claims=claims,
        performers=tuple(Performer(PartyName(name)) for name in _union(group, "performers", remarks)),
        recordings=tuple(
            RecordingReference(remarks.identifier(row, "isrcs", "isrc", code))
            for code, row in _union(group, "isrcs", remarks).items()
        ),
        details=unread(group, ["duration"] if seconds_of(timed["duration"] or "0") is None else []),
        position=group.position,
    )


def _union(group: Group, column: str, remarks: Remarks) -> dict[str, Row]:
    """The parts of a list over all rows in their order, once each, with the row that has them first."""
    found: dict[str, Row] = {}
    for row in group.rows:
        for part in remarks.listed(row, column):
            found.setdefault(part, row)
    return found


def _claims(group: Group, remarks: Remarks) -> tuple[Claim, ...]:
    """One claim per party, role and society, with a collection statement per row that has shares."""
    gathered: dict[tuple[PartyName, str, str], list[tuple[Row, CollectionShare]]] = {}
    for row in group.rows:
        shares = tuple(
            RightShare(right, share)
            for right, column in RIGHTS
            if (share := remarks.share(row, column)) is not None
        )
        if not row["party_name"] and not row["party_ipi"]:
            if shares or row["society"]:
                remarks.add("tabular.required", row, "party_name", "")
            continue
        party = remarks.party(row, "party_name", "party_ipi", short="ipi_name")
        if not party.name:
            remarks.add("tabular.required", row, "party_name", "")
        statement = CollectionShare(remarks.territories(row), shares, row.position)
        gathered.setdefault((party, remarks.role(row), row["society"]), []).append((row, statement))
    return tuple(
        Claim(
            party=party,
            role=role,
            collection=tuple(statement for _, statement in rows if statement.shares),
            affiliations=(Affiliation("*", normalise_code(society)),) if society else (),
            position=rows[0][0].position,
        )
        for (party, role, society), rows in gathered.items()
    )
