"""``hub webhook``: addresses that are told of events, and what was sent there."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from hub.access.permissions import ROLES, SOCIETY
from hub.cli.options import AsJson, Database, Society, acting, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.remote import Remote, acting_there, client_of
from hub.errors import UsageError
from hub.webhooks import deliveries, subscriptions
from hub.webhooks.outbox import EVENTS
from schemas.societies import normalise_code

webhook = typer.Typer(no_args_is_help=True, help="Webhooks: signed notices to an address of a member.")
Name = Annotated[str, typer.Argument(metavar="WEBHOOK", help="Its id.")]


def _told(made: dict[str, Any], json: bool, sentence: str) -> None:
    if json:
        print_json(made)
        return
    stdout().print(sentence, markup=False)
    if "secret" in made:
        stdout().print("Its secret, not shown again:")
        stdout().print(made["secret"], markup=False, soft_wrap=True)


@webhook.command("add")
def webhook_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="An HTTPS address of the public internet.")],
    society: Society,
    events: Annotated[str, typer.Option(help=f"Comma-separated: {', '.join(EVENTS)}; all by default.")] = "",
    role: Annotated[str, typer.Option(help="What the member is: society, dsp or auditor.")] = SOCIETY,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Have a member told of events."""
    if role not in ROLES or "webhooks" not in ROLES[role].scopes:
        raise UsageError(f"the role of a webhook's member is society, dsp or auditor; not {role!r}")
    wanted = [item.strip() for item in events.split(",") if item.strip()]
    if remote:
        # What the member is, its key says.
        made = acting_there(remote, db, society).add_webhook(url, events=wanted, label=label)
    else:
        hub = opened(db)
        owner = acting(hub, society, ROLES[role].kind)
        made = subscriptions.add(hub, owner, url, events=wanted, label=label, role=role)
    _told(made, json, f"{made['webhook']} tells {made['society']} of {', '.join(made['events'])}.")


@webhook.command("list")
def webhook_list(
    society: Annotated[str, typer.Option(help="Webhooks of one member.")] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List webhooks with how many notices wait; there, those of the key's own member."""
    if remote:
        listed = acting_there(remote, db, society, needed=False).webhooks()
    else:
        listed = subscriptions.listing(opened(db), normalise_code(society) if society else "")
    if json:
        print_json(listed)
        return
    shown = ("webhook", "society", "url", "label", "waiting", "disabled", "why")
    rows = [[*(str(item[name]) for name in shown), " ".join(item["events"])] for item in listed]
    print_table("Webhooks", [*(name.capitalize() for name in shown), "Events"], rows)


@webhook.command("log")
def webhook_log(
    name: Name,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Show what was sent and what came of it, the newest first."""
    if remote:
        listed = client_of(remote, db).deliveries(name, limit)
    else:
        listed = deliveries.listing(opened(db), name, limit=limit)
    if json:
        print_json(listed)
        return
    shown = ("delivery", "event", "state", "attempts", "status", "created", "next", "error")
    print_table(
        "Notices",
        [item.capitalize() for item in shown],
        [[str(row[item]) for item in shown] for row in listed],
    )


@webhook.command("rotate")
def webhook_rotate(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """Replace the secret; for a day notices are signed with both."""
    if remote:
        made = client_of(remote, db).act_on_webhook(name, "rotate")
    else:
        made = subscriptions.rotate(opened(db), name)
    _told(made, json, f"{name} has a new secret; the old one is good until {made['old_until']}.")


@webhook.command("enable")
def webhook_enable(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """Go on with a webhook that was stopped; what waited is tried at once."""
    if remote:
        made = client_of(remote, db).act_on_webhook(name, "enable")
    else:
        made = subscriptions.enable(opened(db), name)
    _told(made, json, f"{name} is in use")


@webhook.command("remove")
def webhook_remove(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """End a webhook for good."""
    if remote:
        client_of(remote, db).remove_webhook(name)
    else:
        subscriptions.remove(opened(db), name)
    _told({"webhook": name, "status": "removed"}, json, f"{name} is removed")


@webhook.command("test")
def webhook_test(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """Put a test notice out, which a worker or server delivers."""
    if remote:
        made = str(client_of(remote, db).act_on_webhook(name, "test")["delivery"])
    else:
        made = subscriptions.try_out(opened(db), name)
    _told({"delivery": made}, json, f"{made} is put out; hub webhook log {name} shows what comes of it")


@webhook.command("resend")
def webhook_resend(
    name: Name,
    delivery: Annotated[str, typer.Argument(metavar="DELIVERY", help="The id of a notice.")],
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Send a notice again under the same id."""
    if remote:
        made = client_of(remote, db).resend(name, delivery)
    else:
        made = deliveries.resend(opened(db), name, delivery)
    _told(made, json, f"{delivery} is put out again")
