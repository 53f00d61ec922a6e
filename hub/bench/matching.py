"""The recording matcher on labelled data, beside peers on the same records.

Quality is pairwise over all true pairs of the file: of the links alone, and of the clusters made from them.
Seconds run from the records to the clusters, preparation of texts included and reading the file not; the
peak is that of the process.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from time import perf_counter, process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from hub.bench import splink_peer
from hub.bench.recording_tables import Labelled
from hub.errors import Surroundings
from matching.blocking import recording_keys
from matching.cluster import cluster
from matching.columns import Numbers
from matching.evaluate import PairScores, compare_clusters
from matching.packing import infer
from matching.pipeline import candidates, judge_pairs
from matching.recording_batch import link_recordings
from matching.recordings import RECORDINGS
from matching.records import RecordingRecord

NAIVE_LETTERS = 6
NAIVE_THRESHOLD = 85

Pairs = tuple[Numbers, Numbers]
"""The first and the second ids of pairs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a system found: compared pairs, linked pairs, and the cluster of each id.

    ``weights`` order the compared pairs from the least to the most likely, where the system says so.
    """

    compared: Pairs
    linked: Pairs
    clusters: Mapping[int, int]
    weights: Numbers | None = None


def measure(
    data: Labelled, system: str = "hub", *, distinct_sources: bool = True, best_threshold: bool = False
) -> dict[str, Any]:
    """The figures of one system on one data set.

    Args:
        data: the records and the truth, which only scoring sees.
        system: one of ``SYSTEMS``.
        distinct_sources: whether each source has declared its records distinct.
        best_threshold: also say, as ``best_pairwise_f1``, what the links could reach with the threshold that
            the truth would choose (None where a system gives no order), and ``cpu_seconds`` of all threads.

    Returns:
        ``pairwise`` and ``clustered`` with precision, recall and f1, ``candidate_recall``, ``seconds`` and
        ``peak_mb`` (None where the platform does not tell).
    """
    if system == "splink" and splink_peer.installed():
        splink_peer.load()
    started, before = perf_counter(), process_time()
    outcome = SYSTEMS[system](data.records, distinct_sources)
    seconds, worked, peak = perf_counter() - started, process_time() - before, peak_mb()
    clustered = compare_clusters(outcome.clusters, data.truth)
    linked = PairScores(_true(outcome.linked, data.truth), len(outcome.linked[0]), clustered.true)
    told = {
        "pairwise": figures(linked),
        "clustered": figures(clustered),
        "candidate_recall": round(_true(outcome.compared, data.truth) / max(clustered.true, 1), 6),
        "seconds": round(seconds, 3),
        "peak_mb": peak,
    }
    if not best_threshold:
        return told
    return {**told, "cpu_seconds": round(worked, 3), "best_pairwise_f1": _best_f1(outcome, data.truth)}


def peak_mb() -> float | None:
    """The most memory this process has held, in MiB; None where the platform does not tell."""
    if sys.platform == "win32":
        return None
    import resource

    kept = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(kept / (1024 * 1024 if sys.platform == "darwin" else 1024), 1)


def figures(scores: PairScores) -> dict[str, float]:
    """Precision, recall and F1 as JSON has them."""
    return {name: round(float(getattr(scores, name)), 6) for name in ("precision", "recall", "f1")}


def _best_f1(outcome: Outcome, truth: Mapping[int, str]) -> float | None:
    """The best pairwise F1 over all thresholds, which only the truth can choose."""
    if outcome.weights is None or not len(outcome.weights):
        return None
    order = np.argsort(-outcome.weights, kind="stable")
    right = np.cumsum(_same(outcome.compared, truth)[order])
    last = np.append(np.diff(outcome.weights[order]) != 0, True)
    found = np.arange(1, len(order) + 1)
    true = compare_clusters({}, truth).true
    return round(float(np.max((2 * right / (found + true))[last])), 6)


def _true(pairs: Pairs, truth: Mapping[int, str]) -> int:
    return int(np.count_nonzero(_same(pairs, truth)))


def _same(pairs: Pairs, truth: Mapping[int, str]) -> NDArray[np.bool_]:
    names: dict[str, int] = {}
    clusters = np.zeros(max(truth, default=0) + 1, dtype=np.int64)
    for number, name in truth.items():
        clusters[number] = names.setdefault(name, len(names))
    return np.asarray(clusters[pairs[0]] == clusters[pairs[1]])


def _pairs(pairs: Sequence[tuple[int, int]]) -> Pairs:
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _hub(records: Sequence[RecordingRecord], distinct_sources: bool) -> Outcome:
    """A batch run. Packed columns are looked for whatever the input, as one configuration has to."""
    linked = link_recordings(records, packings=infer(records), distinct_sources=distinct_sources)
    left, right = linked.columns.ids[linked.left], linked.columns.ids[linked.right]
    found = linked.weights > 0
    return Outcome((left, right), (left[found], right[found]), linked.cluster_of(), linked.weights)


def _incremental(records: Sequence[RecordingRecord], distinct_sources: bool) -> Outcome:
    """As the hub links what is submitted: by stored keys, pair by pair, and only what needs no person."""
    sources = {record.id: record.source for record in records}
    compared, links, apart = [], [], []
    pairs = candidates(records, recording_keys, {})
    for left, right, judgement in judge_pairs(pairs, {record.id: record for record in records}, RECORDINGS):
        if distinct_sources and sources[left] == sources[right]:
            apart.append((left, right))
            continue
        compared.append((left, right))
        if judgement.verdict == "positive":
            links.append((left, right, judgement.score))
        elif judgement.verdict == "negative":
            apart.append((left, right))
    clusters = cluster((record.id for record in records), links, apart)
    return Outcome(_pairs(compared), _pairs([(left, right) for left, right, _ in links]), clusters)


def _naive(records: Sequence[RecordingRecord], distinct_sources: bool) -> Outcome:
    """Equal first letters of the title, and a token set ratio of all texts of at least the threshold."""
    blocks: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for record in records:
        text = " ".join((*record.titles, *record.artists, record.release)).casefold()
        if record.titles:
            blocks[record.titles[0].casefold()[:NAIVE_LETTERS]].append((record.id, record.source, text))
    compared: list[tuple[int, int]] = []
    links: list[tuple[int, int, int]] = []
    apart: list[tuple[int, int]] = []
    for members in blocks.values():
        for (left, source, mine), (right, other_source, other) in combinations(members, 2):
            if distinct_sources and source == other_source:
                apart.append((left, right))
                continue
            compared.append((left, right))
            ratio = fuzz.token_set_ratio(mine, other, score_cutoff=NAIVE_THRESHOLD)
            if ratio:
                links.append((left, right, round(ratio * 10)))
    clusters = cluster((record.id for record in records), links, apart)
    return Outcome(_pairs(compared), _pairs([(left, right) for left, right, _ in links]), clusters)


def _splink(records: Sequence[RecordingRecord], distinct_sources: bool) -> Outcome:
    if not splink_peer.installed():
        raise Surroundings(
            "splink and duckdb are not installed; they are no part of the hub: pip install splink duckdb"
        )
    compared, linked, clusters = splink_peer.link(records, distinct_sources)
    return Outcome(compared, linked, clusters)


SYSTEMS: Mapping[str, Callable[[Sequence[RecordingRecord], bool], Outcome]] = {
    "hub": _hub,
    "incremental": _incremental,
    "naive": _naive,
    "splink": _splink,
}


def available() -> list[str]:
    """The systems that can run here."""
    return [name for name in SYSTEMS if name != "splink" or splink_peer.installed()]
