"""``hub bench usage``: a DSR report answered, with its time, memory and sums."""

from __future__ import annotations

from typing import Annotated

import typer

from hub.bench.usage import measure
from hub.cli.options import AsJson, Language, Spoken
from hub.cli.output import print_json, print_table, stderr
from hub.cli.words import word


def usage_command(
    lines: Annotated[int, typer.Option(min=1, help="Lines of use in the report.")] = 100_000,
    works: Annotated[int, typer.Option(min=1, help="Works in the catalogue.")] = 20_000,
    language: Spoken = Language.english,
    json: AsJson = False,
) -> None:
    """Answer an invented DSR report; exits with 1 if a line is missing or its sums are not exact."""
    found = measure(lines, works, lambda text: stderr().print(text, markup=False))
    told = found.as_json()
    if json:
        print_json(told)
    else:
        rows = [(word(f"bench_{name}", language), str(value)) for name, value in told.items()]
        print_table(word("usage_report", language), (word("measured", language), ""), rows, right=[1])
    if not found.exact:
        raise typer.Exit(1)
