"""Reader of BWARM 1.0: works with their titles, numbers, writers and shares, and recordings of them.

A delivery is a zip archive of tab-separated files that refer to each other. What belongs to a work may stand
anywhere in its file, so all of it is held until the works are read: up to ``MOST_ROWS`` rows of each file.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from parsers.ddex import elements
from parsers.ddex.bwarm_shares import Entry, claims
from parsers.deliveries import Delivery
from parsers.reading import FILE, Item, reject_file
from parsers.tabular.lines import Lines, Refused
from schemas.ddex import bwarm
from schemas.declarations import (
    Header,
    PartyName,
    Performer,
    RecordingDeclaration,
    Rejection,
    Title,
    WorkDeclaration,
    WorkReference,
)
from schemas.findings import Finding, quote, rule
from schemas.identifiers import ipi_name, isni, isrc, iswc

FORMAT = "bwarm"
ARTIST = "MainArtist"
"""The role of an artist of whom the display artist's ISNI speaks."""
MOST_ROWS = 300_000
"""Rows of one file that works or recordings refer to."""


def is_delivery(names: frozenset[str]) -> bool:
    """Whether an archive with these files is a delivery of works and rights."""
    return bwarm.WORKS in names or any(name in names for name in bwarm.LATER)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file: its place, and its cells by column, trimmed."""

    position: str
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


@dataclass(slots=True)
class _Held:
    """What works and recordings refer to."""

    parties: dict[str, PartyName] = field(default_factory=dict)
    issuers: dict[str, str] = field(default_factory=dict)
    titles: dict[str, list[Title]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    shares: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    releases: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    """(ICPN, title, label) by number."""
    works: set[str] = field(default_factory=set)

    def add_numbers(self, rows: Iterable[Row], owner: str) -> None:
        """Keep what issuers call the works or recordings that the column ``owner`` names."""
        for row in rows:
            issuer = row["FeedProvidersAllocatingPartyId"]
            self.numbers[row[owner]].append((self.issuers.get(issuer, issuer), row["Identifier"]))


def read(delivery: Delivery) -> Iterator[Item]:
    """A header, works, recordings, and findings on what is wrong with them."""
    later = [name for name in bwarm.LATER if name in delivery.names]
    yield Header(FORMAT, "2" if later else "1.0")
    if later:
        yield from reject_file(Finding("bwarm.version", FILE, value=later[0]))
        return
    held = _Held()
    try:
        yield from _parties(delivery, held)
        for row in _kept(delivery, bwarm.TITLES):
            code = row["LanguageAndScriptCode"]
            # A language alone is spelled as CWR does, so that both say the same; a script stays with it.
            title = Title(row["AlternativeTitle"], "AT", code.upper() if len(code) == 2 else code)
            held.titles[row["FeedProvidersWorkId"]].append(title)
        held.add_numbers(_kept(delivery, bwarm.NUMBERS), "FeedProvidersWorkId")
        for row in _kept(delivery, bwarm.SHARES):
            party = row["FeedProvidersPartyId"]
            if party not in held.parties:
                yield _unknown(row, bwarm.SHARES, "FeedProvidersPartyId")
                continue
            held.shares[row["FeedProvidersWorkId"]].append(Entry(row.position, row.cells))
        for work in _rows(delivery, bwarm.WORKS):
            if isinstance(work, Finding):
                yield work
                yield Rejection("work", work.position)
            else:
                yield from _work(work, held)
        for ref, entries in held.shares.items():
            if ref not in held.works:
                position = entries[0].position
                yield Finding("bwarm.unknown", position, bwarm.SHARES, "FeedProvidersWorkId", quote(ref))
        for row in _kept(delivery, bwarm.LINKS):
            held.links[row["FeedProvidersRecordingId"]].append(row["FeedProvidersWorkId"])
        _of_recordings(delivery, held)
        for recording in _rows(delivery, bwarm.RECORDINGS):
            if isinstance(recording, Finding):
                yield recording
                yield Rejection("recording", recording.position)
            else:
                yield from _recording(recording, held)
        unclaimed = sum(1 for _ in _rows(delivery, bwarm.UNCLAIMED))
        if unclaimed:
            yield Finding("bwarm.unclaimed", FILE, bwarm.UNCLAIMED, value=str(unclaimed))
    except Refused as fault:
        yield from reject_file(fault.finding)


def _rows(delivery: Delivery, name: str) -> Iterator[Row | Finding]:
    """The rows of a file, none if it is missing; a finding for one with other columns."""
    if name not in delivery.names:
        return
    columns = bwarm.tables()[name]
    numbered = Lines(delivery.open(name))
    table = csv.reader(
        (line for _, line in numbered), delimiter="\t", quotechar='"', escapechar="\\", doublequote=False
    )
    while True:
        try:
            cells = next(table)
        except StopIteration:
            return
        except Refused as fault:
            found = fault.finding
            raise Refused(replace(found, position=f"{name}/{found.position}")) from None
        except csv.Error as fault:
            raise Refused(
                Finding("tabular.encoding", f"{name}/line:{table.line_num}", detail=str(fault))
            ) from None
        position = f"{name}/line:{table.line_num}"
        if not any(cells) or (table.line_num == 1 and cells[0].strip() == columns[0]):
            continue
        # Files of a later edition may have further columns at the end; those before keep their meaning.
        if len(cells) < len(columns):
            yield Finding("bwarm.columns", position, name, value=str(len(cells)), detail=str(len(columns)))
            continue
        yield Row(position, dict(zip(columns, (cell.strip() for cell in cells), strict=False)))


def _kept(delivery: Delivery, name: str) -> Iterator[Row]:
    """The rows of a file whose rows are held in memory.

    Raises:
        Refused: there are more than can be held, or one has not the columns of the file.
    """
    for number, row in enumerate(_rows(delivery, name), 1):
        if number > MOST_ROWS:
            raise Refused(Finding("bwarm.too_large", FILE, name, detail=str(MOST_ROWS)))
        if isinstance(row, Finding):
            # Shares without one of their rows would say something else than was sent.
            raise Refused(row)
        yield row


def _unknown(row: Row, name: str, column: str) -> Finding:
    return Finding("bwarm.unknown", row.position, name, column, quote(row[column]))


def _parties(delivery: Delivery, held: _Held) -> Iterator[Finding]:
    for row in _kept(delivery, bwarm.PARTIES):
        codes = {}
        for scheme, column, module in (("ipi_name", "IpiNameNumber", ipi_name), ("isni", "ISNI", isni)):
            codes[scheme] = module.compact(row[column]) if module.is_valid(row[column]) else ""
            if row[column] and not codes[scheme]:
                yield Finding(f"identifier.{scheme}", row.position, bwarm.PARTIES, column, quote(row[column]))
        key, given = row["KeyName"], row["NamesBeforeKeyName"]
        name, first = (key, given) if key else (row["FullName"], "")
        number = row["FeedProvidersPartyId"]
        held.parties[number] = PartyName(
            name or number, first, ipi_name=codes["ipi_name"], isni=codes["isni"], dpid=row["DPID"]
        )
        held.issuers[number] = row["CisacSocietyId"] or row["DPID"] or number


def _work(row: Row, held: _Held) -> Iterator[Item]:
    found: list[Finding] = []
    ref = row["FeedProvidersWorkId"]
    held.works.add(ref)
    for column in ("FeedProvidersWorkId", "WorkTitle"):
        if not row[column]:
            found.append(Finding("bwarm.required", row.position, bwarm.WORKS, column))
    code = row["ISWC"]
    if code and not iswc.is_valid(code):
        found.append(Finding("identifier.iswc", row.position, bwarm.WORKS, "ISWC", quote(code)))
    length = elements.seconds(row["NominalDuration"]) if row["NominalDuration"] else 0
    stated = claims(held.shares.get(ref, ()), held.parties, found)
    yield from found
    if any(rule(item.code).severity == "error" for item in found):
        yield Rejection("work", row.position, ref)
        return
    kept = ("HasRightsInDispute", "TerritoryOfPublicDomain", "OpusNumber", "ComposerCatalogNumber")
    yield WorkDeclaration(
        ref=ref,
        title=row["WorkTitle"],
        titles=tuple(held.titles.get(ref, ())),
        iswc=iswc.compact(code) if iswc.is_valid(code) else "",
        duration=length or 0,
        claims=stated,
        other_refs=tuple(dict.fromkeys(held.numbers.get(ref, ()))),
        details=tuple((name, row[name]) for name in kept if row[name]),
        position=row.position,
    )


def _of_recordings(delivery: Delivery, held: _Held) -> None:
    """Forget what only works refer to, and keep what recordings do."""
    held.titles.clear()
    held.numbers.clear()
    for row in _kept(delivery, bwarm.RECORDING_TITLES):
        title = Title(row["AlternativeTitle"], row["TitleType"], row["LanguageAndScriptCode"])
        held.titles[row["FeedProvidersRecordingId"]].append(title)
    held.add_numbers(_kept(delivery, bwarm.RECORDING_NUMBERS), "FeedProvidersRecordingId")
    for row in _kept(delivery, bwarm.RELEASES):
        subtitle = row["ReleaseSubTitle"]
        name = f"{row['ReleaseTitle']} ({subtitle})" if subtitle else row["ReleaseTitle"]
        held.releases[row["FeedProvidersReleaseId"]] = (row["ICPN"], name, row["LabelName"])


def _recording(row: Row, held: _Held) -> Iterator[Item]:
    ref, code = row["FeedProvidersRecordingId"], row["ISRC"]
    missing = [column for column in ("FeedProvidersRecordingId", "RecordingTitle") if not row[column]]
    for column in missing:
        yield Finding("bwarm.required", row.position, bwarm.RECORDINGS, column)
    if missing:
        yield Rejection("recording", row.position, ref)
        return
    if code and not isrc.is_valid(code):
        yield Finding("identifier.isrc", row.position, bwarm.RECORDINGS, "ISRC", quote(code))
    works = []
    for work in dict.fromkeys(held.links.get(ref, ())):
        if work in held.works:
            works.append(WorkReference(ref=work))
        else:
            yield Finding("bwarm.unknown", row.position, bwarm.LINKS, "FeedProvidersWorkId", quote(work))
    release = held.releases.get(row["FeedProvidersReleaseId"])
    if row["FeedProvidersReleaseId"] and release is None:
        yield _unknown(row, bwarm.RECORDINGS, "FeedProvidersReleaseId")
    product, title, label = release or ("", "", "")
    performer = isni.compact(row["DisplayArtistISNI"])
    if performer and not isni.is_valid(performer):
        value = quote(row["DisplayArtistISNI"])
        yield Finding("identifier.isni", row.position, bwarm.RECORDINGS, "DisplayArtistISNI", value)
        performer = ""
    yield RecordingDeclaration(
        ref=ref,
        title=row["RecordingTitle"],
        isrcs=(isrc.compact(code),) if isrc.is_valid(code) else (),
        version=row["RecordingSubTitle"],
        artist=row["DisplayArtistName"],
        duration=(elements.seconds(row["Duration"]) or 0) if row["Duration"] else 0,
        titles=tuple(held.titles.get(ref, ())),
        contributors=(Performer(PartyName(row["DisplayArtistName"], isni=performer), ARTIST),)
        if performer
        else (),
        label=label,
        p_line=row["PLine"],
        releases=((product, title),) if product or title else (),
        works=tuple(works),
        other_refs=tuple(dict.fromkeys(held.numbers.get(ref, ()))),
        position=row.position,
    )
