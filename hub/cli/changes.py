"""``hub changes`` and ``hub payments check``: answers at one time against answers at another."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.answers.changes import changes
from hub.answers.question import ask, instant
from hub.cli.options import AsJson, Database, Language, Policy, Society, Spoken, acting, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.words import word
from hub.errors import UsageError
from hub.usage.payments import check_payments
from schemas.rights import CATEGORIES

payments = typer.Typer(no_args_is_help=True, help="Payments made, against what the hub answers.")


def changes_command(
    society: Society,
    right: Annotated[str, typer.Option(help="PR, MR, SR for works; PROD, PERF for recordings.")],
    use: Annotated[str, typer.Option(help="Such as on-demand-stream, radio.")],
    territory: Annotated[str, typer.Option(metavar="TT", help="ISO code of the country, such as KZ.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="Day of the use.")],
    since: Annotated[str, typer.Option("--since", metavar="INSTANT", help="As known then.")],
    until: Annotated[
        str | None, typer.Option("--until", metavar="INSTANT", help="As known then; now if left out.")
    ] = None,
    policy: Policy = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many.")] = 100,
    after: Annotated[int, typer.Option(min=0, help="Go on after the `next` of the listing before.")] = 0,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """What changed between two instants in the answers for a society's repertoire."""
    hub = opened(db)
    kind = CATEGORIES.get(right.upper(), "work")
    shares = policy or hub.settings.share_policy
    terms = ask(f"{kind}:any", right=right, use=use, territory=territory, on=on, policy=shares)
    end = None if until is None else instant(until, "until")
    found = list(
        itertools.islice(
            changes(hub, terms, acting(hub, society), instant(since, "since"), end, after=after), limit
        )
    )
    if json:
        print_json(
            {
                "changes": [item.as_json() for item in found],
                "next": found[-1].key if len(found) == limit else None,
            }
        )
        return
    rows = []
    for item in found:
        told = item.as_json()
        subject = told["subject"]
        rows.append(
            (
                f"{subject['title']} ({subject.get('iswc') or subject.get('isrc') or subject['id']})",
                _summary(told["before"], language),
                _summary(told["after"], language),
            )
        )
    headings = [word(key, language) for key in ("subject", "before", "after")]
    print_table(word("changes", language), headings, rows)
    if len(found) == limit:
        stdout().print(word("go_on", language, next=str(found[-1].key)), markup=False)


def _summary(told: dict[str, Any] | None, language: str) -> str:
    if told is None:
        return word("not_known", language)
    lines = [f"{code}: {share}" for code, share in told["payable_to"].items()]
    lines += [
        f"{word(status, language)} {share}" for status, share in told["totals"].items() if status != "payable"
    ]
    return "\n".join(lines)


@payments.command("check")
def check_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="See docs/files.md for its columns.")],
    only_wrong: Annotated[
        bool, typer.Option("--only-wrong", help="Leave out payments that were right and still are.")
    ] = False,
    policy: Policy = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Which payments were right when they were made, and which are wrong now; one line per payment."""
    if not file.is_file():
        raise UsageError(f"{file} is not a file")
    counts: Counter[str] = Counter()
    rows = []
    with file.open("rb") as stream:
        for item in check_payments(opened(db), stream, policy):
            counts[item.verdict] += 1
            if only_wrong and item.verdict == "right":
                continue
            if json:
                print_json(item.as_json())
            else:
                rows.append(
                    (
                        item.ref, item.society, item.paid, item.then, item.now,
                        word(item.verdict, language), item.detail,
                    )
                )  # fmt: skip
    if not json:
        keys = ("payment", "payee", "paid", "then", "now", "verdict", "why")
        print_table(word("payments", language), [word(key, language) for key in keys], rows)
        stdout().print(
            ", ".join(f"{word(verdict, language)}: {count}" for verdict, count in sorted(counts.items()))
        )
    if counts["unreadable"]:
        raise typer.Exit(1)
