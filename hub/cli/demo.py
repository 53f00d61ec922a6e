"""``hub demo``: the shipped feeds into a hub of their own, and what the hub answers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from hub.cli.conflicts import print_queue
from hub.cli.options import AsJson, Database, Language, Spoken
from hub.cli.output import print_answer, print_json, stderr, stdout
from hub.conflicts.conflict_records import queue
from hub.conflicts.finding import refresh
from hub.context import Hub, open_hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.demo.story import answers, load_feeds
from hub.settings import Settings, load

Keep = Annotated[
    bool, typer.Option("--keep", help="Load into the configured database and keep it, for `hub serve`.")
]

MOST_CONFLICTS = 5
"""How many conflicts are shown: those that block most."""


def demo_command(
    language: Spoken = Language.english, keep: Keep = False, json: AsJson = False, db: Database = None
) -> None:
    """Load the shipped feeds, link them, print what is in conflict, and who is to be paid."""
    if keep or db:
        _play(open_hub(load().with_database(db)), language, json)
        return
    with TemporaryDirectory(prefix="hub-demo-") as folder:
        hub = open_hub(Settings(f"sqlite:///{Path(folder) / 'hub.db'}", Path(folder)))
        try:
            _play(hub, language, json)
        finally:
            hub.engine.dispose()


def _play(hub: Hub, language: str, json: bool) -> None:
    console = stderr() if json else stdout()
    load_feeds(hub, lambda sentence: console.print(sentence, markup=False))
    console.print()
    told = list(answers(hub))
    if json:
        print_json([item.answer for item in told])
        return
    # The queue first: what people look for, who is to be paid, is what stands on the screen in the end.
    _print_conflicts(hub, language)
    for item in told:
        print_answer(item.answer, language, item.title.get(language, item.title["en"]))


def _print_conflicts(hub: Hub, language: str) -> None:
    today = dt.datetime.now(dt.UTC).date()
    refresh(hub)
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), today, limit=MOST_CONFLICTS)
    print_queue([item.as_json(today) for item in found], language)
    stdout().print()
