"""What all runs of ``hub bench matching`` say: versions, ratios to the peer, which goals are reached."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import hub
from hub.bench import names, splink_peer
from hub.bench.data_sets import SEED, SHARED
from hub.bench.measures import Measure, Report
from hub.bench.works import measure as measure_works

Figures = Mapping[str, Any]
Measured = Mapping[str, Mapping[str, Figures]]
"""Figures by data set (its name, form and variant) and system."""

PACKAGES = ("numpy", "rapidfuzz", "anyascii", "splink", "duckdb")
TWENTY, STANDIN = "musicbrainz20k", "standin-97k"
TIMES_FASTER = 5.0


@dataclass(frozen=True, slots=True)
class _Goal:
    run: str
    clustered_f1: float


GOALS = (
    _Goal(f"{TWENTY} parsed", 0.996),
    _Goal(f"{TWENTY} raw", 0.994),
    _Goal(f"{TWENTY} parsed, fields missing", 0.990),
    _Goal(f"{TWENTY} raw, fields missing", 0.990),
)
WORKS, WORKS_SEEDS = 2_000, (1, 2, 3, 4)
LINKED = 0.97
"""Precision and recall that recordings are to be linked to works with."""
FROM_BEST = 0.005
"""A link at even odds is at most this far (pairwise F1) from the best threshold."""


def versions() -> dict[str, str]:
    """Versions of the hub, of Python and of what the figures depend on, as far as it is installed."""
    found = {"hub": hub.__version__, "python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def seeds() -> dict[str, int]:
    """The seeds of whatever is drawn at random."""
    works = {f"works {place}": seed for place, seed in enumerate(WORKS_SEEDS, 1)}
    return {"fields missing": SEED, "splink": splink_peer.SEED, **works}


def works_figures(works: int = WORKS) -> list[Figures]:
    """Recordings to works at middle difficulty, for each of ``WORKS_SEEDS``."""
    return [measure_works(works, "middle", seed) for seed in WORKS_SEEDS]


def report(measured: Measured, works: Sequence[Figures] = ()) -> Report:
    """The goals of the matcher against what was measured; goals whose data was not there are left out."""
    lines: list[Measure] = []
    for goal in GOALS:
        found = measured.get(goal.run, {}).get("hub")
        if found is not None:
            reached = found["clustered"]["f1"]
            lines.append(Measure(f"{goal.run}: clustered F1", reached, "", goal.clustered_f1))
            away = found["best_pairwise_f1"] - found["pairwise"]["f1"]
            lines.append(Measure(f"{goal.run}: from the best threshold", away, "F1", FROM_BEST, at_most=True))
    for run, systems in measured.items():
        mine, peer = systems.get("hub"), systems.get("splink")
        if mine is None or peer is None:
            continue
        gated = run.startswith(STANDIN)
        ahead = mine["clustered"]["f1"] - peer["clustered"]["f1"]
        faster = peer["seconds"] / mine["seconds"]
        work = peer["cpu_seconds"] / mine["cpu_seconds"]
        lines.append(Measure(f"{run}: clustered F1 above Splink", ahead, "F1", 0.0 if gated else None))
        lines.append(Measure(f"{run}: faster than Splink", faster, "x", TIMES_FASTER if gated else None))
        lines.append(Measure(f"{run}: less processor time than Splink", work, "x"))
    for found in works:
        for name in ("precision", "recall"):
            reached = found["recording_to_work"]["pairwise"][name]
            lines.append(Measure(f"recordings to works, seed {found['seed']}: {name}", reached, "", LINKED))
    lines += _names()
    told = [f"{name} {number}" for name, number in versions().items()]
    told += [f"seed of {name}: {number}" for name, number in seeds().items()]
    return Report("Goals", tuple(lines), tuple(told))


def _names() -> list[Measure]:
    """F1 of the spellings of names, shipped and beside the repository."""
    lines = [
        Measure(f"names, {part}: F1", names.measure(names.shipped(part))["f1"], "", 0.95)
        for part in ("dev", "held-out")
    ]
    for file, goal in (("kazakh-scripts.csv", 0.95), ("person-cases.dev.csv.gz", 0.80)):
        path = SHARED / "name-pairs" / file
        if path.is_file():
            lines.append(Measure(f"names, {file}: F1", names.measure(names.read_pairs(path))["f1"], "", goal))
    return lines
