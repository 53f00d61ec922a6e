"""Candidate pairs of a batch: who shares a telling key, with as many partners as a record needs.

A fixed limit on the size of a block loses true pairs as data grows, because every key gets fuller. Here each
record takes its most telling keys first and stops once it has met enough others, so that the number of
candidates grows with the number of records and no record is left without any while it has a usable key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matching.columns import Numbers, RecordingColumns

TELLING_WORDS = 6
"""Rarest words of a record that make keys in pairs."""
TELLING_ALONE = 4
"""Of these, how many make a key alone."""
_AT_ONCE = 4_000_000
"""Pairs held in memory at once before duplicates are dropped."""


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
    owners, hashes = _hashed_keys(columns)
    order = np.argsort(hashes, kind="stable")
    owners, hashes = owners[order], hashes[order]
    starts = (
        np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1]))) if len(hashes) else owners[:0]
    )
    sizes = np.diff(np.append(starts, len(hashes)))
    block = np.repeat(np.arange(len(starts)), sizes)
    size = sizes[block]
    usable = np.flatnonzero((size > 1) & (size <= blocking.most))
    # Per record, keys from the smallest block up, until enough others have been met.
    usable = usable[np.lexsort((size[usable], owners[usable]))]
    mine, met = owners[usable], size[usable] - 1
    total = np.cumsum(met)
    first = np.concatenate(([True], mine[1:] != mine[:-1])) if len(mine) else np.zeros(0, dtype=bool)
    before_record = np.maximum.accumulate(np.where(first, total - met, 0))
    taken = usable[(total - met - before_record < blocking.enough) | (size[usable] <= blocking.always)]
    count = len(columns)
    found = _distinct(np.concatenate([*_expanded(owners, starts[block], size, taken, count), owners[:0]]))
    left, right = np.divmod(found, max(count, 1))
    return left, right


def _expanded(
    owners: Numbers, start: Numbers, size: Numbers, taken: Numbers, count: int
) -> Iterator[Numbers]:
    """Every (owner, other member of the block) of the taken keys as one number, in bounded portions."""
    ends = np.cumsum(size[taken])
    at = 0
    while at < len(taken):
        done = ends[at - 1] if at else 0
        upto = max(int(np.searchsorted(ends, done + _AT_ONCE, side="right")), at + 1)
        part = taken[at:upto]
        repeats = size[part]
        mine = np.repeat(owners[part], repeats)
        offsets = np.arange(len(mine)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        other = owners[np.repeat(start[part], repeats) + offsets]
        unlike = mine != other
        low, high = np.minimum(mine, other)[unlike], np.maximum(mine, other)[unlike]
        yield _distinct(low * count + high)
        at = upto


def _distinct(values: Numbers) -> Numbers:
    """The values sorted, each once; for numbers that are nearly all distinct, sorting beats hashing."""
    values = np.sort(values)
    if len(values) < 2:
        return values
    return values[np.concatenate(([True], values[1:] != values[:-1]))]


def _hashed_keys(columns: RecordingColumns) -> tuple[Numbers, Numbers]:
    """Owner and hash of every key of every record.

    Python's own hash of texts changes from run to run; the pairs do not, but for a collision of two
    64-bit hashes, which would add a candidate that is then judged like any other.
    """
    owners: list[int] = []
    keys: list[int] = []
    for record, own in enumerate(_keys(columns)):
        distinct = set(map(hash, own))
        owners += [record] * len(distinct)
        keys += distinct
    return np.array(owners, dtype=np.int64), np.array(keys, dtype=np.int64)


Key = tuple[str | int, ...]


def _keys(columns: RecordingColumns) -> Iterator[list[Key]]:
    """The keys of each record: rare words, and what little of two fields identifies together."""
    frequency = Counter(word for words in columns.words for word in words)
    details = zip(
        *(getattr(columns, name).tolist() for name in ("duration", "number", "year", "language")), strict=True
    )
    texts = columns.title, columns.artist, columns.release
    codes = zip(*(text.codes.tolist() for text in texts), strict=True)
    for words, (duration, number, year, language), own in zip(columns.words, details, codes, strict=True):
        keys: list[Key] = _word_keys(words, frequency)
        title, artist, release = (text.glued[code] for text, code in zip(texts, own, strict=True))
        named = [(field, text) for field, text in (("t", title), ("a", artist), ("r", release)) if text]
        # One second up, so that neighbouring seconds meet.
        for second in (duration, duration + 1) if duration else ():
            keys += [("d", field, second, text[:4]) for field, text in named]
            keys += [("d", name, second, value) for name, value in (("n", number), ("y", year)) if value]
            keys.append(("d", "l", second, language))
        if number:
            keys += [("n", field, number, text[:5]) for field, text in named]
            if year:
                keys += [("n", field, number, year, text[:3]) for field, text in named]
                keys.append(("n", "l", number, year, language))
        keys += [
            ("f", field, first[:4], second[:4]) for (field, first), (_, second) in combinations(named, 2)
        ]
        if title:
            keys += [("t", title[:7]), ("t", "end", title[-7:])]
        yield keys


def _word_keys(words: list[str], frequency: Counter[str]) -> list[Key]:
    """The rarest words that somebody else has too: the four rarest alone, six in pairs."""
    shared = [(frequency[word], word) for word in words if len(word) > 1 and frequency[word] > 1]
    rare = [word for _, word in sorted(shared)[:TELLING_WORDS]]
    keys: list[Key] = [("w", word) for word in rare[:TELLING_ALONE]]
    keys += [("w", *pair) for pair in combinations(sorted(rare), 2)]
    return keys
