"""Splink as a peer on the same records, where it is installed; it is no dependency of the hub.

Tuned as follows and the same for every data set: the matcher's own folded texts and read numbers as columns;
Jaro-Winkler levels for title, artist and release, steps for duration and year, equality for track number
and language; nine blocking rules; u by random sampling of two million pairs with a fixed seed (where
Splink's documentation has ten million for trying a model); m by expectation maximisation over two blockings;
links from a probability of one half on; clusters by the same procedure as the hub's. DuckDB takes the columns
from memory and gives its pairs back as columns, with as many threads as there are cores; the libraries are
loaded before a run is measured.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.agglomerate import agglomerate
from matching.columns import Numbers, RecordingColumns
from matching.recording_columns import recording_columns
from matching.records import RecordingRecord

SEED = 1
BLOCKING = (
    ("title",), ("substr(title, 1, 6)", "number"), ("artist", "seconds"), ("artist", "number"),
    ("album", "number"), ("album", "seconds"), ("seconds", "number"), ("substr(title, 1, 6)", "artist"),
    ("substr(title, 1, 6)", "seconds"),
)  # fmt: skip
LEAST = 1e-9

Pairs = tuple[Numbers, Numbers]
"""The first and the second ids of pairs."""
Reals = NDArray[np.float64]


def installed() -> bool:
    """Whether Splink with its DuckDB backend can be imported."""
    return all(importlib.util.find_spec(name) is not None for name in ("splink", "duckdb"))


def load() -> None:
    """Import Splink and DuckDB, so that a measured run does not begin with it."""
    for name in ("splink", "splink.comparison_library", "splink.comparison_level_library", "duckdb"):
        importlib.import_module(name)


def link(records: Sequence[RecordingRecord], distinct_sources: bool) -> tuple[Pairs, Pairs, dict[int, int]]:
    """Compared pairs, linked pairs and the cluster of each id."""
    columns = recording_columns(records)
    left, right, shares = _predict(_table(columns), distinct_sources)
    held = np.clip(shares, LEAST, 1 - LEAST)
    weights = np.rint(np.log(held / (1 - held)) * 1000).astype(np.int64)
    sources = columns.sources if distinct_sources else None
    clusters = agglomerate(len(columns), left, right, weights, sources)
    ids, linked = columns.ids, shares >= 0.5
    named = dict(zip(ids.tolist(), ids[clusters].tolist(), strict=True))
    return (ids[left], ids[right]), (ids[left[linked]], ids[right[linked]]), named


def _table(columns: RecordingColumns) -> dict[str, NDArray[Any]]:
    """The columns as DuckDB reads them from memory; what is not known is masked."""
    texts = {"title": columns.title, "artist": columns.artist, "album": columns.release}
    numbers = {
        "seconds": columns.duration, "number": columns.number, "year": columns.year,
        "language": columns.language,
    }  # fmt: skip
    return {
        "unique_id": np.arange(len(columns)),
        "source_dataset": columns.sources,
        **{name: np.ma.masked_array(columns.texts.spaced[text], text == 0) for name, text in texts.items()},
        **{name: np.ma.masked_equal(values, 0) for name, values in numbers.items()},
    }


def _predict(table: dict[str, NDArray[Any]], distinct_sources: bool) -> tuple[Numbers, Numbers, Reals]:
    """Places of the pairs that Splink predicts, the smaller first, and the probability of each."""
    splink: Any = importlib.import_module("splink")
    library: Any = importlib.import_module("splink.comparison_library")
    levels: Any = importlib.import_module("splink.comparison_level_library")
    duckdb: Any = importlib.import_module("duckdb")
    connection = duckdb.connect()
    # A bar of progress would stand in the JSON of a run that takes more than two seconds.
    connection.execute("SET enable_progress_bar = false")
    connection.register("given", table)
    connection.execute("CREATE TABLE records AS SELECT * FROM given")
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
    found = connection.execute(
        f"SELECT unique_id_l, unique_id_r, match_probability FROM {predicted.physical_name}"  # noqa: S608
    ).fetchnumpy()
    left, right, shares = (np.asarray(found[name]) for name in found)
    return np.minimum(left, right), np.maximum(left, right), shares


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
