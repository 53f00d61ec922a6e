"""The publishers and writers of a work as records: parties, their names, territories and links."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from parsers.cwr.claims import NOT_CONTROLLED, RIGHTS, not_controlled, right_shares
from parsers.cwr.writing import Record, RecordWriter, cwr_share
from parsers.cwr.writing_details import MANUSCRIPT, Details, Values
from parsers.cwr.writing_ownership import with_ownership
from parsers.cwr.writing_territories import territory_statements
from schemas.cwr.layouts import layouts
from schemas.cwr.lookups import codes
from schemas.cwr.transactions import places, transaction_kinds
from schemas.declarations import Claim, CollectionShare, OtherName, RightShare
from schemas.findings import Finding, quote
from schemas.shares import HUNDREDTH, format_percent

OWN_NUMBER = 9
"""Characters of an interested party number."""


REGISTERED = ("NWR", "WRK")
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


def own_number(claim: Claim) -> str:
    """The submitter's number of a party; one made of its name and IPI number where it has none.

    >>> from schemas.declarations import PartyName
    >>> own_number(Claim(PartyName("X"), "E", own_ref="P1")), len(own_number(Claim(PartyName("X"), "CA")))
    ('P1', 9)
    """
    if claim.own_ref:
        return claim.own_ref
    party = claim.party
    named = "\x1f".join((party.name, party.given, party.ipi_name, party.ipi_base))
    return base64.b32encode(hashlib.blake2b(named.encode(), digest_size=6).digest()).decode()[:OWN_NUMBER]


class PartyRecords:
    """Makes the party records of one work; what could not be placed is in ``findings``."""

    def __init__(self, writer: RecordWriter, details: Details, source_version: str, position: str) -> None:
        """Take the details that the parties' records had when they were read."""
        self.findings: list[Finding] = []
        self._writer = writer
        self._details = details
        self._source = layouts(source_version)
        self._position = position
        kind = next(name for name in REGISTERED if name in transaction_kinds(writer.version))
        self._names_publishers = "publisher_name" in layouts(writer.version)["PWR"].index
        self._links_others = "OWR" in places(writer.version, kind)["PWR"].follows

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
            yield from self._links(claim, publishers)

    def _number(self, claim: Claim) -> str:
        return own_number(claim) if claim.controlled else claim.own_ref

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
            "ip_number": self._number(claim),
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
                "ip_number": self._number(claim),
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
            values = {"ip_number": self._number(claim), "name": name.name, "language": name.language}
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
            yield Record(MANUSCRIPT, {"ip_number": self._number(claim), **sent.pop(0)})

    def _links(self, claim: Claim, publishers: Sequence[Claim]) -> Iterator[Record]:
        """The link to the writer's publisher; where more were sent, all of them as they were."""
        sent = self._details.links.pop(claim.own_ref, [])
        if not claim.controlled and not self._links_others:
            self._drop_links(claim, sent)
            return
        said = any(self._says(link.values, claim, publishers) for link in sent)
        if not said and (sent or claim.chain or claim.agreement):
            origin = _origin(claim.chain, publishers)
            values = {"agreement_number": claim.agreement, "writer_ip_number": self._number(claim)}
            if origin is not None:
                values |= {"publisher_ip_number": self._number(origin), "publisher_name": origin.party.name}
            elif claim.chain:
                self._lose("PWR", "publisher_sequence", str(claim.chain))
            if claim.chain:
                values["publisher_sequence"] = str(claim.chain)
            yield self._link(Record("PWR", values))
        for link in (self._completed(item, claim, publishers) for item in sent):
            if link.version != self._writer.version and self._link_is_nameless(link):
                self._lose("PWR", "publisher_sequence", link.values.get("publisher_sequence", ""))
            else:
                yield self._link(link)

    def _link_is_nameless(self, link: Record) -> bool:
        """Whether a link says less of the publisher than version 2 demands, because nobody knows more."""
        demanded = {"publisher_ip_number", "publisher_name"} if self._names_publishers else set()
        return not all(link.values.get(name) for name in demanded)

    def _drop_links(self, claim: Claim, sent: Sequence[Record]) -> None:
        """Say what the version has no place for: the publishers of writers that are not controlled."""
        if claim.chain and not sent:
            self._lose("PWR", "publisher_sequence", str(claim.chain))
        for link in sent:
            for name, value in link.values.items():
                self._lose("PWR", name, value)

    def _completed(self, link: Record, claim: Claim, publishers: Sequence[Claim]) -> Record:
        """A link as it was sent; in another version, with what that demands of it besides."""
        if link.version == self._writer.version:
            return link
        known = self._writer.layout("PWR").index
        number = link.values.get("publisher_sequence", "")
        origin = _origin(int(number) if number.isdecimal() else 0, publishers)
        values = {"writer_ip_number": self._number(claim)}
        if origin is not None:
            values |= {"publisher_ip_number": self._number(origin), "publisher_name": origin.party.name}
        stated = {name: value for name, value in link.values.items() if value}
        return replace(link, values={**{name: values[name] for name in values if name in known}, **stated})

    def _link(self, link: Record) -> Record:
        # Each version leaves out what the publisher's number or the place of the link says already.
        spare = {"publisher_name", "publisher_sequence", "writer_ip_number"} - self._writer.layout(
            "PWR"
        ).index.keys()
        return replace(link, values={name: link.values[name] for name in link.values if name not in spare})

    @staticmethod
    def _says(link: Mapping[str, str], claim: Claim, publishers: Sequence[Claim]) -> bool:
        """Whether a link that was sent is the one the claim's chain and agreement were read from.

        That one is kept if it says more than the claim does, or if others were sent beside it.
        """
        if link.get("agreement_number", "") != claim.agreement:
            return False
        sequence = link.get("publisher_sequence", "")
        numbers = {item.chain for item in publishers}
        if sequence.isdecimal() and int(sequence) in numbers:
            return int(sequence) == claim.chain
        number, name = link.get("publisher_ip_number", ""), link.get("publisher_name", "")
        meant = next((item for item in publishers if number and item.own_ref == number), None)
        meant = meant or next((item for item in publishers if name and item.party.name == name), None)
        return (meant.chain if meant else 0) == claim.chain

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


def _origin(chain: int, publishers: Sequence[Claim]) -> Claim | None:
    return next((item for item in publishers if item.chain == chain), None)


def _some(shares: Sequence[RightShare]) -> bool:
    return any(cwr_share(item.share).strip("0") for item in shares)


def _fits_kind(kind: str, claim: Claim) -> bool:
    publisher = claim.role in codes("publisher_type")
    return publisher if kind.endswith("PU") else not publisher or claim.role in codes("writer_type")
