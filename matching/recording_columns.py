"""Recordings made into columns: texts folded, numbered and taken for words, values numbered."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import attrgetter

import numpy as np
from rapidfuzz.distance import JaroWinkler

from matching.columns import Numbers, RecordingColumns, TextColumn, distinct, numbered
from matching.letters import letter_counts
from matching.normalize.names import is_placeholder, is_placeholder_key
from matching.normalize.scripts import word_keys
from matching.normalize.titles import BLOCKING, core_and_version, title_keys, version_codes
from matching.records import RecordingRecord
from matching.vocabulary import Words, as_array, coded, glued, in_order, marks, told_apart, words_of

SAME_LANGUAGE = 0.8

_LETTER = re.compile(r"[a-z0-9]")
_STRUCTURED = re.compile(r"[(\[{]|\s[-–—−]|f(?:eat|t\.)|при уч")
_SIGNS = re.compile(r"[\W_]+")


def recording_columns(records: Sequence[RecordingRecord]) -> RecordingColumns:
    """The columns of these recordings."""
    titles, titled = told_apart([record.titles[0] if record.titles else "" for record in records])
    wholes, cores, versions = _titles(titles)
    artists, named = told_apart([" ".join(record.artists) for record in records])
    releases, released = told_apart([record.release for record in records])
    known, codes = zip(
        *(
            _numbered(texts, places)
            for texts, places in (
                (wholes, titled), (_names(artists), named), (_names(releases), released), (cores, titled),
            )
        ),
        strict=True,
    )  # fmt: skip
    alphabet, words = words_of(known)
    title, artist, release, core = (
        TextColumn(
            numbers, as_array(texts), glued(texts), in_order(own, alphabet), marks(own), letter_counts(texts)
        )
        for texts, numbers, own in zip(known, codes, words, strict=True)
    )
    return RecordingColumns(
        ids=_integers(records, "id"),
        sources=_coded(records, "source"),
        title=title,
        core=core,
        artist=artist,
        release=release,
        versions=_versions(versions, titled, [record.version for record in records]),
        duration=_integers(records, "duration"),
        year=_integers(records, "year"),
        number=_coded(records, "number", place_on_release),
        language=_languages([record.language for record in records]),
        words=_words_of((title, artist, release), words[:3], np.fromiter(map(len, alphabet), np.int64)),
    )


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
        versions[place] = tuple(code for code in codes if code in BLOCKING)
    return keys, cores, versions


def _versions(of_titles: Sequence[tuple[str, ...]], titled: Numbers, told: Sequence[str]) -> Numbers:
    """A number for each set of version words that make another recording, in the title or beside it."""
    texts, placed = told_apart(told)
    beside = [tuple(code for code in version_codes(text) if code in BLOCKING) for text in texts]
    pairs, back = numbered(titled * len(texts) + placed)
    sets = (
        " ".join(sorted({*of_titles[pair // len(texts)], *beside[pair % len(texts)]}))
        for pair in pairs.tolist()
    )
    return coded(list(sets))[back]


def _names(texts: Sequence[str]) -> list[str]:
    """The folding keys of names; nothing for a placeholder."""
    return ["" if is_placeholder_key(key) else key for key in word_keys(texts)]


def _numbered(texts: Sequence[str], places: Numbers) -> tuple[list[str], Numbers]:
    """The distinct texts after an empty one, and for each of the places of texts the number of its own."""
    known, codes = told_apart(["", *texts])
    return known, codes[1:][places]


def _integers(records: Sequence[RecordingRecord], field: str) -> Numbers:
    return np.fromiter(map(attrgetter(field), records), dtype=np.int64, count=len(records))


def _coded(records: Sequence[RecordingRecord], field: str, read: Callable[[str], str] = str) -> Numbers:
    """A number for each distinct value, whatever the order of the records; 0 for an empty one."""
    values, places = told_apart(map(attrgetter(field), records))
    return coded([read(value) for value in values])[places]


def _words_of(
    columns: Sequence[TextColumn], words: Sequence[Words], lengths: Numbers
) -> tuple[Numbers, Numbers]:
    """Owner and number of every distinct word of every record; single letters are left out."""
    width = max(len(lengths), 1)
    found = []
    for column, own in zip(columns, words, strict=True):
        starts = (np.cumsum(own.counts) - own.counts)[column.codes]
        repeats = own.counts[column.codes]
        owners = np.repeat(np.arange(len(column.codes)), repeats)
        offsets = np.arange(len(owners)) - np.repeat(np.cumsum(repeats) - repeats - starts, repeats)
        numbers = own.flat[offsets]
        whole = lengths[numbers] > 1
        found.append(owners[whole] * width + numbers[whole])
    owners, numbers = np.divmod(distinct(np.concatenate(found)), width)
    return owners, numbers


def place_on_release(number: str) -> str:
    """A place on a release without leading zeros; codes longer than four signs are no places.

    >>> place_on_release("007"), place_on_release(" b2"), place_on_release("MB15552315")
    ('7', 'b2', '')
    """
    place = "".join(number.split()).casefold().lstrip("0")
    return place if len(place) <= 4 else ""


def _languages(names: Sequence[str]) -> Numbers:
    """A number for each language by its most frequent spelling: "Eng." and "Englsih" are "english" here."""
    spellings, places = told_apart(names)
    keys = [_SIGNS.sub("", name).casefold() for name in spellings]
    counts: dict[str, int] = {}
    for key, count in zip(keys, np.bincount(places, minlength=len(keys)).tolist(), strict=True):
        counts[key] = counts.get(key, 0) + count
    frequent = [key for key in sorted(counts, key=lambda key: (-counts[key], key)) if len(key) > 3]
    frequent = [key for key in frequent if counts[key] > 2 and not is_placeholder(key)]
    canonical = {key: _language(key, frequent) for key in counts}
    return coded([canonical[key] for key in keys])[places]


def _language(key: str, frequent: Sequence[str]) -> str:
    if not key or is_placeholder(key):
        return ""
    for name in frequent:
        if name.startswith(key):
            return name
    likeness = [(JaroWinkler.similarity(key, name[: len(key) + 1]), name) for name in frequent]
    best, name = max(likeness, key=lambda item: item[0], default=(0.0, key))
    return name if best >= SAME_LANGUAGE else key
