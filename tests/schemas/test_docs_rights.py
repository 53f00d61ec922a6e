"""docs/rights.md shows the tables of rights and uses as they are, and its lists mean what it says."""

from __future__ import annotations

import csv
import datetime as dt
from importlib.resources import files
from pathlib import Path

import pytest

from schemas.rights import covers, covers_use
from schemas.territories import evaluate, members

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "rights.md").read_text(encoding="utf-8")
TODAY = dt.date(2026, 3, 15)


def shown(heading: str) -> list[list[str]]:
    lines = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0].strip().splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


@pytest.mark.parametrize(
    ("heading", "table", "columns"),
    [
        ("Rights", "rights.csv", ("code", "category", "uses", "ipi", "cwr", "ddex", "name")),
        ("Uses", "uses.csv", ("code", "parent", "ddex", "name")),
        ("Words for several rights", "right_words.csv", ("word", "rights", "format", "meaning")),
        ("Roles", "roles.csv", ("code", "kind", "part_of", "cwr", "ipi", "ddex", "bwarm", "name")),
    ],
)
def test_the_page_shows_the_table(heading: str, table: str, columns: tuple[str, ...]) -> None:
    rows = csv.DictReader(files("schemas").joinpath(table).read_text(encoding="utf-8").splitlines())
    assert shown(heading) == [[row[name].replace("|", ", ") for name in columns] for row in rows]


def test_the_lists_of_the_page_mean_what_it_says() -> None:
    for text in ("PR\\|-OB", "*\\|-on-demand-stream", "2136\\|-398", "-398\\|2136", "2136\\|-2130\\|KZ"):
        assert f"`{text}`" in PAGE
    assert covers(("PR", "-OB"), "PR", "radio")
    assert not covers(("PR", "-OB"), "PR", "non-interactive-stream")
    assert covers_use(("*", "-on-demand-stream"), "download")
    assert not covers_use(("*", "-on-demand-stream"), "on-demand-stream")
    world = members("2136", TODAY)
    assert evaluate(("2136", "-398"), TODAY) == world - {"KZ"}
    assert evaluate(("-398", "2136"), TODAY) == world
    assert evaluate(("2136", "-2130", "KZ"), TODAY) == world - members("2130", TODAY) | {"KZ"}
    assert covers_use(("broadcast",), "radio")
    assert not covers_use(("radio",), "broadcast")
