"""The parties of a work as their records come in: publishers and writers, territories, links, other names."""

from __future__ import annotations

from parsers.cwr.claims import (
    OpenClaim,
    affiliations,
    not_controlled,
    party_name,
    right_shares,
    territory_code,
    with_other_names,
)
from parsers.cwr.compared_records import Link
from parsers.cwr.detailed_transaction import DetailedTransaction
from parsers.cwr.record_readings import TEXT_START, RecordReading
from schemas.cwr.layouts import Slices
from schemas.cwr.tables import ordered
from schemas.declarations import OtherName

WRITER_NAMED = (2, 1)
"""The version in which a link that does not name its writer is left out; later ones reject the work."""

OTHERS_LINKED = (2, 2)
"""The version from which writers that are not controlled have links as well."""

OF_CONTROLLED = frozenset({"SPT", "SWT"})
OF_OTHERS = frozenset({"OWT"})
"""Territory records that belong to parties that are controlled, and to those that are not; OPT to both."""

SHARE_FIELDS = frozenset({"pr_share", "mr_share", "sr_share"})
PLACE_FIELDS = SHARE_FIELDS | {"inclusion", "territory"}


class PartiesTransaction(DetailedTransaction):
    """What the party records of a transaction about a work say, kept until all of them have come."""

    def __init__(self, header: str, number: int, version: str) -> None:
        """Read the header record."""
        super().__init__("work", header, number, version)
        self._publishers: list[OpenClaim] = []
        self._writers: list[OpenClaim] = []
        self._claims: list[OpenClaim] = []
        self._links: list[Link] = []
        self._shares_change = False

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
