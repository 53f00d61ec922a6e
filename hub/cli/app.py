"""The root of the command line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from sqlalchemy.exc import OperationalError

from hub import __version__
from hub.cli.on_demand import CommandsOnDemand
from hub.cli.output import print_json, stderr
from hub.errors import HubError
from hub.process import relax_collector, spare_slow_sorts

app = typer.Typer(
    cls=CommandsOnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Repertoire Hub: who holds the mandate, and so who must be paid.",
)


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
    relax_collector()
    spare_slow_sorts()
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
