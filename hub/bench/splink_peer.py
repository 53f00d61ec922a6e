"""Splink as a peer on the same records, where it is installed; it is no dependency of the hub.

Tuned as follows and the same for every data set: the matcher's own folded texts and read numbers as columns;
Jaro-Winkler levels for title, artist and release, steps for duration and year, equality for track number
and language; nine blocking rules; u by random sampling with a fixed seed, m by expectation maximisation
over two blockings; links from a probability of one half on; clusters by the same procedure as the hub's.
"""

from __future__ import annotations

import csv
import importlib
import importlib.util
import math
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from matching.agglomerate import agglomerate
from matching.columns import RecordingColumns
from matching.recording_columns import recording_columns
from matching.records import RecordingRecord

SEED = 1
COLUMNS = (
    "unique_id", "source_dataset", "title", "artist", "album", "seconds", "number", "year", "language",
)  # fmt: skip
BLOCKING = (
    ("title",), ("substr(title, 1, 6)", "number"), ("artist", "seconds"), ("artist", "number"),
    ("album", "number"), ("album", "seconds"), ("seconds", "number"), ("substr(title, 1, 6)", "artist"),
    ("substr(title, 1, 6)", "seconds"),
)  # fmt: skip
LEAST = 1e-9

Pair = tuple[int, int]


def installed() -> bool:
    """Whether Splink with its DuckDB backend can be imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("splink", "duckdb"))


def link(
    records: Sequence[RecordingRecord], distinct_sources: bool
) -> tuple[list[Pair], list[Pair], dict[int, int]]:
    """Compared pairs, linked pairs and the cluster of each id."""
    columns = recording_columns(records)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records.csv"
        _write(columns, path)
        predicted = _predict(path, distinct_sources)
    left, right = (np.array([row[side] for row in predicted], dtype=np.int64) for side in (0, 1))
    weights = np.array([round(_log_odds(row[2]) * 1000) for row in predicted], dtype=np.int64)
    sources = columns.sources if distinct_sources else None
    clusters = agglomerate(len(columns), left, right, weights, sources).tolist()
    ids = columns.ids.tolist()
    compared = [(ids[a], ids[b]) for a, b, _ in predicted]
    linked = [(ids[a], ids[b]) for a, b, share in predicted if share >= 0.5]
    return compared, linked, {ids[place]: ids[name] for place, name in enumerate(clusters)}


def _log_odds(share: float) -> float:
    share = min(max(share, LEAST), 1 - LEAST)
    return math.log(share / (1 - share))


def _write(columns: RecordingColumns, path: Path) -> None:
    numbers = (columns.duration, columns.number, columns.year, columns.language)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for place in range(len(columns)):
            texts = (columns.title, columns.artist, columns.release)
            shown = (text.spaced[int(text.codes[place])] for text in texts)
            told = (int(values[place]) or "" for values in numbers)
            writer.writerow((place, int(columns.sources[place]), *shown, *told))


def _predict(path: Path, distinct_sources: bool) -> list[tuple[int, int, float]]:
    splink: Any = importlib.import_module("splink")
    library: Any = importlib.import_module("splink.comparison_library")
    levels: Any = importlib.import_module("splink.comparison_level_library")
    duckdb: Any = importlib.import_module("duckdb")
    connection = duckdb.connect()
    # A bar of progress would stand in the JSON of a run that takes more than two seconds.
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        f"CREATE TABLE records AS SELECT * FROM read_csv('{path}', header = true, nullstr = '', types = "  # noqa: S608
        "{'title': 'VARCHAR', 'artist': 'VARCHAR', 'album': 'VARCHAR'})"
    )
    api = splink.DuckDBAPI(connection)
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            *(
                library.JaroWinklerAtThresholds(name, [0.95, 0.88, 0.75])
                for name in ("title", "artist", "album")
            ),
            *(
                _steps(library, levels, name, steps)
                for name, steps in (("seconds", (1, 3, 10)), ("year", (1, 3)))
            ),
            library.ExactMatch("number"),
            library.ExactMatch("language"),
        ],
        blocking_rules_to_generate_predictions=[_rule(splink, rule, distinct_sources) for rule in BLOCKING],
        retain_matching_columns=False,
    )
    linker = splink.Linker(api.register("records"), settings, log_level="ERROR")
    known = [splink.block_on("title", "artist", "seconds"), splink.block_on("title", "album", "seconds")]
    linker.training.estimate_probability_two_random_records_match(known, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    for rule in (("title", "seconds"), ("artist", "number")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            splink.block_on(*rule), record_sample_proportion=1.0
        )
    predicted = linker.inference.predict(threshold_match_probability=0.0001)
    rows = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_probability FROM {predicted.physical_name}"  # noqa: S608
    ).fetchall()
    return [(min(a, b), max(a, b), share) for a, b, share in rows]


def _rule(splink: Any, columns: Sequence[str], distinct_sources: bool) -> Any:
    rule = splink.block_on(*columns)
    if not distinct_sources:
        return rule
    equal = rule.create_blocking_rule_dict("duckdb")["blocking_rule"]
    return f"({equal}) AND l.source_dataset <> r.source_dataset"


def _steps(library: Any, levels: Any, name: str, steps: Sequence[int]) -> Any:
    apart = f"abs({name}_l - {name}_r)"
    return library.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            levels.NullLevel(name),
            levels.CustomLevel(f"{apart} = 0", label_for_charts="same"),
            *(levels.CustomLevel(f"{apart} <= {step}", label_for_charts=f"within {step}") for step in steps),
            levels.ElseLevel(),
        ],
    )
