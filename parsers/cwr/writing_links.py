"""The links of writers to their publishers (PWR) as records, and the numbers that they name parties by."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from parsers.cwr.writing import Record, RecordWriter
from parsers.cwr.writing_details import Details
from schemas.cwr.transactions import places, transaction_kinds
from schemas.declarations import Claim

OWN_NUMBER = 9
"""Characters of an interested party number."""

REGISTERED = ("NWR", "WRK")


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


def party_number(claim: Claim) -> str:
    """The number that a party is written with: one that is not controlled need not have one."""
    return own_number(claim) if claim.controlled else claim.own_ref


class LinkRecords:
    """Makes the links of the writers of one work."""

    def __init__(self, writer: RecordWriter, details: Details, lose: Callable[[str, str, str], None]) -> None:
        """Take the links that were sent; ``lose`` is told record, field and value of what has no place."""
        self._writer = writer
        self._details = details
        self._lose = lose
        kind = next(name for name in REGISTERED if name in transaction_kinds(writer.version))
        self._names_publishers = "publisher_name" in writer.layout("PWR").index
        self._links_others = "OWR" in places(writer.version, kind)["PWR"].follows

    def records(self, claim: Claim, publishers: Sequence[Claim]) -> Iterator[Record]:
        """The link to the writer's publisher; where more were sent, all of them as they were."""
        sent = self._details.links.pop(claim.own_ref, [])
        if not claim.controlled and not self._links_others:
            self._drop_links(claim, sent)
            return
        said = any(self._says(link.values, claim, publishers) for link in sent)
        if not said and (sent or claim.chain or claim.agreement):
            origin = _origin(claim.chain, publishers)
            values = {"agreement_number": claim.agreement, "writer_ip_number": party_number(claim)}
            if origin is not None:
                values |= {"publisher_ip_number": party_number(origin), "publisher_name": origin.party.name}
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
        values = {"writer_ip_number": party_number(claim)}
        if origin is not None:
            values |= {"publisher_ip_number": party_number(origin), "publisher_name": origin.party.name}
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


def _origin(chain: int, publishers: Sequence[Claim]) -> Claim | None:
    return next((item for item in publishers if item.chain == chain), None)
