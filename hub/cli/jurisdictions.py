"""``hub jurisdictions ...``: where the law lets one society only collect."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub import jurisdictions as use_case
from hub.answers.question import instant
from hub.cli.options import AsJson, Database, KnownAt, Language, Spoken, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.words import word
from hub.errors import UsageError

jurisdictions = typer.Typer(no_args_is_help=True, help="Where the law lets one society only collect.")


@jurisdictions.command("import")
def import_command(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE.csv]", help=f"Columns {','.join(use_case.COLUMNS)}."),
    ] = None,
    shipped: Annotated[bool, typer.Option("--shipped", help="The rules that come with the hub.")] = False,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Take rules in; one of a known name replaces it from now on, with the effect `off` it ends it."""
    if (file is None) is not shipped:
        raise UsageError("name a file of rules, or say --shipped")
    hub = opened(db)
    if file is None:
        done = use_case.add_shipped(hub)
    elif not file.is_file():
        raise UsageError(f"{file} is not a file")
    else:
        with file.open("rb") as stream:
            done = use_case.import_rules(hub, stream)
    if json:
        print_json(done)
    else:
        stdout().print(", ".join(f"{count} {name}" for name, count in done.items()), markup=False)


@jurisdictions.command("list")
def list_command(
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List the rules with their sources."""
    listed = use_case.listing(opened(db), None if known_at is None else instant(known_at, "known-at"))
    if json:
        print_json(listed)
        return
    columns = ("rule", "territories", "rights", "society", "effect", "from", "to", "source")
    rows = [
        (
            item["rule"], item["territories"], item["rights"], item["society"] or "-", item["effect"],
            item["valid_from"], item["valid_to"], item["source"],
        )
        for item in listed
    ]  # fmt: skip
    print_table(word("jurisdictions", language), [word(name, language) for name in columns], rows)
