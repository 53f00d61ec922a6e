"""The publishers and writers of a work as records: parties, their names and territories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from parsers.cwr.claims import NOT_CONTROLLED, RIGHTS, not_controlled, right_shares
from parsers.cwr.writing import Record, RecordWriter, cwr_share
from parsers.cwr.writing_details import MANUSCRIPT, Details, Values
from parsers.cwr.writing_links import LinkRecords, party_number
from parsers.cwr.writing_ownership import with_ownership
from parsers.cwr.writing_territories import territory_statements
from schemas.cwr.layouts import layouts
from schemas.cwr.lookups import codes
from schemas.declarations import Claim, CollectionShare, OtherName, RightShare
from schemas.findings import Finding, quote
from schemas.shares import HUNDREDTH, format_percent

MUST_COLLECT = frozenset({"SWT", "OWT"})
"""Territory records that must not include a territory without a share."""

NOTHING = right_shares("", "", "")
PARTY_OF = {"SPT": "SPU", "OPT": "OPU", "SWT": "SWR", "OWT": "OWR"}
"""The record of the party that a territory record belongs to."""

ORIGINAL = frozenset({"E", "ES", "AQ", "PA"})
"""Publishers that begin a chain where the declaration does not number its chains."""


def in_order(claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Publishers with their chains numbered, and writers, each in their order."""
    publishers, writers = [], []
    seen_writer = False
    for claim in claims:
        if _is_publisher(claim, seen_writer=seen_writer):
            publishers.append(claim)
        else:
            seen_writer = True
            writers.append(claim)
    return _chained(publishers), writers


def _is_publisher(claim: Claim, *, seen_writer: bool) -> bool:
    as_publisher, as_writer = (claim.role in codes(name) for name in ("publisher_type", "writer_type"))
    if as_publisher and as_writer:
        # An income participant may be either; publishers stand first and have no given name.
        return not seen_writer and not claim.party.given
    return as_publisher


def _chained(publishers: Sequence[Claim]) -> list[Claim]:
    chain = max((claim.chain for claim in publishers), default=0)
    current = 0
    found = []
    for claim in publishers:
        if claim.chain:
            current = claim.chain
        elif claim.role in ORIGINAL or not current:
            chain += 1
            current = chain
        found.append(claim if claim.chain else replace(claim, chain=current))
    return found


class PartyRecords:
    """Makes the party records of one work; what could not be placed is in ``findings``."""

    def __init__(self, writer: RecordWriter, details: Details, source_version: str, position: str) -> None:
        """Take the details that the parties' records had when they were read."""
        self.findings: list[Finding] = []
        self._writer = writer
        self._details = details
        self._source = layouts(source_version)
        self._position = position
        self._links = LinkRecords(writer, details, self._lose)

    def records(self, publishers: Sequence[Claim], writers: Sequence[Claim]) -> Iterator[Record]:
        """The records of all parties in the order of the standard."""
        extras = self._extras([*publishers, *writers])
        if "pr_share" in self._writer.layout("SPU").index and "pr_share" not in self._source["SPU"].index:
            publishers, writers = with_ownership(publishers, writers)
        for place, claim in enumerate(publishers):
            kind = "SPU" if claim.controlled else "OPU"
            yield Record(kind, {**self._publisher(kind, claim), **extras.get(place, {})})
            yield from self._names("NPN", claim)
            yield from self._territories("SPT" if claim.controlled else "OPT", claim)
        for place, claim in enumerate(writers, len(publishers)):
            kind = "SWR" if claim.controlled else "OWR"
            yield Record(kind, {**self._writer_values(kind, claim), **extras.get(place, {})})
            yield from self._names("NWN", claim)
            yield from self._territories("SWT" if claim.controlled else "OWT", claim)
            yield from self._manuscript(claim)
            yield from self._links.records(claim, publishers)

    def _publisher(self, kind: str, claim: Claim) -> Values:
        return {
            **self._party(kind, claim),
            "publisher_type": claim.role,
            "publisher_sequence": str(claim.chain),
            "agreement_number": claim.agreement,
        }

    def _writer_values(self, kind: str, claim: Claim) -> Values:
        return {
            **self._party(kind, claim),
            "first_name": claim.party.given,
            "writer_type": claim.role,
        }

    def _party(self, kind: str, claim: Claim) -> Values:
        party = claim.party
        values = {
            "ip_number": party_number(claim),
            "name": party.name,
            "ipi_name": party.ipi_name,
            "ipi_base": party.ipi_base,
        }
        if not party.name:
            values["unknown_indicator"] = "Y"
        layout = self._writer.layout(kind)
        if "pr_share" in layout.index:
            values |= self._shares(kind, claim.ownership)
        if "pr_society" in layout.index:
            values |= self._societies(kind, claim)
        return values

    def _shares(self, kind: str, shares: Sequence[RightShare]) -> Values:
        values: Values = {}
        for item in shares:
            name = f"{item.right.lower()}_share"
            if item.right not in RIGHTS:
                self._lose(kind, name, format_percent(item.share))
                continue
            values[name] = cwr_share(item.share)
            if item.share % HUNDREDTH:
                written = format_percent(int(values[name]) * HUNDREDTH)
                self.findings.append(
                    Finding(
                        "cwr.write_share_rounded",
                        self._position,
                        kind,
                        name,
                        format_percent(item.share),
                        written,
                    )
                )
        return values

    def _societies(self, kind: str, claim: Claim) -> Values:
        values: Values = {}
        for item in claim.affiliations:
            for right in RIGHTS if item.right == "*" else (item.right,):
                name = f"{right.lower()}_society"
                if right not in RIGHTS or values.get(name, item.society) != item.society:
                    self._lose(kind, name, item.society)
                else:
                    values[name] = item.society
        return values

    def _territories(self, kind: str, claim: Claim) -> Iterator[Record]:
        collection = []
        for group in claim.collection:
            limits = (*group.uses, group.valid_from, group.valid_to)
            if (
                self._writer.has(kind)
                and not any(limits)
                and (kind not in MUST_COLLECT or _some(group.shares))
            ):
                collection.append(group)
            else:
                # Without its limits a share would say more than it does; that a writer collects nothing
                # somewhere is said by leaving it out.
                stated = " ".join(filter(None, ("|".join(group.territories), *limits)))
                self._lose(kind, "collection", f"{claim.party.full_name}: {stated}")
        if not collection:
            collection = self._owned(kind, claim)
        if not collection:
            return
        known = self._writer.layout(kind).index
        societies = "pr_society" in known
        changes = (kind, claim.own_ref) in self._details.changing and "shares_change" in known
        for place, item in enumerate(territory_statements(collection), start=1):
            values = {
                "ip_number": party_number(claim),
                "inclusion": "I" if item.included else "E",
                "territory": item.territory,
                **self._shares(kind, item.shares),
            }
            if "territory_sequence" in known:
                values["territory_sequence"] = str(place)
            if societies:
                values |= self._societies(kind, claim)
            if changes and item.included:
                values["shares_change"] = "Y"
            own = not_controlled(claim.own_ref, values["inclusion"], item.territory, item.shares or NOTHING)
            yield Record(self._of_others(kind, own), values)

    def _of_others(self, kind: str, stated: tuple[str, str]) -> str:
        """The record of a territory, which is another one where its party does not control the collection."""
        if stated not in self._details.not_controlled:
            return kind
        if not self._writer.has("OPT"):
            self._lose("OPT", NOT_CONTROLLED, stated[1])
            return kind
        return "OPT"

    def _owned(self, kind: str, claim: Claim) -> list[CollectionShare]:
        """Ownership where the version has no shares but those that are collected."""
        party = PARTY_OF[kind]
        if "pr_share" in self._writer.layout(party).index or not any(item.share for item in claim.ownership):
            return []
        if not claim.controlled:
            return [CollectionShare((), claim.ownership)]
        shown = " ".join(f"{item.right} {format_percent(item.share)}" for item in claim.ownership)
        self._lose(party, "ownership", f"{claim.party.full_name}: {shown}")
        return []

    def _names(self, kind: str, claim: Claim) -> Iterator[Record]:
        """The names in other alphabets, or the one that the party record had to fold."""
        party = claim.party
        names = party.other_names
        if not names:
            written = "SPU" if kind == "NPN" else "SWR"
            if self._writer.takes(written, party.full_name) or not self._writer.takes(kind, party.full_name):
                return
            names = (OtherName(party.name, party.given),)
        for name in names:
            if not self._writer.has(kind):
                self._lose(kind, "name", f"{name.name} {name.given}".strip())
                continue
            values = {"ip_number": party_number(claim), "name": name.name, "language": name.language}
            if kind == "NPN":
                # Publishers have no given names; a party that has one all the same is written as one name.
                values["name"] = f"{name.name} {name.given}".strip()
                values["publisher_sequence"] = str(claim.chain)
            else:
                values["first_name"] = name.given
            yield Record(kind, values)

    def _manuscript(self, claim: Claim) -> Iterator[Record]:
        sent = self._details.manuscripts.get(claim.own_ref)
        if sent:
            yield Record(MANUSCRIPT, {"ip_number": party_number(claim), **sent.pop(0)})

    def _extras(self, claims: Sequence[Claim]) -> dict[int, Values]:
        """Further fields of the party records, by the place of the claim."""
        found: dict[int, Values] = {}
        for (kind, ref), groups in self._details.parties.items():
            places = [
                place
                for place, claim in enumerate(claims)
                if claim.own_ref == ref and claim.controlled == (kind[0] == "S") and _fits_kind(kind, claim)
            ]
            unnamed = [place for place in places if not claims[place].party.name]
            for group in groups:
                fitting = unnamed if group.get("unknown_indicator") == "Y" and unnamed else places
                if len(fitting) == 1 or (fitting and len(groups) == len(places)):
                    place = fitting[0]
                    places = [item for item in places if item != place] or places
                    unnamed = [item for item in unnamed if item != place]
                    found[place] = {**found.get(place, {}), **group}
                else:
                    self._unclear(kind, group)
        return found

    def _lose(self, kind: str, name: str, value: str) -> None:
        self.findings.append(
            Finding("cwr.write_no_place", self._position, kind, name, quote(value), self._writer.version)
        )

    def _unclear(self, kind: str, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self.findings.append(Finding("cwr.write_unclear", self._position, kind, name, quote(value)))


def _some(shares: Sequence[RightShare]) -> bool:
    return any(cwr_share(item.share).strip("0") for item in shares)


def _fits_kind(kind: str, claim: Claim) -> bool:
    publisher = claim.role in codes("publisher_type")
    return publisher if kind.endswith("PU") else not publisher or claim.role in codes("writer_type")
