"""NWR, REV and WRK transactions: a registration of one work; ISW, EXC, ISR and ISA: a notice about one."""

from __future__ import annotations

from parsers.cwr.claims import (
    PublisherChains,
    party_name,
)
from parsers.cwr.compared_records import Instruments, Registration
from parsers.cwr.fields import seconds
from parsers.cwr.known_works import REGISTRATIONS
from parsers.cwr.performers import add_other_name
from parsers.cwr.record_readings import AS_SENT, TEXT_START, UNORDERED, RecordReading
from parsers.cwr.record_statements import cross_reference, identifier, other_title, performer, recording
from parsers.cwr.related_works import OTHER_TITLES, RELATIONS, related_work, with_name, with_title
from parsers.cwr.share_totals import share_total_findings
from parsers.cwr.territory_totals import chain_findings, collection_findings
from parsers.cwr.work_parties import PLACE_FIELDS, SHARE_FIELDS, PartiesTransaction
from parsers.cwr.work_rules import PRODUCTION, registration_findings
from schemas.cwr.layouts import Slices
from schemas.cwr.tables import ordered
from schemas.declarations import OtherName, Performer, RecordingReference, RelatedWork, Title, WorkDeclaration

RECORD_TYPE = 3
NOT_ROMAN, ORIGINAL_TITLE = "NAT", "OT"
_INSTRUMENTS = ("instrumentation", "description", "number_of_voices")
COMPONENT = "COM"
ONLY_ONE = frozenset({"EWT", "VER"})
CHAINS_COMPARED = (2, 1)
"""The version that began to compare what a chain collects with what it owns."""
_COMPARED = ("version_type", "text_music_relationship", "work_type", "distribution_category")

COMPLETE = frozenset({*REGISTRATIONS, "ISW"})
"""Transactions whose records must agree. The edits leave out works in conflict, which may come from elsewhere
than CWR, and requests for an ISWC state no shares."""


class WorkTransaction(PartiesTransaction):
    """One work with its parties, titles, performers, recordings and cross references."""

    _taken_with_faults = frozenset({"SPU", "OPU", "SWR", "OWR", "WRI"})

    def __init__(self, header: str, number: int, version: str, *, by_society: bool = False) -> None:
        """Read the header record; ``by_society``: a society sends the file and controls its members."""
        super().__init__(header, number, version)
        self._instruments: list[Instruments] = []
        self._kinds: set[str] = set()
        self._by_society = by_society
        self._titles: list[Title] = []
        self._performers: list[Performer] = []
        self._recordings: list[RecordingReference] = []
        self._other_refs: list[tuple[str, str]] = []
        self._related: list[RelatedWork] = []
        if self.record not in REGISTRATIONS:
            self._details.insert(0, ("transaction", self.record))
        reading, values = self._header_reading, self._header
        title, language, ref, iswc, duration = reading.pick(values)
        self.ref = _reference(self.record, ref.strip(), identifier(iswc))
        self._title = title.strip()
        self._language = language.strip()
        self._iswc = identifier(iswc)
        self._duration = max(seconds(duration), 0)
        self._details += reading.leftovers(values)
        composite = (
            values[reading.layout.index["composite_type"]] if "composite_type" in reading.layout.index else ""
        )
        self._composite = bool(composite.strip()) or ordered(version) >= UNORDERED

    def _other_title(self, reading: RecordReading, values: Slices, _line: str, number: int) -> None:
        title = other_title(*reading.pick(values))
        if reading.record == NOT_ROMAN and title.kind == ORIGINAL_TITLE:
            if NOT_ROMAN in self._kinds:
                self.report(
                    "cwr.title_repeated", number, reading.record, field="title_type", value=title.kind
                )
            self._kinds.add(NOT_ROMAN)
        self._titles.append(title)

    def _as_sent(self, reading: RecordReading, values: Slices, line: str, number: int) -> None:
        self._details.append((reading.record, line[TEXT_START:].rstrip()))
        if reading.record == "INS":
            stated, described, voices = (
                value.strip() for value in reading.layout.picker(_INSTRUMENTS)(values)
            )
            self._instruments.append(Instruments(number, stated, described, voices))

    def _performer(self, reading: RecordReading, values: Slices, _line: str, _number: int) -> None:
        self._performers.append(performer(*reading.pick(values)))

    def _performer_name(self, reading: RecordReading, values: Slices, _line: str, _number: int) -> None:
        name, given, language, ipi_name, ipi_base, performed, dialect = reading.pick(values)
        add_other_name(
            self._performers,
            party_name("", "", ipi_name, ipi_base),
            OtherName(name.strip(), given.strip(), language.strip()),
            performed.strip(),
            dialect.strip(),
        )

    def _recording(self, reading: RecordReading, values: Slices, _line: str, _number: int) -> None:
        stated, besides = recording(*reading.pick(values))
        self._recordings.append(stated)
        self._details += besides
        self._keep_rest(reading, values)

    def _cross_reference(self, reading: RecordReading, values: Slices, line: str, _number: int) -> None:
        stated = cross_reference(*reading.pick(values))
        if stated is not None:
            self._other_refs.append(stated)
        else:
            self._details.append(("XRF", line[TEXT_START:].rstrip()))

    def _related_work(self, reading: RecordReading, values: Slices, line: str, number: int) -> None:
        if reading.record in ONLY_ONE and reading.record in self._kinds:
            self.report("cwr.repeated_record", number, reading.record)
        if reading.record == COMPONENT and not self._composite:
            self.report("cwr.component_without_composite", number, reading.record)
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
            self._previous = ""
            return
        self._kinds.add(reading.record)
        self._related.append(related_work(reading.record, reading.pick(values)))
        self._keep_rest(reading, values)

    def _related_title(self, reading: RecordReading, values: Slices, _line: str, _number: int) -> None:
        text, language = (value.strip() for value in reading.pick(values))
        self._related[-1] = with_title(self._related[-1], Title(text, "OT", language))

    def _related_writer(self, reading: RecordReading, values: Slices, line: str, _number: int) -> None:
        name, given, language, position = (value.strip() for value in reading.pick(values))
        found = with_name(self._related[-1], position, OtherName(name, given, language))
        if found is None:
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
        else:
            self._related[-1] = found

    def _manuscript(self, reading: RecordReading, values: Slices, _line: str, _number: int) -> None:
        self._keep_rest(reading, values, self._claims[-1].own_ref)

    def _fields_as_details(self, reading: RecordReading, values: Slices, _line: str, _number: int) -> None:
        self._kinds.add(reading.record)
        self._keep_rest(reading, values)

    def _compare(self) -> None:
        """Remark on what the records say together."""
        reading = self._header_reading
        picked = reading.layout.picker(_COMPARED)(self._header)
        version_type, text_music, work_type, category = [value.strip() for value in picked]
        if not self._writers:
            self.report("cwr.no_writer", self.number, self.record, value=self.ref)
        publishers, writers = (
            [claim for claim in claims if claim.ownership] for claims in (self._publishers, self._writers)
        )
        if self._doubtful.isdisjoint(SHARE_FIELDS):
            self.findings += share_total_findings(publishers, writers, self.number, self.record)
        kinds = {name for name, _ in self._details if len(name) == RECORD_TYPE or name == PRODUCTION}
        version = ordered(self._version)
        work = Registration(
            self.record,
            self.number,
            self.ref,
            version,
            version_type,
            text_music,
            work_type,
            category,
            self._publishers,
            self._writers,
            self._links,
            self._instruments,
            frozenset(self._kinds | kinds),
            self._by_society,
        )
        self.findings += registration_findings(work, self._doubtful)
        if not self._doubtful.isdisjoint(PLACE_FIELDS):
            return
        self.findings += collection_findings(self._claims, self.number, self.record)
        if not self._shares_change and version >= CHAINS_COMPARED and self._readings["SPU"].owns:
            self.findings += chain_findings(self._publishers)

    def declare(self) -> WorkDeclaration:
        """The registration; compares its records with each other first."""
        chains = PublisherChains(self._publishers)
        for link in self._links:
            chain = chains.find(link.sequence, link.publisher, link.name)
            link.writer.chain = link.writer.chain or chain
            unclear = not self._doubtful.isdisjoint(("publisher_sequence", "ip_number", "name"))
            if not chain and (link.publisher or link.name) and not unclear:
                self.report("cwr.publisher_not_found", link.number, "PWR", value=link.publisher or link.name)
        if self.record in COMPLETE:
            self._compare()
        return WorkDeclaration(
            ref=self.ref,
            title=self._title,
            titles=tuple(self._titles),
            iswc=self._iswc,
            language=self._language,
            duration=self._duration,
            claims=tuple([claim.declare() for claim in self._claims]),
            performers=tuple(self._performers),
            recordings=tuple(self._recordings),
            related=tuple(self._related),
            other_refs=tuple(self._other_refs),
            details=tuple(self._details),
            position=self.position,
        )


def _reference(record: str, number: str, iswc: str) -> str:
    """The subject of a transaction: a notice about a work is another statement than its registration.

    >>> _reference("NWR", "S1", ""), _reference("ISW", "S1", ""), _reference("ISR", "", "T9300000015")
    ('S1', 'ISW:S1', 'ISR:T9300000015')
    """
    return number if record in REGISTRATIONS else f"{record}:{number or iswc}"


WorkTransaction._handlers = {
    "SPU": WorkTransaction._publisher,
    "OPU": WorkTransaction._publisher,
    "SWR": WorkTransaction._writer,
    "OWR": WorkTransaction._writer,
    "SPT": WorkTransaction._territory,
    "OPT": WorkTransaction._territory,
    "SWT": WorkTransaction._territory,
    "OWT": WorkTransaction._territory,
    "PWR": WorkTransaction._link,
    "NPN": WorkTransaction._other_name,
    "NWN": WorkTransaction._other_name,
    "ALT": WorkTransaction._other_title,
    "NAT": WorkTransaction._other_title,
    "PER": WorkTransaction._performer,
    "NPR": WorkTransaction._performer_name,
    "REC": WorkTransaction._recording,
    "XRF": WorkTransaction._cross_reference,
    **dict.fromkeys(RELATIONS, WorkTransaction._related_work),
    **dict.fromkeys(OTHER_TITLES.values(), WorkTransaction._related_title),
    "NOW": WorkTransaction._related_writer,
    "MAN": WorkTransaction._manuscript,
    "WRI": WorkTransaction._writer,
    "ORN": WorkTransaction._fields_as_details,
    **dict.fromkeys(AS_SENT, WorkTransaction._as_sent),
}
