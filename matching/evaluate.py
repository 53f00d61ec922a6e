"""How good clusters are: pairwise precision, recall and F1 as exact fractions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class PairScores:
    """Counts of pairs: found and true, found at all, true at all. Nothing found or true counts as right."""

    both: int
    found: int
    true: int

    @property
    def precision(self) -> Fraction:
        """Of the pairs found, how many are true."""
        return Fraction(self.both, self.found) if self.found else Fraction(1)

    @property
    def recall(self) -> Fraction:
        """Of the true pairs, how many were found."""
        return Fraction(self.both, self.true) if self.true else Fraction(1)

    @property
    def f1(self) -> Fraction:
        """Harmonic mean of the two."""
        total = self.found + self.true
        return Fraction(2 * self.both, total) if total else Fraction(1)


def compare_clusters(found: Mapping[int, Hashable], truth: Mapping[int, Hashable]) -> PairScores:
    """Pairwise scores of a clustering over the members that the truth knows.

    Counted by cluster sizes, so a million records cost no million pairs.

    >>> compare_clusters({1: 1, 2: 1, 3: 1}, {1: "a", 2: "a", 3: "b"})
    PairScores(both=1, found=3, true=1)
    """
    known = [member for member in truth if member in found]
    return PairScores(
        both=_pairs(Counter((found[member], truth[member]) for member in known)),
        found=_pairs(Counter(found[member] for member in known)),
        true=_pairs(Counter(truth.values())),
    )


def compare_pairs(found: Iterable[tuple[int, int]], true: Iterable[tuple[int, int]]) -> PairScores:
    """Pairwise scores of judged pairs, each unordered pair counted once."""
    mine = {(min(pair), max(pair)) for pair in found}
    other = {(min(pair), max(pair)) for pair in true}
    return PairScores(len(mine & other), len(mine), len(other))


def _pairs(sizes: Counter[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
