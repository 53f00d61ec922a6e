"""What all runs of ``hub bench matching`` say together: goals, ratios, versions, labelled pairs."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.bench import growth, itunes_amazon
from hub.bench.data_sets import labelled_pairs
from hub.bench.matching_report import report, seeds, versions, works_figures
from hub.cli.app import app

HEADER = (
    "split,label,itunes_Song_Name,itunes_Artist_Name,itunes_Album_Name,itunes_Time,itunes_Released,"
    "amazon_Song_Name,amazon_Artist_Name,amazon_Album_Name,amazon_Time,amazon_Released\n"
)


def figures(f1: float, seconds: float, best: float | None = None) -> dict[str, Any]:
    quality = {"precision": f1, "recall": f1, "f1": f1}
    return {
        "pairwise": quality,
        "clustered": quality,
        "seconds": seconds,
        "cpu_seconds": seconds,
        "best_pairwise_f1": best,
    }


def test_goals_are_told_with_the_ratio_to_the_peer_versions_and_seeds() -> None:
    told = report({
        "musicbrainz20k parsed": {"hub": figures(0.997, 1.0, 0.998), "splink": figures(0.99, 4.0)},
        "musicbrainz20k raw": {"hub": figures(0.97, 1.0, 0.98)},
        "standin-97k parsed": {"hub": figures(0.99, 2.0, 0.99), "splink": figures(0.98, 12.0)},
    }, works=works_figures(40))  # fmt: skip
    found = {item.name: item for item in told.measures}
    assert found["musicbrainz20k parsed: clustered F1"].met is True
    assert found["musicbrainz20k raw: clustered F1"].met is False
    assert found["musicbrainz20k raw: from the best threshold"].met is False
    assert found["musicbrainz20k parsed: faster than Splink"].met is None
    assert found["standin-97k parsed: faster than Splink"].value == 6
    assert found["standin-97k parsed: faster than Splink"].met is True
    assert found["names, held-out: F1"].met is True
    assert {f"recordings to works, seed {seed}: recall" for seed in (1, 2, 3, 4)} <= set(found)
    assert found["recordings to works, seed 1: precision"].goal == 0.97
    assert {"fields missing", "splink", "works 1"} <= set(seeds())
    assert {"hub", "python", "numpy", "rapidfuzz"} <= set(versions())
    assert any(remark.startswith("rapidfuzz ") for remark in told.remarks)


def test_labelled_pairs_of_two_shops_are_judged(tmp_path: Path) -> None:
    rows = [
        "train,1,Illusion ( feat . Echosmith ),Zedd,True Colors,4:30,18-May-15,"
        'Illusion [ feat . Echosmith ],Zedd,True Colors,4:30,"May 18 , 2015"\n',
        "train,0,Illusion,Zedd,True Colors,4:30,18-May-15,"
        'Transmission,Zedd,True Colors,4:02,"May 18 , 2015"\n',
    ]
    folder = tmp_path / "itunes-amazon"
    folder.mkdir()
    (folder / "pairs.csv.gz").write_bytes(gzip.compress((HEADER + "".join(rows)).encode()))
    (path,) = labelled_pairs(tmp_path)
    same, other = itunes_amazon.read_pairs(path)
    assert (same[0], same[1].duration, same[1].year, same[2].year) == (True, 270, 2015, 2015)
    assert other[0] is False
    found = itunes_amazon.measure(path)
    assert found["hub"]["pairwise"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert set(found) == {"hub", "naive"}


def test_growth_is_told_beside_n_log_n() -> None:
    linear = [{"records": size, "cpu_seconds": size / 1000} for size in (20_000, 50_000, 100_000)]
    squared = [{"records": size, "cpu_seconds": (size / 1000) ** 2} for size in (20_000, 50_000, 100_000)]
    told, worse = growth.report(linear).measures, growth.report(squared).measures
    assert [round(item.value, 6) for item in told[:3]] == [1, 1, 1]
    assert [round(item.value, 6) for item in worse[:3]] == [2, 2, 2]
    assert (told[-1].met, worse[-1].met) == (True, False)


def test_growth_is_measured_by_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SMALLEST", 200)
    done = CliRunner().invoke(app, ["bench", "matching", "--growth", "400", "--json"])
    (first,) = json.loads(done.stdout)["runs"]
    assert first["records"] >= 400
    assert first["cpu_seconds"] > 0
    assert growth.sizes(1_000_000)[-1] == 1_000_000
