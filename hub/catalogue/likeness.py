"""How well a folded title answers a folded text: the comparison that hits are ranked by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

ORDERED, PARTLY = 0.95, 0.9
"""The same words in another order, or a part of a longer title, are nearly as good as the whole of it."""


def likeness(asked: str, found: str) -> int:
    """How well a folded title answers a folded text, from 0 to 100.

    >>> likeness("zhazgy kesh", "zhazgy kesh"), likeness("kesh zhazgy", "zhazgy kesh")
    (100, 95)
    """
    best = max(fuzz.ratio(asked, found), ORDERED * fuzz.token_sort_ratio(asked, found))
    if len(asked) < len(found):
        best = max(
            best, PARTLY * fuzz.partial_ratio(asked, found), PARTLY * fuzz.token_set_ratio(asked, found)
        )
    return round(best)


def likenesses(asked: str, found: Sequence[str], least: int = 0) -> list[int]:
    """``likeness`` of each of several titles; of those below ``least`` any number below it.

    >>> likenesses("kesh zhazgy", ["zhazgy kesh", "kesh"]) == [95, likeness("kesh zhazgy", "kesh")]
    True
    """
    best = np.maximum(_all(fuzz.ratio, asked, found, 1, least), 0)
    np.maximum(best, _all(fuzz.token_sort_ratio, asked, found, ORDERED, least), out=best)
    longer = [place for place, text in enumerate(found) if len(text) > len(asked)]
    if longer:
        texts = [found[place] for place in longer]
        for scorer in (fuzz.partial_ratio, fuzz.token_set_ratio):
            best[longer] = np.maximum(best[longer], _all(scorer, asked, texts, PARTLY, least))
    rounded: list[int] = np.rint(best).astype(int).tolist()
    return rounded


def _all(scorer: Any, asked: str, found: Sequence[str], weight: float, least: int) -> Any:
    """The weighted scores of one kind; the comparison stops where one cannot reach half below ``least``."""
    # A hair below the half, so that no score is lost in it.
    cutoff = max((least - 0.51) / weight, 0.0)
    if cutoff > 100:
        return np.zeros(len(found))
    return process.cdist([asked], found, scorer=scorer, score_cutoff=cutoff, dtype=np.float64)[0] * weight
