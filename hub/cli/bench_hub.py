"""``hub bench answers``, ``search`` and ``pages``: what a hub of ``hub bench generate`` is measured by."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.bench.answering import measure as measure_answers
from hub.bench.measures import Report
from hub.bench.searching import measure as measure_search
from hub.cli.options import AsJson, Database, opened
from hub.cli.output import print_json, print_table, stderr


def shown(found: Report, *, as_json: bool) -> None:
    """Print a report; exits with 1 if a goal was missed."""
    if as_json:
        print_json(found.as_json())
    else:
        rows = [
            [
                item.name, f"{item.value:.3f}", item.unit,
                "" if item.goal is None else f"{'<=' if item.at_most else '>='} {item.goal:g}",
                {None: "", True: "yes", False: "NO"}[item.met], item.note,
            ]
            for item in found.measures
        ]  # fmt: skip
        print_table(found.title, ("measured", "value", "unit", "goal", "met", "note"), rows, right=[1])
        for remark in found.remarks:
            stderr().print(remark, markup=False)
    if any(item.met is False for item in found.measures):
        raise typer.Exit(1)


def answers_command(
    questions: Annotated[int, typer.Option("--questions", min=100, help="Asked one by one.")] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="That of `hub bench generate`.")] = 1,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Ask a generated hub one by one and in batches, beside its database alone; 1 if a goal is missed."""
    shown(measure_answers(opened(db), questions, seed), as_json=json)


def search_command(
    queries: Annotated[int, typer.Option("--queries", min=1, help="Misspelt titles to look for.")] = 300,
    scanned: Annotated[int, typer.Option("--scanned", min=1, help="So many by a full scan too.")] = 30,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same queries.")] = 1,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Search for misspelt titles of a hub, beside a scan of every title; exits with 1 if a goal is missed."""
    found = measure_search(
        opened(db), queries, scanned, seed, lambda text: stderr().print(text, markup=False)
    )
    shown(found, as_json=json)


def pages_command(
    times: Annotated[int, typer.Option("--times", min=3, help="Pages of each kind that are opened.")] = 100,
    seed: Annotated[int, typer.Option("--seed", help="The same seed opens the same pages.")] = 1,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Open pages of a hub through a server, beside the raw queries; exits with 1 if a goal is missed."""
    from hub.bench.pages import measure as measure_pages

    shown(measure_pages(opened(db), times, seed), as_json=json)
