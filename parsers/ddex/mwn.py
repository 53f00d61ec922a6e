"""MWN: musical works with the shares that writers, publishers and their agents notify.

A message lists parties, works and recordings first and the shares in them afterwards, so the works are held
until its end; how many is limited. A notification replaces what its sender said of the same works before. A
revocation restates its works without any claim, with the reason, which ends the earlier claims and keeps them
in the history. Links are declared as recordings, for a link says nothing about shares; a notice of conflict
is about other parties' claims and is told only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from parsers.ddex import elements as read
from parsers.ddex.affiliations import Affiliations
from parsers.ddex.envelope import HEADER, Envelope
from parsers.ddex.gathering import Found, gather
from parsers.ddex.mandates import ASSERTION, declare, identity, society_of
from parsers.ddex.mwn_shares import share_in
from parsers.ddex.scope import Place, Scope, Terms, territories_of
from parsers.ddex.work_shares import LICENSING, Share, claims_of
from parsers.ddex.works import Work, linked_recordings, recording_of, work_of
from parsers.reading import FILE, Item
from parsers.xml_stream import Refused, Subtree
from schemas.declarations import (
    PartyName,
    RecordingReference,
    Rejection,
    RetractionDeclaration,
    WorkDeclaration,
)
from schemas.findings import Finding, quote
from schemas.identifiers import iswc

PROFILE = ("ProfileId",)
TERRITORY = ("TerritoryList", "Territory")
PARTY = ("PartyList", "Party")
WORK = ("WorkList", "MusicalWork")
LINKED = ("ResourceList", "SoundRecording")
SHARE = ("RightShareList", "RightShare")
CONFLICT = ("RightShareList", "Conflict")
NOTICE = ("RightShareNotificationList", "RightShareNotification")
RECALLED = ("RecalledMessage",)
WANTED = (HEADER, PROFILE, TERRITORY, PARTY, WORK, LINKED, SHARE, CONFLICT, NOTICE, RECALLED)
MOST = 200_000
"""Works, recordings and shares in one message; a larger catalogue is sent in parts."""
LINKS, CONFLICTS = "LinkNotification", "ConflictNotification"
PROFILES = frozenset({"", "ShareNotification", LINKS, "Revocation", CONFLICTS})


@dataclass(slots=True)
class _Notification:
    """What a message has said so far."""

    envelope: Envelope
    profile: str = ""
    territories: dict[str, Terms] = field(default_factory=dict)
    parties: dict[str, PartyName] = field(default_factory=dict)
    affiliations: Affiliations = field(default_factory=Affiliations)
    works: dict[str, Work] = field(default_factory=dict)
    linked: dict[str, list[RecordingReference]] = field(default_factory=lambda: defaultdict(list))
    shares: dict[str, list[Share]] = field(default_factory=lambda: defaultdict(list))
    disclaimed: set[str] = field(default_factory=set)
    held: int = 0

    def gather(self, subtree: Subtree, part: str) -> Found:
        """Read a subtree by its part of the table."""
        self.held += 1
        if self.held > MOST:
            raise Refused(Finding("ddex.too_many", subtree.position, subtree.path[-1], detail=str(MOST)))
        return gather(subtree.element, self.envelope.table.plans.get(part, {}), self.envelope.unread)


def body(envelope: Envelope) -> Iterator[Item]:
    """The items of an MWN message after its header.

    Raises:
        Refused: the message holds more than can be kept until its end.
    """
    message = _Notification(envelope)
    for subtree in envelope.subtrees:
        yield from _take(message, subtree)
    if envelope.content == "request":
        yield Finding("ddex.nothing_to_store", FILE, value=envelope.root)
    elif envelope.content == "works":
        yield from _declared(message)


def _take(message: _Notification, subtree: Subtree) -> Iterator[Item]:
    """Keep one element until the end, with the findings about it."""
    path = subtree.path
    place = Place(subtree.position, path[-1], [])
    if path == PROFILE:
        message.profile = read.text(subtree.element)
        if message.profile not in PROFILES:
            place.add("ddex.avs", "ProfileId", message.profile)
    elif path == RECALLED:
        yield from _recalled(message, subtree, place)
    elif message.envelope.content == "works":
        if path == TERRITORY:
            found = message.gather(subtree, "territory")
            codes = territories_of(found.all("territory"), found.all("excluded_territory"), place)
            if codes is not None:
                message.territories[found.text("reference")] = codes
        elif path == PARTY:
            _party(message, message.gather(subtree, "party"), place)
        elif path == WORK:
            _work(message, message.gather(subtree, "work"), place)
        elif path == LINKED:
            _recording(message, message.gather(subtree, "linked"), place)
        elif path == SHARE:
            _share(message, message.gather(subtree, "share"), place)
        elif path == NOTICE:
            for item in message.gather(subtree, "notice").all("share"):
                if read.first_text(item, ("IsNotClaimedBySender",)) in ("true", "1"):
                    message.disclaimed |= {
                        read.text(key) for key in read.children(item, "RequestRightShareReference")
                    }
        elif path == CONFLICT:
            references = [read.text(item) for item in subtree.element]
            place.add("ddex.conflict_told", "ConflictRightShareReference", ", ".join(references))
    yield from place.remarks


def _recalled(message: _Notification, subtree: Subtree, place: Place) -> Iterator[Item]:
    """A whole message that is taken back; of single notifications in one nothing is known here."""
    recalled = read.first_text(subtree.element, ("RecalledMessageId",))
    if message.envelope.content != "revocation":
        return
    if not recalled or list(read.children(subtree.element, "RecalledNotification")):
        place.add("ddex.recalled", "RecalledMessageId", recalled)
        return
    yield RetractionDeclaration(
        ref=f"mwn:{message.envelope.header.message_id}:{recalled}",
        retracts="message",
        refs=(quote(recalled),),
        reason=read.first_text(subtree.element, ("Reason",)),
        position=subtree.position,
    )


def _party(message: _Notification, found: Found, place: Place) -> None:
    key = found.text("reference")
    if key in message.parties:
        place.add("ddex.reference_twice", "PartyReference", key)
    message.parties[key] = read.party_of(found, place.position, place.remarks)
    message.affiliations.add(key, found.parts("affiliation"), message.territories, place)


def _work(message: _Notification, found: Found, place: Place) -> None:
    key = found.text("reference")
    if key in message.works:
        place.add("ddex.reference_twice", "MusicalWorkReference", key)
    message.works[key] = work_of(found, message.envelope.who.sender, place)


def _recording(message: _Notification, found: Found, place: Place) -> None:
    recording = recording_of(found, message.parties, place)
    for link in found.parts("link"):
        key = link.text("work")
        if key not in message.works:
            place.add("ddex.work_reference", "ResourceMusicalWorkReference", key)
        elif not link.flag("incorrect"):
            message.linked[key].append(recording)


def _share(message: _Notification, found: Found, place: Place) -> None:
    share = share_in(found, message.parties, message.territories, message.envelope.table, place)
    if share is None:
        return
    for key in found.texts("work"):
        if key not in message.works:
            place.add("ddex.work_reference", "RightShareWorkReference", key)
        else:
            message.shares[key].append(replace(share))


def _declared(message: _Notification) -> Iterator[Item]:
    """The works of a message, or what it says instead of declaring them."""
    for reference in message.affiliations.resolve(message.parties):
        yield Finding("ddex.party_reference", "/PartyList", "SocietyAffiliation", value=quote(reference))
    for key, work in message.works.items():
        place = Place(work.position, "MusicalWork", [])
        made: list[Item] = []
        if work.rejected:
            made = [Rejection("work", work.position, work.declaration.ref)]
        elif message.profile == CONFLICTS:
            place.add("ddex.conflict_notice", "ProfileId", work.declaration.ref)
        elif message.profile == LINKS:
            pass
        else:
            made = list(_notified(message, key, work, place))
        yield from place.remarks
        yield from made
    if message.profile == LINKS:
        yield from linked_recordings(message.works, message.linked)
    yield from message.affiliations.mandates(message.parties, message.envelope.created)


def _notified(message: _Notification, key: str, work: Work, place: Place) -> Iterator[Item]:
    """One work with its claims, and the mandates to agents that its shares state."""
    shares = message.shares.get(key, [])
    if work.revoked:
        place.add("ddex.work_revoked", "RevocationReason", work.revoked)
        shares = []
    for share in shares:
        share.controlled = share.reference not in message.disclaimed
        if share.kinds == (LICENSING,) and not share.agent:
            place.add("ddex.licensing_share", "RightShareType", share.reference)
    unknown = [reference for reference in work.roles if reference not in message.parties]
    for reference in unknown:
        place.add("ddex.party_reference", "WriterPartyReference", reference)
    claims = claims_of(shares, message.parties, work.roles, message.affiliations.unlimited, place)
    yield WorkDeclaration(
        ref=work.declaration.ref,
        title=work.declaration.title,
        titles=work.declaration.titles,
        iswc=work.declaration.iswc,
        language=work.declaration.language,
        duration=work.declaration.duration,
        claims=claims,
        recordings=tuple(dict.fromkeys(message.linked.get(key, ()))),
        other_refs=work.declaration.other_refs,
        details=(
            *work.declaration.details,
            *(("disputed share", share.own_ref or share.reference) for share in shares if share.disputed),
        ),
        position=work.position,
    )
    for share in shares:
        if share.agent:
            yield from _agency(message, work, share, place)


def _agency(message: _Notification, work: Work, share: Share, place: Place) -> Iterator[Item]:
    """The licensing agent of one share as the holder of a mandate for this work."""
    party, agent = message.parties[share.party], message.parties[share.agent]
    grantor, holder = identity(party), society_of(agent)
    code = work.declaration.iswc
    if not grantor or not holder:
        place.add("ddex.mandate_party", "LicensingAgent", party.name if not grantor else agent.name)
    elif not iswc.is_valid(code):
        place.add("ddex.work_mandate_subject", "LicensingAgent", work.declaration.ref)
    elif share.rights:
        scope = share.scope
        if not scope.valid_from:
            # MWN: without a period a share begins when the message is sent.
            scope = Scope(scope.territories, scope.uses, message.envelope.created, scope.valid_to)
        yield declare(
            f"{work.declaration.ref}:{grantor}:{holder}:{share.own_ref or share.reference}",
            ("party", grantor, party.full_name),
            holder,
            share.rights,
            scope,
            ASSERTION,
            Place(share.position, "RightShare", place.remarks),
            works=(f"iswc:{iswc.compact(code)}",),
            evidence=share.agreement,
        )
