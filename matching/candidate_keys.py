"""The keys by which records of a batch meet: rare words, and what little of two fields identifies together.

A key is a hash of 64 bits, which holds the kind of the key and its values, beside the place of the record
that has it. The same values hash alike in whatever order records come. Keys of one kind have nothing to do
with those of another, so that kinds can be looked at side by side.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import combinations
from string import ascii_lowercase, digits
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, RecordingColumns, TextPool, distinct

Hashes = NDArray[np.uint64]

TELLING_WORDS = 6
"""Rarest words of a record that make keys in pairs."""
TELLING_ALONE = 4
"""Of these, how many make a key alone."""
LONGEST = 7
"""Letters of a text that are looked at from either end."""

_ODD, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_TWENTY_SEVEN, _THIRTY, _THIRTY_ONE = (np.uint64(n) for n in (27, 30, 31))


class Kind(NamedTuple):
    """One kind of key: its name, and what makes the ways in which a record may have values for it.

    A way is a column of values for each field; 0 is unknown.
    """

    name: str
    ways: Callable[[], Iterable[tuple[Numbers, ...]]]

    def hashed(self) -> Iterator[tuple[Numbers, Hashes]]:
        """Way by way who has all values in it, in ascending order, and a hash of them."""
        return map(self._way, self.ways())

    def _way(self, values: tuple[Numbers, ...]) -> tuple[Numbers, Hashes]:
        known = np.flatnonzero(np.logical_and.reduce([value > 0 for value in values]))
        first, *others = values
        seed, top = crc32(self.name.encode()), int(first.max(initial=0))
        if top < len(first):
            # Few distinct values, each mixed once.
            table = _mixed(np.full(top + 1, seed, dtype=np.uint64), np.arange(top + 1))
            hashes = table[first[known]]
        else:
            hashes = _mixed(np.full(len(known), seed, dtype=np.uint64), first[known])
        for value in others:
            hashes = _mixed(hashes, value[known])
        return known, hashes


def kinds(columns: RecordingColumns) -> Iterator[Kind]:
    """The kinds of keys, those first that take longest."""
    duration, number, year, language = columns.duration, columns.number, columns.year, columns.language + 1
    # Asked for first and last, and so hardly ever by two threads at once.
    rare = cache(partial(rare_words, columns))
    # Of two words the rarer one comes first in every record that has both.
    yield Kind("words", lambda: combinations(rare(), 2))
    ends = _Ends(columns.texts)
    texts = columns.title, columns.artist, columns.release
    three, four, five = (
        [beginnings[text] for text in texts] for beginnings in map(ends.beginnings, (3, 4, 5))
    )
    # One second up as well, so that neighbouring seconds meet.
    seconds = duration, np.where(duration > 0, duration + 1, 0)
    for field, beginning in enumerate(four):
        yield _kind(f"duration and text {field}", *((second, beginning) for second in seconds))
    for name, value in (("number", number), ("year", year), ("language", language)):
        yield _kind(f"duration and {name}", *((second, value) for second in seconds))
    for field, (short, longer) in enumerate(zip(three, five, strict=True)):
        yield _kind(f"number and text {field}", (number, longer))
        yield _kind(f"number, year and text {field}", (number, year, short))
    yield _kind("number, year and language", (number, year, language))
    for (first, mine), (second_field, other) in combinations(enumerate(four), 2):
        yield _kind(f"texts {first} and {second_field}", (mine, other))
    yield _kind("beginning of the title", (ends.beginnings(LONGEST)[columns.title],))
    yield _kind("end of the title", (ends.ends()[columns.title],))
    yield Kind("word", lambda: [(words,) for words in rare()[:TELLING_ALONE]])


def _kind(name: str, *ways: tuple[Numbers, ...]) -> Kind:
    return Kind(name, lambda: ways)


def rare_words(columns: RecordingColumns) -> list[Numbers]:
    """The ``TELLING_WORDS`` rarest words of each record, the rarest first, by numbers from 1 on; 0 for none.

    Single letters are left out, and so are words that come once in all titles, artists and releases. Of words
    that come equally often the first in the alphabet is the rarest.
    """
    words = columns.texts.words
    fields = columns.title, columns.artist, columns.release
    used = sum(np.bincount(field, minlength=len(columns.texts)) for field in fields)
    frequency = np.bincount(words.flat, np.repeat(used, words.counts), len(words.alphabet)).astype(np.int64)
    by_rarity = np.argsort(frequency, kind="stable")
    rarity = np.empty_like(by_rarity)
    rarity[by_rarity] = np.arange(len(by_rarity))
    frequency[_single_letters(words.alphabet)] = 0
    telling = (frequency > 1)[words.flat]
    # Of each text its telling words by rarity, and where they end.
    flat = rarity[words.flat[telling]]
    ends = np.append(0, np.cumsum(telling))[np.cumsum(words.counts)]
    counts = np.diff(ends, prepend=0)
    bits = len(by_rarity).bit_length()
    found = []
    for field in fields:
        repeats = counts[field]
        owners = np.repeat(np.arange(len(field)) << bits, repeats)
        places = np.arange(len(owners)) + np.repeat(ends[field] - np.cumsum(repeats), repeats)
        found.append(owners | flat[places])
    packed = distinct(np.concatenate(found))
    firsts = np.append(0, np.cumsum(np.bincount(packed >> bits, minlength=len(columns))))
    told = by_rarity[packed & (1 << bits) - 1] + 1
    rare = []
    for place in range(TELLING_WORDS):
        has = np.flatnonzero(firsts[:-1] + place < firsts[1:])
        own = np.zeros(len(columns), dtype=np.int64)
        own[has] = told[firsts[has] + place]
        rare.append(own)
    return rare


def _single_letters(alphabet: Sequence[str]) -> list[int]:
    """The places of words of one letter or digit among words in order."""
    places = [bisect_left(alphabet, sign) for sign in digits + ascii_lowercase]
    return [place for place in places if place < len(alphabet) and len(alphabet[place]) == 1]


def _mixed(hashes: Hashes, values: Numbers) -> Hashes:
    """The hashes with one more value in each, in place: the finaliser of SplitMix64."""
    hashes *= _ODD
    hashes += values.view(np.uint64)
    hashes ^= hashes >> _THIRTY
    hashes *= _FIRST
    hashes ^= hashes >> _TWENTY_SEVEN
    hashes *= _SECOND
    hashes ^= hashes >> _THIRTY_ONE
    return hashes


class _Ends:
    """The letters that the texts of a pool begin and end with, spaces left out.

    Numbers of pieces are places in the alphabet: keys and their order are then the same in whatever order
    records come. The empty text has 0.
    """

    def __init__(self, pool: TextPool) -> None:
        # Folded texts are ASCII: a byte a letter.
        self._letters = np.frombuffer("".join(pool.glued).encode("ascii"), dtype=np.uint8)
        self._last = np.cumsum(pool.letters.lengths)
        self._first = self._last - pool.letters.lengths
        heads = self._packed(self._first)
        self._order = np.argsort(heads)
        self._heads = heads[self._order]

    def beginnings(self, length: int) -> Numbers:
        """For each text a number for its first letters."""
        return _ranks(self._heads >> 8 * (LONGEST - length), self._order)

    def ends(self) -> Numbers:
        """For each text a number for the ``LONGEST`` letters that it ends with."""
        tails = self._packed(np.maximum(self._last - LONGEST, self._first))
        order = np.argsort(tails)
        return _ranks(tails[order], order)

    def _packed(self, places: Numbers) -> Numbers:
        """The letters from these places on as one number, which orders them as the alphabet does."""
        packed = np.zeros(len(places), dtype=np.int64)
        for place in places + np.arange(LONGEST)[:, None]:
            inside = place < self._last
            packed <<= 8
            packed[inside] |= self._letters[place[inside]]
        return packed


def _ranks(ordered: Numbers, order: Numbers) -> Numbers:
    """How many distinct values are smaller than each value, which stand in order here."""
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.cumsum(np.append(0, ordered[1:] != ordered[:-1]))
    return ranks
