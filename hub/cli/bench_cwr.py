"""``hub bench cwr``: how fast CWR is read, beside a loop that only slices and beside PyPI's `cwr-api`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.bench.cwr_reading import WORKS, measure
from hub.bench.measures import Measure, Report
from hub.cli.options import AsJson, Language, Spoken
from hub.cli.output import print_json, print_table, stderr
from hub.cli.words import word


def cwr_command(
    works: Annotated[int, typer.Option(min=1, help="Works of the invented file.")] = WORKS,
    data: Annotated[Path | None, typer.Option("--data", help="A CWR file to read instead.")] = None,
    language: Spoken = Language.english,
    json: AsJson = False,
) -> None:
    """Read CWR with every rule, beside a loop that only slices fields and beside cwr-api."""
    report = measure(works, data, lambda text: stderr().print(text, markup=False))
    if json:
        print_json(report.as_json())
        return
    print_report(report, language)


def print_report(report: Report, language: str) -> None:
    """A report as a table for people, its remarks beside it."""
    headings = [word(key, language) for key in ("measure", "value", "unit", "goal", "goal_met", "note")]
    print_table(report.title, headings, [measure_row(item, language) for item in report.measures], right=(1,))
    for remark in report.remarks:
        stderr().print(remark, markup=False)


def measure_row(item: Measure, language: str) -> tuple[str, ...]:
    """The cells of one measured line."""
    goal = "" if item.goal is None else f"{'<=' if item.at_most else '>='} {item.goal:g}"
    met = "" if item.met is None else word("goal_yes" if item.met else "goal_no", language)
    if item.unit in ("", "F1"):
        value = f"{item.value:.4f}"
    else:
        value = f"{item.value:,.0f}" if item.value >= 1000 else f"{item.value:,.2f}"
    return (item.name, value, item.unit, goal, met, item.note)
