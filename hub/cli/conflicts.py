"""``hub conflicts ...``: what cannot all hold, what the sides say about it, and how it is settled."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub import registers
from hub.cli.options import AsJson, Database, KnownAt, Language, Spoken, evidence_of, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.remote import Remote, client_of, taken, terms
from hub.cli.words import word
from hub.conflicts import conflict_records as records
from hub.conflicts.conflict_states import STATES
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import asked as asked_about
from hub.conflicts.finding import refresh
from hub.conflicts.found import KINDS
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from schemas.societies import normalise_code

if TYPE_CHECKING:
    from hub.client import Client

conflicts = typer.Typer(no_args_is_help=True, help="Statements that cannot all hold, and their settlement.")

Name = Annotated[str, typer.Argument(metavar="ID", help="The conflict's id.")]
Actor = Annotated[
    str,
    typer.Option("--as", metavar="SOCIETY", help="The society that does this, or `operator` for a decision."),
]
Decider = Annotated[
    str, typer.Option("--as", metavar="SOCIETY", help="`operator`, who records decisions; nobody else may.")
]
Reason = Annotated[str, typer.Option(help="Why, in your words; kept for ever and public.")]
Evidence = Annotated[
    str, typer.Option(metavar="FILE", help="The document: a file, kept by its SHA-256, or a name or hash.")
]


@conflicts.command("find")
def find_command(
    full: Annotated[
        bool, typer.Option("--full", help="Look at everything, not only at what changed.")
    ] = False,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Look for conflicts where something changed; `list` does so by itself."""
    found = refresh(opened(db), full=full).as_json()
    if json:
        print_json(found)
    else:
        stdout().print(word("conflicts_found", language, **found), markup=False)


@conflicts.command("list")
def list_command(
    state: Annotated[str, typer.Option(help=f"Only in this state: {', '.join(STATES)}.")] = "",
    kind: Annotated[str, typer.Option(help=f"Only of this kind: {', '.join(KINDS)}.")] = "",
    society: Annotated[str, typer.Option(metavar="SOCIETY", help="Only where this society has a side.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 100,
    skip: Annotated[
        int, typer.Option(min=0, help="How many to leave out first: `next` of the page before.")
    ] = 0,
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List conflicts, those that block most first; without a state those that are there."""
    for text, allowed, name in ((state, STATES, "state"), (kind, KINDS, "kind")):
        if text and text not in allowed:
            raise UsageError(f"{name} {text!r} is not one of {', '.join(allowed)}")
    if remote:
        asked = terms(
            state=state, kind=kind, society=society, known_at=known_at, cursor=skip or None,
        )  # fmt: skip
        listed = list(islice(client_of(remote, db, language).conflicts(**asked), limit))
        if json:
            print_json(listed)
        else:
            print_queue(listed, language)
        return
    hub = opened(db)
    at, day = asked_about(hub, known_at)
    with reading(hub.engine) as connection:
        found, following = records.queue(
            connection, horizon(connection) if at is None else at, day, state=state, kind=kind,
            society=normalise_code(society) if society else "", skip=skip, limit=limit,
        )  # fmt: skip
    listed = [item.as_json(day) for item in found]
    if json:
        print_json(listed)
        return
    print_queue(listed, language)
    if following is not None:
        stdout().print(word("more_conflicts", language, skip=following), markup=False)


def print_queue(listed: list[dict[str, Any]], language: str) -> None:
    """Conflicts as a table, in the order given."""
    columns = ("conflict", "kind", "state", "sides", "scope", "works", "territory_months", "since")
    rows = [
        (
            item["id"], kind_word(item, language), word(f"state_{item['state']}", language),
            "\n".join(side_word(side) for side in item["sides"]), extent_word(item),
            str(item["works"]), str(item["territory_months"]), item["found_at"][:10],
        )
        for item in listed
    ]  # fmt: skip
    print_table(word("conflicts", language), [word(name, language) for name in columns], rows, right=[5, 6])


@conflicts.command("show")
def show_command(
    name: Name,
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Show a conflict: its sides with their statements and sources, and everything done about it."""
    if remote:
        found_there = client_of(remote, db, language).conflict(name, **terms(known_at=known_at))
        _tell(found_there, language, json)
        return
    hub = opened(db)
    at, day = asked_about(hub, known_at)
    with reading(hub.engine) as connection:
        found = records.find(connection, name, horizon(connection) if at is None else at)
    _tell(found.detail(day), language, json)


@conflicts.command("claim")
def claim_command(
    name: Name, society: Actor, reason: Reason = "", evidence: Evidence = "",
    language: Spoken = Language.english, remote: Remote = "", json: AsJson = False, db: Database = None,
) -> None:  # fmt: skip
    """Say as a side why your statement holds, with the hash of the evidence."""
    _do(db, remote, name, Step("claim", reason, evidence_of(evidence)), society, language, json)


@conflicts.command("answer")
def answer_command(
    name: Name, society: Actor, reason: Reason = "", evidence: Evidence = "",
    language: Spoken = Language.english, remote: Remote = "", json: AsJson = False, db: Database = None,
) -> None:  # fmt: skip
    """Answer the claim of another side with a counter-claim."""
    _do(db, remote, name, Step("answer", reason, evidence_of(evidence)), society, language, json)


@conflicts.command("concede")
def concede_command(
    name: Name, society: Actor, reason: Reason = "", evidence: Evidence = "",
    language: Spoken = Language.english, remote: Remote = "", json: AsJson = False, db: Database = None,
) -> None:  # fmt: skip
    """Give way to the other of two sides; answers go by it from now on."""
    _do(db, remote, name, Step("concede", reason, evidence_of(evidence)), society, language, json)


@conflicts.command("settle")
def settle_command(
    name: Name,
    society: Decider = registers.OPERATOR,
    winner: Annotated[
        str, typer.Option(metavar="SIDE", help="Whose statement holds: a side, its society or its reference.")
    ] = "",
    reason: Reason = "",
    evidence: Evidence = "",
    valid_from: Annotated[str, typer.Option("--from", metavar="DATE", help="First day it is for.")] = "",
    valid_to: Annotated[str, typer.Option("--to", metavar="DATE", help="First day it is not for.")] = "",
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Record a decision; with a winner, answers go by it from now on, and earlier ones stay as they were."""
    step = Step("settle", reason, evidence_of(evidence), winner, valid_from, valid_to)
    _do(db, remote, name, step, society, language, json)


@conflicts.command("reopen")
def reopen_command(
    name: Name, society: Decider = registers.OPERATOR, reason: Reason = "", evidence: Evidence = "",
    language: Spoken = Language.english, remote: Remote = "", json: AsJson = False, db: Database = None,
) -> None:  # fmt: skip
    """Undo a settlement from now on, by a further decision."""
    _do(db, remote, name, Step("reopen", reason, evidence_of(evidence)), society, language, json)


@conflicts.command("remark")
def remark_command(
    name: Name, society: Actor, reason: Reason = "", evidence: Evidence = "",
    language: Spoken = Language.english, remote: Remote = "", json: AsJson = False, db: Database = None,
) -> None:  # fmt: skip
    """Add a statement to the record, in any state; it changes none."""
    _do(db, remote, name, Step("remark", reason, evidence_of(evidence)), society, language, json)


def _do(db: str | None, remote: str, name: str, step: Step, society: str, language: str, json: bool) -> None:
    def here(hub: Hub, by: str) -> dict[str, Any]:
        return act(hub, name, step, by)

    def there(client: Client, said: dict[str, str]) -> dict[str, Any]:
        return client.act_on_conflict(name, step.action, **said)

    _tell(taken(db, remote, society, language, step, here, there), language, json)


def kind_word(item: dict[str, Any], language: str) -> str:
    """What kind of conflict it is, and about which right or code."""
    kind = word(f"conflict_{item['kind']}", language)
    return f"{kind} ({item['about']})" if item["about"] else kind


def side_word(side: dict[str, Any]) -> str:
    """A side by its reference and its first society."""
    return f"{side['name']} ({side['societies'][0]})" if side["societies"] else str(side["name"])


def extent_word(item: dict[str, Any]) -> str:
    """Right, use, territory and period in question on one line."""
    period = f"{item['valid_from']}..{item['valid_to']}"
    lands = item["territories"]
    if lands.count("|") > 4:
        lands = f"{'|'.join(lands.split('|')[:4])}|... ({item['countries']})"
    return ", ".join(part for part in (item["rights"], item["uses"], lands, period) if part not in ("", ".."))


def _tell(shown: dict[str, Any], language: str, json: bool) -> None:
    if json:
        print_json(shown)
        return
    console = stdout()
    says = word(
        "conflict_stands", language, id=shown["id"], kind=kind_word(shown, language),
        state=word(f"state_{shown['state']}", language), scope=extent_word(shown), works=shown["works"],
        months=shown["territory_months"],
    )  # fmt: skip
    console.print(says, markup=False)
    if shown.get("status") == "unchanged":
        console.print(word("withdrawal_unchanged", language), markup=False)
    sides = [
        (
            side["name"], ", ".join(side["societies"]), _statement(side["statement"]),
            "\n".join(f"{item['submission']} {item['position']}" for item in side["sources"][:3]),
        )
        for side in shown["sides"]
    ]  # fmt: skip
    columns = ("side", "societies", "statement", "source")
    print_table(word("sides", language), [word(name, language) for name in columns], sides)
    winners = {side["side"]: side["name"] for side in shown["sides"]}
    rows = [
        (
            item["on"], word(f"act_{item['action']}", language),
            f"{item['author']} ({word('role_' + item['role'], language)})", item["reason"], item["evidence"],
            winners.get(item["winner"], item["winner"]),
        )
        for item in shown["history"]
    ]  # fmt: skip
    told = ("on", "step", "by", "reason", "evidence", "winner")
    print_table(word("history", language), [word(name, language) for name in told], rows)


def _statement(said: dict[str, Any]) -> str:
    """What a side says, without what its name says already."""
    if "shares" in said:
        return "\n".join(f"{item['party']} {item['share']}" for item in said["shares"])
    hidden = ("mandate", "mandate_ref", "ref", "declarant")
    parts = {key: value for key, value in said.items() if key not in hidden and value not in ("", [])}
    return "\n".join(f"{key}: {value}" for key, value in parts.items())
