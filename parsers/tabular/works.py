"""Works files: one row per party and territory statement, rows of one ``work_ref`` together."""

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
    Performer,
    RecordingReference,
    Rejection,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.findings import Finding
from schemas.shares import HUNDREDTH, WHOLE, format_percent
from schemas.societies import normalise_code

TABLE = "works"
RIGHTS = (("PR", "pr_share"), ("MR", "mr_share"), ("SR", "sr_share"))
TOLERANCE = 6 * HUNDREDTH


def read(stream: BinaryIO) -> Iterator[Item]:
    """Works with their collection shares; a work with an unreadable cell is rejected whole."""
    yield Header("works-csv", "1")
    try:
        for item in groups(read_rows(stream, TABLE), "work_ref", TABLE):
            if isinstance(item, Finding):
                yield item
                if item.severity == "error":
                    yield Rejection("work", item.position)
            else:
                yield from _work(item)
    except Refused as refused:
        yield from reject_file(refused.finding)


def _work(group: Group) -> Iterator[Item]:
    remarks = Remarks(TABLE)
    first = group[0]
    ref = first["work_ref"]
    for column in ("work_ref", "title"):
        if not first[column]:
            remarks.add("tabular.required", first, column, "")
    for row in group[1:]:
        for column in ("title", "iswc"):
            if row[column] and row[column] != first[column]:
                remarks.add("tabular.conflicting_rows", row, column, ref)
    claims = _claims(group, remarks)
    work = WorkDeclaration(
        ref=ref,
        title=first["title"],
        titles=tuple(Title(text, "AT") for text in listed(first["alternative_titles"])),
        iswc=remarks.identifier(first, "iswc", "iswc", first["iswc"]),
        language=first["language"].upper(),
        duration=remarks.duration(first),
        claims=claims,
        performers=tuple(Performer(PartyName(name)) for name in listed(first["performers"])),
        recordings=tuple(
            RecordingReference(remarks.identifier(first, "isrcs", "isrc", code))
            for code in listed(first["isrcs"])
        ),
        details=tuple(dict.fromkeys(pair for row in group for pair in row.extra)),
        position=first.position,
    )
    _check_totals(claims, first, remarks)
    yield from remarks.found
    yield Rejection("work", first.position, ref) if remarks.failed else work


def _claims(group: Group, remarks: Remarks) -> tuple[Claim, ...]:
    """One claim per party and role, with a collection statement per row."""
    gathered: dict[tuple[PartyName, str], list[tuple[Row, CollectionShare]]] = defaultdict(list)
    for row in group:
        shares = tuple(
            RightShare(right, share)
            for right, column in RIGHTS
            if (share := remarks.share(row, column)) is not None
        )
        if not row["party_name"] and not row["party_ipi"]:
            if shares:
                remarks.add("tabular.required", row, "party_name", "")
            continue
        party = remarks.party(row, "party_ipi")
        statement = CollectionShare(remarks.territories(row), shares, row.position)
        gathered[party, remarks.role(row)].append((row, statement))
    return tuple(
        Claim(
            party=party,
            role=role,
            collection=tuple(statement for _, statement in rows if statement.shares),
            affiliations=tuple(
                dict.fromkeys(
                    Affiliation("*", normalise_code(row["society"])) for row, _ in rows if row["society"]
                )
            ),
            position=rows[0][0].position,
        )
        for (party, role), rows in gathered.items()
    )


def _check_totals(claims: tuple[Claim, ...], first: Row, remarks: Remarks) -> None:
    """Shares stated for everywhere must not exceed the whole; territories are compared when asked for."""
    totals: dict[str, int] = defaultdict(int)
    for claim in claims:
        for statement in claim.collection:
            if not statement.territories:
                for item in statement.shares:
                    totals[item.right] += item.share
    for right, total in totals.items():
        if total > WHOLE + TOLERANCE:
            remarks.add("shares.over", first, right, format_percent(total))
