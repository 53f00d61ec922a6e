"""Recordings made into columns: texts folded, numbered and taken for words, values numbered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter

import numpy as np
from rapidfuzz.distance import JaroWinkler

from matching.columns import Numbers, RecordingColumns, TextColumn, distinct
from matching.letters import letter_counts
from matching.normalize.lines import title_keys, word_keys
from matching.normalize.names import is_placeholder, is_placeholder_key
from matching.normalize.titles import BLOCKING, core_and_version, version_codes
from matching.records import RecordingRecord
from matching.vocabulary import Numbering, Words, as_array, glued, in_order, marks, told_apart, words_of

SAME_LANGUAGE = 0.8

Told = tuple[list[str], Numbers]
"""Distinct values, and for each record the place of its own."""

RECORDS_AT_ONCE = 2_000
"""Records whose fields are read in one go."""

_TEXTS: tuple[Callable[[Sequence[RecordingRecord]], list[str]], ...] = (
    lambda records: [record.titles[0] if record.titles else "" for record in records],
    lambda records: [" ".join(record.artists) for record in records],
    lambda records: [record.release for record in records],
    lambda records: [record.number for record in records],
    lambda records: [record.source for record in records],
    lambda records: [record.version for record in records],
    lambda records: [record.language for record in records],
)
_VALUES = {"id": "ids", "duration": "duration", "year": "year"}

_LETTER = re.compile(r"[a-z0-9]")
# Each alternative begins with a letter or sign of its own, for which a text is passed through fastest.
_STRUCTURED = re.compile(r"\(|\[|\{|-(?<=\s-)|–(?<=\s–)|—(?<=\s—)|−(?<=\s−)|feat|ft\.|при уч")
_SIGNS = re.compile(r"[\W_]+")


def recording_columns(records: Sequence[RecordingRecord]) -> RecordingColumns:
    """The columns of these recordings."""
    told, values = _gathered(records)
    (titles, titled), (artists, performed), (releases, released), *others = told
    wholes, cores, versions = _titles(titles)
    columns = (
        (wholes, titled),
        (_names(artists), performed),
        (_names(releases), released),
        (cores, titled),
    )
    known = Numbering()
    known.of([""])
    numbered_keys = [(known.of(keys), places) for keys, places in columns]
    texts = list(known)
    # What numpy does by itself is done beside what goes through the values one by one.
    letters = letter_counts(texts)
    words = words_of(texts, letters.spaces)
    with ThreadPoolExecutor(1) as beside:
        of_records = beside.submit(_words_of, [numbers[codes] for numbers, codes in numbered_keys[:3]], words)
        spaced, pressed, ordered = as_array(texts), glued(texts), in_order(words)
        (numbers, numbered_places), sources, marked, languages = others
        coded = {
            "sources": _coded(*sources),
            "versions": _versions(versions, titled, *marked),
            "number": _coded([place_on_release(number) for number in numbers], numbered_places),
            "language": _languages(*languages),
        }
        pool = TextColumn(np.arange(len(texts)), spaced, pressed, ordered, marks(words), letters)
        title, artist, release, core = (_column(pool, *own) for own in numbered_keys)
        return RecordingColumns(
            title=title,
            core=core,
            artist=artist,
            release=release,
            words=of_records.result(),
            **coded,
            **values,
        )


def _gathered(records: Sequence[RecordingRecord]) -> tuple[list[Told], dict[str, Numbers]]:
    """The distinct values of ``_TEXTS`` with the place of each record's own, and ``_VALUES`` by name.

    Records are gone through a thousand at a time, all fields of each: there are too many for the processor
    to keep them at hand until the next field.
    """
    known = [Numbering() for _ in _TEXTS]
    places = np.empty((len(_TEXTS), len(records)), dtype=np.int64)
    values = np.empty((len(_VALUES), len(records)), dtype=np.int64)
    for at in range(0, len(records), RECORDS_AT_ONCE):
        some = records[at : at + RECORDS_AT_ONCE]
        part = slice(at, at + len(some))
        for row, numbering, told in zip(places, known, _TEXTS, strict=True):
            row[part] = numbering.of(told(some))
        for row, name in zip(values, _VALUES, strict=True):
            row[part] = np.fromiter(map(attrgetter(name), some), dtype=np.int64, count=len(some))
    texts = [(list(numbering), row) for numbering, row in zip(known, places, strict=True)]
    return texts, {_VALUES[name]: row for name, row in zip(_VALUES, values, strict=True)}


def _column(pool: TextColumn, numbers: Numbers, places: Numbers) -> TextColumn:
    """A column of texts of the pool, numbered anew in the order in which they come in it."""
    known, first, codes = np.unique(np.append(0, numbers), return_index=True, return_inverse=True)
    order = np.argsort(first)
    anew = np.empty(len(order), dtype=np.int64)
    anew[order] = np.arange(len(order))
    own = known[order]
    return TextColumn(
        anew[codes[1:]][places],
        pool.spaced[own],
        pool.glued[own],
        pool.ordered[own],
        pool.marks[own],
        pool.letters.of(own),
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
    return ["" if is_placeholder_key(key) else key for key in word_keys(texts)]


def _coded(values: Sequence[str], places: Numbers) -> Numbers:
    """A number for each of the places of values, whatever the order of the records; 0 for an empty one."""
    known = {value: number for number, value in enumerate(sorted({"", *values}))}
    return np.array([known[value] for value in values], dtype=np.int64)[places]


def _words_of(columns: Sequence[Numbers], words: Words) -> tuple[Numbers, Numbers]:
    """Owner and number of every distinct word of every record; single letters are left out."""
    whole = np.fromiter(map(len, words.alphabet), dtype=np.int64, count=len(words.alphabet))[words.flat] > 1
    flat = words.flat[whole]
    ends = np.append(0, np.cumsum(whole))[np.cumsum(words.counts)]
    counts = np.diff(ends, prepend=0)
    bits = len(words.alphabet).bit_length()
    found = []
    for column in columns:
        repeats = counts[column]
        owners = np.repeat(np.arange(len(column)) << bits, repeats)
        places = np.arange(len(owners)) + np.repeat(ends[column] - np.cumsum(repeats), repeats)
        found.append(owners | flat[places])
    packed = distinct(np.concatenate(found))
    return packed >> bits, packed & (1 << bits) - 1


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
