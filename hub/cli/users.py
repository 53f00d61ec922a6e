"""``hub user``: people who sign in at the pages."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from hub.access import identities, users
from hub.access.permissions import ROLES, SCOPES, SOCIETY
from hub.cli.options import AsJson, Database, Society, opened, owner_with
from hub.cli.output import print_json, print_table, stdout
from hub.cli.remote import Remote, client_of, terms
from hub.context import Hub
from hub.errors import UsageError
from schemas.societies import normalise_code

user = typer.Typer(no_args_is_help=True, help="People who sign in at the pages with a password.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The name that the person signs in with.")]
FromStdin = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help="Read the password from the first line of stdin; without it one is made up and shown this once.",
    ),
]
Scopes = Annotated[
    str, typer.Option(help=f"Comma-separated: {', '.join(SCOPES)}; by default all that the role has.")
]


def _typed(wanted: bool) -> str:
    """The password on stdin, empty if none is wanted there."""
    given = sys.stdin.readline().rstrip("\r\n") if wanted else ""
    if wanted and not given:
        raise UsageError("there is no password on stdin")
    return given


def _unless(password_stdin: bool) -> None:
    if password_stdin:
        raise UsageError("over HTTP passwords are made up by the hub: leave --password-stdin out")


def _told(made: dict[str, Any], json: bool, sentence: str) -> None:
    if json:
        print_json(made)
        return
    stdout().print(sentence, markup=False)
    if "password" in made:
        stdout().print("To be changed at the first visit, and not shown again:")
        stdout().print(made["password"], markup=False, soft_wrap=True)


@user.command("add")
def user_add(
    name: Name,
    society: Society = "",
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")] = SOCIETY,
    scopes: Scopes = "",
    password_stdin: FromStdin = False,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Add a person to a member; a member that the register lacks is added."""
    if remote:
        _unless(password_stdin)
        asked = [item.strip() for item in scopes.split(",") if item.strip()]
        made = client_of(remote, db).add_user(name, society, role=role, scopes=asked)
    else:
        hub = opened(db)
        owner, wanted = owner_with(hub, society, role, scopes)
        made = users.add(hub, name, owner, role=role, scopes=wanted, password=_typed(password_stdin))
    _told(made, json, f"{made['user']} may sign in for {made['society']} as {made['role']}.")


@user.command("list")
def user_list(
    society: Annotated[str, typer.Option(help="People of one member.")] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List people; passwords are never shown."""
    if remote:
        listed = client_of(remote, db).users(**terms(society=society))
    else:
        listed = users.listing(opened(db), normalise_code(society) if society else "")
    if json:
        print_json(listed)
        return
    shown = ("user", "id", "society", "role", "password_changed", "last_used", "disabled")
    rows = [[*(item[name] for name in shown), " ".join(item["scopes"])] for item in listed]
    print_table("Users", [*(name.replace("_", " ").capitalize() for name in shown), "Scopes"], rows)


@user.command("disable")
def user_disable(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """Let a person in no more; open sessions end at once."""
    if remote:
        client_of(remote, db).act_on_user(name, "disable")
    else:
        users.disable(opened(db), name)
    _told({"user": users.folded(name), "status": "disabled"}, json, f"{name} is disabled")


@user.command("enable")
def user_enable(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """Let a person in again that was disabled, or that waits after too many wrong passwords."""
    if remote:
        client_of(remote, db).act_on_user(name, "enable")
    else:
        users.enable(opened(db), name)
    _told({"user": users.folded(name), "status": "enabled"}, json, f"{name} may sign in")


@user.command("password")
def user_password(
    name: Name,
    password_stdin: FromStdin = False,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Give a person another password; open sessions end at once."""
    if remote:
        _unless(password_stdin)
        made = client_of(remote, db).act_on_user(name, "password")
    else:
        made = users.set_password(opened(db), name, _typed(password_stdin))
    _told(made, json, f"{name} has a new password.")


@user.command("role")
def user_role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help=f"One of {', '.join(ROLES)}.")],
    scopes: Scopes = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Give a person another role or other scopes; open sessions end at once."""
    wanted = [item.strip() for item in scopes.split(",") if item.strip()]
    made = users.change_role(opened(db), name, role, wanted)
    _told(made, json, f"{made['user']} is {made['role']} with {', '.join(made['scopes'])}")


@user.command("sign-out")
def user_sign_out(name: Name, remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """End every session of a person."""
    if remote:
        ended = int(client_of(remote, db).act_on_user(name, "sign-out")["sessions"])
    else:
        ended = users.sign_out_everywhere(opened(db), name)
    _told({"user": users.folded(name), "sessions": ended}, json, f"{ended} sessions of {name} are ended")


Issuer = Annotated[str, typer.Option(help="Address of the provider; HUB_OIDC_ISSUER by default.")]


@user.command("link")
def user_link(
    name: Name,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="The person's `sub` at the provider.")],
    issuer: Issuer = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Let a person sign in through the OpenID Connect provider."""
    hub = opened(db)
    made = identities.link(hub, name, _issuer(hub, issuer), subject)
    _told(made, json, f"{made['user']} signs in through {made['issuer']} as {subject}")


@user.command("unlink")
def user_unlink(name: Name, issuer: Issuer = "", json: AsJson = False, db: Database = None) -> None:
    """Let a person no longer sign in through the provider; open sessions end at once."""
    hub = opened(db)
    gone = identities.unlink(hub, name, _issuer(hub, issuer))
    _told({"user": users.folded(name), "links": gone}, json, f"{gone} links of {name} are gone")


def _issuer(hub: Hub, named: str) -> str:
    found = named or hub.settings.oidc_issuer
    if not found:
        raise UsageError("name the issuer with --issuer, or set HUB_OIDC_ISSUER")
    return found
