"""``hub withdraw`` and ``hub withdrawals ...``: notices, what is done about them, and what they change."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.answers import question
from hub.cli.options import AsJson, Database, KnownAt, Language, Society, Spoken, acting, evidence_of, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.remote import Remote, acting_there, taken, terms
from hub.cli.words import word
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from hub.mandates import withdrawal_preview
from hub.mandates import withdrawal_records as records
from hub.mandates.notice_rules import load
from hub.mandates.register import lookup
from hub.mandates.withdrawal_states import STATES
from hub.mandates.withdrawals import Notice, Step, act, settle, withdraw
from schemas.societies import normalise_code

if TYPE_CHECKING:
    from hub.client import Client
    from hub.context import Hub

withdrawals = typer.Typer(no_args_is_help=True, help="Withdrawals of mandates: notices and their states.")

Name = Annotated[str, typer.Argument(metavar="ID", help="The withdrawal's id.")]
Viewer = Annotated[
    str,
    typer.Option("--as", metavar="SOCIETY", help="Show this society's drafts too, which nobody else sees."),
]
Actor = Annotated[
    str,
    typer.Option("--as", metavar="SOCIETY", help="The society that does this, or `operator` for a decision."),
]
Reason = Annotated[str, typer.Option(help="Why, in your words; kept for ever, and public once it is filed.")]
Evidence = Annotated[
    str, typer.Option(metavar="FILE", help="The document: a file, kept by its SHA-256, or a name or hash.")
]
On = Annotated[
    str, typer.Option("--on", metavar="DATE", help="States on this day (default: today, or --known-at's).")
]
NoticeDay = Annotated[str, typer.Option(metavar="DATE", help="Day of the notice.")]
EffectiveDay = Annotated[
    str, typer.Option(metavar="DATE", help="First day without the mandate (default: by the notice rules).")
]


def withdraw_command(
    mandate: Annotated[str, typer.Option(metavar="REF", help="The mandate's id or reference.")],
    notice: NoticeDay,
    society: Society,
    effective: EffectiveDay = "",
    evidence: Evidence = "",
    rights: Annotated[str, typer.Option(help="Only these rights, such as PR.")] = "",
    uses: Annotated[str, typer.Option(help="Only these uses, such as on-demand-stream.")] = "",
    territories: Annotated[str, typer.Option(help="Only these territories, such as KZ.")] = "",
    works: Annotated[str, typer.Option(help="Only these works: iswc:...|isrc:...")] = "",
    draft: Annotated[
        bool, typer.Option("--draft", help="Keep it to yourself; file it later with `hub withdrawals file`.")
    ] = False,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """File or draft a withdrawal of a mandate, wholly or for some rights, uses, territories or works."""
    said = Notice(
        mandate, notice, effective, rights, uses, territories, works, evidence_of(evidence), draft=draft
    )
    if remote:
        client = acting_there(remote, db, society, language)
        _tell(client.withdraw(**asdict(said)), language, json)
        return
    hub = opened(db)
    _tell(withdraw(hub, said, acting(hub, society), language=language), language, json)


@withdrawals.command("list")
def list_command(
    state: Annotated[str, typer.Option(help=f"Only in this state: {', '.join(STATES)}.")] = "",
    mandate: Annotated[str, typer.Option(metavar="REF", help="Only of this mandate.")] = "",
    society: Viewer = "",
    on: On = "",
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List withdrawals with their states."""
    if state and state not in STATES:
        raise UsageError(f"state {state!r} is not one of {', '.join(STATES)}")
    if remote:
        client = acting_there(remote, db, society, language, needed=False)
        asked = terms(state=state, mandate=mandate, on=on, known_at=known_at)
        listed = list(client.withdrawals(**asked))
    else:
        viewer = normalise_code(society) if society else ""
        with reading(opened(db).engine) as connection:
            at, day = records.asked(known_at, question.day(on, "on") if on else None)
            at = horizon(connection) if at is None else at
            of = [lookup(connection, mandate, at, prefer=viewer).key] if mandate else None
            found = records.listing(connection, at, day, viewer=viewer, state=state, mandates=of)
        listed = [item.as_json(day, language) for item in found]
    if json:
        print_json(listed)
        return
    columns = ("withdrawal", "mandate", "state", "notice", "effective", "deadline", "scope", "filed_by")
    rows = [
        (
            item["id"], item["mandate"], _word("state", item["state"], language), item["notice"],
            item["effective"], item["deadline"], _extent(item, language), item["filed_by"],
        )
        for item in listed
    ]  # fmt: skip
    print_table(word("withdrawals", language), [word(name, language) for name in columns], rows)


@withdrawals.command("show")
def show_command(
    name: Name,
    society: Viewer = "",
    on: On = "",
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Show a withdrawal with everything done about it."""
    if remote:
        client = acting_there(remote, db, society, language, needed=False)
        shown = client.withdrawal(name, **terms(on=on, known_at=known_at))
    else:
        viewer = normalise_code(society) if society else ""
        with reading(opened(db).engine) as connection:
            at, day = records.asked(known_at, question.day(on, "on") if on else None)
            found = records.find(connection, name, horizon(connection) if at is None else at, viewer)
        shown = {**found.as_json(day, language), "history": found.history(viewer)}
    if json:
        print_json(shown)
    else:
        _print(shown, language)


@withdrawals.command("file")
def file_command(
    name: Name,
    society: Actor,
    notice: NoticeDay = "",
    effective: EffectiveDay = "",
    reason: Reason = "",
    evidence: Evidence = "",
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """File a draft, on its own days unless others are stated."""
    step = Step("file", reason, evidence_of(evidence), notice, effective)
    _do(db, remote, name, step, society, language, json)


@withdrawals.command("acknowledge")
def acknowledge_command(
    name: Name,
    society: Actor,
    reason: Reason = "",
    evidence: Evidence = "",
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """The holder's side has received the notice and accepts it, or gives up its objection."""
    _do(db, remote, name, Step("acknowledge", reason, evidence_of(evidence)), society, language, json)


@withdrawals.command("contest")
def contest_command(
    name: Name,
    society: Actor,
    reason: Reason = "",
    evidence: Evidence = "",
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """The holder's side objects, with a public counter-statement; the notice goes on nevertheless."""
    _do(db, remote, name, Step("contest", reason, evidence_of(evidence)), society, language, json)


@withdrawals.command("cancel")
def cancel_command(
    name: Name,
    society: Actor,
    reason: Reason = "",
    evidence: Evidence = "",
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Take a notice back before it takes effect, or end it by a decision (`--as operator`)."""
    _do(db, remote, name, Step("cancel", reason, evidence_of(evidence)), society, language, json)


@withdrawals.command("remark")
def remark_command(
    name: Name,
    society: Actor,
    reason: Reason = "",
    evidence: Evidence = "",
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Add a statement to the public record, in any state; it changes none."""
    _do(db, remote, name, Step("remark", reason, evidence_of(evidence)), society, language, json)


@withdrawals.command("preview")
def preview_command(
    name: Name,
    society: Viewer = "",
    limit: Annotated[
        int, typer.Option(min=0, max=withdrawal_preview.LARGEST_SAMPLE, help="Works to ask about.")
    ] = withdrawal_preview.SAMPLE,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Count the works a withdrawal touches, and answer for some of them with and without it."""
    if remote:
        client = acting_there(remote, db, society, language, needed=False)
        found = client.withdrawal_preview(name, limit=str(limit))
    else:
        viewer = normalise_code(society) if society else ""
        found = withdrawal_preview.preview(opened(db), name, viewer=viewer, limit=limit, language=language)
    if json:
        print_json(found)
        return
    counts = {key: str(value) for key, value in found["subjects"].items()}
    says = word("preview", language, on=found["on"], sampled=str(found["sampled"]), **counts)
    stdout().print(says, markup=False)
    rows = [
        (
            f"{item['subject']['title']} ({item['subject']['id']})",
            f"{item['right']}, {item['use']}, {item['territory']}",
            item["party"]["name"] if item["party"] else "-",
            item["share"],
            _outcome(item["before"], language),
            _outcome(item["after"], language),
        )
        for item in found["lines"]
    ]
    columns = ("work", "question", "party", "share", "without_withdrawal", "with_withdrawal")
    print_table(word("changed_lines", language), [word(item, language) for item in columns], rows, right=[3])


@withdrawals.command("settle")
def settle_command(language: Spoken = Language.english, json: AsJson = False, db: Database = None) -> None:
    """Log the deadlines and effective days that have passed; run it daily. Again, it logs nothing."""
    logged = settle(opened(db))
    if json:
        print_json(logged)
        return
    rows = [
        (
            item["withdrawal"],
            _word("act", item["action"], language),
            item["on"],
            _word("state", item["left"], language),
        )
        for item in logged
    ]
    columns = ("withdrawal", "step", "on", "left_state")
    print_table(word("logged_steps", language), [word(name, language) for name in columns], rows)


@withdrawals.command("rules")
def rules_command(json: AsJson = False, db: Database = None) -> None:
    """List the notice rules in use: the shipped ones and the operator's."""
    listed = [
        {
            "rule": item.rule,
            "scope": item.scope,
            "key": item.key,
            "months": item.months,
            "effect": item.effect,
            "ceiling_months": item.ceiling_months,
            "reaction_days": item.reaction_days,
            "source": item.source,
        }
        for item in load(opened(db, prepared=False).settings.data_dir)
    ]
    if json:
        print_json(listed)
        return
    rows = [tuple("" if value is None else str(value) for value in item.values()) for item in listed]
    columns = ("Rule", "Scope", "For", "Months", "Effect", "Ceiling", "Days to react", "Source")
    print_table("Notice rules", columns, rows)


def _do(db: str | None, remote: str, name: str, step: Step, society: str, language: str, json: bool) -> None:
    def here(hub: Hub, by: str) -> dict[str, Any]:
        return act(hub, name, step, by, language=language)

    def there(client: Client, said: dict[str, str]) -> dict[str, Any]:
        return client.act_on_withdrawal(name, step.action, **said)

    _tell(taken(db, remote, society, language, step, here, there), language, json)


def _tell(done: dict[str, Any], language: str, json: bool) -> None:
    if json:
        print_json(done)
    else:
        _print(done, language)


def _print(shown: dict[str, Any], language: str) -> None:
    console = stdout()
    says = word(
        "withdrawal_stands",
        language,
        id=shown["id"],
        mandate=shown["mandate"],
        state=_word("state", shown["state"], language),
        scope=_extent(shown, language),
        effective=shown["effective"],
    )
    console.print(says, markup=False)
    period = word(
        "withdrawal_days",
        language,
        notice=shown["notice"],
        earliest=shown["earliest"],
        rule=shown["notice_rule"] or "-",
        deadline=shown["deadline"] or "-",
    )
    console.print(period, markup=False)
    if shown.get("status") == "unchanged":
        console.print(word("withdrawal_unchanged", language), markup=False)
    for item in shown["findings"]:
        console.print(f"{word(item['severity'], language)}: {item['text']}", markup=False)
    if "history" in shown:
        columns = ("on", "step", "by", "reason", "evidence")
        rows = [
            (
                item["on"],
                _word("act", item["action"], language),
                f"{item['author']} ({_word('role', item['role'], language)})",
                _word("state", item["reason"], language) if item["role"] == "clock" else item["reason"],
                item["evidence"],
            )
            for item in shown["history"]
        ]
        print_table(word("history", language), [word(name, language) for name in columns], rows)


def _word(kind: str, code: str, language: str) -> str:
    """The word of a state, an act or a role: their codes mean other things elsewhere."""
    return word(f"{kind}_{code}", language)


def _outcome(found: dict[str, Any], language: str) -> str:
    payee = found["payee"]
    return word(found["status"], language) + (f": {payee['name']} ({payee['society']})" if payee else "")


def _extent(item: dict[str, Any], language: str) -> str:
    parts = [item[name] for name in ("rights", "uses", "territories", "works") if item[name]]
    return ", ".join(parts) or word("whole_mandate", language)
