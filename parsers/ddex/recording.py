"""One ``SoundRecording`` element into declarations, by the element table of its version group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from parsers.ddex import elements as read
from parsers.ddex.claims import Controller, controllers, performer_claims, producer_claims
from parsers.ddex.gathering import Element, Found, gather, one_line
from parsers.ddex.mandates import delegations, numbered, performer_delegations
from parsers.ddex.recording_people import People, distinct, shown_artist
from parsers.ddex.remembered import MOST_STATEMENTS, Message
from parsers.ddex.scope import Place, scope_of
from parsers.reading import Item
from schemas.declarations import (
    MandateDeclaration,
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

_WORDS = re.compile("(?<=[a-z])(?=[A-Z])")
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


def _version_words(kind: str) -> str:
    """A version type in words, in which versions are recognised.

    >>> _version_words("RadioEditVersion")
    'Radio Edit Version'
    """
    return _WORDS.sub(" ", kind)


class _Reader:
    """The fields of one recording; what both claims and mandates need is read once."""

    def __init__(self, found: Found, message: Message, place: Place) -> None:
        self.found = found
        self.message = message
        self.place = place
        self.blocks = _blocks(found)
        self.controllers: list[Controller] = []
        self.people = People(message, place, self.blocks)

    def recording(self) -> RecordingDeclaration:
        """The declaration, complete but for its mandates."""
        found, blocks, place, people = self.found, self.blocks, self.place, self.people
        codes = self._codes()
        proprietary = self._proprietary()
        titles, version = self._titles()
        artists = people.contributors("artist")
        named = [*artists, *people.contributors("contributor"), *people.contributors("indirect_contributor")]
        contributors = distinct(named)
        p_line, year = self._p_line()
        stated = self.controllers = self._controllers()
        claims = producer_claims(stated, place.position) if stated else []
        if self.people.performers:
            claims += performer_claims(self.people.members(), place.position)
        for name in ("kind", "version"):
            if name in found.leaves:
                people.check(found.leaves[name])
        return RecordingDeclaration(
            self._ref(codes, proprietary),
            titles[0].text if titles else "",
            codes,
            version,
            titles[1:],
            _first(blocks, "artist_name") or shown_artist(artists, contributors),
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
        for found, parties, societies in self.people.performers:
            parts = found.parts("delegated")
            scopes = [scope for scope in (scope_of(part, place) for part in parts) if scope is not None]
            for party in parties if scopes else ():
                yield from performer_delegations(
                    party, scopes, societies, recording.isrcs, recording.ref, place
                )

    def _details(self) -> list[tuple[str, str]]:
        """What has no place of its own, and the artist's name as it is shown in other languages or places."""
        details = [(name, value) for name in ("language", "kind") if (value := self.found.text(name))]
        if "version" in self.found.leaves:
            details += [("version_type", value) for value in self._version_types()]
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
        """All titles, the one to show first, and the version by its subtitle, or else by a version type."""
        version = ""
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
        return tuple(seen.values()), version or next(map(_version_words, self._version_types()), "")

    def _version_types(self) -> list[str]:
        stated = self.found.leaves.get("version", ())
        return [value for item in stated if (value := item.get("UserDefinedValue") or one_line(item.text))]

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
                stated.append((item, self.people.parties(item), outer))
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


def _first(blocks: Blocks, field: str) -> str:
    for block in blocks:
        value = block.text(field)
        if value:
            return value
    return ""
