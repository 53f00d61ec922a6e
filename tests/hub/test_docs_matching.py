"""The figures of quality in docs/matching.md are those that the benches print."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from hub.bench import names

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "matching.md").read_text(encoding="utf-8")
WORKS = ROOT / "tests" / "golden" / "matching" / "works_middle.json"
"""What `hub bench works --works 2000 --level middle --seed N --json` wrote."""


def shown(value: float) -> str:
    return f"{value:.4f}".removeprefix("0")


@pytest.mark.parametrize("part", ["dev", "held-out"])
def test_names_are_told_apart_as_well_as_the_page_says(part: str) -> None:
    found = names.measure(names.shipped(part))
    assert f"{part} {shown(found['f1'])} ({found['pairs']:,} pairs" in " ".join(TEXT.split())


def test_names_of_the_foreign_benchmark(shared_folder: Path) -> None:
    path = shared_folder / "bench" / "name-pairs" / "person-cases.dev.csv.gz"
    if not path.is_file():
        pytest.skip("the labelled pairs are not here")
    found = names.measure(names.read_pairs(path))
    said = f"{shown(found['f1'])}, precision {found['precision']:.3f}, recall {found['recall']:.3f}"
    assert said.replace(" 0.", " .") in " ".join(TEXT.split())


def test_recordings_find_their_works_as_the_bench_wrote() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (\.\d{4} \| \.\d{4}) \|$", TEXT, re.MULTILINE))
    for told in json.loads(WORKS.read_text(encoding="utf-8")):
        quality = told["recording_to_work"]["pairwise"]
        assert rows[str(told["seed"])] == f"{shown(quality['precision'])} | {shown(quality['recall'])}"
        assert told["level"] == "middle"
        # What the project asks of this task at this level.
        assert quality["precision"] >= 0.97
        assert quality["recall"] >= 0.97
