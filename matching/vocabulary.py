"""The distinct texts of columns, and the words they are made of, by number.

Nothing is done text by text that can be done for all of them in one long text: a batch has hundreds of
thousands, and a call for each is what the time would go to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, Texts

_END = "\n"
"""Stands between texts that are written into one; no folded text has it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a column of distinct texts, by their places in the alphabet of several columns.

    ``counts`` has for each text how many words it has, ``flat`` the words of all texts in their order.
    """

    counts: Numbers
    flat: Numbers


def told_apart(values: Iterable[str]) -> tuple[list[str], Numbers]:
    """The distinct values in the order in which they come, and for each value the place of its own.

    >>> told_apart(["b", "a", "b"])
    (['b', 'a'], array([0, 1, 0]))
    """
    # A value that is not known yet takes the next place.
    places: dict[str, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(places.__getitem__, values), dtype=np.int64)
    return list(places), codes


def coded(values: Sequence[str]) -> Numbers:
    """A number for each value, by their order and not by that in which they come; 0 for an empty one."""
    known = {value: number for number, value in enumerate(sorted({"", *values}))}
    return np.array([known[value] for value in values], dtype=np.int64)


def words_of(columns: Sequence[Sequence[str]]) -> tuple[list[str], list[Words]]:
    """The alphabet of all words of some columns of folded texts, and the words of each column by number.

    The first text of a column is the empty one, and no other is.
    """
    split = [" ".join(texts[1:]).split() for texts in columns]
    alphabet = sorted(set().union(*split))
    places = dict(zip(alphabet, range(len(alphabet)), strict=True))
    found = []
    for texts, words in zip(columns, split, strict=True):
        counts = np.array([text.count(" ") for text in texts], dtype=np.int64) + 1
        counts[0] = 0
        found.append(Words(counts, np.fromiter(map(places.__getitem__, words), np.int64, len(words))))
    return alphabet, found


def glued(texts: Sequence[str]) -> Texts:
    """The texts without spaces."""
    return as_array(_END.join(texts).replace(" ", "").split(_END))


def in_order(words: Words, alphabet: Sequence[str]) -> Texts:
    """The texts with their words in alphabetical order."""
    if len(words.counts) == 1:
        return as_array([""])
    bits = len(alphabet).bit_length()
    owners = np.repeat(np.arange(len(words.counts)), words.counts)
    ordered = np.sort(owners << bits | words.flat) & (1 << bits) - 1
    # An end of its own between any two texts; the first one is empty and takes none.
    written = np.insert(ordered, np.cumsum(words.counts)[1:-1], len(alphabet))
    texts = " ".join(as_array([*alphabet, _END])[written].tolist()).split(f" {_END} ")
    return as_array(["", *texts])


def marks(words: Words) -> NDArray[np.uint64]:
    """For each text a bit for each of its words, of 64 bits that all words share."""
    bits = np.left_shift(np.uint64(1), (words.flat & 63).astype(np.uint64))
    found = np.zeros(len(words.counts), dtype=np.uint64)
    if len(bits):
        found[1:] = np.bitwise_or.reduceat(bits, np.cumsum(words.counts)[:-1])
    return found


def as_array(texts: Sequence[str]) -> Texts:
    """The texts as an array of objects."""
    found = np.empty(len(texts), dtype=np.object_)
    found[:] = texts
    return found
