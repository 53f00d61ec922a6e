"""A work declaration as the records of a registration, so that reading them gives the declaration again.

That holds for everything a CWR reader of the same version declares. A work from another format gets what
CWR demands besides (party numbers, chains, unclassified, original), and what CWR cannot say is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.cwr.record_readings import VALID
from parsers.cwr.writing import Record, RecordWriter, cwr_date, cwr_time, good
from parsers.cwr.writing_checks import forbids, objections
from parsers.cwr.writing_details import TRANSACTION, Details, Values, sort_details
from parsers.cwr.writing_parties import PartyRecords, in_order
from parsers.cwr.writing_performers import performer_records
from parsers.cwr.writing_related_works import related_records
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import is_readable, places, transaction_kinds
from schemas.declarations import RecordingReference, Title, WorkDeclaration
from schemas.findings import Finding, quote
from schemas.identifiers import isrc, iswc

REGISTRATIONS = ("NWR", "WRK")
"""The plain registration of versions 2 and 3."""

NOTICES = frozenset({"ISW", "EXC", "ISR", "ISA"})
ABOUT_ISWC = frozenset({"ISR", "ISA"})
"""A request for an ISWC of version 3, and its answer, which name writers and no shares."""
UNSPECIFIED = "UCO"
"""A composite work of which it is not said what kind it is."""

LEAST_COMPONENTS = 2
NATIONAL = frozenset({"OL", "AL"})
"""Kinds of titles whose language an ALT record must state."""


@dataclass(frozen=True, slots=True)
class WrittenWork:
    """A work as the lines of one transaction, without lines if the standard would have it rejected."""

    kind: str
    lines: tuple[str, ...]
    findings: tuple[Finding, ...]


def number_of(work: WorkDeclaration) -> str:
    """The number that a work has with its submitter; what is only a notice about it names that first.

    >>> number_of(WorkDeclaration("S1", "SONG")), number_of(WorkDeclaration("ISW:S1", "SONG"))
    ('S1', 'S1')
    """
    if not is_notice(work.ref):
        return work.ref
    number = work.ref.partition(":")[2]
    return "" if number == work.iswc else number


def is_notice(ref: str) -> bool:
    """Whether a reference is that of a notice about a work (ISW, EXC, ISR, ISA), not of its registration."""
    kind, colon, _ = ref.partition(":")
    return bool(colon) and kind in NOTICES


def registration(version: str) -> str:
    """The transaction that registers a work in ``version``.

    >>> registration("2.2")
    'NWR'
    """
    known = transaction_kinds(version)
    return next(kind for kind in REGISTRATIONS if kind in known)


def write_work(
    work: WorkDeclaration,
    writer: RecordWriter,
    *,
    kind: str = "",
    source_version: str = "",
    by_society: bool = False,
) -> WrittenWork:
    """The transaction for one work.

    Args:
        work: what to register.
        writer: the version and encoding to write.
        kind: the transaction header, such as ``REV``; empty: as it was read, else a new registration.
        source_version: the CWR version whose reader made the declaration, empty: it came from elsewhere.
        by_society: whether a society sends the file, not a publisher.
    """
    source = source_version if source_version and is_readable(source_version) else writer.version
    header = next((kind for key, kind in work.details if key == TRANSACTION), registration(source))
    details = sort_details(
        work.details, header if header in layouts(source) else registration(source), source
    )
    chosen = kind or details.transaction or registration(writer.version)
    if chosen not in transaction_kinds(writer.version) or not writer.has(chosen):
        chosen = registration(writer.version)
    position = f"work:{work.ref}"
    if not source_version:
        # Readers keep Y and U; a work that never was CWR says by its recordings whether it is recorded.
        details.header.setdefault("recorded_indicator", "Y" if work.recordings else "U")
        components = sum(item.relation == "component" for item in work.related)
        if components >= LEAST_COMPONENTS:
            details.header.setdefault("composite_type", UNSPECIFIED)
            details.header.setdefault("component_count", str(components))
    assembly = _Assembly(work, writer, details, chosen, source, position)
    assembly.as_read = bool(source_version)
    records = assembly.records()
    lines: list[str] = []
    findings = list(assembly.findings)
    for record in records:
        written = writer.write(record, position)
        findings += written.findings
        if written.rule == "TR":
            return _left_out(chosen, record.kind, work.ref, position, findings, writer)
        if written.line and not written.rule:
            lines.append(written.line)
    findings += objections(lines, writer.version, position, findings, by_society=by_society)
    if forbids(findings):
        return _left_out(chosen, chosen, work.ref, position, findings, writer)
    return WrittenWork(chosen, tuple(lines), tuple(findings))


def _left_out(
    kind: str, record: str, ref: str, position: str, findings: Sequence[Finding], writer: RecordWriter
) -> WrittenWork:
    lost = Finding("cwr.write_work_left_out", position, record, value=quote(ref), detail=writer.version)
    return WrittenWork(kind, (), (*findings, lost))


class _Assembly:
    """The records of one work, in the order of the standard."""

    def __init__(
        self,
        work: WorkDeclaration,
        writer: RecordWriter,
        details: Details,
        kind: str,
        source: str,
        position: str,
    ) -> None:
        self._work = work
        self._writer = writer
        self._details = details
        self._kind = kind
        self._position = position
        self._source = source
        self.findings: list[Finding] = []
        self.as_read = False

    def records(self) -> list[Record]:
        """All records, the header first."""
        if self._kind in ABOUT_ISWC:
            return [self._header(), *self._requesting()]
        parties = PartyRecords(self._writer, self._details, self._source, self._position)
        found = [
            self._header(),
            *parties.records(*in_order(self._work.claims)),
            *self._titles(),
            *self._tail(),
        ]
        self.findings += parties.findings
        for link in (item for sent in self._details.links.values() for item in sent):
            self._unclear("PWR", link.values)
        for name, value in [*self._details.strange, *self._work.links]:
            self._lose(self._kind, name, value)
        return found

    def _requesting(self) -> list[Record]:
        """The writers of a request for an ISWC; it states no shares."""
        return [
            Record(
                "WRI",
                {
                    "ip_number": claim.own_ref,
                    "name": claim.party.name,
                    "first_name": claim.party.given,
                    "ipi_name": claim.party.ipi_name,
                    "writer_type": claim.role,
                },
            )
            for claim in in_order(self._work.claims)[1]
        ]

    def _header(self) -> Record:
        work = self._work
        return Record(
            self._kind,
            {
                **self._details.header,
                "title": work.title,
                "language": work.language,
                "work_number": number_of(work),
                "iswc": iswc.compact(work.iswc) if iswc.is_valid(work.iswc) else work.iswc,
                "duration": cwr_time(work.duration),
            },
        )

    def _titles(self) -> list[Record]:
        titles = list(self._work.titles)
        if not self._writer.takes(self._kind, self._work.title):
            # The header holds the title in Latin letters; the title itself follows as the original one.
            titles.append(Title(self._work.title, "OT", self._work.language))
        found: list[Record] = []
        for title in titles:
            # What was read behind a title in another alphabet was one too, even if its letters are Latin.
            behind = self.as_read and found and found[-1].kind == "NAT"
            found.append(self._title(title, behind=bool(behind)))
        # Titles in other alphabets stand behind the others; sorting keeps each kind in its order.
        return sorted(found, key=lambda record: record.kind)

    def _title(self, title: Title, *, behind: bool) -> Record:
        values = {"title": title.text, "title_type": title.kind, "language": title.language}
        layout = self._writer.layout("ALT")
        longest = layout.fields[layout.index["title"]].size
        told = bool(title.language) or title.kind not in NATIONAL
        fits = self._writer.takes("ALT", title.text) and len(title.text) <= longest
        plain = not behind and told and fits
        if plain and (not title.kind or good(layout, "title_type", title.kind)):
            return Record("ALT", values)
        if self._writer.takes("NAT", title.text):
            return Record("NAT", values)
        if not good(layout, "title_type", title.kind):
            self._lose("ALT", "title_type", title.kind)
            values["title_type"] = "AT"
        return Record("ALT", values)

    def _tail(self) -> list[Record]:
        """Everything after the titles: kept records in their order, the modelled ones where they belong."""
        rank = {record: place for place, record in enumerate(self._ranked())}
        tail = list(self._details.tail)
        for kind, made in (
            *related_records(self._work, self._writer).items(),
            ("PER", performer_records(self._work.performers, self._writer)),
            ("REC", self._recordings()),
            ("XRF", self._references()),
        ):
            at = next(
                (
                    place
                    for place, item in enumerate(tail)
                    if rank.get(item.kind, 0) > rank.get(kind, len(rank))
                ),
                len(tail),
            )
            tail[at:at] = made
        return tail

    def _ranked(self) -> Sequence[str]:
        return list(places(self._writer.version, self._kind))

    def _recordings(self) -> list[Record]:
        recordings = self._work.recordings
        extras = self._details.recordings
        if len(extras) not in (0, 1, len(recordings)) or (len(extras) == 1 and len(recordings) != 1):
            for values in extras:
                self._unclear("REC", values)
            extras = []
        return [
            Record("REC", {**self._recording(item), **(extras[place] if extras else {})})
            for place, item in enumerate(recordings)
        ]

    def _recording(self, item: RecordingReference) -> Values:
        released = cwr_date(item.released)
        if item.released and not released:
            self._lose("REC", "release_date", item.released)
        values = {
            "isrc": isrc.compact(item.isrc) if isrc.is_valid(item.isrc) else item.isrc,
            "title": item.title,
            "version_title": item.version,
            "display_artist": item.artist,
            "duration": cwr_time(item.duration),
            "release_date": released,
        }
        known = self._writer.layout("REC").index if self._writer.has("REC") else {}
        values["record_label" if "record_label" in known else "album_label"] = item.label
        if item.isrc and "isrc_validity" in known:
            values["isrc_validity"] = VALID
        return values

    def _references(self) -> list[Record]:
        return [
            Record("XRF", {"organisation": issuer, "identifier": number})
            for issuer, number in self._work.other_refs
        ]

    def _lose(self, record: str, name: str, value: str) -> None:
        self.findings.append(
            Finding("cwr.write_no_place", self._position, record, name, quote(value), self._writer.version)
        )

    def _unclear(self, record: str, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self.findings.append(Finding("cwr.write_unclear", self._position, record, name, quote(value)))
