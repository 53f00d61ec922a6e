"""``hub prepare``: make dossiers, from which answers are filled in."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from hub.cli.options import AsJson, Database, opened
from hub.cli.output import print_json, stderr, stdout
from hub.dossiers.preparing import prepare


def prepare_command(
    anew: Annotated[bool, typer.Option("--anew", help="Make all dossiers, not only what changed.")] = False,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Put together beforehand what answers about each ISWC and ISRC rest on; workers then keep it up."""
    hub = opened(db)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=stderr(), transient=True, disable=json) as bars:
        task = bars.add_task("names", total=None)
        done = prepare(
            hub, anew=anew, progress=lambda names, of: bars.update(task, completed=names, total=of)
        )
    if json:
        print_json(done.as_json())
        return
    stdout().print(
        f"{done.names} names looked at, {done.made} dossiers made; in {done.without} places something "
        "particular is known, or nothing: there answers are put together when somebody asks"
    )
