"""ERN messages: parties, works, sound recordings and the releases they are on in one pass; deals are counted.

A message is a statement of truth: it replaces all that its sender said of the same recordings before, as the
hub takes every newer statement, and the deprecated ``UpdateIndicator`` adds nothing to that. A purge, a
takedown and deals that end or are left out end an offer by a service. They end no right in a recording and
withdraw no statement about it, so they are told and change nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from lxml import etree

from parsers.ddex import elements as read
from parsers.ddex.envelope import HEADER, Envelope
from parsers.ddex.gathering import Element, gather, one_line
from parsers.ddex.recording import declare
from parsers.ddex.releases import TRACK, Releases
from parsers.ddex.remembered import Message
from parsers.ddex.scope import Place, period_of
from parsers.reading import FILE, Item
from parsers.xml_stream import Refused, Subtree
from schemas.ddex.elements import ElementTable
from schemas.findings import Finding, quote

PARTY = ("PartyList", "Party")
WORK = ("WorkList", "MusicalWork")
RECORDING = ("ResourceList", "SoundRecording")
RESOURCE = ("ResourceList", "*")
RELEASE = ("ReleaseList", "*")
DEAL = ("DealList", "ReleaseDeal")
PURGED = ("PurgedRelease",)
UPDATE = ("UpdateIndicator",)
WANTED = (HEADER, PARTY, WORK, RESOURCE, RELEASE, DEAL, PURGED, UPDATE)
MOST = 200_000
"""Parties, and works, that one message may define; they are kept until its end."""
MOST_RELEASES = 200_000
"""Of so many releases it is known whether deals refer to them; beyond that nothing is said of it."""
MOST_TERMS = 1000
"""So many different deals are remembered as having nothing wrong: most are the same again."""
RELEASE_IDS = ("GRid", "ICPN", "ISRC", "CatalogNumber", "ProprietaryId")


class _Deals:
    """Deals as counts: they are licences to services and no mandates."""

    def __init__(self, table: ElementTable) -> None:
        self.plan = table.plans.get("release_deal", {})
        self.deal_plan = table.plans.get("deal", {})
        self.usual: set[str] = set()
        self.count = 0
        self.ended = 0
        self.releases: dict[str, bool] = {}
        """By reference whether a deal offers it; nothing more is added when there are too many."""

    def release(self, element: Element) -> None:
        """Remember a release, so that deals can be seen to refer to it."""
        if len(self.releases) <= MOST_RELEASES:
            self.releases.setdefault(read.child_text(element, "ReleaseReference"), False)

    def read(self, element: Element, position: str) -> list[Finding]:
        """Count the deals of one ``ReleaseDeal``; findings on impossible terms."""
        remarks: list[Finding] = []
        stated: list[Element] = []
        for child in element[:]:
            # What else deals say is not the hub's business, so it is not reported as unread either.
            step = self.plan.get(child.tag) or self.plan.get(read.local(child))  # type: ignore[arg-type]
            if step is None:
                continue
            if step.field == "deal":
                stated.append(child)
            elif len(self.releases) <= MOST_RELEASES:
                reference = one_line(child.text)
                if reference in self.releases:
                    self.releases[reference] = True
                else:
                    place = Place(position, "Deal", remarks)
                    place.add("ddex.release_reference", "DealReleaseReference", reference)
        for deal in stated:
            self.count += 1
            key = etree.tostring(deal, encoding="unicode", with_tail=False)
            if key not in self.usual:
                clean = len(remarks)
                ended = self._check(deal, Place(position, "Deal", remarks))
                self.ended += ended
                if not ended and len(remarks) == clean and len(self.usual) < MOST_TERMS:
                    self.usual.add(key)
        return remarks

    def _check(self, deal: Element, place: Place) -> int:
        """How many terms of a deal end an offer; findings on impossible ones."""
        ended = 0
        for terms in gather(deal, self.deal_plan, {}).parts("terms"):
            ended += terms.flag("ended")
            for period in terms.parts("period"):
                period_of(period.text("start"), period.text("end"), place)
            if terms.all("excluded_territory") and terms.all("territory"):
                place.add("ddex.territory_both", "ExcludedTerritoryCode")
        return ended


def body(envelope: Envelope) -> Iterator[Item]:
    """The items of an ERN message after its header."""
    message = Message(envelope.table, envelope.who, envelope.header.message_id, unread=envelope.unread)
    resources: Counter[str] = Counter()
    deals = _Deals(envelope.table)
    releases = Releases(envelope.table, message.parties)
    for subtree in envelope.subtrees:
        path = subtree.path
        top = path[0]
        if top == RESOURCE[0]:
            if path != RECORDING:
                resources[path[1]] += 1
                continue
            said = declare(subtree.element, subtree.position, message)
            yield from said if releases.given_up else releases.hold(subtree.element, said)
        elif top == DEAL[0]:
            yield from deals.read(subtree.element, subtree.position)
        elif top == RELEASE[0]:
            deals.release(subtree.element)
            if not releases.given_up or subtree.element.tag != TRACK:
                yield from releases.add(subtree.element, subtree.position)
        elif path == PARTY:
            _limit(message.parties, subtree)
            yield from _party(subtree.element, subtree.position, message)
        elif path == WORK:
            key, work, remarks = read.work_of(subtree.element, subtree.position)
            _limit(message.works, subtree)
            message.works[key] = work
            yield from remarks
        elif path == PURGED:
            yield from _purged(subtree.element, subtree.position)
        elif path == UPDATE and read.text(subtree.element) != "OriginalMessage":
            indicator = quote(read.text(subtree.element))
            yield Finding("ddex.update", FILE, field="UpdateIndicator", value=indicator)
    yield from releases.settle()
    for kind, count in sorted(resources.items()):
        yield Finding("ddex.resource_not_catalogued", "/ResourceList", value=kind, detail=str(count))
    if deals.count:
        yield Finding("ddex.deals_not_mandates", "/DealList", detail=str(deals.count))
    known = len(deals.releases) <= MOST_RELEASES
    unoffered = sum(not offered for offered in deals.releases.values()) if known else 0
    if unoffered:
        yield Finding("ddex.release_without_deal", "/ReleaseList", detail=str(unoffered))
    if deals.ended:
        yield Finding("ddex.takedown", "/DealList", detail=str(deals.ended))


def _limit(kept: Mapping[str, object], subtree: Subtree) -> None:
    """Refuse a message that would have to be kept as a whole.

    Raises:
        Refused: as many are kept as may be.
    """
    if len(kept) >= MOST:
        raise Refused(Finding("ddex.too_many", subtree.position, subtree.path[-1], detail=str(MOST)))


def _party(element: Element, position: str, message: Message) -> Iterator[Finding]:
    found: list[Finding] = []
    key = read.first_text(element, ("PartyReference",))
    if key in message.parties:
        found.append(Finding("ddex.reference_twice", position, "Party", "PartyReference", quote(key)))
    message.parties[key] = read.party_in(element, position, found)
    yield from found


def _purged(element: Element, position: str) -> Iterator[Finding]:
    """The identifiers, else the title, of a release that its sender purges."""
    named = [
        f"{name} {value}"
        for name in RELEASE_IDS
        if (value := read.first_text(element, (f"ReleaseId/{name}",)))
    ]
    title = read.first_text(element, ("Title/TitleText",))
    shown = ", ".join(named) or title
    yield Finding("ddex.purge_recorded", position, "PurgedRelease", value=quote(shown))
