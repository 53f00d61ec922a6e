"""``hub public-domain ...``: dated decisions that works and recordings are in the public domain."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from hub.answers import public_domain as use_case
from hub.answers.public_domain import Decision
from hub.answers.question import instant
from hub.cli.options import AsJson, Database, KnownAt, Language, Spoken, evidence_of, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.words import word

public_domain = typer.Typer(
    no_args_is_help=True, help="Decisions that works and recordings are in the public domain."
)


@public_domain.command("decide")
def decide_command(
    subject: Annotated[
        str, typer.Argument(help="iswc:..., isrc:..., work:ID, recording:ID, society-code:...")
    ],
    valid_from: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    reason: Annotated[str, typer.Option(help="Why; kept and shown.")],
    valid_to: Annotated[str, typer.Option("--to", metavar="DATE", help="First day without, if any.")] = "",
    rights: Annotated[str, typer.Option(help="Such as PR|MR; all if left out.")] = "",
    territories: Annotated[str, typer.Option(help="Such as KZ or 2136|-US; the world if left out.")] = "",
    evidence: Annotated[str, typer.Option(metavar="FILE", help="A document; its hash is kept.")] = "",
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write down that a subject is in the public domain: nobody is paid for it from that day on."""
    said = Decision(subject, valid_from, reason, valid_to, rights, territories, evidence_of(evidence))
    done = use_case.decide(opened(db), said)
    if json:
        print_json(done)
        return
    _table([done], language)


@public_domain.command("list")
def list_command(
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List the decisions that stand."""
    at = None if known_at is None else instant(known_at, "known-at")
    listed = use_case.listing(opened(db), at)
    if json:
        print_json(listed)
        return
    _table(listed, language)


@public_domain.command("undo")
def undo_command(
    name: Annotated[str, typer.Argument(metavar="ID", help="A decision's id.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the log.")],
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Take a decision back from now on; earlier answers stay reproducible."""
    done = use_case.take_back(opened(db), name, reason)
    if json:
        print_json(done)
        return
    stdout().print(f"{done['id']}: {done['status']}", markup=False)


def _table(listed: list[dict[str, Any]], language: str) -> None:
    columns = ("decision", "subject", "rights", "territories", "from", "to", "reason")
    rows = [
        (
            item["id"], f"{item['subject']['kind']}:{item['subject']['id']}", item["rights"] or "*",
            item["territories"] or "*", item["valid_from"], item["valid_to"], item["reason"],
        )
        for item in listed
    ]  # fmt: skip
    print_table(word("public_domain", language), [word(name, language) for name in columns], rows)
