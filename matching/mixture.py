"""The mixture that decides about recordings: how often each class of pairs shows each level of a feature.

Candidate pairs are of several kinds. Two records of one recording *match*. *Siblings* share a release or an
artist and are two recordings all the same; *others* met by a title or by chance. A model that knows only
matches and the rest takes the siblings for matches, because they agree in most fields. One table says for
every feature and level how many of a thousand pairs of each class show it; Bayes' rule does the rest.

The table can be fitted to a batch without any labels (``matching.fitting``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

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
    odds = np.tile(np.log(mixture.priors), (len(patterns), 1))
    for table, levels in zip(_logarithms(mixture), patterns.T, strict=True):
        odds += table[levels]
    return odds


def probabilities(mixture: Mixture, patterns: Patterns) -> Reals:
    """The probability of each class for each pattern."""
    odds = class_odds(mixture, patterns)
    return np.asarray(np.exp(odds - np.logaddexp.reduce(odds, axis=1, keepdims=True)))


def match_weights(mixture: Mixture, patterns: Patterns) -> Reals:
    """The logarithm of the odds that each pattern is a match."""
    odds = class_odds(mixture, patterns)
    return np.asarray(odds[:, MATCH] - np.logaddexp.reduce(odds[:, MATCH + 1 :], axis=1))


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
