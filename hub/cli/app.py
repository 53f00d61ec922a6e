"""The root of the command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from hub import __version__
from hub.cli import (
    answers,
    audit,
    changes,
    conflicts,
    export,
    intake,
    jobs,
    mandates,
    matching,
    public_domain,
    service,
    societies,
    usage,
    withdrawals,
)
from hub.cli.demo import demo_command
from hub.cli.output import print_json, stderr
from hub.errors import HubError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Repertoire Hub: who holds the mandate, and so who must be paid.",
)
app.command("demo")(demo_command)
app.command("ingest")(intake.ingest_command)
app.command("ack")(export.ack_command)
app.command("who-to-pay")(answers.who_to_pay_command)
app.command("changes")(changes.changes_command)
app.command("search")(answers.search_command)
app.command("withdraw")(withdrawals.withdraw_command)
app.command("serve")(service.serve_command)
app.command("worker")(jobs.worker_command)
app.command("doctor")(service.doctor_command)
app.add_typer(societies.societies, name="societies")
app.add_typer(mandates.mandates, name="mandates")
app.add_typer(withdrawals.withdrawals, name="withdrawals")
app.add_typer(public_domain.public_domain, name="public-domain")
app.add_typer(matching.match, name="match")
app.add_typer(conflicts.conflicts, name="conflicts")
app.add_typer(answers.reviews, name="review")
app.add_typer(changes.payments, name="payments")
app.add_typer(usage.usage, name="usage")
app.add_typer(export.export, name="export")
app.add_typer(jobs.jobs, name="jobs")
app.add_typer(service.keys, name="keys")
app.add_typer(audit.audit, name="audit")
app.add_typer(service.config, name="config")
app.add_typer(service.db, name="db")


@app.command(
    "bench",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def bench_command(context: typer.Context) -> None:
    """Measure the hub on this machine, beside peers."""
    # What is measured loads much that no other command needs, so it is fetched when it is asked for.
    from hub.cli.bench import bench

    left = typer.main.get_command(bench).main(context.args, prog_name="hub bench", standalone_mode=False)
    if left:
        raise typer.Exit(int(left))


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"repertoire-hub {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options that stand before a command."""


def main() -> None:
    """Run a command; refusals become one sentence on stderr and the contract's exit code.

    With ``--json`` the refusal is a JSON object on stdout as well.
    """
    try:
        app()
    except HubError as fault:
        if "--json" in sys.argv:
            print_json({"error": fault.code, "title": fault.title, "detail": fault.detail})
        stderr().print(f"{fault.title}: {fault.detail}", markup=False)
        raise SystemExit(fault.exit_code) from fault
    except OperationalError as fault:
        if "--json" in sys.argv:
            print_json({"error": "surroundings", "title": "The database failed", "detail": str(fault.orig)})
        stderr().print(f"The database failed: {fault.orig}. `hub doctor` looks further.", markup=False)
        raise SystemExit(3) from fault
