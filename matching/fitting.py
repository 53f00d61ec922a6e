"""The mixture fitted to a batch: expectation maximisation over distinct patterns of levels, without labels.

It starts from the shipped table, which also counts as a given number of pairs seen before.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from matching.mixture import SEEN_BEFORE, Level, Mixture, Patterns, Reals

MOST_ROUNDS = 10
"""On the measured batches a hundred rounds gave the F1 of ten to within .0004."""
SETTLED = 1e-3
"""A fit ends when no probability moves by more."""
MOST_COUNTED = 10_000_000
"""So many patterns are counted each in its place, whether shown or not; more are sorted."""


def patterns_of(patterns: Patterns) -> tuple[Patterns, NDArray[np.int64], NDArray[np.int64]]:
    """The distinct patterns, for each pair the place of its own, and how many pairs show each."""
    sizes = [int(column.max(initial=0)) + 1 for column in patterns.T]
    codes = np.zeros(len(patterns), dtype=np.int64)
    for column, size in zip(patterns.T, sizes, strict=True):
        codes *= size
        codes += column
    if prod(sizes) <= MOST_COUNTED:
        counts = np.bincount(codes)
        distinct = np.flatnonzero(counts)
        back = (np.cumsum(counts > 0) - 1)[codes]
        counts = counts[distinct]
    else:
        distinct, back, counts = np.unique(codes, return_inverse=True, return_counts=True)
    found = np.empty((len(sizes), len(distinct)), dtype=np.int8)
    for place in range(len(sizes))[::-1]:
        distinct, found[place] = np.divmod(distinct, sizes[place])
    return found.T, back, counts


def fit(mixture: Mixture, distinct: Patterns, counts: NDArray[np.int64]) -> Mixture:
    """The mixture fitted to a batch of pairs; no labels are involved.

    Args:
        mixture: where to start, and what counts as ``SEEN_BEFORE`` pairs in all.
        distinct: the distinct patterns of levels among the candidate pairs of the batch.
        counts: how many pairs show each.
    """
    shown = _Shown.of(distinct)
    start = _Chances.of(mixture)
    chances, shares = start, _shares(start, shown)
    for _ in range(MOST_ROUNDS):
        chances = _maximised(start, shown, shares * counts)
        moved = _shares(chances, shown)
        settled = float(np.abs(moved - shares).max(initial=0.0)) < SETTLED
        shares = moved
        if settled:
            break
    levels = {
        name: _with_chances(rows, table)
        for (name, rows), table in zip(mixture.levels.items(), chances.levels, strict=True)
    }
    return Mixture(mixture.classes, tuple(map(float, chances.priors)), levels)


# Within a fit, classes and features are rows and patterns columns: long rows are what numpy is fast with.


@dataclass(frozen=True, slots=True)
class _Half:
    """What patterns show of some features: distinct ``levels``, and the ``place`` of each pattern there."""

    features: range
    levels: NDArray[np.intp]
    place: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Patterns in two halves: thousands of patterns are made of hundreds of halves, each looked up once."""

    halves: tuple[_Half, ...]
    count: int

    @staticmethod
    def of(patterns: Patterns) -> _Shown:
        features = patterns.shape[1]
        halves = []
        for own in (range(features // 2), range(features // 2, features)):
            distinct, place, _ = patterns_of(patterns[:, own.start : own.stop])
            halves.append(_Half(own, distinct.T.astype(np.intp), place))
        return _Shown(tuple(halves), len(patterns))


@dataclass(frozen=True, slots=True)
class _Chances:
    """The numbers of a mixture: ``priors`` by class, and for each feature a row per level from 1 on."""

    priors: Reals
    levels: list[Reals]

    @staticmethod
    def of(mixture: Mixture) -> _Chances:
        tables = [np.array([row.chances for row in rows]) for rows in mixture.levels.values()]
        return _Chances(np.array(mixture.priors), tables)


def _shares(chances: _Chances, shown: _Shown) -> Reals:
    """The probability of each class, row by row, for each pattern.

    Chances are multiplied as they are: eight of them are far from being too small for a number.
    """
    classes = len(chances.priors)
    shares = np.tile(chances.priors[:, None], (1, shown.count))
    for half in shown.halves:
        likelihood = np.ones((classes, half.levels.shape[1]))
        for feature, levels in zip(half.features, half.levels, strict=True):
            # Silence is as likely in every class.
            likelihood *= np.concatenate((np.ones((1, classes)), chances.levels[feature])).T[:, levels]
        shares *= likelihood[:, half.place]
    shares /= shares.sum(axis=0)
    return shares


def _maximised(start: _Chances, shown: _Shown, weights: Reals) -> _Chances:
    priors = weights.sum(axis=1) + SEEN_BEFORE * start.priors
    tables: list[Reals] = []
    for half in shown.halves:
        of_half = [np.bincount(half.place, weights=row, minlength=half.levels.shape[1]) for row in weights]
        for feature, own in zip(half.features, half.levels, strict=True):
            before = start.levels[feature]
            seen = [np.bincount(own, weights=row, minlength=len(before) + 1) for row in of_half]
            counts = np.stack(seen, axis=1)[1:] + SEEN_BEFORE * before
            tables.append(counts / counts.sum(axis=0))
    return _Chances(priors / priors.sum(), tables)


def _with_chances(rows: tuple[Level, ...], chances: Reals) -> tuple[Level, ...]:
    return tuple(
        Level(row.feature, row.limit, row.meaning, tuple(map(float, share)))
        for row, share in zip(rows, chances, strict=True)
    )
