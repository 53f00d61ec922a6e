"""Works and linked recordings of an MWN message, before their shares are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.ddex import elements as read
from parsers.ddex.gathering import Found, one_line
from parsers.ddex.scope import Place
from parsers.reading import Item
from schemas.ddex.spellings import title_kind, work_role
from schemas.declarations import (
    PartyName,
    RecordingDeclaration,
    RecordingReference,
    Title,
    WorkDeclaration,
    WorkReference,
)
from schemas.findings import rule
from schemas.identifiers import isrc, iswc
from schemas.identifiers.errors import ValidationError


@dataclass(frozen=True, slots=True)
class Work:
    """A work without its claims; ``roles`` are its writers' by party reference."""

    declaration: WorkDeclaration
    roles: Mapping[str, str]
    revoked: str
    rejected: bool
    position: str


def work_of(found: Found, sender: PartyName, place: Place) -> Work:
    """The work of an element; one without title or identifier is rejected."""
    numbers = [(item.get("Namespace", ""), one_line(item.text)) for item in found.all("proprietary_id")]
    numbers = [pair for pair in dict.fromkeys(numbers) if pair[1]]
    # The sender's own number goes first: under it the work is declared again.
    numbers.sort(key=lambda pair: pair[0] != sender.dpid)
    code = _iswc(found, place)
    titles = _titles(found)
    ref = numbers[0][1] if numbers else code
    if not titles:
        place.add("ddex.work_no_title", "Title", ref)
    if not ref:
        place.add("ddex.work_no_identifier", "MusicalWorkId")
    length = read.seconds(found.text("duration")) if found.text("duration") else 0
    if length is None:
        place.add("ddex.duration", "Duration", found.text("duration"))
    revoked = found.text("revocation")
    kinds = found.texts("kind")
    declaration = WorkDeclaration(
        ref=ref,
        title=titles[0].text if titles else "",
        titles=titles[1:],
        iswc=code,
        language=_language(found),
        duration=length or 0,
        other_refs=tuple(numbers[1:]),
        details=(*(("kind", kind) for kind in kinds), *((("revoked", revoked),) if revoked else ())),
        position=place.position,
    )
    roles = {
        item.text("party"): "|".join(map(work_role, item.texts("role"))) for item in found.parts("writer")
    }
    failed = any(rule(item.code).severity == "error" for item in place.remarks)
    return Work(declaration, roles, revoked, failed, place.position)


def _iswc(found: Found, place: Place) -> str:
    code = found.text("iswc")
    if not code:
        return ""
    try:
        return iswc.validate(code)
    except ValidationError as fault:
        place.add("identifier.iswc", "ISWC", code, str(fault))
        return iswc.compact(code)


def _titles(found: Found) -> tuple[Title, ...]:
    """The titles, an original one first; a subtitle belongs to its title."""
    titles: dict[str, Title] = {}
    for item in found.all("title"):
        title, subtitle = read.title_of(item, "OriginalTitle")
        text = f"{title.text} ({subtitle})" if subtitle and title.text else title.text
        if text:
            titles.setdefault(text, Title(text, title_kind(title.kind), title.language))
    return tuple(sorted(titles.values(), key=lambda title: title.kind != "OT"))


def _language(found: Found) -> str:
    """The main language of the lyrics, else the first."""
    languages = found.all("language")
    main = [item for item in languages if item.get("IsMainLanguage") in ("true", "1")]
    return one_line((main or list(languages))[0].text) if languages else ""


def recording_of(found: Found, parties: Mapping[str, PartyName], place: Place) -> RecordingReference:
    """A recording that works are linked to."""
    code = found.text("isrc")
    if code:
        try:
            code = isrc.validate(code)
        except ValidationError as fault:
            place.add("identifier.isrc", "ISRC", code, str(fault))
            code = isrc.compact(code)
    titles = [read.title_of(item) for item in found.all("title")]
    label = parties.get(found.text("label"))
    length = read.seconds(found.text("duration")) if found.text("duration") else 0
    if length is None:
        place.add("ddex.duration", "Duration", found.text("duration"))
    return RecordingReference(
        isrc=code,
        title=titles[0][0].text if titles else "",
        version=titles[0][1] if titles else "",
        artist=found.text("artist_name"),
        duration=length or 0,
        label=label.name if label is not None else "",
    )


def linked_recordings(
    works: Mapping[str, Work], linked: Mapping[str, Sequence[RecordingReference]]
) -> Iterator[Item]:
    """Recordings with all works that a notice of links says they embody."""
    embodied: dict[RecordingReference, list[WorkReference]] = defaultdict(list)
    positions: dict[RecordingReference, str] = {}
    for key, recordings in linked.items():
        work = works[key].declaration
        for recording in recordings:
            embodied[recording].append(WorkReference(iswc=work.iswc, ref=work.ref, title=work.title))
            positions.setdefault(recording, works[key].position)
    for recording, references in embodied.items():
        yield RecordingDeclaration(
            # Under a reference of its own: a link must not replace what is said of the recording itself.
            ref=f"link:{recording.isrc or recording.title}",
            title=recording.title,
            isrcs=(recording.isrc,) if recording.isrc else (),
            version=recording.version,
            artist=recording.artist,
            duration=recording.duration,
            label=recording.label,
            works=tuple(dict.fromkeys(references)),
            position=positions[recording],
        )
