"""A whole batch of recordings linked at once: columns, candidates, levels, mixture, clusters.

Nothing is random and no labels are used; the clusters depend on the records only, and not on their order but
for ties, which go to the smaller place.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.agglomerate import agglomerate
from matching.candidates import BLOCKING, Blocking, candidate_pairs
from matching.columns import Numbers, RecordingColumns
from matching.content import PRIOR, THOUSANDTHS, Weighed
from matching.fitting import fit, patterns_of
from matching.levels import levels
from matching.mixture import Mixture, explain, match_weights, shipped
from matching.packing import Packing
from matching.recording_columns import NOTHING_PACKED, recording_columns
from matching.records import RecordingRecord

AT_ONCE = 1_000_000
"""Pairs compared in one go."""


@dataclass(frozen=True, slots=True)
class LinkedBatch:
    """A batch with its compared pairs and its clusters.

    ``left``, ``right`` are places in the batch, ``weights`` thousandths of the logarithm of the odds of a
    match, ``patterns`` the levels they come from; ``clusters`` has the smallest place of each record's
    cluster.
    """

    columns: RecordingColumns
    mixture: Mixture
    left: Numbers
    right: Numbers
    patterns: NDArray[np.int8]
    weights: Numbers
    clusters: Numbers

    def links(self) -> list[tuple[int, int]]:
        """The pairs more likely a match than not, by ids."""
        found = self.weights > 0
        ids = self.columns.ids
        return list(zip(ids[self.left[found]].tolist(), ids[self.right[found]].tolist(), strict=True))

    def pairs(self) -> list[tuple[int, int]]:
        """All compared pairs by ids."""
        ids = self.columns.ids
        return list(zip(ids[self.left].tolist(), ids[self.right].tolist(), strict=True))

    def likely(self) -> Numbers:
        """The places of the pairs of one cluster that are more likely a match than not, likeliest first."""
        found = np.flatnonzero((self.weights > 0) & (self.clusters[self.left] == self.clusters[self.right]))
        return found[np.argsort(-self.weights[found], kind="stable")]

    def score(self, pair: int) -> int:
        """The probability of the pair at this place, per mille."""
        return Weighed(int(self.weights[pair]), ()).score

    def weighed(self, pair: int) -> Weighed:
        """What speaks for the pair at this place."""
        _, *told = explain(self.mixture, self.patterns[pair])
        parts = [(part.feature, round(part.weight * THOUSANDTHS)) for part in told]
        total = int(self.weights[pair])
        return Weighed(total, ((PRIOR, total - sum(weight for _, weight in parts)), *parts))

    def cluster_of(self) -> Mapping[int, int]:
        """For each id the id that stands for its cluster."""
        ids = self.columns.ids
        return dict(zip(ids.tolist(), ids[self.clusters].tolist(), strict=True))


def link_recordings(
    records: Sequence[RecordingRecord],
    *,
    packings: Mapping[str, Packing] = NOTHING_PACKED,
    distinct_sources: bool = False,
    blocking: Blocking = BLOCKING,
    model: Mixture | None = None,
    workers: int | None = None,
) -> LinkedBatch:
    """Link a batch of recordings.

    Args:
        records: the recordings, ids distinct.
        packings: how sources pack their columns, where they do (``matching.packing.infer``).
        distinct_sources: every source has declared that its records are distinct recordings; then records
            of one source are neither compared nor clustered with each other.
        blocking: how many candidates are looked for.
        model: a mixture to use as it is; by default the shipped one is fitted to the batch, without labels.
        workers: threads that look for pairs and compare them; by default as many as there are cores for
            this process. The result is the same with any number.
    """
    columns = recording_columns(records, packings)
    side_by_side = workers or _cores()
    left, right = candidate_pairs(columns, blocking, apart=distinct_sources, workers=side_by_side)
    start = shipped() if model is None else model
    patterns = np.empty((len(start.limits), len(left)), dtype=np.int8).T
    for at in range(0, len(left), AT_ONCE):
        part = slice(at, at + AT_ONCE)
        patterns[part] = levels(start.limits, columns, left[part], right[part], side_by_side)
    distinct, back, counts = patterns_of(patterns)
    mixture = fit(start, distinct, counts) if model is None else start
    weights = np.rint(match_weights(mixture, distinct) * THOUSANDTHS).astype(np.int64)[back]
    sources = columns.sources if distinct_sources else None
    clusters = agglomerate(len(columns), left, right, weights, sources)
    return LinkedBatch(columns, mixture, left, right, patterns, weights, clusters)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
