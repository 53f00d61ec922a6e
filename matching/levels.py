"""Features of a pair of recordings as levels: which row of the model table each comparison falls into.

The table names the levels and their limits, this module measures. Level 0 is silence, which is no evidence;
levels from 1 are the rows of the table in their order. The docstring of a feature is its public explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, RecordingColumns
from matching.likeness_of_columns import Scores, alike, ratios
from matching.side_by_side import side_by_side

Levels = NDArray[np.int8]
Limits = Sequence[int]

PACKED = 85
"""From this likeness on, title and another field written into one column count as the same title."""


def title(columns: RecordingColumns, left: Numbers, right: Numbers, limits: Limits) -> Scores:
    """How alike the titles are in per cent, whole or without version words where these agree.

    Where only one record knows the release (or the artist), its title may hold it: the title together with
    it is compared too.
    """
    texts, title, core = columns.texts, columns.title, columns.core
    scores = alike(texts, title[left], title[right], limits[-1])
    unlike = np.flatnonzero((scores >= 0) & (scores < 100))
    mine, other = left[unlike], right[unlike]
    # Where both titles are their own cores there is nothing more to be found.
    shorter = title != core
    same = shorter[mine] | shorter[other]
    same &= columns.versions[mine] == columns.versions[other]
    found = alike(texts, core[mine[same]], core[other[same]], limits[-1])
    scores[unlike[same]] = np.maximum(scores[unlike[same]], found)
    for field, leads in ((columns.release, False), (columns.artist, True)):
        silent = field == 0
        one_sided = np.flatnonzero(silent[mine] != silent[other])
        packed = one_sided[scores[unlike[one_sided]] < PACKED]
        together = []
        for side in (mine[packed], other[packed]):
            own, beside = texts.glued[title[side]], texts.glued[field[side]]
            together.append(beside + own if leads else own + beside)
        found = ratios(*together)
        packed, found = unlike[packed[found > PACKED]], found[found > PACKED]
        scores[packed] = np.maximum(scores[packed], found)
    return scores


def artist(columns: RecordingColumns, left: Numbers, right: Numbers, limits: Limits) -> Scores:
    """How alike the artists are in per cent, in any order of words."""
    return alike(columns.texts, columns.artist[left], columns.artist[right], limits[-1])


def release(columns: RecordingColumns, left: Numbers, right: Numbers, limits: Limits) -> Scores:
    """How alike the releases are in per cent that the recordings are known from."""
    return alike(columns.texts, columns.release[left], columns.release[right], limits[-1])


def version(columns: RecordingColumns, left: Numbers, right: Numbers, _limits: Limits) -> Numbers:
    """Whether the same version words (live, remix, instrumental ...) stand by the titles: 0 yes, 1 no."""
    mine, other = columns.versions[left], columns.versions[right]
    differs: Numbers = (mine != other).astype(np.int64)
    titled = columns.title > 0
    differs[((mine == 0) & (other == 0)) | ~(titled[left] & titled[right])] = -1
    return differs


def duration(columns: RecordingColumns, left: Numbers, right: Numbers, _limits: Limits) -> Numbers:
    """How many seconds the durations are apart."""
    return _apart(columns.duration, left, right)


def year(columns: RecordingColumns, left: Numbers, right: Numbers, _limits: Limits) -> Numbers:
    """How many years the years are apart; re-releases carry later ones."""
    return _apart(columns.year, left, right)


def number(columns: RecordingColumns, left: Numbers, right: Numbers, _limits: Limits) -> Numbers:
    """Whether the places on the release are the same: 0 yes, 1 no."""
    return np.minimum(_apart(columns.number, left, right), 1)


def language(columns: RecordingColumns, left: Numbers, right: Numbers, _limits: Limits) -> Numbers:
    """Whether the languages are the same: 0 a rarer one, 1 one that many records have, 2 different ones."""
    known = columns.language[columns.language > 0]
    many = np.bincount(known, minlength=int(columns.language.max(initial=0)) + 1) > MANY * len(known)
    apart = np.minimum(_apart(columns.language, left, right), 1)
    same = np.flatnonzero(apart == 0)
    apart *= 1 + (apart > 0)
    apart[same] = many[columns.language][left[same]]
    return apart


MANY = 0.1
"""A language of more than this share of the records says little."""

Feature = Callable[[RecordingColumns, Numbers, Numbers, Limits], Scores | Numbers]

FEATURES: Mapping[str, Feature] = {
    function.__name__: function
    for function in (title, artist, release, version, duration, number, year, language)
}


def levels(
    limits: Mapping[str, Limits], columns: RecordingColumns, left: Numbers, right: Numbers, workers: int = 1
) -> NDArray[np.int8]:
    """The levels of pairs, one row per pair and one column per feature in the order of ``limits``.

    ``limits`` has for each feature the limits between its levels: falling ones bound likeness from below,
    rising ones bound distance from above. So many ``workers`` measure features side by side, each by itself,
    which changes nothing in what is found.
    """
    found = np.empty((len(limits), len(left)), dtype=np.int8)

    def measure(own: tuple[Levels, str, Limits]) -> None:
        row, name, bounds = own
        _level(FEATURES[name](columns, left, right, bounds), bounds, row)

    side_by_side(measure, zip(found, limits, limits.values(), strict=True), workers)
    return found.T


def _level(scores: Scores | Numbers, bounds: Limits, into: Levels) -> None:
    """The level of each score: how many of the limits it does not keep, and one more; 0 for silence."""
    into[:] = 1
    for bound in bounds:
        into += scores < bound if bounds[0] > bounds[-1] else scores > bound
    into *= scores >= 0


def _apart(values: Numbers, left: Numbers, right: Numbers) -> Numbers:
    """How far the values of pairs are from each other; -1 where a side is silent."""
    mine, other = values[left], values[right]
    apart: Numbers = np.abs(mine - other)
    apart[(mine == 0) | (other == 0)] = -1
    return apart
