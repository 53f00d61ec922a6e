"""Recordings as columns: every text folded once and numbered, so that pairs are compared by the million.

A column keeps each distinct text once. A pair of texts is then a pair of small numbers: equal numbers are
equal texts, and a pair that many records share is measured once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from matching.normalize.names import is_placeholder, is_placeholder_key
from matching.normalize.scripts import fold
from matching.normalize.titles import BLOCKING, title_forms, version_codes
from matching.records import RecordingRecord

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]
Texts = NDArray[np.object_]

CONTAINED = 95
"""One text holds all words of the other when their token set is this alike (per cent)."""
CONTAINED_COUNTS = 86
"""What containment counts as; less than a misspelling of the whole text."""
ODD_WORDS = 1
"""Words of the shorter text that the longer one may lack, if they are short, to hold it all the same."""
SAME_LANGUAGE = 0.8

_LETTER = re.compile(r"[a-z0-9]")
_STRUCTURED = re.compile(r"[(\[{]|\s[-–—−]|f(?:eat|t\.)|при уч")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of folded texts: ``codes`` per record (0: silent), and the distinct texts in three forms.

    ``marks`` has a bit for each word of a distinct text, of 64 bits that all words share: texts without a
    common bit have no word in common.
    """

    codes: Numbers
    spaced: Texts
    glued: Texts
    ordered: Texts
    marks: NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class RecordingColumns:
    """Recordings in the order they came; numbers are 0 where unknown.

    ``title`` is the whole title folded, ``core`` that without version and featuring, ``versions`` a number
    for each set of version words that make another recording, ``words`` the folded words of title, artist
    and release together: owner and number of each, a number being a word's place in the alphabet.
    """

    ids: Numbers
    sources: Numbers
    title: TextColumn
    core: TextColumn
    artist: TextColumn
    release: TextColumn
    versions: Numbers
    duration: Numbers
    year: Numbers
    number: Numbers
    language: Numbers
    words: tuple[Numbers, Numbers]

    def __len__(self) -> int:
        return len(self.ids)


def recording_columns(records: Sequence[RecordingRecord]) -> RecordingColumns:
    """The columns of these recordings."""
    told = [(record.titles[0] if record.titles else "", record.version) for record in records]
    read = {pair: _title(*pair) for pair in set(told)}
    forms = [read[pair] for pair in told]
    artists = _names([" ".join(record.artists) for record in records])
    releases = _names([record.release for record in records])
    coded = [
        _numbered(texts)
        for texts in ([whole for whole, _, _ in forms], artists, releases, [core for _, core, _ in forms])
    ]
    words, lengths = _words([known for _, known in coded])
    texts = [_column(codes, known, own) for (codes, known), own in zip(coded, words, strict=True)]
    title, artist, release, core = texts
    return RecordingColumns(
        ids=np.array([record.id for record in records], dtype=np.int64),
        sources=_coded([record.source for record in records]),
        title=title,
        core=core,
        artist=artist,
        release=release,
        versions=_coded([" ".join(versions) for _, _, versions in forms]),
        duration=np.array([record.duration for record in records], dtype=np.int64),
        year=np.array([record.year for record in records], dtype=np.int64),
        number=_coded([place_on_release(record.number) for record in records]),
        language=_coded(_languages([record.language for record in records])),
        words=_words_of(texts[:3], words[:3], lengths),
    )


def alike(column: TextColumn, left: Numbers, right: Numbers) -> Scores:
    """How alike the texts of pairs of records are, 0 to 100; -1 where a side is silent.

    The better of two comparisons: letters without spaces, and words in alphabetical order. A text that
    holds all words of the other counts as ``CONTAINED_COUNTS``.
    """
    mine, other = column.codes[left], column.codes[right]
    scores = np.full(len(mine), 100, dtype=np.float32)
    scores[(mine == 0) | (other == 0)] = -1
    unlike = np.flatnonzero((mine != other) & (scores > 0))
    if not len(unlike):
        return scores
    low, high = np.minimum(mine[unlike], other[unlike]), np.maximum(mine[unlike], other[unlike])
    unlike_pairs, back = numbered(low * len(column.glued) + high)
    first, second = np.divmod(unlike_pairs, len(column.glued))
    scores[unlike] = _measured(column, first, second)[back]
    return scores


def numbered(values: Numbers) -> tuple[Numbers, Numbers]:
    """The distinct values in ascending order, and for each value the place of its own.

    Values and their places are sorted as one number while there is room for both, which is several times
    faster than sorting places by values.
    """
    bits = len(values).bit_length()
    if not len(values) or int(values.max()).bit_length() + bits > 63:
        return np.unique(values, return_inverse=True)
    packed = np.sort(values << bits | np.arange(len(values)))
    ordered, places = packed >> bits, packed & (1 << bits) - 1
    new = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    back = np.empty(len(values), dtype=np.int64)
    back[places] = np.cumsum(new) - 1
    return ordered[new], back


def distinct(values: Numbers) -> Numbers:
    """The values sorted, each once; for numbers that are nearly all distinct, sorting beats hashing."""
    values = np.sort(values)
    if len(values) < 2:
        return values
    return values[np.concatenate(([True], values[1:] != values[:-1]))]


def ratios(left: Texts, right: Texts) -> Scores:
    """The likeness of two equally long columns of texts, 0 to 100."""
    return process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float32)


def _measured(column: TextColumn, first: Numbers, second: Numbers) -> Scores:
    ordered = column.ordered[first], column.ordered[second]
    scores = np.maximum(ratios(*ordered), ratios(column.glued[first], column.glued[second]))
    mine, other = column.marks[first], column.marks[second]
    odd = np.minimum(np.bitwise_count(mine & ~other), np.bitwise_count(other & ~mine))
    held = np.flatnonzero((scores < CONTAINED_COUNTS) & (mine & other > 0) & (odd <= ODD_WORDS))
    found: Scores = process.cpdist(
        ordered[0][held], ordered[1][held], scorer=fuzz.token_set_ratio, score_cutoff=CONTAINED,
        dtype=np.float32,
    )  # fmt: skip
    scores[held] = np.maximum(scores[held], np.where(found > 0, CONTAINED_COUNTS, 0))
    return scores


def _title(title: str, version: str) -> tuple[str, str, tuple[str, ...]]:
    """The folded title, its folded core, and the version words that make another recording."""
    beside = version_codes(version) if version else ()
    whole = _text(title)
    if not _STRUCTURED.search(title.lower()):
        return whole, whole, tuple(code for code in beside if code in BLOCKING)
    forms = title_forms(title)
    versions = sorted(code for code in {*forms.version, *beside} if code in BLOCKING)
    return whole, (_text(forms.core) and forms.folded) or whole, tuple(versions)


def _text(text: str) -> str:
    """The folding key; nothing for what lost its letters on the way here.

    A system that keeps only ASCII turns a Greek or Japanese title into its spaces and commas.
    """
    folded = fold(text)
    return folded if _LETTER.search(folded) else ""


def _name(text: str) -> str:
    """The folding key of a name that is no placeholder."""
    folded = _text(text)
    return "" if is_placeholder_key(folded) else folded


def _names(texts: Sequence[str]) -> list[str]:
    """The folding keys of names, each distinct text read once."""
    keys = {text: _name(text) for text in set(texts)}
    return [keys[text] for text in texts]


def _numbered(texts: Sequence[str]) -> tuple[Numbers, list[str]]:
    """A number for each text in the order in which they come, 0 for an empty one, and the distinct texts."""
    known = {text: number for number, text in enumerate(dict.fromkeys(("", *texts)))}
    return np.array([known[text] for text in texts], dtype=np.int64), list(known)


def _words(columns: Sequence[Sequence[str]]) -> tuple[list[tuple[Numbers, Numbers]], Numbers]:
    """For each column of distinct texts how many words each has and their numbers, and the words' lengths.

    A number is a word's place in the alphabet of all columns.
    """
    split = [[text.split() for text in column] for column in columns]
    alphabet = sorted({word for column in split for words in column for word in words})
    numbers = {word: number for number, word in enumerate(alphabet)}
    found = [
        (
            np.array([len(words) for words in column], dtype=np.int64),
            np.array([numbers[word] for words in column for word in words], dtype=np.int64),
        )
        for column in split
    ]
    return found, np.array([len(word) for word in alphabet], dtype=np.int64)


def _column(codes: Numbers, texts: Sequence[str], words: tuple[Numbers, Numbers]) -> TextColumn:
    counts, flat = words
    marks = np.zeros(len(texts), dtype=np.uint64)
    bits = np.left_shift(np.uint64(1), (flat & 63).astype(np.uint64))
    np.bitwise_or.at(marks, np.repeat(np.arange(len(texts)), counts), bits)
    glued = [text.replace(" ", "") for text in texts]
    ordered = [" ".join(sorted(text.split(" "))) if " " in text else text for text in texts]
    return TextColumn(codes, _texts(texts), _texts(glued), _texts(ordered), marks)


def _texts(texts: Sequence[str]) -> Texts:
    found = np.empty(len(texts), dtype=np.object_)
    found[:] = texts
    return found


def _words_of(
    columns: Sequence[TextColumn], words: Sequence[tuple[Numbers, Numbers]], lengths: Numbers
) -> tuple[Numbers, Numbers]:
    """Owner and number of every distinct word of every record; single letters are left out."""
    width = max(len(lengths), 1)
    found = []
    for column, (counts, flat) in zip(columns, words, strict=True):
        starts = (np.cumsum(counts) - counts)[column.codes]
        repeats = counts[column.codes]
        owners = np.repeat(np.arange(len(column.codes)), repeats)
        offsets = np.arange(len(owners)) - np.repeat(np.cumsum(repeats) - repeats - starts, repeats)
        numbers = flat[offsets]
        whole = lengths[numbers] > 1
        found.append(owners[whole] * width + numbers[whole])
    owners, numbers = np.divmod(distinct(np.concatenate(found)), width)
    return owners, numbers


def _coded(values: Sequence[str]) -> Numbers:
    """A number for each distinct value, whatever the order of the records; 0 for an empty one."""
    known = {value: number for number, value in enumerate(sorted({"", *values}))}
    return np.array([known[value] for value in values], dtype=np.int64)


def place_on_release(number: str) -> str:
    """A place on a release without leading zeros; codes longer than four signs are no places.

    >>> place_on_release("007"), place_on_release(" b2"), place_on_release("MB15552315")
    ('7', 'b2', '')
    """
    place = "".join(number.split()).casefold().lstrip("0")
    return place if len(place) <= 4 else ""


def _languages(names: Sequence[str]) -> list[str]:
    """Each name of a language as its most frequent spelling: "Eng." and "Englsih" are "english" here."""
    read = {name: _SIGNS.sub("", name).casefold() for name in set(names)}
    keys = [read[name] for name in names]
    counts: dict[str, int] = {}
    for key in keys:
        counts[key] = counts.get(key, 0) + 1
    frequent = [key for key in sorted(counts, key=lambda key: (-counts[key], key)) if len(key) > 3]
    frequent = [key for key in frequent if counts[key] > 2 and not is_placeholder(key)]
    canonical = {key: _language(key, frequent) for key in counts}
    return [canonical[key] for key in keys]


def _language(key: str, frequent: Sequence[str]) -> str:
    if not key or is_placeholder(key):
        return ""
    for name in frequent:
        if name.startswith(key):
            return name
    likeness = [(JaroWinkler.similarity(key, name[: len(key) + 1]), name) for name in frequent]
    best, name = max(likeness, key=lambda item: item[0], default=(0.0, key))
    return name if best >= SAME_LANGUAGE else key
