"""``hub changes`` and ``hub payments check``: answers at one time against answers at another."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from hub.answers.changes import changes
from hub.answers.question import ask, instant
from hub.cli.options import AsJson, Database, Language, Policy, Society, Spoken, acting, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.remote import Remote, acting_there, client_of, terms
from hub.cli.words import word
from hub.errors import UsageError
from hub.usage.payments import COLUMNS, check_payments
from hub.usage.sheets import rows
from schemas.rights import CATEGORIES

if TYPE_CHECKING:
    from hub.client import Client

TOGETHER = 10_000
"""Payments that one call to a hub elsewhere takes."""

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
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """What changed between two instants in the answers for a society's repertoire."""
    if remote:
        client = acting_there(remote, db, society, language)
        found, following = client.changes(
            limit=limit, after=after,
            **terms(
                right=right, use=use, territory=territory, on=on, since=since, until=until, policy=policy
            ),
        )  # fmt: skip
    else:
        hub = opened(db)
        kind = CATEGORIES.get(right.upper(), "work")
        shares = policy or hub.settings.share_policy
        asked = ask(f"{kind}:any", right=right, use=use, territory=territory, on=on, policy=shares)
        end = None if until is None else instant(until, "until")
        start = instant(since, "since")
        every = changes(hub, asked, acting(hub, society), start, end, after=after)
        kept = list(itertools.islice(every, limit))
        found = [item.as_json() for item in kept]
        following = kept[-1].key if len(kept) == limit else None
    if json:
        print_json({"changes": found, "next": following})
        return
    lines = []
    for told in found:
        subject = told["subject"]
        lines.append(
            (
                f"{subject['title']} ({subject.get('iswc') or subject.get('isrc') or subject['id']})",
                _summary(told["before"], language),
                _summary(told["after"], language),
            )
        )
    headings = [word(key, language) for key in ("subject", "before", "after")]
    print_table(word("changes", language), headings, lines)
    if following is not None:
        stdout().print(word("go_on", language, next=str(following)), markup=False)


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
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Which payments were right when they were made, and which are wrong now; one line per payment."""
    if not file.is_file():
        raise UsageError(f"{file} is not a file")
    counts: Counter[str] = Counter()
    lines = []
    with file.open("rb") as stream:
        checked = (
            _checked_there(client_of(remote, db, language), stream, policy)
            if remote
            else (item.as_json() for item in check_payments(opened(db), stream, policy))
        )
        for item in checked:
            counts[item["verdict"]] += 1
            if only_wrong and item["verdict"] == "right":
                continue
            if json:
                print_json(item)
            else:
                lines.append(
                    (
                        item["payment_ref"], item["society"], item["paid"], item["payable_then"],
                        item["payable_now"], word(item["verdict"], language), item["detail"],
                    )
                )  # fmt: skip
    if not json:
        keys = ("payment", "payee", "paid", "then", "now", "verdict", "why")
        print_table(word("payments", language), [word(key, language) for key in keys], lines)
        stdout().print(
            ", ".join(f"{word(verdict, language)}: {count}" for verdict, count in sorted(counts.items()))
        )
    if counts["unreadable"]:
        raise typer.Exit(1)


def _checked_there(client: Client, stream: BinaryIO, policy: str | None) -> Iterator[dict[str, Any]]:
    """Payments checked by a hub elsewhere, many at a time, against the same "now" and by one policy."""
    known_at, named = "", policy or ""
    waiting = iter(rows(stream, COLUMNS))
    while part := list(itertools.islice(waiting, TOGETHER)):
        asked = [{name: row[name] for name in COLUMNS} for _, row in part]
        told = client.check_payments(asked, policy=named, known_at=known_at)
        known_at, named = told["known_at"], told["policy"]
        for (line, _), item in zip(part, told["payments"], strict=True):
            yield {**item, "line": line}
