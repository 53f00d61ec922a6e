"""Columns that hold more than their name says: found by looking at a whole source, and taken apart.

A feed may write "Artist - Title" into its title column and leave the artist's empty, repeat the release in
brackets behind every title, or put the track number in front of it. A format that is known is declared as
a ``Packing``; one that is not is inferred from the source itself, by what most of its records do and by
which names other sources know. Nothing is guessed from a single record.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from matching.normalize.scripts import plain
from matching.records import RecordingRecord

Field = Literal["", "artist", "release"]
MOST = 0.5
"""A habit of a source: at least this share of the records that could follow it do."""
EMPTY = 0.75
"""A column of a source is taken for unused when at least this share of it is empty."""
ENOUGH = 2_000
"""Records of a source that are looked at, evenly spread: so many and less than twice as many."""
REPEATED = 85
"""A bracket this alike to the release (per cent) repeats it, misspelt or not."""

_DASH = re.compile(r"\s+-+\s+|\s*-{3,}\s*|_-_")
_NUMBER = re.compile(r"^\s*(\d[0-9a-zA-Z]{0,3})\s*-\s*")
_YEAR = re.compile(r"\s*\((\d[\d\s]{2,5}|unknown|unk\.?|n\.?a\.?)\)\s*$", re.IGNORECASE)
_GLUED = re.compile(r"(?<=\w)[-_]+(?=\w)|_")
_JOINED = 2
"""A text without any space and with at least so many joints is words joined by signs."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How a source packs its columns.

    ``numbered``: titles begin with the track number and a dash. ``repeats_release``: titles end with the
    release in brackets. ``leading``/``trailing``: the title column holds "X - title" or "title - X", X
    being that field. ``dated_release``: releases end with a year in brackets.
    """

    numbered: bool = False
    repeats_release: bool = False
    leading: Field = ""
    trailing: Field = ""
    dated_release: bool = False


def unpack(record: RecordingRecord, packing: Packing) -> RecordingRecord:
    """The record with its title column taken apart as its source packs it.

    >>> song = RecordingRecord(1, "B", titles=("Роза Бағланова - Ән",))
    >>> taken = unpack(song, Packing(leading="artist"))
    >>> taken.titles, taken.artists
    (('Ән',), ('Роза Бағланова',))
    """
    title, artists, release, year = taken_apart(record, packing)
    titles = (title,) if title else ()
    return replace(record, titles=titles, artists=artists, release=release, year=year)


def taken_apart(record: RecordingRecord, packing: Packing) -> tuple[str, tuple[str, ...], str, int]:
    """Title, artists, release and year of a record as its source packs them."""
    title = record.titles[0] if record.titles else ""
    artists, release, year = record.artists, record.release, record.year
    if packing.dated_release and (found := _YEAR.search(release)):
        release, digits = release[: found.start()], re.sub(r"\D", "", found[1])
        year = year or (int(digits) if len(digits) == 4 else 0)
    if packing.numbered:
        title = _NUMBER.sub("", title, count=1)
    if packing.repeats_release:
        title, repeated = _without_release(title, release)
        release = release or repeated
    if packing.leading:
        head, rest = _cut(title, last=False)
        if rest and packing.leading == "artist" and not artists:
            artists, title = (head,), rest
        elif rest and packing.leading == "release" and not release:
            release, title = head, rest
    if packing.trailing:
        rest, tail = _cut(title, last=True)
        if tail and packing.trailing == "artist" and not artists:
            artists, title = (tail,), rest
        elif tail and packing.trailing == "release" and not release:
            release, title = tail, rest
    return _spaced(title), artists, _spaced(release), year


def infer(records: Sequence[RecordingRecord]) -> dict[str, Packing]:
    """The packing of each source among these records, from their texts alone."""
    by_source: dict[str, list[RecordingRecord]] = defaultdict(list)
    for record in records:
        by_source[record.source].append(record)
    # A habit shows in a few thousand records, whatever the size of the source.
    looked_at = {source: own[:: max(1, len(own) // ENOUGH)] for source, own in by_source.items()}
    names = cache(partial(_names, looked_at))
    return {source: _infer(source, own, names) for source, own in looked_at.items()}


def packed_sources(packings: Mapping[str, Packing]) -> dict[str, Packing]:
    """The sources that pack anything; records of all others stay as they are."""
    return {source: packing for source, packing in packings.items() if packing != Packing()}


def unpack_all(records: Sequence[RecordingRecord], packings: Mapping[str, Packing]) -> list[RecordingRecord]:
    """Every record taken apart by the packing of its source."""
    packed = packed_sources(packings)
    return [
        unpack(record, packed[record.source]) if record.source in packed else record for record in records
    ]


class _Names(NamedTuple):
    """The plain names in a field: those of each source, and how many sources have each."""

    own: dict[str, set[str]]
    sources: Counter[str]


def _names(looked_at: Mapping[str, Sequence[RecordingRecord]], field: Field) -> _Names:
    # Each distinct text is read once: a source has far fewer artists than recordings.
    values = {source: {_value(record, field) for record in own} for source, own in looked_at.items()}
    own = {source: {plain(value) for value in told if value} for source, told in values.items()}
    return _Names(own, Counter(chain.from_iterable(own.values())))


def _infer(source: str, own: Sequence[RecordingRecord], names: Callable[[Field], _Names]) -> Packing:
    titled = [record for record in own if record.titles and record.titles[0].strip()]
    placed = [record for record in titled if record.number]
    numbered = _habit(
        placed, len(placed), lambda record: _number(record.titles[0]) == record.number.lstrip("0")
    )
    released = [record for record in own if record.release.strip()]
    dated_release = _habit(
        [record for record in released if ")" in record.release],
        len(released),
        lambda record: bool(_YEAR.search(record.release)),
    )
    both = [record for record in titled if record.release.strip()]
    repeats = _habit(
        [record for record in both if ")" in record.titles[0]],
        len(both),
        lambda record: bool(_without_release(record.titles[0], record.release)[1]),
    )
    leading, trailing = _unused(source, own, titled, names)
    return Packing(numbered, repeats, leading, trailing, dated_release)


def _habit(may: Sequence[RecordingRecord], everyone: int, holds: Callable[[RecordingRecord], bool]) -> bool:
    """Whether it holds for most of so many records; of them only ``may`` have the sign that it shows by."""
    if not everyone or len(may) < MOST * everyone:
        return False
    return sum(map(holds, may)) >= MOST * everyone


def _unused(
    source: str,
    own: Sequence[RecordingRecord],
    titled: Sequence[RecordingRecord],
    names: Callable[[Field], _Names],
) -> tuple[Field, Field]:
    """Which unused column stands before or behind the title, judged by the names that others have there."""
    cut = [record.titles[0] for record in titled if "-" in record.titles[0]]
    if len(cut) >= MOST * len(titled):
        cut = [title for title in cut if _DASH.search(title)]
    if not titled or len(cut) < MOST * len(titled):
        return "", ""
    fields: tuple[Field, Field] = ("artist", "release")
    for field in fields:
        if sum(not _value(record, field) for record in own) < EMPTY * len(own):
            continue
        told, sources = names(field)
        heads = [plain(_cut(title, last=False)[0]) for title in cut]
        tails = [plain(_cut(title, last=True)[1]) for title in cut]
        before, behind = (
            sum(sources[name] > (name in told[source]) for name in texts) for texts in (heads, tails)
        )
        # Where nobody else names the like, the custom decides: artists stand before, releases behind.
        first = before > behind if before != behind else field == "artist"
        return (field, "") if first else ("", field)
    return "", ""


def _value(record: RecordingRecord, field: Field) -> str:
    if field == "artist":
        return record.artists[0].strip() if record.artists else ""
    return record.release.strip()


def _number(title: str) -> str:
    found = _NUMBER.match(title)
    return found[1].lstrip("0") if found else "-"


def _cut(title: str, *, last: bool) -> tuple[str, str]:
    """The title cut at its first or last spaced dash; an empty second half where it has none."""
    if "-" not in title:
        return title, ""
    only = title.find(" - ")
    if only == title.rfind(" - ") and "--" not in title and "_-_" not in title and title.isprintable():
        # No other spaces are printable: there is this dash or none.
        return (title, "") if only < 0 else (title[:only].strip(), title[only + 3 :].strip())
    cuts = list(_DASH.finditer(title))
    if not cuts:
        return title, ""
    at = cuts[-1 if last else 0]
    return title[: at.start()].strip(), title[at.end() :].strip()


def _without_release(title: str, release: str) -> tuple[str, str]:
    """The title without a closing bracket that repeats the release, or any where the release is unknown."""
    text = title.rstrip()
    opening = _opening(text) if text.endswith(")") else 0
    if opening <= 0:
        return title, ""
    inside, release = text[opening + 1 : -1].strip(), release.strip()
    if release and inside != release and fuzz.ratio(plain(inside), plain(release)) < REPEATED:
        return title, ""
    return text[:opening].rstrip(), inside


def _opening(text: str) -> int:
    """Where the bracket is opened that closes at the end of the text; -1 if nowhere."""
    at = text.rfind("(")
    if text.rfind(")", 0, -1) < at:
        return at
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == ")") - (text[place] == "(")
        if depth == 0:
            return place
    return -1


def _spaced(text: str) -> str:
    """A text whose words are joined by underscores or dashes instead of spaces gets its spaces back."""
    text = text.strip()
    if "_" in text or (" " not in text and len(_GLUED.findall(text)) >= _JOINED):
        return " ".join(_GLUED.sub(" ", text).split())
    return text
