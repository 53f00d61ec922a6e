"""Recordings made into columns: texts folded, numbered and taken for words, values numbered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from rapidfuzz.distance import JaroWinkler

from matching.columns import Numbers, RecordingColumns, TextPool
from matching.letters import letter_counts
from matching.normalize.lines import title_keys, word_keys
from matching.normalize.names import PLACEHOLDERS, is_placeholder
from matching.normalize.titles import BLOCKING, core_and_version, version_codes
from matching.packing import Packing, packed_sources, taken_apart
from matching.records import RecordingRecord
from matching.vocabulary import Numbering, as_array, glued, in_order, marks, told_apart, words_of

SAME_LANGUAGE = 0.8

RECORDS_AT_ONCE = 2_000
"""Records whose fields are read in one go."""

NOTHING_PACKED: Mapping[str, Packing] = {}

# Hardly any record has values of these that no other one has, so they are told apart together.
_TOGETHER = attrgetter("source", "version", "number", "language")
_ID, _ARTISTS, _RELEASE, _YEAR, _DURATION = map(attrgetter, ("id", "artists", "release", "year", "duration"))

_LETTER = re.compile(r"[a-z0-9]")
# Each alternative begins with a letter or sign of its own, for which a text is passed through fastest.
_STRUCTURED = re.compile(r"\(|\[|\{|-(?<=\s-)|–(?<=\s–)|—(?<=\s—)|−(?<=\s−)|feat|ft\.|при уч")
_SIGNS = re.compile(r"[\W_]+")


def recording_columns(
    records: Sequence[RecordingRecord], packings: Mapping[str, Packing] = NOTHING_PACKED
) -> RecordingColumns:
    """The columns of these recordings, taken apart where their sources pack them."""
    read, values = _read(records, packed_sources(packings))
    (titles, titled), (artists, performed), (releases, released), (others, placed) = read
    sources, marked, numbers, languages = ([row[field] for row in others] for field in range(4))
    wholes, cores, versions = _titles(titles)
    known = Numbering[str]()
    known.of([""])
    fields = {
        "title": known.of(wholes)[titled],
        "artist": known.of(_names(artists))[performed],
        "release": known.of(_names(releases))[released],
        "core": known.of(cores)[titled],
    }
    texts = list(known)
    letters = letter_counts(texts)
    words = words_of(texts, letters.spaces)
    return RecordingColumns(
        **values,
        **fields,
        texts=TextPool(as_array(texts), glued(texts), in_order(words), words, marks(words), letters),
        sources=_coded(sources, placed),
        versions=_versions(versions, titled, marked, placed),
        number=_coded([place_on_release(number) for number in numbers], placed),
        language=_languages(languages, placed),
    )


def _read(
    records: Sequence[RecordingRecord], packed: Mapping[str, Packing]
) -> tuple[list[tuple[list[Any], Numbers]], dict[str, Numbers]]:
    """What the fields of the records hold.

    A portion of the records is gone through at a time, all fields of it: there are too many records for the
    processor to keep them at hand until the next field.

    Returns:
        The distinct titles, artists, releases and ``_TOGETHER``, each with the place of every record's own;
        and the values that are numbers, by the name of their column.
    """
    known = [Numbering[Any]() for _ in range(4)]
    places = np.empty((len(known), len(records)), dtype=np.int64)
    values = {name: np.empty(len(records), dtype=np.int64) for name in ("ids", "duration", "year")}
    for at in range(0, len(records), RECORDS_AT_ONCE):
        some = records[at : at + RECORDS_AT_ONCE]
        part = slice(at, at + len(some))
        titles, artists, releases, years = _fields(some, packed)
        told = titles, artists, releases, map(_TOGETHER, some)
        for row, numbers, own in zip(places, known, told, strict=True):
            row[part] = np.fromiter(map(numbers.__getitem__, own), dtype=np.int64, count=len(some))
        counted = {"ids": map(_ID, some), "duration": map(_DURATION, some), "year": years}
        for name, numbered in counted.items():
            values[name][part] = np.fromiter(numbered, dtype=np.int64, count=len(some))
    return [(list(numbers), row) for numbers, row in zip(known, places, strict=True)], values


def _fields(
    records: Sequence[RecordingRecord], packed: Mapping[str, Packing]
) -> tuple[Iterable[str], Iterable[str], Iterable[str], Iterable[int]]:
    """Titles, artists, releases and years, taken apart where the source is ``packed``."""
    if not packed:
        plain = [record.titles[0] if record.titles else "" for record in records]
        return plain, map(" ".join, map(_ARTISTS, records)), map(_RELEASE, records), map(_YEAR, records)
    titles, artists, releases, years = zip(
        *[
            taken_apart(record, packed[record.source])
            if record.source in packed
            else (record.titles[0] if record.titles else "", record.artists, record.release, record.year)
            for record in records
        ],
        strict=True,
    )
    return titles, map(" ".join, artists), releases, years


def _titles(titles: Sequence[str]) -> tuple[list[str], list[str], list[tuple[str, ...]]]:
    """The folded titles, their folded cores, and the version words of each that make another recording."""
    keys = word_keys(titles)
    cores = keys.copy()
    versions: list[tuple[str, ...]] = [()] * len(titles)
    structured = [place for place, title in enumerate(titles) if _STRUCTURED.search(title.lower())]
    taken = [core_and_version(titles[place]) for place in structured]
    folded = title_keys([core for core, _ in taken])
    for place, (core, codes), key in zip(structured, taken, folded, strict=True):
        cores[place] = (key if _LETTER.search(key) or any(word_keys([core])) else "") or keys[place]
        versions[place] = _blocking(codes)
    return keys, cores, versions


def _versions(
    of_titles: Sequence[tuple[str, ...]], titled: Numbers, told: Sequence[str], placed: Numbers
) -> Numbers:
    """A number for each set of version words that make another recording, in the title or beside it."""
    mine, in_title = told_apart([" ".join(codes) for codes in of_titles])
    other, beside = told_apart([" ".join(_blocking(version_codes(text))) for text in told])
    pairs = in_title[titled] * len(other) + beside[placed]
    met = np.flatnonzero(np.bincount(pairs))
    sets = [
        " ".join(sorted({*mine[pair // len(other)].split(), *other[pair % len(other)].split()}))
        for pair in met.tolist()
    ]
    return _coded(sets, np.searchsorted(met, pairs))


def _blocking(codes: Iterable[str]) -> tuple[str, ...]:
    """Of codes of versions those that make another recording."""
    return tuple(code for code in codes if code in BLOCKING)


def _names(texts: Sequence[str]) -> list[str]:
    """The folding keys of names; nothing for a placeholder."""
    return ["" if key in PLACEHOLDERS else key for key in word_keys(texts)]


def _coded(values: Sequence[str], places: Numbers) -> Numbers:
    """A number for each of the places of values, whatever the order of the records; 0 for an empty one."""
    known = {value: number for number, value in enumerate(sorted({"", *values}))}
    return np.array([known[value] for value in values], dtype=np.int64)[places]


def place_on_release(number: str) -> str:
    """A place on a release without leading zeros; codes longer than four signs are no places.

    >>> place_on_release("007"), place_on_release(" b2"), place_on_release("MB15552315")
    ('7', 'b2', '')
    """
    place = "".join(number.split()).casefold().lstrip("0")
    return place if len(place) <= 4 else ""


def _languages(spellings: Sequence[str], places: Numbers) -> Numbers:
    """A number for each language by its most frequent spelling: "Eng." and "Englsih" are "english" here."""
    keys = [_SIGNS.sub("", name).casefold() for name in spellings]
    counts: dict[str, int] = {}
    for key, count in zip(keys, np.bincount(places, minlength=len(keys)).tolist(), strict=True):
        counts[key] = counts.get(key, 0) + count
    frequent = [key for key in sorted(counts, key=lambda key: (-counts[key], key)) if len(key) > 3]
    frequent = [key for key in frequent if counts[key] > 2 and not is_placeholder(key)]
    canonical = {key: _language(key, frequent) for key in counts}
    return _coded([canonical[key] for key in keys], places)


def _language(key: str, frequent: Sequence[str]) -> str:
    if not key or is_placeholder(key):
        return ""
    for name in frequent:
        if name.startswith(key):
            return name
    likeness = [(JaroWinkler.similarity(key, name[: len(key) + 1]), name) for name in frequent]
    best, name = max(likeness, key=lambda item: item[0], default=(0.0, key))
    return name if best >= SAME_LANGUAGE else key
