"""``hub db``, ``hub config``, ``hub keys``, ``hub serve`` and ``hub doctor``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub import __version__
from hub.access import denials
from hub.access import keys as api_keys
from hub.access.permissions import ROLES, SCOPES, SOCIETY
from hub.cli.options import AsJson, Database, Society, load_settings, opened, owner_with
from hub.cli.output import print_json, print_table, stderr, stdout
from hub.cli.remote import Remote, acting_there, client_of
from hub.db import schema
from hub.doctor import examine
from hub.errors import UsageError
from hub.settings import described

db = typer.Typer(no_args_is_help=True, help="The database: upgrade, check, backup, restore.")
config = typer.Typer(no_args_is_help=True, help="The settings.")
keys = typer.Typer(no_args_is_help=True, help="API keys, and attempts that were refused.")
SILENCE = 60
"""Seconds without a sign of life after which a web process is replaced. One that starts gives none until it
has loaded what it needs: on a busy machine that takes longer than the 5 seconds of the server's default."""


@db.command("upgrade")
def db_upgrade(json: AsJson = False, db: Database = None) -> None:
    """Bring the tables up to this program's version."""
    before, after = schema.upgrade(opened(db, prepared=False).engine)
    if json:
        print_json({"before": before, "after": after})
    else:
        stdout().print(
            f"Database at revision {after}" + (f" (was {before})" if before != after else " already")
        )


@db.command("check")
def db_check(json: AsJson = False, db: Database = None) -> None:
    """Compare the tables of the database with those of this program."""
    found = schema.check(opened(db, prepared=False).engine)
    if json:
        print_json({"differences": found})
    else:
        print_table("Differences", ("Difference",), [(item,) for item in found])
    if found:
        raise typer.Exit(3)


@db.command("backup")
def db_backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A new file.")],
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Copy the database while it is in use. The store of submissions (HUB_DATA_DIR) is copied separately."""
    size = schema.backup(opened(db, prepared=False).engine, file)
    if json:
        print_json({"file": str(file), "bytes": size})
    else:
        stdout().print(f"{file}: {size} bytes")


@db.command("restore")
def db_restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A backup.")],
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Fill an empty database from a backup. Put the store of submissions (HUB_DATA_DIR) back as well."""
    hub = opened(db, prepared=False)
    revision = schema.restore(hub.engine, file)
    if json:
        print_json({"file": str(file), "revision": revision})
    else:
        stdout().print(f"{file} is restored, at revision {revision}; `hub doctor` checks it")


@config.command("show")
def config_show(json: AsJson = False, db: Database = None) -> None:
    """Show every setting with where it comes from; passwords are masked."""
    found = described(load_settings().with_database(db), overridden={"database_url"} if db else ())
    if json:
        print_json([{"variable": name, "value": value, "origin": origin} for name, value, origin in found])
    else:
        print_table("Settings", ("Variable", "Value", "From"), found)


@keys.command("create")
def keys_create(
    society: Society = "",
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}.")] = SOCIETY,
    scopes: Annotated[
        str, typer.Option(help=f"Comma-separated: {', '.join(SCOPES)}; by default all that the role has.")
    ] = "",
    days: Annotated[int, typer.Option(min=1, max=3650, help="Days until it expires.")] = 365,
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Make an API key; its secret is shown this once. A member that the register lacks is added.

    There, a key makes one for its own member and role, with at most its own scopes.
    """
    if remote:
        client = acting_there(remote, db, society, needed=False)
        own = client.me()["role"]
        if role not in (own, SOCIETY):
            raise UsageError(f"over HTTP a key makes keys of its own role, {own}, not of {role}")
        asked = [item.strip() for item in scopes.split(",") if item.strip()]
        made = client.add_key(scopes=asked, days=days, label=label)
    else:
        hub = opened(db)
        owner, wanted = owner_with(hub, society, role, scopes)
        made = api_keys.create(hub, owner, scopes=wanted, days=days, label=label, role=role)
    if json:
        print_json(made)
    else:
        stdout().print(
            f"Key for {made['role']} {made['society']}, valid until {made['expires']}. "
            "Keep it, it is not shown again:"
        )
        stdout().print(made["key"], markup=False, soft_wrap=True)


@keys.command("list")
def keys_list(remote: Remote = "", json: AsJson = False, db: Database = None) -> None:
    """List keys without their secrets; there, those of the key's own member."""
    listed = client_of(remote, db).keys() if remote else api_keys.listing(opened(db))
    if json:
        print_json(listed)
        return
    shown = ("label", "expires", "revoked", "last_used")
    rows = [
        (
            item["prefix"],
            item["society"],
            item["role"],
            " ".join(item["scopes"]),
            *(item[name] for name in shown),
        )
        for item in listed
    ]
    print_table(
        "Keys", ("Prefix", "Owner", "Role", "Scopes", "Label", "Expires", "Revoked", "Last used"), rows
    )


@keys.command("revoke")
def keys_revoke(
    prefix: Annotated[str, typer.Argument()],
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """End a key at once."""
    if remote:
        client_of(remote, db).revoke_key(prefix)
    else:
        api_keys.revoke(opened(db), prefix)
    if json:
        print_json({"prefix": prefix, "status": "revoked"})
    else:
        stdout().print(f"{prefix} is revoked")


@keys.command("rotate")
def keys_rotate(
    prefix: Annotated[str, typer.Argument()],
    overlap_hours: Annotated[
        int, typer.Option(min=0, max=api_keys.MOST_OVERLAP, help="How long the old key goes on.")
    ] = 24,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Make a key with the rights of an old one, which ends after the overlap."""
    if remote:
        made = client_of(remote, db).rotate_key(prefix, overlap_hours)
    else:
        made = api_keys.rotate(opened(db), prefix, overlap_hours=overlap_hours)
    if json:
        print_json(made)
        return
    stdout().print(f"{prefix} goes on until {made['old_expires']}; instead of it, not shown again:")
    stdout().print(made["key"], markup=False, soft_wrap=True)


@keys.command("denied")
def keys_denied(
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List refused attempts, the newest first; equal ones within a minute are one line."""
    listed = client_of(remote, db).denied(limit) if remote else denials.listing(opened(db), limit=limit)
    if json:
        print_json(listed)
        return
    shown = ("minute", "who", "society", "role", "method", "route", "code", "attempts")
    rows = [[str(item[name]) for name in shown] for item in listed]
    print_table("Refused attempts", [name.capitalize() for name in shown], rows)


def serve_command(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
    db: Database = None,
) -> None:
    """Serve the HTTP interface; its documentation is at /docs."""
    import os

    import uvicorn

    from hub.api.observing import log_config

    if workers > 1 and not port:
        raise UsageError("several workers need a fixed port")
    hub = opened(db)
    # Worker processes read the environment, not this process's options.
    os.environ["HUB_DATABASE_URL"] = hub.settings.database_url
    os.environ["HUB_DATA_DIR"] = str(hub.settings.data_dir)
    stderr().print(f"Repertoire Hub {__version__} on http://{host}:{port} - API documentation at /docs")
    uvicorn.run(
        "hub.api.app:serving", factory=True, host=host, port=port, workers=workers,
        log_level=hub.settings.log_level.lower(), server_header=False, access_log=False,
        log_config=log_config(hub.settings.log_level, hub.settings.log_format),
        timeout_worker_healthcheck=SILENCE,
    )  # fmt: skip


def doctor_command(json: AsJson = False, db: Database = None) -> None:
    """Check what the hub stands on: packages, database, migrations, store, log."""
    checks = examine(opened(db, prepared=False))
    if json:
        print_json([{"check": item.name, "ok": item.ok, "detail": item.detail} for item in checks])
    else:
        print_table(
            "Doctor",
            ("Check", "State", "Detail"),
            [(c.name, "ok" if c.ok else "FAIL", c.detail) for c in checks],
        )
    if not all(item.ok for item in checks):
        raise typer.Exit(3)
