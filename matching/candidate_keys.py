"""The keys by which records of a batch meet: rare words, and what little of two fields identifies together.

A key is a hash of 64 bits, which holds the kind of the key and its values, beside the place of the record
that has it. The same values hash alike in whatever order records come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, RecordingColumns, TextColumn

Hashes = NDArray[np.uint64]

TELLING_WORDS = 6
"""Rarest words of a record that make keys in pairs."""
TELLING_ALONE = 4
"""Of these, how many make a key alone."""
LONGEST = 7
"""Letters of a text that are looked at from either end."""

_ODD, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_TWENTY_SEVEN, _THIRTY, _THIRTY_ONE = (np.uint64(n) for n in (27, 30, 31))


def candidate_keys(columns: RecordingColumns) -> Iterator[tuple[Numbers, Hashes]]:
    """The keys kind by kind, with their owners in ascending order."""
    duration, number, year, language = columns.duration, columns.number, columns.year, columns.language + 1
    texts = [_Ends(text) for text in (columns.title, columns.artist, columns.release)]
    three, four, five = ([text.beginnings(length) for text in texts] for length in (3, 4, 5))
    for second in (duration, duration + 1):
        # One second up as well, so that neighbouring seconds meet.
        known = np.where(duration > 0, second, 0)
        for field, beginning in enumerate(four):
            yield _kind(f"duration and text {field}", known, beginning)
        yield _kind("duration and number", known, number)
        yield _kind("duration and year", known, year)
        yield _kind("duration and language", known, language)
    for field, (short, longer) in enumerate(zip(three, five, strict=True)):
        yield _kind(f"number and text {field}", number, longer)
        yield _kind(f"number, year and text {field}", number, year, short)
    yield _kind("number, year and language", number, year, language)
    for (first, mine), (second_field, other) in combinations(enumerate(four), 2):
        yield _kind(f"texts {first} and {second_field}", mine, other)
    yield _kind("beginning of the title", texts[0].beginnings(LONGEST))
    yield _kind("end of the title", texts[0].ends())
    rare = _rare_words(columns)
    for words in rare[:TELLING_ALONE]:
        yield _kind("word", words)
    for one, other in combinations(rare, 2):
        yield _kind("words", np.minimum(one, other), np.maximum(one, other))


def _rare_words(columns: RecordingColumns) -> Sequence[Numbers]:
    """The rarest words of each record that somebody else has too, the rarest first; 0 for none."""
    owners, words = columns.words
    frequency = np.bincount(words, minlength=1)
    by_rarity = np.argsort(frequency, kind="stable")
    rarity = np.empty_like(by_rarity)
    rarity[by_rarity] = np.arange(len(by_rarity))
    shared = frequency[words] > 1
    bits = len(by_rarity).bit_length()
    ordered = np.sort(owners[shared] << bits | rarity[words[shared]])
    owners = ordered >> bits
    words = by_rarity[ordered & (1 << bits) - 1]
    firsts = np.searchsorted(owners, np.arange(len(columns) + 1))
    rare = []
    for place in range(TELLING_WORDS):
        own = firsts[:-1] + place
        has = own < firsts[1:]
        rare.append(np.where(has, words[np.where(has, own, 0)] + 1, 0) if len(words) else np.zeros_like(own))
    return rare


def _kind(name: str, *values: Numbers) -> tuple[Numbers, Hashes]:
    """One kind of key: who has all its values, and a hash of them."""
    known = np.flatnonzero(np.logical_and.reduce([value > 0 for value in values]))
    first, *others = values
    seed, top = crc32(name.encode()), int(first.max(initial=0))
    if top < len(first):
        # Few distinct values, each mixed once.
        table = _mixed(np.full(top + 1, seed, dtype=np.uint64), np.arange(top + 1))
        hashes = table[first[known]]
    else:
        hashes = _mixed(np.full(len(known), seed, dtype=np.uint64), first[known])
    for value in others:
        hashes = _mixed(hashes, value[known])
    return known, hashes


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
    """The letters that the distinct texts of a column begin and end with, spaces left out.

    Numbers of pieces are places in the alphabet: keys and their order are then the same in whatever order
    records come.
    """

    def __init__(self, column: TextColumn) -> None:
        self._codes = column.codes
        lengths = np.fromiter(map(len, column.glued), dtype=np.int64, count=len(column.glued))
        # Folded texts are ASCII: a byte a letter.
        self._letters = np.frombuffer("".join(column.glued).encode("ascii"), dtype=np.uint8)
        self._last = np.cumsum(lengths)
        self._first = self._last - lengths
        heads = self._packed(self._first)
        self._order = np.argsort(heads)
        self._heads = heads[self._order]

    def beginnings(self, length: int) -> Numbers:
        """For each record a number for the first letters of its text; 0 where it is silent."""
        return _ranks(self._heads >> 8 * (LONGEST - length), self._order)[self._codes]

    def ends(self) -> Numbers:
        """For each record a number for the ``LONGEST`` letters that its text ends with."""
        tails = self._packed(np.maximum(self._last - LONGEST, self._first))
        order = np.argsort(tails)
        return _ranks(tails[order], order)[self._codes]

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
