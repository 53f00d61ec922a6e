"""What people's judgements teach the table of recordings, and whether that would have helped.

Each judged pair counts beside the table as it was: a pair judged the same as one of the matching class, a
pair judged different as one of the other classes, in the shares in which the table explains it. The table
as it was counts as ``matching.mixture.SEEN_BEFORE`` pairs of each class. The shares of the classes among
candidates stay what they were, because people judge the pairs that are hard to tell and no sample of all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from matching.content import level_of, weigh, weights_of
from matching.forms import RecordingForms
from matching.mixture import MATCH, SEEN_BEFORE, Level, Mixture, Reals, probabilities, write_mixture
from matching.model import Measured, judge_forms
from matching.recordings import RECORDINGS, measures, with_table

FOLDS = 5
LEAST_JUDGED = 20
"""Pairs that people judged, from which on something is learned."""
LEAST_OF_EACH = 5
"""Of these, pairs judged the same and pairs judged different."""
LEAST_CHANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Judged:
    """A pair of recordings and what people said of it."""

    left: RecordingForms
    right: RecordingForms
    same: bool


@dataclass(frozen=True, slots=True)
class Quality:
    """How a table judges pairs that people judged: counts, and the mean log loss of its probabilities.

    ``right`` and ``wrong`` are pairs that it links, judged the same and different; ``same`` all judged the
    same; ``unsure`` what it leaves to people.
    """

    right: int
    wrong: int
    same: int
    unsure: int
    log_loss: float

    def as_json(self) -> dict[str, Any]:
        """Precision and recall of links (None where nothing is linked), and the rest rounded."""
        linked = self.right + self.wrong
        return {
            "linked": linked,
            "precision": round(self.right / linked, 4) if linked else None,
            "recall": round(self.right / self.same, 4) if self.same else None,
            "unsure": self.unsure,
            "log_loss": round(self.log_loss, 4),
        }


def enough(pairs: Sequence[Judged]) -> bool:
    """Whether there are enough judgements of both kinds to learn from."""
    same = sum(pair.same for pair in pairs)
    return len(pairs) >= LEAST_JUDGED and min(same, len(pairs) - same) >= LEAST_OF_EACH


def learned(start: Mixture, pairs: Sequence[Judged]) -> Mixture:
    """The table with these judgements counted in."""
    patterns = np.array([_pattern(start, pair) for pair in pairs], dtype=np.int8).reshape(
        -1, len(start.levels)
    )
    shares = _shares(start, patterns, np.array([pair.same for pair in pairs], dtype=bool))
    levels: dict[str, tuple[Level, ...]] = {}
    for place, (name, rows) in enumerate(start.levels.items()):
        shown = patterns[:, place].astype(np.int64)
        seen = [np.bincount(shown, weights=column, minlength=len(rows) + 1) for column in shares.T]
        counts = np.stack(seen, axis=1)[1:] + SEEN_BEFORE * np.array([row.chances for row in rows])
        levels[name] = tuple(
            Level(name, row.limit, row.meaning, tuple(map(float, share)))
            for row, share in zip(rows, counts / counts.sum(axis=0), strict=True)
        )
    return Mixture(start.classes, start.priors, levels)


def cross_validated(start: Mixture, pairs: Sequence[Judged]) -> tuple[Quality, Quality]:
    """How ``start`` judges the pairs, and how tables do that were learned without the pairs they judge.

    Every fifth pair is kept apart in turn, so what is told of a pair was never learned from it.
    """
    after = [
        _quality(learned(start, [pair for place, pair in enumerate(pairs) if place % FOLDS != fold]),
                 pairs[fold::FOLDS])
        for fold in range(min(FOLDS, len(pairs)))
    ]  # fmt: skip
    total = max(len(pairs), 1)
    return _quality(start, pairs), Quality(
        right=sum(part.right for part in after),
        wrong=sum(part.wrong for part in after),
        same=sum(part.same for part in after),
        unsure=sum(part.unsure for part in after),
        log_loss=sum(part.log_loss * len(pairs[fold::FOLDS]) for fold, part in enumerate(after)) / total,
    )


def _quality(table: Mixture, pairs: Sequence[Judged]) -> Quality:
    model, weights = with_table(write_mixture(table)), weights_of(table)
    right = wrong = unsure = 0
    log_loss = 0.0
    for pair in pairs:
        verdict = judge_forms(pair.left, pair.right, model).verdict
        right += verdict == "positive" and pair.same
        wrong += verdict == "positive" and not pair.same
        unsure += verdict == "unsure"
        chance = weigh(_measured(pair), weights).score / 1000
        log_loss -= math.log(max(chance if pair.same else 1 - chance, LEAST_CHANCE))
    return Quality(right, wrong, sum(pair.same for pair in pairs), unsure, log_loss / max(len(pairs), 1))


def _measured(pair: Judged) -> Mapping[str, float]:
    functions = {feature.name: feature.function for feature in RECORDINGS.features}
    evidence = Measured(functions, pair.left, pair.right).evidence(list(functions))
    return measures(pair.left, pair.right, dict(evidence))


def _pattern(table: Mixture, pair: Judged) -> list[int]:
    found = _measured(pair)
    return [
        1 + level_of(limits, found[name]) if name in found else 0 for name, limits in table.limits.items()
    ]


def _shares(table: Mixture, patterns: Any, same: Any) -> Reals:
    """How much of each pair counts for each class."""
    shares = probabilities(table, patterns)
    shares[:, MATCH] = 0
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), LEAST_CHANCE)
    shares[same] = 0
    shares[same, MATCH] = 1
    return shares
