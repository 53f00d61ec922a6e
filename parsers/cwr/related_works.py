"""The works that a registration names besides its own: components, whole works of excerpts, originals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from parsers.cwr.claims import party_name, with_other_names
from parsers.cwr.fields import seconds
from schemas.cwr.layouts import Slices
from schemas.declarations import OtherName, PartyName, RelatedWork, Title

RELATIONS: Mapping[str, str] = MappingProxyType(
    {"COM": "component", "EWT": "excerpt-of", "VER": "version-of", "OWK": "based-on"}
)
"""What a record says of the work it names; version 3 has one record for excerpts and versions."""

OTHER_TITLES: Mapping[str, str] = MappingProxyType({"COM": "NCT", "EWT": "NET", "VER": "NVT"})
"""The record of a title in another alphabet, by the record of the work."""


NAMES_KEPT = 100
"""So many names in other alphabets are kept of one writer: a thousand times more take a million steps."""


def related_work(record: str, picked: Slices) -> RelatedWork:
    """The work that a COM, EWT, VER or OWK record names, from the fields that its reading picks."""
    title, iswc, ref, language, duration, source, *written = picked
    writers = [_writer(*written[:4]), _writer(*written[4:])]
    while writers and writers[-1] == PartyName(""):
        writers.pop()
    iswc = iswc.strip()
    return RelatedWork(
        relation=RELATIONS[record],
        title=title.strip(),
        iswc=iswc if iswc.strip("0") else "",
        ref=ref.strip(),
        language=language.strip(),
        duration=max(seconds(duration), 0),
        source=source.strip(),
        writers=tuple(writers),
    )


def _writer(name: str, given: str, ipi_name: str, ipi_base: str) -> PartyName:
    return party_name(name, given, ipi_name, ipi_base)


def with_title(work: RelatedWork, title: Title) -> RelatedWork:
    """The same work with a title in another alphabet."""
    return replace(work, titles=(*work.titles, title))


def with_name(work: RelatedWork, position: str, name: OtherName) -> RelatedWork | None:
    """The same work with a writer's name in another alphabet, nothing if it cannot take it."""
    place = int(position or "1") - 1
    if place >= len(work.writers) or len(work.writers[place].other_names) >= NAMES_KEPT:
        return None
    writers = list(work.writers)
    writers[place] = with_other_names(writers[place], (*writers[place].other_names, name))
    return replace(work, writers=tuple(writers))
