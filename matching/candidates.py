"""Candidate pairs of a batch: who shares a telling key, with as many partners as a record needs.

A fixed limit on the size of a block loses true pairs as data grows, because every key gets fuller. Here each
record takes its most telling keys first and stops once it has met enough others, so that the number of
candidates grows with the number of records and no record is left without any while it has a usable key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    """Who shares keys.

    ``small`` are blocks that everybody takes, one table for each number of members from 2 on: the first
    members of all blocks of that size, their second ones, and so on. ``owners`` are the members of larger
    blocks, block by block, ``sizes`` how many each has, and ``names`` are hashes of their keys, which put
    blocks of one size in an order.
    """

    small: list[Places]
    owners: Places
    sizes: Numbers
    names: Hashes


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
    blocks = _blocks(columns, width, blocking, workers)
    pairs = _Pairs(width, columns.sources if apart else np.arange(len(columns)))
    # Of small blocks all pairs; of others, the pairs of those who take them.
    takers = partial(_pairs_of_takers, blocks, blocking.enough, pairs)
    all_pairs = (partial(pairs.of_all, members) for members in _portions(blocks.small))
    portions = side_by_side(lambda seek: seek(), chain([takers], all_pairs), workers)
    found = distinct(np.concatenate(portions))
    return found >> width, found & (1 << width) - 1


def _blocks(columns: RecordingColumns, width: int, blocking: Blocking, workers: int) -> _Blocks:
    """The keys that some records share, but not too many."""
    found = side_by_side(partial(_blocks_of, width, blocking), kinds(columns), workers)
    small = zip(*[blocks.small for blocks in found], strict=True)
    return _Blocks(
        [np.concatenate(members, axis=1) for members in small],
        np.concatenate([blocks.owners for blocks in found]),
        np.concatenate([blocks.sizes for blocks in found]),
        np.concatenate([blocks.names for blocks in found]),
    )


def _blocks_of(width: int, blocking: Blocking, kind: Kind) -> _Blocks:
    """The blocks of one kind of key, their members in ascending order.

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
    small = []
    for size in range(2, min(blocking.always, blocking.most) + 1):
        places = starts[sizes == size] + np.arange(size)[:, None]
        small.append((packed[places] & low).astype(np.int32))
    large = (sizes > max(blocking.always, 1)) & (sizes <= blocking.most)
    owners = (packed[np.repeat(large, sizes)] & low).astype(np.int32)
    return _Blocks(small, owners, sizes[large], packed[starts[large]] & ~low)


def _portions(small: Iterable[Places]) -> Iterator[Places]:
    """Blocks of one size at a time, and not too many."""
    for members in small:
        most = max(_AT_ONCE // len(members), 1)
        for at in range(0, members.shape[1], most):
            yield members[:, at : at + most]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of records as one number each, the smaller place first and ``width`` bits for the greater one.

    Records of one of the ``origins`` are no pair.
    """

    width: int
    origins: Numbers

    def of_all(self, members: Places) -> Numbers:
        """All pairs of blocks of one size, given their first members, their second ones, and so on."""
        wide = members.astype(np.int64) << self.width
        both = [wide[low] | members[high] for low, high in combinations(range(len(members)), 2)]
        return self._apart(np.concatenate(both))

    def of(self, some: Places, others: Places) -> Numbers:
        """Each of some records with one of the others."""
        return self._apart(np.minimum(some, others).astype(np.int64) << self.width | np.maximum(some, others))

    def _apart(self, pairs: Numbers) -> Numbers:
        """The pairs each once, those of one origin left out."""
        pairs = distinct(pairs)
        mine, other = self.origins[pairs >> self.width], self.origins[pairs & (1 << self.width) - 1]
        return np.asarray(pairs[mine != other])


def _pairs_of_takers(blocks: _Blocks, enough: int, pairs: _Pairs) -> Numbers:
    """The pairs of members who have not met enough others in small blocks with all others of their block.

    Args:
        blocks: all blocks; small ones are met first, and their pairs are not among these.
        enough: how many others are enough.
        pairs: how pairs are written.
    """
    count, sizes = len(pairs.origins), blocks.sizes
    met = np.zeros(count, dtype=np.int64)
    for members in blocks.small:
        met += (len(members) - 1) * np.bincount(members.ravel(), minlength=count)
    # A member takes blocks in this order, the smallest first; the hash of the key decides among equal ones.
    order = np.lexsort((blocks.names, sizes))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    bits = len(order).bit_length()
    few = np.flatnonzero((met < enough)[blocks.owners])
    taking = blocks.owners[few].astype(np.int64) << bits | np.repeat(ranks, sizes)[few]
    taking.sort()
    mine, block = (taking >> bits).astype(np.int32), order[taking & (1 << bits) - 1]
    size = sizes[block]
    total = np.cumsum(size - 1) - (size - 1)
    first = np.append(True, mine[1:] != mine[:-1])[: len(mine)]
    before = np.maximum.accumulate(np.where(first, total, 0))
    taken = total - before + met[mine] < enough
    portions = [pairs.of(*some) for some in _expanded(blocks, mine[taken], block[taken])]
    return np.concatenate([np.zeros(0, dtype=np.int64), *portions])


def _expanded(blocks: _Blocks, mine: Places, taken: Numbers) -> Iterator[tuple[Places, Places]]:
    """Each of my records with every member of the block that it has taken, in bounded portions."""
    sizes = blocks.sizes[taken]
    starts = (np.cumsum(blocks.sizes) - blocks.sizes)[taken]
    ends = np.cumsum(sizes)
    at = 0
    while at < len(mine):
        done = int(ends[at - 1]) if at else 0
        upto = max(int(np.searchsorted(ends, done + _AT_ONCE, side="right")), at + 1)
        repeats = sizes[at:upto]
        places = np.repeat(starts[at:upto] - ends[at:upto] + repeats + done, repeats)
        places += np.arange(len(places))
        yield np.repeat(mine[at:upto], repeats), blocks.owners[places]
        at = upto
