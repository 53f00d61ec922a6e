"""The mixture for one pair at a time: whole numbers, plain Python, and an explanation that adds up.

``matching.recording_batch`` weighs columns of pairs with the same table; here a pair that was compared field
by field, alternative titles and all, is looked up in it.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from matching.mixture import MATCH, Mixture, shipped

THOUSANDTHS = 1_000
PRIOR = "prior"
"""The name of what candidates are like before any field is looked at."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks for one recording, in thousandths of the natural logarithm of the odds.

    ``parts`` are ``prior`` and one for each feature that spoke; they add up to ``total`` exactly.
    """

    total: int
    parts: tuple[tuple[str, int], ...]

    @property
    def score(self) -> int:
        """The probability of a match, per mille.

        >>> Weighed(0, ()).score, Weighed(2944, ()).score, Weighed(-99_000, ()).score
        (500, 950, 0)
        """
        return round(1000 / (1 + math.exp(-max(self.total, -500 * THOUSANDTHS) / THOUSANDTHS)))


@dataclass(frozen=True, slots=True)
class Weights:
    """A mixture as logarithms, ready for looking up: by feature, level and class."""

    priors: tuple[float, ...]
    limits: Mapping[str, tuple[int, ...]]
    chances: Mapping[str, tuple[tuple[float, ...], ...]]


def weights_of(mixture: Mixture) -> Weights:
    """The logarithms of a mixture."""
    return Weights(
        tuple(math.log(share) for share in mixture.priors),
        mixture.limits,
        {
            name: tuple(tuple(math.log(chance) for chance in row.chances) for row in rows)
            for name, rows in mixture.levels.items()
        },
    )


@cache
def shipped_weights() -> Weights:
    """Those of the mixture that comes with the matcher."""
    return weights_of(shipped())


def weigh(measures: Mapping[str, float], table: Weights | None = None) -> Weighed:
    """Weigh what was measured about a pair of recordings.

    Args:
        measures: by feature of the table, the likeness in per cent or the distance; silent ones left out.
        table: by default that of the shipped mixture.

    >>> found = weigh({"title": 100, "artist": 40, "duration": 30})
    >>> found.total == sum(weight for _, weight in found.parts), found.score
    (True, 1)
    """
    table = table or shipped_weights()
    shown = [
        (name, table.chances[name][level_of(table.limits[name], value)]) for name, value in measures.items()
    ]
    odds = [prior + sum(row[place] for _, row in shown) for place, prior in enumerate(table.priors)]
    rest = odds[MATCH + 1 :]
    top = max(rest)
    shares = [math.exp(value - top) for value in rest]
    against = top + math.log(sum(shares))
    total = round((odds[MATCH] - against) * THOUSANDTHS)
    whole = sum(shares)
    parts = [
        (
            name,
            round(
                (row[MATCH] - sum(s * v for s, v in zip(shares, row[MATCH + 1 :], strict=True)) / whole)
                * THOUSANDTHS
            ),
        )
        for name, row in shown
    ]
    before = total - sum(weight for _, weight in parts)
    return Weighed(total, ((PRIOR, before), *parts))


def level_of(limits: tuple[int, ...], value: float) -> int:
    """The place of the level among the rows of its feature, from 0."""
    if len(limits) > 1 and limits[0] > limits[-1]:
        return next((place for place, limit in enumerate(limits) if value >= limit), len(limits))
    return bisect_left(limits, value)
