"""Candidate pairs of a batch: who shares a telling key, with as many partners as a record needs.

A fixed limit on the size of a block loses true pairs as data grows, because every key gets fuller. Here each
record takes its most telling keys first and stops once it has met enough others, so that the number of
candidates grows with the number of records and no record is left without any while it has a usable key.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, combinations

import numpy as np
from numpy.typing import NDArray

from matching.candidate_keys import Hashes, Kind, kinds
from matching.columns import Numbers, RecordingColumns, distinct
from matching.side_by_side import side_by_side

Places = NDArray[np.int32]

_AT_ONCE = 1_000_000
"""Pairs held in memory at once before duplicates are dropped."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """How many candidates are looked for.

    ``enough``: a record stops taking keys once they have brought it so many records; ``always``: keys
    shared by at most so many records are taken all the same; ``most``: keys shared by more tell too little.
    """

    enough: int = 20
    always: int = 5
    most: int = 100


BLOCKING = Blocking()
"""The one configuration: every measured figure is made with it."""


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Who shares each key: ``owners`` key by key, and where those of a block begin and how many they are.

    ``names`` are hashes of the keys, which put blocks in an order.
    """

    owners: Places
    starts: Numbers
    sizes: Numbers
    names: Hashes

    def where(self, chosen: NDArray[np.bool_]) -> _Blocks:
        return _Blocks(self.owners, self.starts[chosen], self.sizes[chosen], self.names[chosen])

    def by_name(self) -> _Blocks:
        order = np.argsort(self.names)
        return _Blocks(self.owners, self.starts[order], self.sizes[order], self.names[order])


def candidate_pairs(
    columns: RecordingColumns, blocking: Blocking = BLOCKING, *, apart: bool = False, workers: int = 1
) -> tuple[Numbers, Numbers]:
    """Places of candidate pairs, the smaller first, each once, in ascending order.

    Args:
        columns: the recordings.
        blocking: how many candidates are looked for.
        apart: leave out pairs of one source; they count as met all the same.
        workers: threads that look for them, which changes nothing in what is found.
    """
    width = max(len(columns), 1).bit_length()
    blocks = _blocks(columns, width, blocking.most, workers)
    small = blocks.sizes <= blocking.always
    # Of blocks that all take, all pairs; of others, the pairs of those who take them.
    takers = partial(_pairs_of_takers, blocks, small, len(columns), blocking.enough, width)
    all_pairs = (partial(_all_pairs, width, own) for own in _by_size(blocks.where(small)))
    portions = side_by_side(lambda seek: seek(), chain([takers], all_pairs), workers)
    found = distinct(np.concatenate(portions))
    left, right = found >> width, found & (1 << width) - 1
    if apart:
        others = columns.sources[left] != columns.sources[right]
        left, right = left[others], right[others]
    return left, right


def _blocks(columns: RecordingColumns, width: int, most: int, workers: int) -> _Blocks:
    """The keys that 2 to ``most`` records share, their owners in ascending order."""
    found = side_by_side(partial(_blocks_of, width, most), kinds(columns), workers)
    owners, sizes, names = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return _Blocks(owners, np.cumsum(sizes) - sizes, sizes, names)


def _blocks_of(width: int, most: int, kind: Kind) -> tuple[Places, Numbers, Hashes]:
    """Of one kind the owners of such keys, key by key, with the size and the hash of each.

    Hash and owner are sorted as one number of 64 bits, ``width`` of them for the owner: far faster than
    sorting places by hashes, and what the hash loses makes two keys one by chance about once in ten million
    records.
    """
    low = np.uint64((1 << width) - 1)
    packed = np.concatenate([hashes & ~low | owners.view(np.uint64) for owners, hashes in kind.hashed()])
    packed.sort()
    new = np.empty(len(packed), dtype=bool)
    new[:1] = True
    np.greater(packed[1:] ^ packed[:-1], low, out=new[1:])
    starts = np.flatnonzero(new)
    sizes = np.diff(starts, append=len(packed))
    useful = (sizes > 1) & (sizes <= most)
    kept = packed[np.repeat(useful, sizes)]
    return (kept & low).astype(np.int32), sizes[useful], packed[starts[useful]] & ~low


def _met(blocks: _Blocks, chosen: NDArray[np.bool_], count: int) -> Numbers:
    """How many others each record meets in the chosen blocks, whoever they are."""
    others = np.repeat(np.where(chosen, blocks.sizes - 1, 0), blocks.sizes)
    return np.bincount(blocks.owners, others, count).astype(np.int64)


def _by_size(blocks: _Blocks) -> Iterator[list[Places]]:
    """Blocks of one size at a time: their first members, their second ones, and so on."""
    # Numbers of two bytes are sorted without being compared.
    sizes = blocks.sizes.astype(np.uint16) if blocks.sizes.max(initial=0) < 2**16 else blocks.sizes
    order = np.argsort(sizes, kind="stable")
    starts = np.split(blocks.starts[order], np.cumsum(np.bincount(blocks.sizes))[:-1])
    for size, own in enumerate(starts):
        for at in range(0, len(own), _AT_ONCE // max(size, 1)):
            portion = own[at : at + _AT_ONCE // max(size, 1)]
            yield [blocks.owners[portion + place] for place in range(size)]


def _all_pairs(width: int, members: list[Places]) -> Numbers:
    """All pairs of blocks of one size, each pair as one number, the smaller place first."""
    wide = [member.astype(np.int64) << width for member in members]
    return distinct(
        np.concatenate([wide[low] | members[high] for low, high in combinations(range(len(members)), 2)])
    )


def _pairs_of_takers(
    blocks: _Blocks, small: NDArray[np.bool_], count: int, enough: int, width: int
) -> Numbers:
    """The pairs of members who have not met enough others in smaller blocks with all others of their block.

    Args:
        blocks: all blocks.
        small: those that everybody takes, which are met first and whose pairs are not among these.
        count: how many records there are.
        enough: how many others are enough.
        width: bits of a place.
    """
    met = _met(blocks, small, count)
    blocks = blocks.where(~small).by_name()
    sizes, owners = blocks.sizes, blocks.owners
    block = np.repeat(np.arange(len(sizes)), sizes)
    places = np.arange(len(block)) - np.repeat(np.cumsum(sizes) - sizes - blocks.starts, sizes)
    mine = owners[places]
    few = np.flatnonzero((met < enough)[mine])
    mine, block = mine[few], block[few]
    order = _by_owner_and_size(mine, sizes[block])
    mine, block = mine[order], block[order]
    size = sizes[block]
    total = np.cumsum(size - 1) - (size - 1)
    first = np.append(True, mine[1:] != mine[:-1])[: len(mine)]
    before = np.maximum.accumulate(np.where(first, total, 0))
    taken = total - before + met[mine] < enough
    portions = _expanded(owners, mine[taken], blocks.starts[block[taken]], size[taken], width)
    return np.concatenate([np.zeros(0, dtype=np.int64), *portions])


def _by_owner_and_size(owners: Places, sizes: Numbers) -> Numbers:
    """Places by owner, then by size, then as they stand; sorted as one number while there is room."""
    bits = len(owners).bit_length()
    step = int(sizes.max(initial=0)) + 1
    if (int(owners.max(initial=0)) * step + step).bit_length() + bits > 63:
        return np.lexsort((sizes, owners))
    return np.sort((owners * np.int64(step) + sizes) << bits | np.arange(len(owners))) & ((1 << bits) - 1)


def _expanded(owners: Places, mine: Places, starts: Numbers, sizes: Numbers, width: int) -> Iterator[Numbers]:
    """Every (owner, other member of the block) of the taken keys as one number, in bounded portions.

    ``mine``, ``starts`` and ``sizes`` are of each taken key the owner and where its block is in ``owners``.
    """
    ends = np.cumsum(sizes)
    at = 0
    while at < len(mine):
        done = int(ends[at - 1]) if at else 0
        upto = max(int(np.searchsorted(ends, done + _AT_ONCE, side="right")), at + 1)
        repeats = sizes[at:upto]
        own = np.repeat(mine[at:upto], repeats)
        places = np.repeat(starts[at:upto] - ends[at:upto] + repeats + done, repeats)
        places += np.arange(len(own))
        other = owners[places]
        pairs = np.minimum(own, other).astype(np.int64) << width | np.maximum(own, other)
        yield distinct(pairs[own != other])
        at = upto
