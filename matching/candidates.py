"""Candidate pairs of a batch: who shares a telling key, with as many partners as a record needs.

A fixed limit on the size of a block loses true pairs as data grows, because every key gets fuller. Here each
record takes its most telling keys first and stops once it has met enough others, so that the number of
candidates grows with the number of records and no record is left without any while it has a usable key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, RecordingColumns, TextColumn, distinct

Hashes = NDArray[np.uint64]

TELLING_WORDS = 6
"""Rarest words of a record that make keys in pairs."""
TELLING_ALONE = 4
"""Of these, how many make a key alone."""
_AT_ONCE = 1_000_000
"""Pairs held in memory at once before duplicates are dropped."""
_LARGEST = 2**30
"""Places up to here are held in four bytes instead of eight; moving them is what the time goes to."""

_ODD, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
_TWENTY_SEVEN, _THIRTY, _THIRTY_ONE = (np.uint64(n) for n in (27, 30, 31))


@dataclass(frozen=True, slots=True)
class Blocking:
    """How many candidates are looked for.

    ``enough``: a record stops taking keys once they have brought it so many records; ``always``: keys
    shared by at most so many records are taken all the same; ``most``: keys shared by more tell too little.
    """

    enough: int = 40
    always: int = 8
    most: int = 100


BLOCKING = Blocking()
"""The one configuration: every measured figure is made with it."""


def candidate_pairs(columns: RecordingColumns, blocking: Blocking = BLOCKING) -> tuple[Numbers, Numbers]:
    """Places of candidate pairs, the smaller first, each once, in ascending order."""
    count = len(columns)
    width = max(count, 1).bit_length()
    owners, blocks = _ordered_keys(columns, width)
    starts = np.flatnonzero(np.concatenate((np.ones(min(len(blocks), 1), bool), blocks[1:] != blocks[:-1])))
    sizes = np.diff(np.append(starts, len(blocks)))
    del blocks
    useful = (sizes > 1) & (sizes <= blocking.most)
    starts, sizes = starts[useful], sizes[useful]
    # Per record, keys from the smallest block up, until enough others have been met.
    block = np.repeat(np.arange(len(starts)), sizes)
    places = np.arange(len(block)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[block]
    mine, size = owners[places], sizes[block]
    order = _by_owner_and_size(mine, size)
    mine, block, size = mine[order], block[order], size[order]
    met = size - 1
    total = np.cumsum(met)
    first = np.concatenate((np.ones(min(len(mine), 1), bool), mine[1:] != mine[:-1]))
    before_record = np.maximum.accumulate(np.where(first, total - met, 0))
    taken = (total - met - before_record < blocking.enough) | (size <= blocking.always)
    portions = _expanded(owners, mine[taken], starts[block[taken]], size[taken], count)
    found = distinct(np.concatenate([*portions, owners[:0]]))
    left, right = np.divmod(found, max(count, 1))
    return left, right


def _ordered_keys(columns: RecordingColumns, width: int) -> tuple[Numbers, Hashes]:
    """The owner and the hash of every key, by hash and then by owner.

    The two are sorted as one number of 64 bits, ``width`` of them for the owner: far faster than sorting
    places by hashes, and what the hash loses makes two keys one by chance about once in ten million records.
    """
    shift = np.uint64(width)
    keys = [(hashes >> shift << shift) | owners.astype(np.uint64) for owners, hashes in _keys(columns)]
    packed = np.sort(np.concatenate(keys))
    return (packed & np.uint64((1 << width) - 1)).astype(np.int64), packed >> shift


def _by_owner_and_size(owners: Numbers, sizes: Numbers) -> Numbers:
    """Places by owner, then by size, then as they stand; sorted as one number while there is room."""
    bits = len(owners).bit_length()
    step = int(sizes.max(initial=0)) + 1
    if (int(owners.max(initial=0)) * step + step).bit_length() + bits > 63:
        return np.lexsort((sizes, owners))
    return np.sort((owners * step + sizes) << bits | np.arange(len(owners))) & ((1 << bits) - 1)


def _expanded(
    owners: Numbers, mine: Numbers, starts: Numbers, sizes: Numbers, count: int
) -> Iterator[Numbers]:
    """Every (owner, other member of the block) of the taken keys as one number, in bounded portions.

    ``mine``, ``starts`` and ``sizes`` are of each taken key the owner and where its block is in ``owners``.
    """
    small = np.int32 if max(len(owners), count) <= _LARGEST else np.int64
    owners, mine = owners.astype(small), mine.astype(small)
    ends = np.cumsum(sizes)
    at = 0
    while at < len(mine):
        done = int(ends[at - 1]) if at else 0
        upto = max(int(np.searchsorted(ends, done + _AT_ONCE, side="right")), at + 1)
        repeats = sizes[at:upto]
        own = np.repeat(mine[at:upto], repeats)
        places = np.repeat((starts[at:upto] - ends[at:upto] + repeats + done).astype(small), repeats)
        places += np.arange(len(own), dtype=small)
        other = owners[places]
        pairs = np.minimum(own, other).astype(np.int64)
        pairs *= count
        pairs += np.maximum(own, other)
        yield distinct(pairs[own != other])
        at = upto


def _keys(columns: RecordingColumns) -> Iterator[tuple[Numbers, Hashes]]:
    """Keys kind by kind, with their owners: rare words, and what little of two fields identifies together."""
    duration, number, year, language = columns.duration, columns.number, columns.year, columns.language
    texts = (columns.title, columns.artist, columns.release)
    three, four, five = ([_beginnings(text, length) for text in texts] for length in (3, 4, 5))
    for second in (duration, duration + 1):
        # One second up as well, so that neighbouring seconds meet.
        known = np.where(duration > 0, second, 0)
        for field, beginning in enumerate(four):
            yield _kind(f"duration and text {field}", known, beginning)
        yield _kind("duration and number", known, number)
        yield _kind("duration and year", known, year)
        yield _kind("duration and language", known, language + 1)
    for field, (short, longer) in enumerate(zip(three, five, strict=True)):
        yield _kind(f"number and text {field}", number, longer)
        yield _kind(f"number, year and text {field}", number, year, short)
    yield _kind("number, year and language", number, year, language + 1)
    for (first, mine), (second_field, other) in combinations(enumerate(four), 2):
        yield _kind(f"texts {first} and {second_field}", mine, other)
    yield _kind("beginning of the title", _beginnings(columns.title, 7))
    yield _kind("end of the title", _beginnings(columns.title, 7, from_end=True))
    yield from _word_keys(columns)


def _word_keys(columns: RecordingColumns) -> Iterator[tuple[Numbers, Hashes]]:
    """The rarest words that somebody else has too: the four rarest alone, six in pairs."""
    owners, words = columns.words
    frequency = np.bincount(words, minlength=1)
    shared = frequency[words] > 1
    owners, words = owners[shared], words[shared]
    order = np.lexsort((words, frequency[words], owners))
    owners, words = owners[order], words[order]
    firsts = np.flatnonzero(np.concatenate((np.ones(min(len(owners), 1), bool), owners[1:] != owners[:-1])))
    place = np.arange(len(owners)) - np.repeat(firsts, np.diff(np.append(firsts, len(owners))))
    rare = np.zeros((len(columns), TELLING_WORDS), dtype=np.int64)
    kept = place < TELLING_WORDS
    rare[owners[kept], place[kept]] = words[kept] + 1
    for column in range(TELLING_ALONE):
        yield _kind("word", rare[:, column])
    for one, other in combinations(range(TELLING_WORDS), 2):
        low, high = np.minimum(rare[:, one], rare[:, other]), np.maximum(rare[:, one], rare[:, other])
        yield _kind("words", low, high)


def _kind(name: str, *values: Numbers) -> tuple[Numbers, Hashes]:
    """One kind of key: who has all its values, and a hash of them; the same values hash alike everywhere."""
    known = np.flatnonzero(np.logical_and.reduce([value > 0 for value in values]))
    hashes = np.full(len(known), crc32(name.encode()), dtype=np.uint64)
    for value in values:
        # The finaliser of SplitMix64, value after value.
        hashes = hashes * _ODD + value[known].astype(np.uint64)
        hashes = (hashes ^ (hashes >> _THIRTY)) * _FIRST
        hashes = (hashes ^ (hashes >> _TWENTY_SEVEN)) * _SECOND
        hashes ^= hashes >> _THIRTY_ONE
    return known, hashes


def _beginnings(text: TextColumn, length: int, *, from_end: bool = False) -> Numbers:
    """For each record a number for how its text begins (or ends); 0 where it is silent.

    Numbers are places in the alphabet: keys and their order are then the same in whatever order records come.
    """
    cut = slice(-length, None) if from_end else slice(length)
    pieces = [glued[cut] for glued in text.glued]
    known = {piece: number for number, piece in enumerate(sorted({"", *pieces}))}
    return np.array([known[piece] for piece in pieces], dtype=np.int64)[text.codes]
