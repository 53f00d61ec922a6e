"""One ``SoundRecording`` element into a declaration, by the element table of its version group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.ddex import elements as read
from parsers.ddex.elements import Element
from schemas import territories
from schemas.ddex.elements import ElementTable
from schemas.declarations import (
    Claim,
    CollectionShare,
    PartyName,
    Performer,
    RecordingDeclaration,
    Rejection,
    RightShare,
    Title,
    WorkReference,
)
from schemas.findings import Finding, quote
from schemas.identifiers import isrc, iswc
from schemas.identifiers.errors import ValidationError
from schemas.shares import ShareError, parse_percent

RECORD = "SoundRecording"
_WRITERS = "Composer Lyricist ComposerLyricist Author Adapter Arranger Librettist SubArranger Translator"
WRITERS = frozenset(_WRITERS.split())
"""Contributor roles that make somebody a writer of the work: they are hints for linking, not claims."""


@dataclass(slots=True)
class Message:
    """What a message has said before its recordings, and what is counted along the way."""

    table: ElementTable
    message_id: str = ""
    parties: dict[str, PartyName] = field(default_factory=dict)
    works: dict[str, WorkReference] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)


def declare(
    element: Element, position: str, message: Message
) -> Iterator[RecordingDeclaration | Rejection | Finding]:
    """The recording of an element with its findings; one without an identifier or title is rejected."""
    found: list[Finding] = []
    reader = _Reader(element, position, message, found)
    recording = reader.recording()
    for path in read.unread(element, dict(message.table.known)):
        message.unread[path] = message.unread.get(path, 0) + 1
    if not recording.title:
        found.append(Finding("ddex.no_title", position, RECORD))
    if not recording.ref:
        found.append(Finding("ddex.no_identifier", position, RECORD))
    yield from found
    failed = any(item.severity == "error" for item in found)
    yield Rejection("recording", position, recording.ref) if failed else recording


@dataclass(slots=True)
class _Reader:
    element: Element
    position: str
    message: Message
    found: list[Finding]

    def recording(self) -> RecordingDeclaration:
        blocks = self._blocks()
        codes = self._codes()
        proprietary = self._proprietary()
        titles, version = self._titles(blocks)
        contributors = tuple(self._contributors(blocks, ("artist", "contributor", "indirect_contributor")))
        return RecordingDeclaration(
            ref=self._ref(codes, proprietary),
            title=titles[0].text if titles else "",
            isrcs=codes,
            version=version,
            titles=titles[1:],
            artist=self._artist(blocks, contributors),
            contributors=contributors,
            duration=self._duration(),
            year=self._year(blocks),
            label=self._label(blocks),
            p_line=self._p_line(blocks, "PLineText"),
            works=self._works(contributors),
            claims=tuple(self._claims(blocks)),
            other_refs=proprietary,
            details=tuple((name, value) for name in ("language", "kind") if (value := self._first(name))),
            position=self.position,
        )

    def _paths(self, name: str, part: str = "recording") -> tuple[str, ...]:
        return self.message.table.fields(part, name)

    def _first(self, name: str) -> str:
        return read.first_text(self.element, self._paths(name))

    def _blocks(self) -> list[tuple[Element, str]]:
        """The elements that hold what is said per territory, the worldwide one first, with their part.

        From 4.0 on the recording itself is the only block.
        """
        blocks = list(read.every(self.element, self._paths("details")))
        if not blocks:
            return [(self.element, "recording")]
        blocks.sort(
            key=lambda block: read.first_text(block, self._paths("territory", "details")) != "Worldwide"
        )
        return [(block, "details") for block in blocks]

    def _codes(self) -> tuple[str, ...]:
        codes = []
        for code in read.texts(self.element, self._paths("isrc")):
            try:
                codes.append(isrc.validate(code))
            except ValidationError as fault:
                self.found.append(
                    Finding("identifier.isrc", self.position, RECORD, "ISRC", quote(code), str(fault))
                )
                codes.append(isrc.compact(code))
        return tuple(dict.fromkeys(codes))

    def _proprietary(self) -> tuple[tuple[str, str], ...]:
        named = (
            (item.get("Namespace", ""), read.text(item))
            for item in read.every(self.element, self._paths("proprietary_id"))
        )
        numbered = (
            ("catalog number", value) for value in read.texts(self.element, self._paths("catalog_number"))
        )
        return tuple(dict.fromkeys(pair for pair in (*named, *numbered) if pair[1]))

    def _ref(self, codes: tuple[str, ...], proprietary: tuple[tuple[str, str], ...]) -> str:
        """The sender's own key: an ISRC, else an own identifier, else its place in this message."""
        if codes:
            return codes[0]
        if proprietary:
            return ":".join(filter(None, proprietary[0]))
        reference = self._first("reference")
        return f"{self.message.message_id}:{reference}" if reference else ""

    def _titles(self, blocks: list[tuple[Element, str]]) -> tuple[tuple[Title, ...], str]:
        """All titles, the one to show first, and the version that its subtitle or a version type names."""
        found: list[Title] = []
        version = self._first("version")
        for element, part in [(self.element, "recording"), *blocks]:
            for name, kind in (("title", "OT"), ("additional_title", "AT")):
                for item in read.every(element, self._paths(name, part)):
                    title, subtitle = read.title_of(item, kind)
                    version = version or subtitle
                    found.append(title)
        found += [Title(text, "AT") for text in read.texts(self.element, self._paths("title_text"))]
        seen: dict[str, Title] = {}
        for title in found:
            if title.text:
                seen.setdefault(title.text, title)
        return tuple(seen.values()), version

    def _contributors(self, blocks: list[tuple[Element, str]], names: tuple[str, ...]) -> Iterator[Performer]:
        seen: set[Performer] = set()
        for element, part in blocks:
            for name in names:
                for item in read.every(element, self._paths(name, part)):
                    roles = read.texts(item, self._paths("role", "contributor")) or ("",)
                    for party in self._parties(item, "contributor"):
                        for role in roles:
                            performer = Performer(party, role)
                            if party.name and performer not in seen:
                                seen.add(performer)
                                yield performer

    def _parties(self, item: Element, part: str) -> Iterator[PartyName]:
        """Parties named inline, or referred to in the message's party list."""
        for path in self._paths("party", part):
            if path == ".":
                party = read.party_of(item, self.position, self.found)
                if party.name:
                    yield party
                continue
            for reference in read.find_all(item, path):
                key = read.text(reference)
                known = self.message.parties.get(key)
                if known is not None:
                    yield known
                elif key:
                    self.found.append(
                        Finding("ddex.party_reference", self.position, RECORD, path, quote(key))
                    )

    def _artist(self, blocks: list[tuple[Element, str]], contributors: tuple[Performer, ...]) -> str:
        for element, part in blocks:
            name = read.first_text(element, self._paths("artist_name", part))
            if name:
                return name
        for element, part in blocks:
            shown = [item.party.name for item in self._contributors([(element, part)], ("artist",))]
            if shown:
                return ", ".join(dict.fromkeys(shown))
        return next((item.party.name for item in contributors if item.role == "MainArtist"), "")

    def _duration(self) -> int:
        value = self._first("duration")
        if not value:
            return 0
        length = read.seconds(value)
        if length is None:
            self.found.append(Finding("ddex.duration", self.position, RECORD, "Duration", quote(value)))
        return length or 0

    def _p_line(self, blocks: list[tuple[Element, str]], name: str) -> str:
        for element, part in blocks:
            for line in read.every(element, self._paths("p_line", part)):
                value = read.first_text(line, (name,))
                if value:
                    return value
        return ""

    def _year(self, blocks: list[tuple[Element, str]]) -> int:
        value = self._p_line(blocks, "Year") or self._first("created")[:4]
        if not value:
            return 0
        if not (value.isascii() and value.isdecimal() and len(value) == 4):
            self.found.append(Finding("ddex.year", self.position, RECORD, "Year", quote(value)))
            return 0
        return int(value)

    def _label(self, blocks: list[tuple[Element, str]]) -> str:
        for element, part in blocks:
            value = read.first_text(element, self._paths("label", part))
            if value:
                known = self.message.parties.get(value)
                return known.name if known is not None else value
        return ""

    def _works(self, contributors: tuple[Performer, ...]) -> tuple[WorkReference, ...]:
        """Works by identifier; without one, the title and the writers that the message names."""
        writers = tuple(dict.fromkeys(item.party for item in contributors if item.role in WRITERS))
        works = []
        for code in read.texts(self.element, self._paths("iswc")):
            try:
                works.append(WorkReference(iswc=iswc.validate(code), writers=writers))
            except ValidationError as fault:
                self.found.append(
                    Finding("identifier.iswc", self.position, RECORD, "ISWC", quote(code), str(fault))
                )
                works.append(WorkReference(iswc=iswc.compact(code), writers=writers))
        for key in read.texts(self.element, self._paths("work_reference")):
            if key in self.message.works:
                works.append(self.message.works[key])
        if not works and writers:
            works.append(WorkReference(writers=writers))
        return tuple(dict.fromkeys(works))

    def _claims(self, blocks: list[tuple[Element, str]]) -> Iterator[Claim]:
        """Producers' rights as the message's rights controllers state them; nothing is invented."""
        for element, part in blocks:
            for item in read.every(element, self._paths("rights_controller", part)):
                share = self._share(item)
                codes = [*self._territories(element, part), *self._delegated(item)]
                for party in self._parties(item, "controller"):
                    if share is None:
                        self.found.append(
                            Finding(
                                "ddex.share_unknown",
                                self.position,
                                RECORD,
                                "RightsController",
                                quote(party.name),
                            )
                        )
                    shares = (RightShare("PROD", share),) if share is not None else ()
                    territory = tuple(dict.fromkeys(codes))
                    yield Claim(
                        party=party,
                        role="|".join(read.texts(item, self._paths("role", "controller"))),
                        ownership=shares if not territory else (),
                        collection=(CollectionShare(territory, shares, self.position),)
                        if territory and shares
                        else (),
                        controlled=True,
                        position=self.position,
                    )

    def _share(self, item: Element) -> int | None:
        for element in read.every(item, self._paths("share", "controller")):
            value = read.text(element)
            try:
                units = parse_percent(value)
                if element.get("HasMaxValueOfOne") == "true":
                    # The same type states shares from 0 to 1 when this attribute says so.
                    units = parse_percent(value, limit=1_000_000) * 100
            except ShareError as fault:
                detail = str(fault).partition(":")[0]
                self.found.append(
                    Finding("ddex.share", self.position, RECORD, "RightSharePercentage", quote(value), detail)
                )
                return None
            return units
        return None

    def _territories(self, element: Element, part: str) -> Iterator[str]:
        for path in self._paths("territory", part):
            for item in read.find_all(element, path):
                yield from self._territory(read.text(item), "")
        for path in self._paths("excluded_territory", part):
            for item in read.find_all(element, path):
                yield from self._territory(read.text(item), "-")

    def _delegated(self, item: Element) -> Iterator[str]:
        for delegated in read.every(item, self._paths("delegated", "controller")):
            for code in read.texts(delegated, self._paths("territory", "delegated")):
                yield from self._territory(code, "")

    def _territory(self, value: str, sign: str) -> Iterator[str]:
        code = territories.canonical(value)
        if code is None:
            self.found.append(Finding("ddex.territory", self.position, RECORD, "TerritoryCode", quote(value)))
        elif code != territories.WORLD or sign:
            yield sign + code


def work_of(element: Element) -> tuple[str, WorkReference]:
    """An entry of a message's work list: its reference, and what it says of the work."""
    key = read.first_text(element, ("MusicalWorkReference", "WorkReference", "ResourceReference"))
    code = read.first_text(element, ("MusicalWorkId/ISWC", "WorkId/ISWC"))
    title = read.first_text(
        element, ("ReferenceTitle/TitleText", "DisplayTitle/TitleText", "Title/TitleText")
    )
    return key, WorkReference(iswc=iswc.compact(code) if code else "", title=title)
