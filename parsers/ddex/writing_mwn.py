"""Writes works and their shares as an MWN 1.3 notification, in the terms in which the reader reads them.

Ownership becomes manuscript shares of writers, and original publishers' shares that follow one of them in
title: a manuscript share is written with what publishers took out of it. What parties collect becomes
collection shares. A work of which something cannot be said in MWN is left out whole, because half of its
shares would say something else.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Self

from parsers.ddex.mandates import SOCIETY
from parsers.ddex.work_shares import COLLECTION, MANUSCRIPT, PUBLISHER
from parsers.ddex.writing_terms import (
    Unsayable,
    element,
    language_of,
    named,
    names_of,
    numbers_of,
    proprietary,
    reach_of,
    right_of,
    society_number,
    titles_of,
)
from schemas.ddex.spellings import ddex_work_role
from schemas.declarations import Affiliation, Claim, CollectionShare, PartyName, WorkDeclaration
from schemas.findings import Finding, quote
from schemas.identifiers import iswc
from schemas.rights import ALL, category
from schemas.shares import WHOLE, format_percent

ROOT = "MusicalWorkClaimNotificationMessage"
NAMESPACE = "http://ddex.net/xml/mc-notif/13"
AVS_VERSION = "7"
IN_MEMORY = 1 << 22


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Who sends the message to whom: DDEX party identifiers; ``created`` is an ISO instant."""

    sender: str
    sender_name: str
    recipient: str
    message_id: str
    created: str


def _spool() -> tempfile.SpooledTemporaryFile[bytes]:
    # It is closed, and with that removed, when the writer is left.
    return tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)


@dataclass(slots=True)
class _Part:
    """One list of the message, kept until the lists before it are complete."""

    stream: tempfile.SpooledTemporaryFile[bytes] = field(default_factory=_spool)
    entries: int = 0

    def add(self, *pieces: str) -> None:
        self.stream.write("".join(pieces).encode())
        self.entries += 1


class NotificationWriter:
    """A context that takes works one by one and writes the whole message when it is left."""

    def __init__(self, out: BinaryIO, who: Correspondence) -> None:
        self._out = out
        self._who = who
        self._on = dt.date.fromisoformat(who.created[:10])
        self._parties, self._works, self._shares = _Part(), _Part(), _Part()
        self._references: dict[tuple[object, ...], str] = {}
        self._disclaimed: list[str] = []
        self._claimed: list[str] = []

    @property
    def works(self) -> int:
        """Works written so far."""
        return self._works.entries

    def add(self, work: WorkDeclaration, disputed: Collection[str] = ()) -> Finding | None:
        """Write a work of which these rights are in dispute; what is returned says why it was left out."""
        place = f"work:{work.ref}"
        try:
            shares = list(self._of(work))
        except Unsayable as fault:
            return Finding(fault.code, place, "MusicalWork", fault.name, quote(fault.value))
        reference = f"W{self._works.entries + 1}"
        writers = []
        known: dict[int, list[str]] = defaultdict(list)
        for claim in work.claims:
            party = self._party(claim)
            if _writes(claim):
                words = filter(None, map(ddex_work_role, claim.role.split("|")))
                roles = "".join(element("Role", word) for word in words)
                writers.append(f"<Writer>{element('WriterPartyReference', party)}{roles}</Writer>")
        self._works.add(
            "<MusicalWork>", element("MusicalWorkReference", reference), self._identifiers(work),
            titles_of(work), language_of(work),
            f"<Duration>PT{work.duration}S</Duration>" if work.duration else "", *writers, "</MusicalWork>",
        )  # fmt: skip
        keys_of = [f"S{self._shares.entries + number}" for number in range(1, len(shares) + 1)]
        # Known before the first is written: publishers may be named before the writers that they follow.
        bases = {
            (item.claim, item.right): key
            for item, key in zip(shares, keys_of, strict=True)
            if item.kind == MANUSCRIPT
        }
        for item, key in zip(shares, keys_of, strict=True):
            known[item.claim].append(key)
            dispute = element("HasRightsInDispute", "true") if category(item.right) in disputed else ""
            self._shares.add(self._share(item, key, reference, work.claims[item.claim], bases, dispute))
        for number, keys in known.items():
            (self._claimed if work.claims[number].controlled else self._disclaimed).extend(keys)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: object, trace: object) -> None:
        """Write the message unless something failed, and let go of what was kept for it."""
        try:
            if kind is None:
                self._finish()
        finally:
            for part in (self._parties, self._works, self._shares):
                part.stream.close()

    def _finish(self) -> None:
        """Write the message.

        The lists of shares and notices are left out where they would be empty.
        """
        who = self._who
        self._out.write(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<mwn:{ROOT} xmlns:mwn="{NAMESPACE}"'
            f' AvsVersionId="{AVS_VERSION}" LanguageAndScriptCode="en">\n<MessageHeader>'
            f"{element('MessageId', who.message_id)}"
            f"<MessageSender>{element('PartyId', who.sender)}"
            f"<PartyName>{element('FullName', who.sender_name)}</PartyName></MessageSender>"
            f"<MessageRecipient>{element('PartyId', who.recipient)}</MessageRecipient>"
            f"{element('MessageCreatedDateTime', who.created)}</MessageHeader>\n"
            "<ProfileId>ShareNotification</ProfileId>\n".encode()
        )
        for name, part in (
            ("PartyList", self._parties), ("WorkList", self._works), ("RightShareList", self._shares),
        ):  # fmt: skip
            if part.entries:
                self._out.write(f"<{name}>\n".encode())
                part.stream.seek(0)
                while chunk := part.stream.read(1 << 16):
                    self._out.write(chunk)
                self._out.write(f"</{name}>\n".encode())
        if self._disclaimed or self._claimed:
            number = named("NotificationId", who.sender, who.message_id)
            self._out.write(f"<RightShareNotificationList><RightShareNotification>{number}".encode())
            disclaimer = element("IsNotClaimedBySender", "true")
            for keys, mark in ((self._claimed, ""), (self._disclaimed, disclaimer)):
                if keys:
                    listed = "".join(element("RequestRightShareReference", key) for key in keys)
                    self._out.write(f"<RightShare>{listed}{mark}</RightShare>".encode())
            self._out.write(b"</RightShareNotification></RightShareNotificationList>\n")
        self._out.write(f"</mwn:{ROOT}>\n".encode())

    def _identifiers(self, work: WorkDeclaration) -> str:
        code = element("ISWC", iswc.compact(work.iswc)) if iswc.is_valid(work.iswc) else ""
        own = (self._who.sender, work.ref)
        numbers = "".join(proprietary(*pair) for pair in dict.fromkeys((own, *work.other_refs)))
        return f"<MusicalWorkId>{code}{numbers}</MusicalWorkId>"

    def _of(self, work: WorkDeclaration) -> Iterator[_Written]:
        """The shares of a work, claim by claim.

        Raises:
            Unsayable: something of them cannot be said.
        """
        owed, bases = _passed_on(work)
        for number, claim in enumerate(work.claims):
            for stated in claim.affiliations:
                # Here already, before anything of the work is written.
                _affiliated(stated)
            owned = {item.right: item.share for item in claim.ownership}
            if _writes(claim):
                for right in owed[number]:
                    owned.setdefault(right, 0)
                if not owned and not claim.collection:
                    owned["PR"] = 0
            for right, units in owned.items():
                kind = MANUSCRIPT if _writes(claim) else PUBLISHER
                total = units + owed[number][right]
                if total > WHOLE:
                    raise Unsayable("ddex.write_over", "ownership", format_percent(total))
                base = bases.get((number, right), -1)
                yield _Written(
                    number, kind, right, total, reach_of(CollectionShare((), ()), right, self._on), base
                )
            for group in claim.collection:
                for item in group.shares:
                    reach = reach_of(group, item.right, self._on)
                    yield _Written(number, COLLECTION, item.right, item.share, reach)

    def _share(
        self,
        item: _Written,
        key: str,
        work: str,
        claim: Claim,
        bases: Mapping[tuple[int, str], str],
        dispute: str,
    ) -> str:
        follows = ""
        if item.base >= 0:
            base = element("BaseRightShare", bases[item.base, item.right])
            share = element("RightSharePercentage", format_percent(item.units))
            follows = (
                f"<IsFollowerInTitleOf>{base}{share}<ManuscriptShare>{base}{share}</ManuscriptShare>"
                "</IsFollowerInTitleOf>"
            )
        own = named("RightShareId", self._who.sender, claim.own_ref)
        agreement = named("AgreementId", self._who.sender, claim.agreement)
        territories_of, rest, period = item.reach
        return (
            f"<RightShare>{element('RightShareReference', key)}{element('RightShareType', item.kind)}"
            f"{own}{agreement}{element('RightShareWorkReference', work)}{territories_of}{rest}"
            "<RightsController>"
            f"{element('RightsControllerPartyReference', self._party(claim))}</RightsController>{period}"
            f"{element('RightSharePercentage', format_percent(item.units))}{dispute}{follows}</RightShare>\n"
        )

    def _party(self, claim: Claim) -> str:
        """The reference of a claim's party, which is listed when it is first needed."""
        key = (claim.party, claim.affiliations, _writes(claim))
        if key not in self._references:
            stated = "".join(self._affiliation(item) for item in claim.affiliations)
            self._list(key, claim.party, numbers_of(claim.party), stated, organization=not _writes(claim))
        return self._references[key]

    def _affiliation(self, item: Affiliation) -> str:
        key = (item.society,)
        if key not in self._references:
            self._list(key, PartyName(item.society), society_number(item.society), "", organization=True)
        right = _affiliated(item)
        return (
            f"<SocietyAffiliation>{element('TerritoryCode', 'Worldwide')}{element('RightsType', right)}"
            f"{element('MusicRightsSociety', self._references[key])}</SocietyAffiliation>"
        )

    def _list(
        self, key: tuple[object, ...], party: PartyName, numbers: str, stated: str, *, organization: bool
    ) -> None:
        reference = self._references[key] = f"P{len(self._references) + 1}"
        own = [pair for pair in party.proprietary if pair[0] != SOCIETY] or [(self._who.sender, reference)]
        listed = "".join(proprietary(*pair) for pair in own)
        self._parties.add(
            f"<Party><PartyId>{numbers}{listed}</PartyId>{element('PartyReference', reference)}"
            f"{names_of(party, reference)}{stated}"
            f"{element('IsOrganization', str(organization).lower())}</Party>\n"
        )


@dataclass(frozen=True, slots=True)
class _Written:
    """A right share of the claim with that number; ``base`` is the writer's claim that it follows, or -1."""

    claim: int
    kind: str
    right: str
    units: int
    reach: tuple[str, str, str]
    base: int = -1


def _passed_on(work: WorkDeclaration) -> tuple[dict[int, dict[str, int]], dict[tuple[int, str], int]]:
    """What writers' manuscript shares hold besides their own, and whom each publisher's share follows.

    A publisher follows a writer of its chain, without one the first writer.
    """
    owed: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    bases: dict[tuple[int, str], int] = {}
    writers = [number for number, claim in enumerate(work.claims) if _writes(claim)]
    for number, claim in enumerate(work.claims):
        if _writes(claim) or not claim.ownership:
            continue
        if not writers:
            raise Unsayable("ddex.write_no_writer", "ownership", claim.party.full_name)
        chained = [item for item in writers if claim.chain and work.claims[item].chain == claim.chain]
        base = (chained or writers)[0]
        for item in claim.ownership:
            owed[base][item.right] += item.share
            bases[number, item.right] = base
    return owed, bases


def _affiliated(item: Affiliation) -> str:
    return "All" if item.right == ALL else right_of(item.right)


def _writes(claim: Claim) -> bool:
    """Whether a claim is a writer's: its role is one that MWN has for writers."""
    return any(ddex_work_role(role) for role in claim.role.split("|"))
