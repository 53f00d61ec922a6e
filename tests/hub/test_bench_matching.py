import csv
import gzip
import json
from dataclasses import replace

import pytest
from invented_recordings import invented
from typer.testing import CliRunner

from hub.bench import splink_peer
from hub.bench.corruption import MISSING, with_fields_missing
from hub.bench.data_sets import ROUNDS, middle, runs
from hub.bench.matching import SYSTEMS, available, measure
from hub.bench.recording_tables import labelled, read_rows
from hub.cli.app import app
from hub.errors import Surroundings, UsageError
from matching.packing import infer, unpack_all

COLUMNS = ("id", "cluster_id", "source", "number", "title", "length", "artist", "album", "year", "language")


def benchmark_rows():
    """Invented recordings in the five formats of the benchmark's sources."""
    records, truth = invented(sources=5)
    for record in records:
        source = str(int(record.source) + 1)
        title, artist, album = record.titles[0], record.artists[0], record.release
        year, length = str(record.year or ""), record.duration
        row = {"id": record.id, "cluster_id": truth[record.id], "source": source, "number": record.number}
        texts = {
            "1": (f"{title} ({album})", f"{length // 60:02}:{length % 60:02}", artist, album, year),
            "2": (f"{artist} - {title}", str(length or ""), "", album, year[2:]),
            "3": (
                f"{title} - {album}",
                f"{length / 60:.3f}" if length else "",
                artist,
                "",
                year[2:] and f"'{year[2:]}",
            ),
            "4": (
                f"00{record.number}-{title}",
                f"{length // 60}m {length % 60}sec",
                artist,
                f"{album} ({year})",
                "",
            ),
            "5": (title, str(length * 1000 or ""), artist, album, year),
        }[source]
        yield {**row, **dict(zip(COLUMNS[4:9], texts, strict=True)), "language": ""}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("bench") / "labelled.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(benchmark_rows())
    return path


def run(*options):
    return CliRunner().invoke(app, ["bench", "matching", *map(str, options)])


@pytest.mark.parametrize("form", ["parsed", "raw"])
def test_the_figures_come_as_json_and_nothing_else(table, form):
    done = run("--data", table, "--truth", "cluster_id", "--input", form, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert list(found) == ["pairwise", "clustered", "candidate_recall", "seconds", "peak_mb"]
    assert set(found["pairwise"]) == set(found["clustered"]) == {"precision", "recall", "f1"}
    assert found["clustered"]["f1"] > 0.97
    assert found["candidate_recall"] > 0.99
    assert found["peak_mb"] > 1


def test_raw_columns_are_found_out_without_being_told(table):
    rows = read_rows(table, "cluster_id")
    raw, parsed = (labelled("x", rows, "cluster_id", form).records for form in ("raw", "parsed"))
    assert raw != parsed
    found = unpack_all(raw, infer(raw))
    assert [replace(record, year=0) for record in found] == [replace(record, year=0) for record in parsed]
    assert unpack_all(parsed, infer(parsed)) == parsed


def test_the_truth_never_reaches_the_matcher(table):
    rows = read_rows(table, "cluster_id")
    other = [{**row, "cluster_id": "1", "id": "9"} for row in rows]
    mine, blind = (labelled("x", item, "cluster_id", "raw") for item in (rows, other))
    assert mine.records == blind.records
    assert set(blind.truth.values()) == {"1"}


def test_every_system_is_measured_the_same_way(table):
    data = labelled("x", read_rows(table, "cluster_id"), "cluster_id", "parsed")
    found = {name: measure(data, name) for name in ("hub", "incremental", "naive")}
    assert set(found) <= set(SYSTEMS)
    assert found["hub"]["clustered"]["f1"] > found["incremental"]["clustered"]["f1"] > 0.8
    assert found["hub"]["clustered"]["f1"] > found["naive"]["clustered"]["f1"]
    assert found["incremental"]["clustered"]["precision"] > 0.98


def test_a_link_at_even_odds_is_nearly_as_good_as_the_best_threshold(table):
    data = labelled("x", read_rows(table, "cluster_id"), "cluster_id", "parsed")
    found = measure(data, best_threshold=True)
    assert 0 <= found["best_pairwise_f1"] - found["pairwise"]["f1"] < 0.01
    assert measure(data, "naive", best_threshold=True)["best_pairwise_f1"] is None
    assert json.loads(run("--data", table, "--best-threshold", "--json").stdout)["best_pairwise_f1"] > 0.97


def test_fields_go_missing_as_announced_and_the_same_way_twice(table):
    rows = read_rows(table, "cluster_id")
    changed = with_fields_missing(rows, 1)
    assert changed == with_fields_missing(rows, 1) != with_fields_missing(rows, 2)
    for column, share in MISSING.items():
        empty = sum(not row[column].strip() for row in changed) / len(rows)
        before = sum(not row[column].strip() for row in rows) / len(rows)
        assert empty == pytest.approx(max(share, before), abs=0.01)
    done = run("--data", table, "--missing-fields", 1, "--json")
    assert json.loads(done.stdout)["clustered"]["f1"] > 0.9


def test_a_table_is_printed_for_people(table):
    done = run("--data", table)
    assert done.exit_code == 0
    assert "cluster F1" in done.stdout


def test_what_cannot_be_measured_is_said(table, tmp_path):
    assert isinstance(run("--data", tmp_path / "none.csv", "--json").exception, UsageError)
    assert isinstance(run("--data", table, "--truth", "entity", "--json").exception, UsageError)
    assert isinstance(run("--data", table, "--system", "oracle").exception, UsageError)
    with pytest.raises(Surroundings):
        list(runs(["hub"], tmp_path))


def test_systems_that_are_timed_take_turns_and_the_median_counts(tmp_path):
    file = tmp_path / "standin-97k" / "records.csv.gz"
    file.parent.mkdir()
    file.touch()
    order = [(run.input, run.system) for run in runs(["hub", "naive", "splink"], tmp_path)]
    turns = ["hub", "splink"] * ROUNDS + ["naive"]
    assert order == [(form, system) for form in ("parsed", "raw") for system in turns]
    found = middle(
        [{"seconds": seconds, "peak_mb": peak} for seconds, peak in ((3.0, 1), (1.0, 2), (2.0, 3))]
    )
    assert found == {"seconds": 2.0, "peak_mb": 3, "rounds": [3.0, 1.0, 2.0]}


def test_a_foreign_id_in_front_of_the_columns_is_taken_out():
    straight = dict(
        zip(COLUMNS, ("1", "c", "3", "12", "Ән - Таң", "6.183", "Дана", "", "'07", ""), strict=True)
    )
    shifted = dict(
        zip(
            COLUMNS,
            ("1", "c", "3", "32849012MB-01", "12", "Ән - Таң", "6.183", "Дана", "", "'07"),
            strict=True,
        )
    )
    told, moved = (labelled("x", [row], "cluster_id", "parsed").records for row in (straight, shifted))
    assert told == moved
    assert (told[0].titles, told[0].release, told[0].duration) == (("Ән",), "Таң", 371)


@pytest.mark.skipif(not splink_peer.installed(), reason="splink, no dependency of the hub, is not installed")
def test_splink_runs_where_it_is_installed(table):
    data = labelled("x", read_rows(table, "cluster_id"), "cluster_id", "parsed")
    assert measure(data, "splink")["clustered"]["f1"] > 0.8


@pytest.mark.skipif(splink_peer.installed(), reason="splink is installed")
def test_a_peer_that_is_not_installed_is_named(table):
    assert "splink" not in available()
    assert isinstance(run("--data", table, "--system", "splink").exception, Surroundings)


def test_any_number_of_recordings_can_be_made_up(tmp_path):
    paths = [tmp_path / name for name in ("one.csv", "two.csv.gz")]
    for path in paths:
        done = CliRunner().invoke(
            app, ["bench", "generate", "--records", "700", "--seed", "3", "-o", str(path)]
        )
        assert done.exit_code == 0
    rows, again = (read_rows(path, "cluster_id") for path in paths)
    assert rows == again
    assert 700 <= len(rows) < 900
    found = json.loads(run("--data", paths[0], "--input", "raw", "--json").stdout)
    assert found["clustered"]["f1"] > 0.98
    refused = CliRunner().invoke(app, ["bench", "generate", "-o", str(tmp_path / "no" / "such.csv")])
    assert isinstance(refused.exception, UsageError)
