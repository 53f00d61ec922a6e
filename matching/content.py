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
class _Table:
    priors: tuple[float, ...]
    limits: dict[str, tuple[int, ...]]
    chances: dict[str, tuple[tuple[float, ...], ...]]


@cache
def _table() -> _Table:
    """The shipped mixture as logarithms, ready for looking up."""
    mixture: Mixture = shipped()
    return _Table(
        tuple(math.log(share) for share in mixture.priors),
        mixture.limits,
        {
            name: tuple(tuple(math.log(chance) for chance in row.chances) for row in rows)
            for name, rows in mixture.levels.items()
        },
    )


def weigh(measures: Mapping[str, float]) -> Weighed:
    """Weigh what was measured about a pair of recordings.

    Args:
        measures: by feature of the table, the likeness in per cent or the distance; silent ones left out.

    >>> found = weigh({"title": 100, "artist": 40, "duration": 30})
    >>> found.total == sum(weight for _, weight in found.parts), found.score
    (True, 1)
    """
    table = _table()
    shown = [
        (name, table.chances[name][_level(table.limits[name], value)]) for name, value in measures.items()
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


def _level(limits: tuple[int, ...], value: float) -> int:
    """The place of the level among the rows of its feature."""
    if len(limits) > 1 and limits[0] > limits[-1]:
        return next((place for place, limit in enumerate(limits) if value >= limit), len(limits))
    return bisect_left(limits, value)
