"""Recordings as columns: every text folded once and numbered, so that pairs are compared by the million.

A column keeps each distinct text once. A pair of texts is then a pair of small numbers: equal numbers are
equal texts, and a pair that many records share is measured once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from matching.normalize.names import is_placeholder
from matching.normalize.scripts import fold
from matching.normalize.titles import BLOCKING, title_forms, version_codes
from matching.records import RecordingRecord

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]

CONTAINED = 95
"""One text holds all words of the other when their token set is this alike (per cent)."""
CONTAINED_COUNTS = 86
"""What containment counts as; less than a misspelling of the whole text."""
SAME_LANGUAGE = 0.8

_LETTER = re.compile(r"[a-z0-9]")
_STRUCTURED = re.compile(r"[(\[{]|\s[-–—−]|feat|ft\.|при уч", re.IGNORECASE)
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of folded texts: ``codes`` per record (0: silent), and the distinct texts in three forms."""

    codes: Numbers
    spaced: list[str]
    glued: list[str]
    ordered: list[str]

    def of(self, record: int) -> str:
        """The folded text of one record, without spaces."""
        return self.glued[int(self.codes[record])]


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
    titles, cores, versions = [], [], []
    for record in records:
        whole, core, version = _title(record)
        titles.append(whole)
        cores.append(core)
        versions.append(version)
    artists = _names([" ".join(record.artists) for record in records])
    releases = _names([record.release for record in records])
    title, artist, release = _column(titles), _column(artists), _column(releases)
    return RecordingColumns(
        ids=np.array([record.id for record in records], dtype=np.int64),
        sources=_coded(record.source for record in records),
        title=title,
        core=_column(cores),
        artist=artist,
        release=release,
        versions=_coded(" ".join(codes) for codes in versions),
        duration=np.array([record.duration for record in records], dtype=np.int64),
        year=np.array([record.year for record in records], dtype=np.int64),
        number=_coded(place_on_release(record.number) for record in records),
        language=_coded(_languages([record.language for record in records])),
        words=_words((title, artist, release)),
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
    unlike_pairs, back = np.unique(low * len(column.glued) + high, return_inverse=True)
    first, second = np.divmod(unlike_pairs, len(column.glued))
    scores[unlike] = _measured(column, first, second)[back]
    return scores


def distinct(values: Numbers) -> Numbers:
    """The values sorted, each once; for numbers that are nearly all distinct, sorting beats hashing."""
    values = np.sort(values)
    if len(values) < 2:
        return values
    return values[np.concatenate(([True], values[1:] != values[:-1]))]


def ratios(left: Sequence[str], right: Sequence[str]) -> Scores:
    """The likeness of two equally long columns of texts, 0 to 100."""
    return process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float32)


def _measured(column: TextColumn, first: Numbers, second: Numbers) -> Scores:
    mine, other = first.tolist(), second.tolist()
    ordered = [column.ordered[code] for code in mine], [column.ordered[code] for code in other]
    glued = [column.glued[code] for code in mine], [column.glued[code] for code in other]
    scores = np.maximum(ratios(*ordered), ratios(*glued))
    unlike = np.flatnonzero(scores < CONTAINED_COUNTS).tolist()
    words = [ordered[0][at] for at in unlike], [ordered[1][at] for at in unlike]
    held: Scores = process.cpdist(
        *words, scorer=fuzz.token_set_ratio, score_cutoff=CONTAINED, dtype=np.float32
    )
    scores[unlike] = np.maximum(scores[unlike], np.where(held > 0, CONTAINED_COUNTS, 0))
    return scores


def _title(record: RecordingRecord) -> tuple[str, str, tuple[str, ...]]:
    """The folded title, its folded core, and the version words that make another recording."""
    title = record.titles[0] if record.titles else ""
    beside = version_codes(record.version) if record.version else ()
    whole = _text(title)
    if not _STRUCTURED.search(title):
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
    return "" if not text or is_placeholder(text) else _text(text)


def _names(texts: Sequence[str]) -> list[str]:
    """The folding keys of names, each distinct text read once."""
    keys = {text: _name(text) for text in set(texts)}
    return [keys[text] for text in texts]


def _column(texts: Sequence[str]) -> TextColumn:
    known = {"": 0}
    codes = np.array([known.setdefault(text, len(known)) for text in texts], dtype=np.int64)
    glued = [text.replace(" ", "") for text in known]
    return TextColumn(codes, list(known), glued, [" ".join(sorted(text.split())) for text in known])


def _words(texts: Sequence[TextColumn]) -> tuple[Numbers, Numbers]:
    """Owner and number of every distinct word of every record; single letters are left out."""
    split = [[[word for word in text.split() if len(word) > 1] for text in column.spaced] for column in texts]
    alphabet = sorted({word for column in split for words in column for word in words})
    numbers = {word: number for number, word in enumerate(alphabet)}
    found = []
    for column, own in zip(texts, split, strict=True):
        flat = np.array([numbers[word] for words in own for word in words], dtype=np.int64)
        counts = np.array([len(words) for words in own], dtype=np.int64)
        starts = (np.cumsum(counts) - counts)[column.codes]
        repeats = counts[column.codes]
        owners = np.repeat(np.arange(len(column.codes)), repeats)
        offsets = np.arange(len(owners)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        found.append(owners * max(len(alphabet), 1) + flat[np.repeat(starts, repeats) + offsets])
    owners, words = np.divmod(distinct(np.concatenate(found)), max(len(alphabet), 1))
    return owners, words


def _coded(values: Iterable[str]) -> Numbers:
    """A number for each distinct value, whatever the order of the records; 0 for an empty one."""
    listed = list(values)
    known = {value: number for number, value in enumerate(sorted({"", *listed}))}
    return np.array([known[value] for value in listed], dtype=np.int64)


def place_on_release(number: str) -> str:
    """A place on a release without leading zeros; codes longer than four signs are no places.

    >>> place_on_release("007"), place_on_release(" b2"), place_on_release("MB15552315")
    ('7', 'b2', '')
    """
    place = "".join(number.split()).casefold().lstrip("0")
    return place if len(place) <= 4 else ""


def _languages(names: Sequence[str]) -> list[str]:
    """Each name of a language as its most frequent spelling: "Eng." and "Englsih" are "english" here."""
    keys = [_SIGNS.sub("", name).casefold() for name in names]
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
