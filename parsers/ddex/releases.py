"""Releases of ERN messages: which product each recording stands on.

Releases come after recordings, so recordings wait for them, up to ``MOST_HELD``. A message with more is told
that its recordings carry no releases: waiting for all of them would not be streaming.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from operator import attrgetter

from parsers.ddex import elements as read
from parsers.ddex.gathering import Element, gather
from parsers.reading import Item
from schemas.ddex.elements import ElementTable
from schemas.declaration_content import encode
from schemas.declarations import PartyName, RecordingDeclaration
from schemas.findings import Finding, quote
from schemas.identifiers import upc
from schemas.identifiers.errors import ValidationError

MOST_HELD = 2_000
"""Recordings that wait for their releases."""
NAMED = 50
"""Names in a recording that weigh as much as another recording."""
LONG = 4096
"""Bytes of what a recording says that weigh as much: 8 MiB wait at most."""
MOST_RELEASES = 20
"""Releases that one recording is kept with."""
REFERENCE = "ResourceReference"
_FIELDS = [item.name for item in fields(RecordingDeclaration)]
_VALUES = attrgetter(*_FIELDS)
_RELEASES, _LABEL = _FIELDS.index("releases"), _FIELDS.index("label")
TRACK = "TrackRelease"
"""The element of, or in the type of, a release that is one track of another."""


class Releases:
    """Recordings that wait, in their order, and the releases that they are on.

    ``given_up`` becomes true when too many came: the caller then passes recordings on itself.
    """

    def __init__(self, table: ElementTable, parties: Mapping[str, PartyName]) -> None:
        self._plan = table.plans.get("release", {})
        self._parties = parties
        self._labels: dict[str, str] = {}
        self._waiting: list[tuple[str, Item]] = []
        self._references: set[str] = set()
        self._held = 0
        self.given_up = False
        self._of: dict[str, list[tuple[str, str]]] = {}
        self._products = 0

    def hold(self, recording: Element, items: Iterator[Item]) -> Iterator[Item]:
        """Keep the items of one recording back; all are yielded when too many wait."""
        reference = read.child_text(recording, REFERENCE)
        self._references.add(reference)
        for item in items:
            self._waiting.append((reference, item))
            if isinstance(item, RecordingDeclaration):
                # One that names thousands, or says much, weighs as much as many that do not.
                self._held += (len(item.contributors) + len(item.titles) + len(item.claims)) // NAMED
                self._held += len(encode(item)) // LONG
        self._held += 1
        if self._held > MOST_HELD:
            self.given_up = True
            for _, item in self._waiting:
                yield item
            self._waiting.clear()
            self._references.clear()

    def add(self, element: Element, position: str) -> Iterator[Finding]:
        """Note what a release says it contains; findings about its product code."""
        track = read.local(element) == TRACK
        if track and self.given_up:
            return
        found = gather(element, self._plan, {})
        track = track or TRACK in found.text("kind")
        party = self._parties.get(found.text("label"))
        label = party.name if party is not None else found.text("label_name")
        if label and not self.given_up:
            for reference in self._references.intersection(found.texts("resource")):
                # What is said of the track itself is nearer than what is said of its album.
                if track or reference not in self._labels:
                    self._labels[reference] = label
        code = found.text("icpn")
        # What a track is numbered by is often the product's code and its own; it is no product itself.
        if track or (found.all("isrc") and not code):
            return
        if code:
            try:
                code = upc.validate(code)
            except ValidationError as fault:
                yield Finding("identifier.upc", position, "Release", "ICPN", quote(code), str(fault))
        self._products += 1
        if self.given_up:
            return
        product = (code or found.text("grid"), found.text("title"))
        for reference in self._references.intersection(found.texts("resource")):
            named = self._of.setdefault(reference, [])
            if product not in named and len(named) < MOST_RELEASES and any(product):
                named.append(product)

    def settle(self) -> Iterator[Item]:
        """Everything that still waits, recordings with their releases."""
        for reference, item in self._waiting:
            releases = tuple(self._of.get(reference, ()))
            label = self._labels.get(reference, "")
            if (releases or label) and isinstance(item, RecordingDeclaration):
                values = list(_VALUES(item))
                values[_RELEASES], values[_LABEL] = releases, item.label or label
                yield RecordingDeclaration(*values)
            else:
                yield item
        self._waiting.clear()
        if self.given_up and self._products:
            yield Finding(
                "ddex.releases_not_joined", "/ReleaseList", value=str(self._products), detail=str(MOST_HELD)
            )
