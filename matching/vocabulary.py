"""Distinct texts and the words they are made of, by number.

Nothing is done text by text that can be done for all of them in one long text: a batch has hundreds of
thousands, and a call for each is what the time would go to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, Texts, Words

Value = TypeVar("Value")
_END = "\n"
"""Stands between texts that are written into one; no folded text has it."""


class Numbering(defaultdict[Value, int]):
    """Numbers for values as they come: a value that is not known yet takes the next one.

    >>> known = Numbering()
    >>> known.of(["b", "a", "b"]), known.of(["c", "a"]), list(known)
    (array([0, 1, 0]), array([2, 1]), ['b', 'a', 'c'])
    """

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def of(self, values: Sequence[Value]) -> Numbers:
        """The number of each value."""
        return np.fromiter(map(self.__getitem__, values), dtype=np.int64, count=len(values))


def told_apart(values: Sequence[str]) -> tuple[list[str], Numbers]:
    """The distinct values in the order in which they come, and for each value the place of its own.

    >>> told_apart(["b", "a", "b"])
    (['b', 'a'], array([0, 1, 0]))
    """
    known = Numbering[str]()
    places = known.of(values)
    return list(known), places


def words_of(texts: Sequence[str], spaces: Numbers) -> Words:
    """The words of folded texts, of which the first is the empty one and no other is.

    ``spaces`` is how many spaces each text has.
    """
    known = Numbering[str]()
    flat = known.of(" ".join(texts[1:]).split())
    words = list(known)
    order = sorted(range(len(words)), key=words.__getitem__)
    places = np.empty(len(words), dtype=np.int64)
    places[order] = np.arange(len(words))
    counts = spaces + 1
    counts[0] = 0
    return Words([words[number] for number in order], counts, places[flat])


def glued(texts: Sequence[str]) -> Texts:
    """The texts without spaces."""
    return as_array(_END.join(texts).replace(" ", "").split(_END))


def in_order(words: Words) -> Texts:
    """The texts with their words in alphabetical order."""
    if len(words.counts) == 1:
        return as_array([""])
    bits = len(words.alphabet).bit_length()
    owners = np.repeat(np.arange(len(words.counts)), words.counts)
    ordered = np.sort(owners << bits | words.flat) & (1 << bits) - 1
    # An end of its own between any two texts; the first one is empty and takes none.
    written = np.insert(ordered, np.cumsum(words.counts)[1:-1], len(words.alphabet))
    texts = " ".join(as_array([*words.alphabet, _END])[written].tolist()).split(f" {_END} ")
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
