"""Features of a pair of recordings as levels: which row of the model table each comparison falls into.

The table names the levels and their limits, this module measures. Level 0 is silence, which is no evidence;
levels from 1 are the rows of the table in their order. The docstring of a feature is its public explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, RecordingColumns, Scores, alike, ratios

Levels = NDArray[np.int8]
Limits = Sequence[int]

PACKED = 85
"""From this likeness on, title and another field written into one column count as the same title."""


def title(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """How alike the titles are in per cent, whole or without version words where these agree.

    Where only one record knows the release (or the artist), its title may hold it: the title together with
    it is compared too.
    """
    scores = alike(columns.title, left, right)
    # Where both titles are their own cores there is nothing more to be found.
    shorter = columns.title.spaced[columns.title.codes] != columns.core.spaced[columns.core.codes]
    agreed = np.flatnonzero(
        (columns.versions[left] == columns.versions[right])
        & (scores >= 0)
        & (scores < 100)
        & (shorter[left] | shorter[right])
    )
    scores[agreed] = np.maximum(scores[agreed], alike(columns.core, left[agreed], right[agreed]))
    for field, leads in ((columns.release, False), (columns.artist, True)):
        one_sided = (field.codes[left] == 0) != (field.codes[right] == 0)
        packed = np.flatnonzero(one_sided & (scores >= 0) & (scores < PACKED))
        together = []
        for side in (left[packed], right[packed]):
            mine, other = columns.title.glued[columns.title.codes[side]], field.glued[field.codes[side]]
            together.append(other + mine if leads else mine + other)
        found = ratios(*together)
        scores[packed] = np.maximum(scores[packed], np.where(found > PACKED, found, 0))
    return scores


def artist(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """How alike the artists are in per cent, in any order of words."""
    return alike(columns.artist, left, right)


def release(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """How alike the releases are in per cent that the recordings are known from."""
    return alike(columns.release, left, right)


def version(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """Whether the same version words (live, remix, instrumental ...) stand by the titles: 0 yes, 1 no."""
    mine, other = columns.versions[left], columns.versions[right]
    silent = (mine == 0) & (other == 0)
    titled = (columns.title.codes[left] > 0) & (columns.title.codes[right] > 0)
    return np.where(silent | ~titled, -1, mine != other).astype(np.float32)


def duration(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """How many seconds the durations are apart."""
    return _apart(columns.duration, left, right)


def year(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """How many years the years are apart; re-releases carry later ones."""
    return _apart(columns.year, left, right)


def number(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """Whether the places on the release are the same: 0 yes, 1 no."""
    return _differs(columns.number, left, right)


def language(columns: RecordingColumns, left: Numbers, right: Numbers) -> Scores:
    """Whether the languages are the same: 0 a rarer one, 1 one that many records have, 2 different ones."""
    scores = _differs(columns.language, left, right) * 2
    known = columns.language[columns.language > 0]
    many = np.bincount(known, minlength=int(columns.language.max(initial=0)) + 1) > MANY * len(known)
    scores[(scores == 0) & many[columns.language[left]]] = 1
    scores[scores < 0] = -1
    return scores


MANY = 0.1
"""A language of more than this share of the records says little."""

FEATURES: Mapping[str, Callable[[RecordingColumns, Numbers, Numbers], Scores]] = {
    function.__name__: function
    for function in (title, artist, release, version, duration, number, year, language)
}


def levels(
    limits: Mapping[str, Limits], columns: RecordingColumns, left: Numbers, right: Numbers
) -> NDArray[np.int8]:
    """The levels of pairs, one row per pair and one column per feature in the order of ``limits``.

    ``limits`` has for each feature the limits between its levels: falling ones bound likeness from below,
    rising ones bound distance from above.
    """
    found = [_level(FEATURES[name](columns, left, right), bounds) for name, bounds in limits.items()]
    return np.stack(found, axis=1) if len(left) else np.zeros((0, len(limits)), dtype=np.int8)


def _level(scores: Scores, bounds: Limits) -> Levels:
    steps = np.array(bounds, dtype=np.float32)
    if len(steps) > 1 and steps[0] > steps[-1]:
        level = 1 + len(steps) - np.searchsorted(steps[::-1], scores, side="right")
    else:
        level = 1 + np.searchsorted(steps, scores, side="left")
    return np.where(scores < 0, 0, level).astype(np.int8)


def _apart(values: Numbers, left: Numbers, right: Numbers) -> Scores:
    mine, other = values[left], values[right]
    return np.where((mine == 0) | (other == 0), -1, np.abs(mine - other)).astype(np.float32)


def _differs(values: Numbers, left: Numbers, right: Numbers) -> Scores:
    mine, other = values[left], values[right]
    return np.where((mine == 0) | (other == 0), -1, mine != other).astype(np.float32)
