"""``hub usage resolve``: whom a service must pay, for every line of its report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from hub.answers.question import instant
from hub.cli.options import AsJson, Database, KnownAt, opened
from hub.cli.output import print_json, print_table, stderr
from hub.errors import UsageError
from hub.usage.resolving import Resolved, resolve_usage

usage = typer.Typer(no_args_is_help=True, help="Usage reports of services.")


@usage.command("resolve")
def resolve_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT.csv", help="Columns: see docs/files.md.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="The result.")],
    known_at: KnownAt = None,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Answer every line of a report, one row per line and party; exits with 1 if a line was unreadable."""
    if not report.is_file():
        raise UsageError(f"{report} is not a file")
    at = None if known_at is None else instant(known_at, "known-at")
    hub = opened(db)
    console = stderr()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[read]}"),
    )
    # Under another name until it is whole, so that nobody takes half a result for all of it.
    partial = output.with_name(f"{output.name}.part")
    with Progress(*columns, console=console, transient=True, disable=json or not console.is_terminal) as bars:
        task = bars.add_task(report.name, total=report.stat().st_size, read=0)
        try:
            with report.open("rb") as source, partial.open("w", encoding="utf-8", newline="") as result:
                done = resolve_usage(
                    hub, source, result, known_at=at,
                    progress=lambda size, read: bars.update(task, completed=size, read=read),
                )  # fmt: skip
            partial.replace(output)
        finally:
            partial.unlink(missing_ok=True)
    if json:
        print_json(done.as_json())
    else:
        _print(done)
    if done.unreadable:
        raise typer.Exit(1)


def _print(done: Resolved) -> None:
    told = done.as_json()
    counts = ("read", "answered", "unknown", "unreadable", "rows", "distinct_questions")
    print_table(
        "Usage report", [name.replace("_", " ") for name in counts], [[str(told[name]) for name in counts]]
    )
