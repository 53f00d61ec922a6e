"""NWR, REV and WRK transactions: a registration of one work; ISW, EXC, ISR and ISA: a notice about one."""

from __future__ import annotations

from parsers.cwr.claims import (
    OpenClaim,
    PublisherChains,
    affiliations,
    not_controlled,
    party_name,
    right_shares,
    territory_code,
    with_other_names,
)
from parsers.cwr.detailed_transaction import DetailedTransaction
from parsers.cwr.fields import seconds
from parsers.cwr.known_works import REGISTRATIONS
from parsers.cwr.performers import add_other_name
from parsers.cwr.record_readings import AS_SENT, TEXT_START, UNORDERED, RecordReading
from parsers.cwr.record_statements import cross_reference, identifier, other_title, performer, recording
from parsers.cwr.related_works import OTHER_TITLES, RELATIONS, related_work, with_name, with_title
from parsers.cwr.share_totals import share_total_findings
from parsers.cwr.territory_totals import chain_findings, collection_findings
from parsers.cwr.work_rules import PRODUCTION, Instruments, Link, Registration, registration_findings
from schemas.cwr.layouts import Slices
from schemas.cwr.tables import ordered
from schemas.declarations import OtherName, Performer, RecordingReference, RelatedWork, Title, WorkDeclaration

RECORD_TYPE = 3
NOT_ROMAN, ORIGINAL_TITLE = "NAT", "OT"
_INSTRUMENTS = ("instrumentation", "description", "number_of_voices")
COMPONENT = "COM"
ONLY_ONE = frozenset({"EWT", "VER"})
WRITER_NAMED = (2, 1)
"""The version in which a link that does not name its writer is left out; later ones reject the work."""

OTHERS_LINKED = (2, 2)
"""The version from which writers that are not controlled have links as well."""

CHAINS_COMPARED = (2, 1)
"""The version that began to compare what a chain collects with what it owns."""
_COMPARED = ("version_type", "text_music_relationship", "work_type", "distribution_category")

OF_CONTROLLED = frozenset({"SPT", "SWT"})
OF_OTHERS = frozenset({"OWT"})
"""Territory records that belong to parties that are controlled, and to those that are not; OPT to both."""

SHARE_FIELDS = frozenset({"pr_share", "mr_share", "sr_share"})
PLACE_FIELDS = SHARE_FIELDS | {"inclusion", "territory"}

COMPLETE = frozenset({*REGISTRATIONS, "ISW"})
"""Transactions whose records must agree. The edits leave out works in conflict, which may come from elsewhere
than CWR, and requests for an ISWC state no shares."""


class WorkTransaction(DetailedTransaction):
    """One work with its parties, titles, performers, recordings and cross references."""

    _taken_with_faults = frozenset({"SPU", "OPU", "SWR", "OWR", "WRI"})

    def __init__(self, header: str, number: int, version: str, *, by_society: bool = False) -> None:
        """Read the header record; ``by_society``: a society sends the file and controls its members."""
        super().__init__("work", header, number, version)
        self._publishers: list[OpenClaim] = []
        self._writers: list[OpenClaim] = []
        self._claims: list[OpenClaim] = []
        self._links: list[Link] = []
        self._instruments: list[Instruments] = []
        self._kinds: set[str] = set()
        self._by_society = by_society
        self._shares_change = False
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

    def _publisher(self, reading: RecordReading, values: Slices, _line: str, number: int) -> None:
        own_ref, name, role, chain, agreement, *owned = reading.pick(values)
        claim = OpenClaim(number, own_ref.strip(), role.strip(), reading.record)
        claim.chain = int(chain)
        claim.agreement = agreement.strip()
        self._own(reading, claim, name, "", owned)
        self._publishers.append(claim)
        self._keep_rest(reading, values, claim.own_ref)

    def _writer(self, reading: RecordReading, values: Slices, _line: str, number: int) -> None:
        own_ref, name, given, role, *owned = reading.pick(values)
        claim = OpenClaim(number, own_ref.strip(), role.strip(), reading.record)
        self._own(reading, claim, name, given, owned)
        self._writers.append(claim)
        self._keep_rest(reading, values, claim.own_ref)

    def _own(self, reading: RecordReading, claim: OpenClaim, name: str, given: str, owned: list[str]) -> None:
        ipi_name, ipi_base, pr, mr, sr, *societies = owned
        claim.party = party_name(name, given, ipi_name, ipi_base)
        claim.ownership = right_shares(pr, mr, sr) if reading.owns else ()
        claim.affiliations = affiliations(*societies)
        self._claims.append(claim)

    def _territory(self, reading: RecordReading, values: Slices, line: str, number: int) -> None:
        own_ref, pr, mr, sr, inclusion, territory, changes, place, *societies = reading.pick(values)
        claim = self._claims[-1]
        if reading.record in (OF_OTHERS if claim.controlled else OF_CONTROLLED):
            # A name in another alphabet may stand between a party and its territories.
            self._reject_place(reading, line, number, claim.record)
            return
        if changes == "Y":
            self._shares_change = True
            kept = (f"{reading.record}.shares_change:{claim.own_ref}", changes)
            if kept not in self._details:
                self._details.append(kept)
        # The numbers of version 3 say which lists of territories belong together, not their order.
        if place.isdecimal() and reading.layout.fields[3].name != "territory_sequence":
            expected, claim.last_place = claim.last_place + 1, int(place)
            if claim.last_place != expected:
                self.report(
                    "cwr.territory_number",
                    number,
                    reading.record,
                    field="territory_sequence",
                    value=place,
                    detail=str(expected),
                )
                self._details.append((reading.record, line[TEXT_START:].rstrip()))
                return
        if own_ref.strip() != claim.own_ref and "ip_number" not in self._doubtful:
            self.reject(
                "cwr.party_mismatch",
                number,
                reading.record,
                field="ip_number",
                value=own_ref,
                detail=claim.own_ref,
            )
            self._doubtful |= PLACE_FIELDS
            return
        if any(societies):
            named = (*claim.affiliations, *affiliations(*societies))
            claim.affiliations = tuple(dict.fromkeys(named))
        code, shares = territory_code(territory), right_shares(pr, mr, sr)
        if claim.controlled and reading.record == "OPT":
            claim.shared = True
            self._details.append(not_controlled(claim.own_ref, inclusion, code, shares))
        if reading.rest_names:
            self._keep_rest(reading, values, claim.own_ref)
        if inclusion == "I":
            claim.include(code, shares, number)
        elif not claim.exclude(code):
            self.report(
                "cwr.exclusion_without_inclusion", number, reading.record, field="territory", value=territory
            )

    def _link(self, reading: RecordReading, values: Slices, line: str, number: int) -> None:
        sequence, publisher, name, agreement, writer_ref = (value.strip() for value in reading.pick(values))
        writer = self._claims[-1]
        if not writer.controlled and ordered(self._version) < OTHERS_LINKED:
            self.report("cwr.out_of_place", number, reading.record, detail=writer.record, value=line)
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
            return
        named = writer_ref == writer.own_ref or "ip_number" in self._doubtful
        if not named and ordered(self._version) == WRITER_NAMED:
            self.report(
                "cwr.link_left_out",
                number,
                reading.record,
                field="writer_ip_number",
                value=writer_ref,
                detail=writer.own_ref,
            )
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
            return
        first = not writer.linked
        self._links.append(Link(writer, number, sequence, publisher, name, writer_ref))
        if first:
            writer.linked = True
            writer.agreement = agreement
        # The links of version 2.0 do not say whose they are.
        key = "PWR" if "writer_ip_number" in reading.layout.index else f"PWR:{writer.own_ref}"
        link = (key, line[TEXT_START:].rstrip())
        if first and not reading.leftovers(values):
            writer.unkept_link = (link,)
            return
        # With a further link the first is kept too: else nobody could tell which one the claim was read from.
        self._details += (*writer.unkept_link, link)
        writer.unkept_link = ()

    def _other_name(self, reading: RecordReading, values: Slices, line: str, number: int) -> None:
        own_ref, name, given, language = (value.strip() for value in reading.pick(values))
        claim = self._claims[-1]
        wrong = ""
        if own_ref != claim.own_ref and "ip_number" not in self._doubtful:
            wrong, field, value, detail = "cwr.name_of_other_party", "ip_number", own_ref, claim.own_ref
        elif reading.record == "NPN" and "publisher_sequence" not in self._doubtful:
            chain = int(values[reading.layout.index["publisher_sequence"]])
            if chain != claim.chain:
                wrong, field, value, detail = (
                    "cwr.name_of_other_chain",
                    "publisher_sequence",
                    str(chain),
                    str(claim.chain),
                )
        if wrong:
            self.report(wrong, number, reading.record, field=field, value=value, detail=detail)
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
            return
        names = (*claim.party.other_names, OtherName(name, given, language))
        claim.party = with_other_names(claim.party, names)

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
