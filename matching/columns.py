"""Recordings as columns: every text folded once and numbered, so that pairs are compared by the million.

A column keeps each distinct text once. A pair of texts is then a pair of small numbers: equal numbers are
equal texts, and a pair that many records share is measured once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

Numbers = NDArray[np.int64]
Scores = NDArray[np.float32]
Texts = NDArray[np.object_]

CONTAINED = 95
"""One text holds all words of the other when their token set is this alike (per cent)."""
CONTAINED_COUNTS = 86
"""What containment counts as; less than a misspelling of the whole text."""
ODD_WORDS = 1
"""Words of the shorter text that the longer one may lack, if they are short, to hold it all the same."""


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
