"""Recordings as columns: every text folded once and numbered, so that pairs are compared by the million.

All columns share one pool, which keeps each distinct text once. A pair of texts is then a pair of small
numbers: equal numbers are equal texts, and a pair that many records share is measured once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.letters import LetterCounts

Numbers = NDArray[np.int64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of distinct texts, by their places in the alphabet.

    ``counts`` has for each text how many words it has, ``flat`` the words of all texts in their order.
    """

    alphabet: list[str]
    counts: Numbers
    flat: Numbers


@dataclass(frozen=True, slots=True)
class TextPool:
    """The distinct folded texts of all columns, each at the place of its number, in three forms.

    The text with the number 0 is the empty one. ``words`` are those of each text, ``marks`` has a bit for
    each of them, of 64 bits that all words share: texts without a common bit have no word in common.
    ``letters`` counts the letters of each.
    """

    spaced: Texts
    glued: Texts
    ordered: Texts
    words: Words
    marks: NDArray[np.uint64]
    letters: LetterCounts

    def __len__(self) -> int:
        return len(self.spaced)


@dataclass(frozen=True, slots=True)
class RecordingColumns:
    """Recordings in the order they came; numbers are 0 where unknown.

    ``title`` is the whole title folded, ``core`` that without version and featuring; these, ``artist`` and
    ``release`` are numbers of ``texts``. ``versions`` has a number for each set of version words that make
    another recording.
    """

    ids: Numbers
    sources: Numbers
    texts: TextPool
    title: Numbers
    core: Numbers
    artist: Numbers
    release: Numbers
    versions: Numbers
    duration: Numbers
    year: Numbers
    number: Numbers
    language: Numbers

    def __len__(self) -> int:
        return len(self.ids)


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
