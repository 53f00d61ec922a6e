"""How alike the texts of pairs of records are, by the million.

Texts that share too few letters are not looked at, and what is left is compared once for each pair of texts,
however many pairs of records have it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from matching.columns import Numbers, TextPool, Texts, numbered

Scores = NDArray[np.float32]

CONTAINED = 95
"""One text holds all words of the other when their token set is this alike (per cent)."""
CONTAINED_COUNTS = 86
"""What containment counts as; less than a misspelling of the whole text."""
ODD_WORDS = 1
"""Words of the shorter text that the longer one may lack, if they are short, to hold it all the same."""


def alike(pool: TextPool, mine: Numbers, other: Numbers, least: int = 0) -> Scores:
    """How alike texts of the pool are pair by pair, 0 to 100; -1 where a side is silent.

    The better of two comparisons: letters without spaces, and words in alphabetical order. A text that
    holds all words of the other counts as ``CONTAINED_COUNTS``. Where likeness does not reach ``least``, it
    may be 0.
    """
    scores = np.where(mine == other, np.float32(100), np.float32(0))
    known = (mine > 0) & (other > 0)
    scores[~known] = -1
    unlike = np.flatnonzero(known & (mine != other))
    first, second = mine[unlike], other[unlike]
    worth = np.flatnonzero(
        pool.letters.may_be_alike(first, second, least) | _may_be_held(pool, first, second)
    )
    first, second = first[worth], second[worth]
    pairs, back = numbered(np.minimum(first, second) * len(pool) + np.maximum(first, second))
    scores[unlike[worth]] = _measured(pool, *np.divmod(pairs, len(pool)))[back]
    return scores


def ratios(left: Texts, right: Texts) -> Scores:
    """The likeness of two equally long columns of texts, 0 to 100."""
    return process.cpdist(left, right, scorer=fuzz.ratio, dtype=np.float32)


def _measured(pool: TextPool, first: Numbers, second: Numbers) -> Scores:
    ordered = pool.ordered[first], pool.ordered[second]
    scores = np.maximum(ratios(*ordered), ratios(pool.glued[first], pool.glued[second]))
    held = np.flatnonzero((scores < CONTAINED_COUNTS) & _may_be_held(pool, first, second))
    found: Scores = process.cpdist(
        ordered[0][held], ordered[1][held], scorer=fuzz.token_set_ratio, score_cutoff=CONTAINED,
        dtype=np.float32,
    )  # fmt: skip
    scores[held] = np.maximum(scores[held], np.where(found > 0, CONTAINED_COUNTS, 0))
    return scores


def _may_be_held(pool: TextPool, first: Numbers, second: Numbers) -> NDArray[np.bool_]:
    """Whether one of two texts may hold all words of the other."""
    mine, other = pool.marks[first], pool.marks[second]
    shared = mine & other
    odd = np.minimum(np.bitwise_count(mine ^ shared), np.bitwise_count(other ^ shared))
    may = (shared > 0) & (odd <= ODD_WORDS)
    may[may] = pool.letters.may_hold(first[may], second[may], CONTAINED)
    return np.asarray(may)
