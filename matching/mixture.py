"""The mixture that decides about recordings: how often each class of pairs shows each level of a feature.

Candidate pairs are of several kinds. Two records of one recording *match*. *Siblings* share a release or an
artist and are two recordings all the same; *others* met by a title or by chance. A model that knows only
matches and the rest takes the siblings for matches, because they agree in most fields. One table says for
every feature and level how many of a thousand pairs of each class show it; Bayes' rule does the rest.

The table can be fitted to a batch without any labels: expectation maximisation over the distinct patterns
of levels, starting from the table, which also counts as a given number of pairs seen before.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from math import prod

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Patterns = NDArray[np.int8]

MATCH = 0
"""The place of the matching class among the classes of a table."""
SEEN_BEFORE = 200.0
"""What the table weighs in a fit: so many pairs of each class."""
RAREST = 0.5
"""A level that a class never showed is taken for shown by so many of its 10,000 pairs."""
MOST_ROUNDS = 20
SETTLED = 1e-3
"""A fit ends when no probability moves by more."""
MOST_COUNTED = 10_000_000
"""So many patterns are counted each in its place, whether shown or not; more are sorted."""


@dataclass(frozen=True, slots=True)
class Level:
    """One row of the table: a level of a feature, its limit, and its probability in each class."""

    feature: str
    limit: int
    meaning: str
    chances: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """A table of classes and levels.

    ``priors`` are the shares of the classes among candidate pairs, ``levels`` the rows by feature.
    """

    classes: tuple[str, ...]
    priors: tuple[float, ...]
    levels: dict[str, tuple[Level, ...]]

    @property
    def limits(self) -> dict[str, tuple[int, ...]]:
        """The limits between the levels of each feature; the last level has none."""
        return {name: tuple(row.limit for row in rows[:-1]) for name, rows in self.levels.items()}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to the logarithm of the odds that a pair matches, and the level it showed."""

    feature: str
    meaning: str
    weight: float


@cache
def shipped() -> Mixture:
    """The table that comes with the matcher, ``recording_mixture.csv``."""
    text = files("matching").joinpath("recording_mixture.csv").read_text(encoding="utf-8")
    return read_mixture(text)


def read_mixture(text: str) -> Mixture:
    """A mixture from CSV: ``feature, limit, meaning`` and a column per class; feature ``prior`` first.

    Numbers are counts and become shares within their feature and class.
    """
    reader = csv.DictReader(StringIO(text, newline=""))
    classes = tuple((reader.fieldnames or ())[3:])
    rows = [
        (row["feature"], row["limit"], row["meaning"], [float(row[name]) for name in classes])
        for row in reader
    ]
    totals = {
        name: np.sum([counts for feature, _, _, counts in rows if feature == name], axis=0)
        for name, *_ in rows
    }
    levels: dict[str, tuple[Level, ...]] = {}
    priors: tuple[float, ...] = ()
    for feature, limit, meaning, counts in rows:
        if feature == "prior":
            priors = tuple(count / sum(counts) for count in counts)
            continue
        chances = tuple(float(share) for share in np.array(counts) / totals[feature])
        levels[feature] = (*levels.get(feature, ()), Level(feature, int(limit or 0), meaning, chances))
    return Mixture(classes, priors, levels)


def write_mixture(mixture: Mixture) -> str:
    """The mixture as CSV, in pairs per 10,000 of a class."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("feature", "limit", "meaning", *mixture.classes))
    writer.writerow(
        ("prior", "", "candidate pairs of this class", *(_count(share) for share in mixture.priors))
    )
    for rows in mixture.levels.values():
        for place, row in enumerate(rows, start=1):
            limit = "" if place == len(rows) else row.limit
            writer.writerow((row.feature, limit, row.meaning, *(_count(share) for share in row.chances)))
    return out.getvalue()


def _count(share: float) -> str:
    return f"{max(share * 10_000, RAREST):.1f}"


def class_odds(mixture: Mixture, patterns: Patterns) -> Reals:
    """Logarithms of prior times likelihood, one row per pattern and one column per class."""
    return _odds_by_class(mixture, _Shown.of(patterns)).T


def probabilities(mixture: Mixture, patterns: Patterns) -> Reals:
    """The probability of each class for each pattern."""
    return _shares(_Chances.of(mixture), _Shown.of(patterns)).T


def match_weights(mixture: Mixture, patterns: Patterns) -> Reals:
    """The logarithm of the odds that each pattern is a match."""
    odds = class_odds(mixture, patterns)
    return np.asarray(odds[:, MATCH] - np.logaddexp.reduce(odds[:, MATCH + 1 :], axis=1))


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


def explain(mixture: Mixture, pattern: NDArray[np.int8]) -> tuple[Contribution, ...]:
    """What made a score: one contribution per feature that spoke, and what was expected before.

    The odds are those of a match against all other classes together. Each feature is weighed against these
    in the proportion in which they explain this very pair; then the contributions add up to the logarithm
    of the odds exactly.
    """
    odds = class_odds(mixture, pattern[None, :])[0]
    rest = odds[MATCH + 1 :]
    weight = np.exp(rest - np.logaddexp.reduce(rest))
    parts = [
        Contribution(
            name,
            rows[int(level) - 1].meaning,
            float(table[level][MATCH] - weight @ table[level][MATCH + 1 :]),
        )
        for (name, rows), table, level in zip(
            mixture.levels.items(), _logarithms(mixture), pattern, strict=True
        )
        if level
    ]
    total = float(odds[MATCH] - np.logaddexp.reduce(rest))
    before = total - sum(part.weight for part in parts)
    return (Contribution("prior", "what candidates are like, before any field", before), *parts)


def _logarithms(mixture: Mixture) -> list[Reals]:
    """For each feature the logarithms of its chances by level and class; level 0 says nothing."""
    silent = np.zeros((1, len(mixture.classes)))
    return [
        np.concatenate((silent, np.log(np.array([row.chances for row in rows]))))
        for rows in mixture.levels.values()
    ]


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


def _odds_by_class(mixture: Mixture, shown: _Shown) -> Reals:
    tables = _logarithms(mixture)
    found = np.tile(np.log(mixture.priors)[:, None], (1, shown.count))
    for half in shown.halves:
        odds = np.zeros((len(mixture.classes), half.levels.shape[1]))
        for feature, levels in zip(half.features, half.levels, strict=True):
            odds += tables[feature].T[:, levels]
        found += odds[:, half.place]
    return found


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
