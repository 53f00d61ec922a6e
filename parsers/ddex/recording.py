"""One ``SoundRecording`` element into declarations, by the element table of its version group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from parsers.ddex import elements as read
from parsers.ddex.claims import Controller, controllers, performer_claims, producer_claims
from parsers.ddex.gathering import Element, Found, gather, one_line
from parsers.ddex.mandates import delegations, numbered, performer_delegations, society_of
from parsers.ddex.remembered import MOST_NAMED, MOST_STATEMENTS, Message
from parsers.ddex.scope import Place, scope_of
from parsers.reading import Item
from schemas.declarations import (
    MandateDeclaration,
    PartyName,
    Performer,
    RecordingDeclaration,
    Rejection,
    Title,
    WorkReference,
)
from schemas.findings import rule
from schemas.identifiers import isrc, iswc
from schemas.identifiers.errors import ValidationError

RECORD = "SoundRecording"
_WRITERS = "Composer Lyricist ComposerLyricist Author Adapter Arranger Librettist SubArranger Translator"
WRITERS = frozenset(_WRITERS.split())
"""Contributor roles that make somebody a writer of the work: they are hints for linking, not claims."""

ROLES = {
    "DisplayConductor": "Conductor",
    "DisplayComposer": "Composer",
    "FeaturedArtist": "FeaturedArtist",
    "FeaturedNonContractedArtist": "FeaturedArtist",
    "NonFeaturedArtist": "NonFeaturedArtist",
}
"""Elements whose name says the role of the party in it."""

P_LINE = frozenset({"Year", "PLineText"})
TITLES = (("title", "OT"), ("additional_title", "AT"))
"""Fields with titles and the kind of a title that does not say of which kind it is."""

Blocks = list[Found]


def declare(element: Element, position: str, message: Message) -> Iterator[Item]:
    """The recording of an element with its findings and mandates; one without identifier or title fails."""
    found = gather(element, message.table.plans["recording"], message.unread)
    place = Place(position, RECORD, [])
    reader = _Reader(found, message, place)
    recording = reader.recording()
    if not recording.title:
        place.add("ddex.no_title", "")
    if not recording.ref:
        place.add("ddex.no_identifier", "")
    mandates = list(numbered(reader.mandates(recording))) if message.mandates else []
    if place.remarks:
        yield from place.remarks
        if any(rule(item.code).severity == "error" for item in place.remarks):
            yield Rejection("recording", position, recording.ref)
            return
    yield recording
    yield from mandates


class _Reader:
    """The fields of one recording; what both claims and mandates need is read once."""

    def __init__(self, found: Found, message: Message, place: Place) -> None:
        self.found = found
        self.message = message
        self.place = place
        self.blocks = _blocks(found)
        self.controllers: list[Controller] = []
        self.performers: list[tuple[Found, list[PartyName], tuple[str, ...]]] = []

    def recording(self) -> RecordingDeclaration:
        """The declaration, complete but for its mandates."""
        found, blocks, place = self.found, self.blocks, self.place
        codes = self._codes()
        proprietary = self._proprietary()
        titles, version = self._titles()
        artists = self._contributors("artist")
        named = [*artists, *self._contributors("contributor"), *self._contributors("indirect_contributor")]
        contributors = _distinct(named)
        p_line, year = self._p_line()
        stated = self.controllers = self._controllers()
        claims = producer_claims(stated, place.position) if stated else []
        if self.performers:
            claims += performer_claims(self._members(), place.position)
        for name in ("kind", "version"):
            if name in found.leaves:
                self._allowed(found.leaves[name])
        return RecordingDeclaration(
            self._ref(codes, proprietary),
            titles[0].text if titles else "",
            codes,
            version,
            titles[1:],
            _first(blocks, "artist_name") or _shown(artists, contributors),
            contributors,
            self._duration(),
            year,
            self._label(),
            p_line,
            works=self._works(contributors),
            claims=tuple(claims),
            other_refs=proprietary,
            details=tuple(self._details()),
            position=place.position,
        )

    def mandates(self, recording: RecordingDeclaration) -> Iterator[MandateDeclaration]:
        """What the recording's rights controllers and performers delegate."""
        message, place = self.message, self.place
        yield from delegations(
            self.controllers,
            recording.isrcs,
            recording.ref,
            message.who,
            explicit=message.explicit,
            place=place,
        )
        for found, parties, societies in self.performers:
            parts = found.parts("delegated")
            scopes = [scope for scope in (scope_of(part, place) for part in parts) if scope is not None]
            for party in parties if scopes else ():
                yield from performer_delegations(
                    party, scopes, societies, recording.isrcs, recording.ref, place
                )

    def _details(self) -> list[tuple[str, str]]:
        """What has no place of its own, and the artist's name as it is shown in other languages or places."""
        details = [(name, value) for name in ("language", "kind") if (value := self.found.text(name))]
        if len(self.blocks) > 1 or len(self.blocks[0].all("artist_name")) > 1:
            shown = [item for block in self.blocks for item in block.leaves.get("artist_name", ())]
            first = next(filter(None, (one_line(item.text) for item in shown)), "")
            for item in shown:
                pair = (f"artist_name {item.get('LanguageAndScriptCode', '')}".strip(), one_line(item.text))
                if pair[1] not in ("", first) and pair not in details:
                    details.append(pair)
        return details

    def _codes(self) -> tuple[str, ...]:
        codes: list[str] = []
        for item in self.found.leaves.get("isrc", ()):
            code = one_line(item.text)
            above = item.getparent()
            if not code or (above is not None and above.get("IsReplaced") == "true"):
                continue
            try:
                codes.append(isrc.validate(code))
            except ValidationError as fault:
                self.place.add("identifier.isrc", "ISRC", code, str(fault))
                codes.append(isrc.compact(code))
        return tuple(dict.fromkeys(codes)) if len(codes) > 1 else tuple(codes)

    def _proprietary(self) -> tuple[tuple[str, str], ...]:
        if "proprietary_id" not in self.found.leaves and "catalog_number" not in self.found.leaves:
            return ()
        named = [
            (item.get("Namespace", ""), one_line(item.text)) for item in self.found.all("proprietary_id")
        ]
        named += [("catalog number", value) for value in self.found.texts("catalog_number")]
        return tuple(dict.fromkeys(pair for pair in named if pair[1]))

    def _ref(self, codes: tuple[str, ...], proprietary: tuple[tuple[str, str], ...]) -> str:
        """The sender's own key: an ISRC, else an own identifier, else its place in this message."""
        if codes:
            return self.message.family + codes[0]
        if proprietary:
            return self.message.family + ":".join(filter(None, proprietary[0]))
        reference = self.found.text("reference")
        return f"{self.message.family}{self.message.message_id}:{reference}" if reference else ""

    def _titles(self) -> tuple[tuple[Title, ...], str]:
        """All titles, the one to show first, and the version that its subtitle or a version type names."""
        version = self.found.text("version")
        seen: dict[str, Title] = {}
        sources = self.blocks if self.blocks[0] is self.found else [self.found, *self.blocks]
        for block in sources:
            for name, kind in TITLES:
                for item in block.leaves.get(name, ()):
                    text, subtitle = read.title_text(item)
                    version = version or subtitle
                    if text and text not in seen:
                        seen[text] = read.title(item, text, kind)
        for item in self.found.leaves.get("title_text", ()):
            text = one_line(item.text)
            if text and text not in seen:
                seen[text] = read.title(item, text, "AT")
        return tuple(seen.values()), version

    def _contributors(self, name: str) -> list[Performer]:
        found: list[Performer] = []
        for block in self.blocks:
            for item in block.groups.get(name, ()):
                leaves = item.leaves
                # Most contributors are one reference and one role, and the same again on the next recording.
                key = None
                if len(leaves) == 2 and not item.groups:
                    named, stated = leaves.get("party"), leaves.get("role")
                    if named is not None and stated is not None and len(named) == len(stated) == 1:
                        key = (named[0].text, stated[0].text)
                        known = self.message.named.get(key)
                        if known is not None:
                            found.append(known)
                            continue
                parties = self._parties(item)
                roles = item.texts("role") or (ROLES.get(read.local(item.element), ""),)
                new = [Performer(party, role) for party in parties for role in roles]
                found += new
                usual = self._allowed(item.all("role"))
                once = len(new) == len(leaves.get("party", ())) == 1
                if key and usual and once and len(self.message.named) < MOST_NAMED:
                    self.message.named[key] = new[0]
                if name == "contributor" and item.groups:
                    self.performers.append((item, parties, self._societies(item)))
        return found

    def _allowed(self, stated: Sequence[Element]) -> bool:
        """Whether these have values that this version allows; findings on those that it does not."""
        allowed = True
        for element in stated:
            known = (element.tag, element.text)
            if known in self.message.usual:
                continue
            name, value = read.local(element), one_line(element.text)
            if value and value not in self.message.table.allowed.get(name, (value,)):
                self.place.add("ddex.avs", name, value)
                allowed = False
            elif len(self.message.usual) < MOST_STATEMENTS:
                self.message.usual.add(known)
        return allowed

    def _societies(self, item: Found) -> tuple[str, ...]:
        """Codes of the societies that a performer is said to be a member of, without a stated end."""
        codes = (
            society_of(read.party_of(organization, self.place.position, self.place.remarks))
            for membership in item.parts("membership")
            if not membership.text("end")
            for organization in membership.parts("organization")
        )
        return tuple(dict.fromkeys(filter(None, codes)))

    def _members(self) -> list[tuple[PartyName, str, tuple[str, ...]]]:
        members: dict[tuple[PartyName, str, tuple[str, ...]], None] = {}
        for item, parties, societies in self.performers:
            for party in parties:
                members[party, "|".join(item.texts("role")), societies] = None
        return list(members)

    def _parties(self, item: Found) -> list[PartyName]:
        """Parties named inline, or referred to in the message's party list."""
        found = []
        if "PartyName" in item.leaves or "PartyId" in item.leaves:
            party = read.party_of(item, self.place.position, self.place.remarks)
            if party.name:
                found.append(party)
        for reference in item.all("party"):
            key = one_line(reference.text)
            known = self.message.parties.get(key)
            if known is not None:
                found.append(known)
            elif key:
                self.place.add("ddex.party_reference", read.local(reference), key)
        return found

    def _duration(self) -> int:
        value = self.found.text("duration")
        length = read.seconds(value) if value else 0
        if length is None:
            self.place.add("ddex.duration", "Duration", value)
        return length or 0

    def _p_line(self) -> tuple[str, int]:
        """The text and the year of the P-lines; without a year in them, the year of making."""
        text = year = ""
        for block in self.blocks:
            for line in block.all("p_line"):
                for child in line[:]:
                    tag = child.tag
                    name = tag if tag in P_LINE else read.local(child)
                    if name == "PLineText":
                        text = text or one_line(child.text)
                    elif name == "Year":
                        year = year or one_line(child.text)
        year = year or self.found.text("created")[:4]
        if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
            self.place.add("ddex.year", "Year", year)
            year = ""
        return text, int(year or 0)

    def _label(self) -> str:
        value = _first(self.blocks, "label")
        known = self.message.parties.get(value) if value else None
        return known.name if known is not None else value

    def _works(self, contributors: Sequence[Performer]) -> tuple[WorkReference, ...]:
        """Works by identifier; without one, the title and the writers that the message names."""
        named = [item.party for item in contributors if item.role in WRITERS]
        writers = tuple(dict.fromkeys(named)) if len(named) > 1 else tuple(named)
        found = self.found.leaves
        if "iswc" not in found and "work_reference" not in found and "work_id" not in found:
            return (WorkReference(writers=writers),) if writers else ()
        works = []
        for code in self.found.texts("iswc"):
            try:
                works.append(WorkReference(iswc=iswc.validate(code), writers=writers))
            except ValidationError as fault:
                self.place.add("identifier.iswc", "ISWC", code, str(fault))
                works.append(WorkReference(iswc=iswc.compact(code), writers=writers))
        for key in self.found.texts("work_reference"):
            if key in self.message.works:
                works.append(self.message.works[key])
            else:
                self.place.add("ddex.work_reference", "ResourceMusicalWorkReference", key)
        if not works:
            works += [WorkReference(ref=value, writers=writers) for value in self.found.texts("work_id")]
        if not works and writers:
            works.append(WorkReference(writers=writers))
        return tuple(dict.fromkeys(works)) if len(works) > 1 else tuple(works)

    def _controllers(self) -> list[Controller]:
        """The rights controllers; what a label says of one recording it mostly says of all the others too."""
        stated = self.found.all("rights_controller")
        if not stated or len(self.blocks) > 1:
            return self._read_controllers()
        key = etree.tostring(stated[0], encoding="unicode", with_tail=False)
        for element in stated[1:]:
            key += etree.tostring(element, encoding="unicode", with_tail=False)
        known = self.message.controllers.get(key)
        if known is None:
            remarks, unread = len(self.place.remarks), sum(self.message.unread.values())
            known = self._read_controllers()
            # With findings it must be read again, because they belong to each recording.
            clean = len(self.place.remarks) == remarks and sum(self.message.unread.values()) == unread
            if clean and len(self.message.controllers) < MOST_STATEMENTS:
                self.message.controllers[key] = known
        return known

    def _read_controllers(self) -> list[Controller]:
        stated = []
        plan = self.message.table.plans.get("controller", {})
        for block in self.blocks:
            outer = None if block is self.found else block
            for element in block.all("rights_controller"):
                item = gather(element, plan, self.message.unread, read.local(element))
                stated.append((item, self._parties(item), outer))
        if not stated:
            return []
        return controllers(stated, self.message.table, self.place)


def _blocks(found: Found) -> Blocks:
    """What holds the statements per territory, the worldwide one first; from 4.0 on the recording itself.

    Versions that have both say some things above the blocks and some in them.
    """
    blocks = list(found.parts("details"))
    if not blocks:
        return [found]
    if len(blocks) > 1:
        blocks.sort(key=lambda block: block.text("territory") != "Worldwide")
    moved_up = found.groups.keys() - {"details"} or found.all("rights_controller")
    return [found, *blocks] if moved_up else blocks


def _distinct(named: Sequence[Performer]) -> tuple[Performer, ...]:
    """Contributors in order, each once."""
    # Hashing whole parties is dear, and most recordings name nobody twice in one role.
    if len(named) < 2 or len({(item.party.name, item.role) for item in named}) == len(named):
        return tuple(named)
    return tuple(dict.fromkeys(named))


def _first(blocks: Blocks, field: str) -> str:
    for block in blocks:
        value = block.text(field)
        if value:
            return value
    return ""


def _shown(artists: Sequence[Performer], contributors: Sequence[Performer]) -> str:
    """The artist where no name to show is stated."""
    shown = ", ".join(dict.fromkeys(item.party.name for item in artists))
    return shown or next((item.party.name for item in contributors if item.role == "MainArtist"), "")
