"""The benchmark of names: its data cannot drift, and the quality that it reports stays what it was."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hub.bench import names
from hub.cli.app import app
from hub.errors import UsageError


def test_the_parts_share_no_name_and_hold_matches_and_traps() -> None:
    parts = {part: names.shipped(part) for part in ("dev", "held-out")}
    spellings = [{text for pair in pairs for text in (pair.left, pair.right)} for pairs in parts.values()]
    assert spellings[0].isdisjoint(spellings[1])
    assert sum(pair.same for pairs in parts.values() for pair in pairs) >= 300
    for pairs in parts.values():
        assert pairs == names.shipped("dev" if pairs is parts["dev"] else "held-out")
        assert sum(not pair.same for pair in pairs) > 100


@pytest.mark.parametrize("part", ["dev", "held-out"])
def test_spellings_of_names_in_kazakhstan_are_told_apart(part: str) -> None:
    found = names.measure(names.shipped(part))
    assert found["f1"] >= 0.95, found


def test_the_labelled_pairs_beside_the_repository(shared_folder: Path) -> None:
    folder = shared_folder / "bench" / "name-pairs"
    if not folder.is_dir():
        pytest.skip("the labelled pairs are not here")
    assert names.measure(names.read_pairs(folder / "kazakh-scripts.csv"))["f1"] >= 0.95
    assert names.measure(names.read_pairs(folder / "person-cases.dev.csv.gz"))["f1"] >= 0.80


def test_anybodys_pairs_are_measured(tmp_path: Path) -> None:
    text = "name1,name2,is_match\nРоза Бағланова,Roza Baglanova,true\nРоза Бағланова,Роза Рымбаева,0\nA,B,1\n"
    (tmp_path / "pairs.csv").write_text(text, encoding="utf-8")
    (tmp_path / "pairs.csv.gz").write_bytes(gzip.compress(text.encode()))
    for name in ("pairs.csv", "pairs.csv.gz"):
        done = CliRunner().invoke(app, ["bench", "names", "--data", str(tmp_path / name), "--json"])
        found = json.loads(done.stdout)[name]
        assert (found["pairs"], found["matches"], found["precision"], found["recall"]) == (3, 2, 1.0, 0.5)
    assert "held-out" in CliRunner().invoke(app, ["bench", "names"]).stdout
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match="name1"):
        names.read_pairs(tmp_path / "other.csv")
