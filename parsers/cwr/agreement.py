"""AGR transactions: an agreement that registrations refer to, with its territories and parties.

The standard lists the territories of an agreement before its parties; where several such lists follow each
other, each has parties of its own.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.cwr.claims import RIGHTS, affiliations, party_name, right_shares, territory_code
from parsers.cwr.detailed_transaction import DetailedTransaction
from parsers.cwr.fields import iso_date
from parsers.cwr.record_readings import TEXT_START, RecordReading
from parsers.cwr.share_totals import TOLERANCE
from schemas.cwr.layouts import Slices
from schemas.declarations import AgreementDeclaration, AgreementParty, AgreementTerms, OtherName
from schemas.shares import WHOLE, format_percent

ASSIGNOR, ACQUIRER = "AS", "AC"
OF_WRITERS = frozenset({"OS", "OG"})
"""Types of agreements in which a writer assigns rights, who alone may have a first name."""


class _OpenTerms:
    """Territories, and the parties that follow them."""

    __slots__ = ("parties", "territories")

    def __init__(self) -> None:
        self.territories: list[str] = []
        self.parties: dict[str, list[AgreementParty]] = {ASSIGNOR: [], ACQUIRER: []}

    def declare(self) -> AgreementTerms:
        return AgreementTerms(
            tuple(self.territories), tuple(self.parties[ASSIGNOR]), tuple(self.parties[ACQUIRER])
        )


class AgreementTransaction(DetailedTransaction):
    """One agreement."""

    _taken_with_faults = frozenset({"IPA"})

    def __init__(self, header: str, number: int, version: str) -> None:
        """Read the AGR record."""
        super().__init__("agreement", header, number, version)
        self._terms: list[_OpenTerms] = []
        self._last: list[AgreementParty] = []
        self._numbers: dict[str, AgreementParty] = {}
        self._fields = [value.strip() for value in self._header_reading.pick(self._header)]
        self.ref = self._fields[0]
        self._details += self._header_reading.leftovers(self._header)

    def _territory(self, reading: RecordReading, values: Slices, _line: str, number: int) -> None:
        inclusion, territory = reading.pick(values)
        if not self._terms or self._last:
            self._terms.append(_OpenTerms())
            self._last = []
        terms = self._terms[-1]
        code = territory_code(territory)
        if inclusion == "I":
            terms.territories.append(code)
        elif terms.territories:
            terms.territories.append(f"-{code}")
        else:
            self.report(
                "cwr.exclusion_without_inclusion", number, reading.record, field="territory", value=territory
            )

    def _party(self, reading: RecordReading, values: Slices, _line: str, number: int) -> None:
        role, own_ref, name, given, ipi_name, ipi_base, pr, mr, sr, *societies = reading.pick(values)
        if given.strip() and not (role == ASSIGNOR and self._fields[1] in OF_WRITERS):
            self.report(
                "cwr.first_name_not_allowed", number, reading.record, field="first_name", value=given.strip()
            )
            given = ""
        party = AgreementParty(
            party=party_name(name, given, ipi_name, ipi_base),
            shares=right_shares(pr, mr, sr),
            affiliations=affiliations(*societies),
            own_ref=own_ref.strip(),
            position=f"line:{number}",
        )
        self._compare_numbers(party, number)
        if not self._terms:
            # The territories before it were not taken for their faults.
            self._terms.append(_OpenTerms())
        self._last = self._terms[-1].parties.get(role, [])
        self._last.append(party)

    def _compare_numbers(self, party: AgreementParty, number: int) -> None:
        """Reject a number that stands for another party of the agreement before."""
        if not party.own_ref:
            return
        ours, theirs = party.party, self._numbers.setdefault(party.own_ref, party).party
        if (
            ours.ipi_name
            and theirs.ipi_name
            and ours.ipi_name != theirs.ipi_name
            and ours.name != theirs.name
        ):
            parts = {"field": "ip_number", "value": party.own_ref, "detail": ours.full_name}
            self.report("cwr.party_number_shared", number, "IPA", **parts)

    def _other_name(self, reading: RecordReading, values: Slices, line: str, number: int) -> None:
        own_ref, name, given, language = (value.strip() for value in reading.pick(values))
        party = self._last[-1]
        if own_ref != party.own_ref and "ip_number" not in self._doubtful:
            self.report(
                "cwr.name_of_other_party",
                number,
                reading.record,
                field="ip_number",
                value=own_ref,
                detail=party.own_ref,
            )
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
            return
        names = (*party.party.other_names, OtherName(name, given, language))
        self._last[-1] = replace(party, party=replace(party.party, other_names=names))

    def _compare_shares(self, terms: _OpenTerms) -> None:
        parties = [party for members in terms.parties.values() for party in members]
        for place, right in enumerate(RIGHTS):
            total = sum(party.shares[place].share for party in parties)
            if total and abs(total - WHOLE) > TOLERANCE:
                self.report(
                    "cwr.agreement_share_total",
                    self.number,
                    self.record,
                    field=right,
                    value=format_percent(total),
                )

    def declare(self) -> AgreementDeclaration:
        """The agreement; one without territories, assignor or acquirer says nothing and is rejected."""
        # No territory at all would be read as everywhere.
        lost = bool(self._doubtful & {"inclusion", "territory", "agreement_role"})
        if not lost and (not self._terms or not all(terms.territories for terms in self._terms)):
            self.reject("cwr.agreement_without_territory", self.number, self.record, value=self.ref)
        for role in (ASSIGNOR, ACQUIRER):
            if not lost and (not all(terms.parties[role] for terms in self._terms) or not self._terms):
                self.reject(
                    "cwr.agreement_without_party", self.number, self.record, value=self.ref, detail=role
                )
        if self._doubtful.isdisjoint(("pr_share", "mr_share", "sr_share", "inclusion", "agreement_role")):
            for terms in self._terms:
                self._compare_shares(terms)
        # fmt: off
        (
            ref, kind, starts, ends, retention, prior, prior_from, post, post_until, signed, works, sold,
            society_ref, shares_change,
        ) = self._fields
        # fmt: on
        if shares_change == "Y":
            self._details.append(("shares_change", shares_change))
        return AgreementDeclaration(
            ref=ref,
            agreement_type=kind,
            starts=iso_date(starts),
            ends=iso_date(ends),
            retention_ends=iso_date(retention),
            prior_royalty=prior,
            prior_royalty_from=iso_date(prior_from),
            post_term=post,
            post_term_until=iso_date(post_until),
            signed=iso_date(signed),
            works=int(works or "0"),
            sales_or_manufacture=sold,
            society_ref=society_ref,
            terms=tuple(terms.declare() for terms in self._terms),
            details=tuple(self._details),
            position=self.position,
        )


AgreementTransaction._handlers = {
    "TER": AgreementTransaction._territory,
    "IPA": AgreementTransaction._party,
    "NPA": AgreementTransaction._other_name,
}
