"""``hub who-to-pay``, ``hub search`` and ``hub review``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from hub.answers.batch import who_to_pay
from hub.answers.period import over_period
from hub.answers.question import ask, day
from hub.catalogue.search import search
from hub.cli.options import AsJson, Database, KnownAt, Language, Policy, Spoken, opened
from hub.cli.output import print_answer, print_json, print_table, stderr
from hub.cli.remote import Remote, acting_there, client_of, terms
from hub.cli.words import word
from hub.errors import UsageError
from hub.links import review
from hub.registers import OPERATOR

reviews = typer.Typer(no_args_is_help=True, help="Pairs the matcher is unsure about.")
BY = "(default: operator, with --remote the key's society)"


def who_to_pay_command(
    subject: Annotated[
        str, typer.Argument(help="iswc:..., isrc:..., work:ID, recording:ID or society-code:177:12345")
    ],
    right: Annotated[str, typer.Option(help="PR, MR, SR for works; PROD, PERF for recordings.")],
    use: Annotated[
        str, typer.Option(help="Such as on-demand-stream, download, radio, tv, public-performance.")
    ],
    territory: Annotated[str, typer.Option(metavar="TT", help="ISO code of the country, such as KZ.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="Day of the use.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="First day of a period, with --to in place of --on."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="First day after the period.")
    ] = None,
    known_at: KnownAt = None,
    amount: Annotated[str | None, typer.Option(help="Money to split, such as 1000.00.")] = None,
    currency: Annotated[str | None, typer.Option(metavar="CUR", help="ISO 4217 code of the amount.")] = None,
    policy: Policy = None,
    paid_on: Annotated[
        str | None, typer.Option("--paid-on", metavar="DATE", help="Day of payment, if not that of the use.")
    ] = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Who holds the mandate, and so who must be paid, how much, and what is in dispute.

    Over a period there is one answer for each stretch of days in which nothing changes.
    """
    period = on is None and since is not None and until is not None
    if not period and (on is None or since is not None or until is not None):
        raise UsageError("say either --on DATE or a period with --from DATE and --to DATE")
    if remote:
        client = client_of(remote, db, language)
        asked = terms(
            right=right, use=use, territory=territory, known_at=known_at, amount=amount, currency=currency,
            policy=policy, paid_on=paid_on,
        )  # fmt: skip
        if period:
            found = client.who_to_pay_over(subject, start=str(since), end=str(until), **asked)
        else:
            found = [client.who_to_pay(subject, on=str(on), **asked)]
    else:
        hub = opened(db)
        question = ask(
            subject,
            right=right,
            use=use,
            territory=territory,
            on=str(since if period else on),
            known_at=known_at,
            amount=amount,
            currency=currency,
            policy=policy or hub.settings.share_policy,
            paid_on=paid_on,
        )
        if period:
            found = [item.as_json() for item in over_period(hub, question, day(str(until), "to"))]
        else:
            found = [who_to_pay(hub, question).as_json()]
    if json:
        print_json(found if period else found[0])
        return
    for item in found:
        print_answer(item, language)


def search_command(
    text: Annotated[
        str,
        typer.Argument(
            help="A title, a person, an ISWC, ISRC, IPI or a society's own number, in any script."
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many results.")] = 20,
    known_at: KnownAt = None,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Find works and recordings."""
    if remote:
        found = client_of(remote, db).search(text, limit, **terms(known_at=known_at))
    else:
        found = [item.as_json() for item in search(opened(db), text, limit=limit, known_at=known_at)]
    if json:
        print_json(found)
        return
    rows = [
        (
            item["kind"],
            item["id"],
            item["title"],
            item["code"] or "",
            "; ".join(item["parties"]),
            str(item["score"]),
        )
        for item in found
    ]
    print_table(f"Results for {text!r}", ("Kind", "Id", "Title", "Code", "Parties", "Match"), rows)


@reviews.command("list")
def review_list(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List unsure pairs, those first that would move most in answers; there, those of the key's society."""
    listed = client_of(remote, db).reviews(limit) if remote else review.queue(opened(db), limit=limit)
    if json:
        print_json(listed)
        return
    rows = [
        (
            item["kind"],
            f"{item['left']['id']} {item['left']['title']}",
            f"{item['right']['id']} {item['right']['title']}",
            str(item["score"]),
            f"{item['moves']}% x {item['recordings']}",
            ", ".join(f"{amount} {currency}" for currency, amount in item["money"].items()),
            "\n".join([word(item["rule"], language), *_figures(item, language)]),
        )
        for item in listed
    ]
    columns = ("Kind", "Left", "Right", "Score", "Moves x recordings", "Money", "Evidence")
    print_table("Pairs to review", columns, rows)


def _figures(item: dict[str, Any], language: str) -> list[str]:
    """What adds up to the score of a pair, or to the logarithm of its odds, and its parties one by one."""
    weighed = item["scale"] == "log_odds"
    added = [
        (f"feature_{part['feature']}", f"{part['weight'] / 1000:+.1f}" if weighed else f"{part['points']:+}")
        for part in item["evidence"]
        if part.get("weight" if weighed else "points")
    ]
    lines = [", ".join(f"{word(name, language)} {figure}" for name, figure in added)] if added else []
    for pair in item["parties"]:
        parts = (
            f"{word(f'party_{name}', language)} {value:+}" for name, value in pair["contributions"].items()
        )
        lines.append(f"{pair['left']} = {pair['right']} {pair['score']}: {', '.join(parts)}")
    return lines


@reviews.command("decide")
def review_decide(
    left: Annotated[str, typer.Argument(metavar="A", help="Id of one subject.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Id of the other.")],
    verdict: Annotated[str, typer.Argument(metavar="same|different|unsure")],
    reason: Annotated[str, typer.Option(help="Why; kept with the decision.")],
    author: Annotated[str, typer.Option("--by", help=f"Who decides {BY}.")] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Decide whether two subjects are the same; a person's word outranks the matcher's."""
    if remote:
        done = acting_there(remote, db, author, needed=False).judge(left, right, verdict, reason)
    else:
        done = review.decide(opened(db), left, right, verdict, reason, author or OPERATOR)
    if json:
        print_json(done)
    else:
        stderr().print(f"{done['left']} and {done['right']}: {done['verdict']}, decided by {done['author']}")


@reviews.command("undo")
def review_undo(
    left: Annotated[str, typer.Argument(metavar="A", help="Id of one subject.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Id of the other.")],
    author: Annotated[str, typer.Option("--by", help=f"Whose decision is taken back {BY}.")] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Take a decision back: what stood before it stands again from now on."""
    if remote:
        done = acting_there(remote, db, author, needed=False).take_back_judgement(left, right)
    else:
        done = review.undo(opened(db), left, right, author or OPERATOR)
    if json:
        print_json(done)
    else:
        stderr().print(f"{left} and {right}: the decision ({done['verdict']}) is taken back")
