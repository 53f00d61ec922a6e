"""``hub who-to-pay-batch``: a file of questions, an answer for each."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer

from hub.answers.batch import Desk
from hub.answers.question import instant, known_policy
from hub.answers.question_batches import OPTIONAL, REQUIRED, TOGETHER, told
from hub.cli.options import AsJson, Database, KnownAt, Policy, opened
from hub.cli.output import print_json, stderr
from hub.cli.remote import Remote, client_of
from hub.db import times
from hub.db.engine import reading
from hub.errors import UsageError
from hub.usage.sheets import rows

Part = list[dict[str, str]]
Told = tuple[str, bytes]
"""An answer, behind the instant that it was known at."""


def batch_command(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="QUESTIONS.csv",
            help=f"Columns {', '.join(REQUIRED)}, and as one likes {', '.join(OPTIONAL)}.",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write (default: standard output)."),
    ] = None,
    known_at: KnownAt = None,
    policy: Policy = None,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Answer a file of questions as known at one instant, one line of JSON for each in their order.

    A question that has no answer has its error in its place; exits with 1 if there was one.
    """
    if not file.is_file():
        raise UsageError(f"{file} is not a file")
    if policy is not None:
        known_policy(policy)
    counts = {"questions": 0, "unanswered": 0}
    with ExitStack() as stack:
        # The reader lets go of the file before it is closed, also where a refusal ends the reading.
        asked = stack.enter_context(closing(_parts(stack.enter_context(file.open("rb")), policy)))
        answers = _there(remote, db, asked, known_at) if remote else _here(db, asked, known_at)
        out = sys.stdout.buffer if output is None else stack.enter_context(output.open("wb"))
        for at, answer in answers:
            counts["questions"] += 1
            counts["unanswered"] += answer.startswith(b'{"error":')
            known_at = at
            out.write(answer + b"\n")
        out.flush()
    if json and output is not None:
        print_json({"known_at": known_at, "counts": counts})
    else:
        said = f"{counts['questions']} questions as known at {known_at}, {counts['unanswered']} unanswered"
        stderr().print(said, markup=False)
    if counts["unanswered"]:
        raise typer.Exit(1)


def _parts(stream: BinaryIO, policy: str | None) -> Generator[Part]:
    """Questions in handfuls; what a row leaves empty is not asked."""
    waiting = rows(stream, REQUIRED)
    columns = (*REQUIRED, *OPTIONAL)
    while part := list(itertools.islice(waiting, TOGETHER)):
        yield [
            {"policy": policy or "", **{name: row[name] for name in columns if row.get(name)}}
            | {name: row[name] for name in REQUIRED}
            for _, row in part
        ]


def _here(db: str | None, asked: Iterator[Part], known_at: str | None) -> Iterator[Told]:
    at = None if known_at is None else instant(known_at)
    hub = opened(db)
    with reading(hub.engine) as connection:
        desk = Desk(connection, at)
        for part in asked:
            for answer in told(desk, part, hub.settings.share_policy):
                yield times.text(desk.known_at), answer


def _there(remote: str, db: str | None, asked: Iterator[Part], known_at: str | None) -> Iterator[Told]:
    """Answers of a hub elsewhere; all as known at the instant that the first handful was answered at."""
    client, at = client_of(remote, db), known_at or ""
    for part in asked:
        given = [{name: value for name, value in item.items() if value or name in REQUIRED} for item in part]
        made = client.who_to_pay_batch(given, at)
        at = made["known_at"]
        for answer in made["answers"]:
            yield at, orjson.dumps(answer)
