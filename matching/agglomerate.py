"""Clusters out of weighted links: groups are joined while the evidence of all their pairs speaks for it.

A link's weight is the logarithm of the odds that it is right. Joining two groups adds up all links between
them; a pair nobody compared speaks a little against, and a link against counts for little, since one record
with wrong fields has many of them. Components are independent of each other, so the result for one does not
depend on what else is in the batch, and equal evidence is ordered by ids. Where sources are declared free of
repetitions, records left alone are at last taken in by the only one that they match.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.columns import Numbers, distinct, numbered

MOST_FOR = 9_000
"""A link speaks for a union by at most this (thousandths of a natural logarithm)."""
MOST_AGAINST = 500
"""A link speaks against a union by at most this."""
NOT_COMPARED = -500
"""A pair that was no candidate."""
EVEN = 0
"""On more than even odds a record that is left alone is taken in, where nobody else competes for it."""
CLEARLY_BEHIND = 693
"""A candidate of half the odds is no competitor: the natural logarithm of two, in thousandths."""

Gains = dict[int, dict[int, tuple[int, int]]]


def agglomerate(
    count: int, left: Numbers, right: Numbers, weights: Numbers, sources: Numbers | None
) -> Numbers:
    """For each record the smallest place in its cluster.

    Args:
        count: records; places run from 0.
        left: the first place of each compared pair.
        right: the second place of each pair.
        weights: thousandths of the logarithm of the odds of each pair.
        sources: where given, two records of one source never stand in one cluster: each source has
            declared that its records are distinct.
    """
    held = np.clip(weights, -MOST_AGAINST, MOST_FOR)
    linked = held > 0
    components = _components(count, left[linked], right[linked])
    inner = components[left] == components[right]
    whole = _agreed(components, left[inner & linked], sources)
    clusters = np.where(whole[components], components, np.arange(count))
    open_ = np.flatnonzero(inner & ~whole[components[left]])
    links: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for place, first, second, weight in zip(
        components[left[open_]].tolist(),
        left[open_].tolist(),
        right[open_].tolist(),
        held[open_].tolist(),
        strict=True,
    ):
        links[place].append((first, second, weight))
    known = None if sources is None else sources.tolist()
    for own in links.values():
        for members in _join(own, known):
            clusters[members] = min(members)
    return clusters if sources is None else _taken_in(clusters, left, right, weights, sources)


def _agreed(components: Numbers, linked: Numbers, sources: Numbers | None) -> NDArray[np.bool_]:
    """Which components are clusters as they stand: all their pairs are links, and no source is there twice.

    Most are; every union in them has evidence for it, in whatever order, so none has to be weighed.

    Args:
        components: the name of each record's component.
        linked: the first place of each link within a component.
        sources: as in ``agglomerate``.
    """
    count = len(components)
    members = np.bincount(components, minlength=count)
    links = np.bincount(components[linked], minlength=count)
    agreed = links == members * (members - 1) // 2
    if sources is not None:
        width = int(sources.max(initial=0)) + 1
        origins = distinct(components * width + sources) // width
        agreed &= np.bincount(origins, minlength=count) == members
    return np.asarray(agreed)


def _taken_in(
    clusters: Numbers, left: Numbers, right: Numbers, weights: Numbers, sources: Numbers
) -> Numbers:
    """The clusters with records left alone joined to the only one that they match, if it is mutual.

    A record that knows little more than its place and its length has even odds with whoever shares them.
    Where sources are free of repetitions most records have a partner, so one that has a single candidate, for
    whom it is the single candidate too, is more likely right than the pair by itself says.
    """
    count = len(clusters)
    alone = np.bincount(clusters, minlength=count) == 1
    first, second = clusters[left], clusters[right]
    open_ = (first != second) & (alone[first] | alone[second]) & (weights > EVEN - CLEARLY_BEHIND)
    first, second, weights = first[open_], second[open_], weights[open_]
    # The one alone first; a cluster keeps one record of each source.
    turned = ~alone[first]
    first, second = np.where(turned, second, first), np.where(turned, first, second)
    width = int(sources.max(initial=0)) + 1
    held = distinct(clusters * width + sources)
    wanted = second * width + sources[first]
    free = held[np.minimum(np.searchsorted(held, wanted), len(held) - 1)] != wanted
    first, second, weights = first[free], second[free], weights[free]
    pairs, place = numbered(np.minimum(first, second) * count + np.maximum(first, second))
    best = np.full(len(pairs), np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(best, place, weights)
    low, high = np.divmod(pairs, max(count, 1))
    top = np.full(count, np.iinfo(np.int64).min, dtype=np.int64)
    np.maximum.at(top, low, best)
    np.maximum.at(top, high, best)
    rivals = np.zeros(count, dtype=np.int64)
    for side in (low, high):
        np.add.at(rivals, side[best > top[side] - CLEARLY_BEHIND], 1)
    mutual = (best > EVEN) & (rivals[low] == 1) & (rivals[high] == 1)
    mutual &= (best == top[low]) & (best == top[high])
    taken = np.arange(count)
    taken[high[mutual]] = low[mutual]
    return np.asarray(taken[clusters])


def _components(count: int, left: Numbers, right: Numbers) -> Numbers:
    """For each place the smallest one that links lead to: names are handed on until none gets smaller."""
    names = np.arange(count)
    while len(left):
        mine, other = names[left], names[right]
        smaller = np.minimum(mine, other)
        np.minimum.at(names, mine, smaller)
        np.minimum.at(names, other, smaller)
        while (higher := names[names] != names).any():
            names[higher] = names[names[higher]]
        apart = names[left] != names[right]
        left, right = left[apart], right[apart]
    return names


def _join(links: Sequence[tuple[int, int, int]], sources: Sequence[int] | None) -> list[list[int]]:
    """The clusters of one component, best union first."""
    groups = {place: [place] for first, second, _ in links for place in (first, second)}
    origins = {place: set() if sources is None else {sources[place]} for place in groups}
    gains: Gains = {place: {} for place in groups}
    for first, second, weight in links:
        gains[first][second] = gains[second][first] = (weight, 1)
    while (best := _best(groups, origins, gains)) is not None:
        kept, joined = best
        groups[kept] += groups.pop(joined)
        origins[kept] |= origins.pop(joined)
        for other, (weight, compared) in gains.pop(joined).items():
            del gains[other][joined]
            if other != kept:
                before, earlier = gains[kept].get(other, (0, 0))
                gains[kept][other] = gains[other][kept] = (before + weight, earlier + compared)
    return list(groups.values())


def _best(
    groups: Mapping[int, Sequence[int]], origins: Mapping[int, set[int]], gains: Gains
) -> tuple[int, int] | None:
    """The union with the most evidence, the smallest ids among equals; none where no evidence is for one."""
    best: tuple[int, int, int] | None = None
    for first, others in gains.items():
        for second, (weight, compared) in others.items():
            if first < second and not origins[first] & origins[second]:
                gain = weight + NOT_COMPARED * (len(groups[first]) * len(groups[second]) - compared)
                if gain > 0 and (best is None or (-gain, first, second) < best):
                    best = -gain, first, second
    return None if best is None else best[1:]
