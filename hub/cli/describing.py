"""The command line as a page for people, made from the commands themselves so that it cannot go stale."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from hub.cli.app import app

EXIT_CODES = """\
Exit codes: 0 fine, 1 done with findings of error severity (or what was asked for is not known), 2 wrong
usage, 3 broken surroundings. With `--json` standard output holds JSON only; progress goes to standard error.
"""


def page() -> str:
    """``docs/commands.md``: every command with its arguments and options, in Markdown."""
    root = typer.main.get_command(app)
    parts = ["# Commands\n", f"{_line(root.help)} Every command has `--help`.\n", EXIT_CODES]
    parts += [_described(path, command) for path, command in _commands("hub", root)]
    return "\n".join(parts)


def _commands(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Commands that do something, with the words that call them, in the order of the help."""
    subcommands = getattr(command, "commands", None)
    if subcommands is None or getattr(command, "invoke_without_command", False):
        yield path, command
    for name, subcommand in (subcommands or {}).items():
        if not subcommand.hidden:
            yield from _commands(f"{path} {name}", subcommand)


def _described(path: str, command: Any) -> str:
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    options = [item for item in command.params if item.param_type_name == "option" and not item.hidden]
    usage = " ".join([path, *(_argument(item) for item in arguments)])
    parts = [f"## `{usage}`\n", f"{_line(command.help)}\n"]
    rows = [(f"`{_name(item)}`", _line(item.help)) for item in arguments if item.help]
    rows += [(_option(item), _line(item.help)) for item in options]
    if rows:
        parts.append("| option | meaning |\n|---|---|")
        parts += [f"| {name} | {meaning} |" for name, meaning in rows]
        parts.append("")
    return "\n".join(parts)


def _argument(argument: Any) -> str:
    shown = f"{_name(argument)}{'...' if argument.nargs == -1 else ''}"
    return shown if argument.required else f"[{shown}]"


def _name(argument: Any) -> str:
    return str(argument.metavar or argument.name).upper().removesuffix("...")


def _option(option: Any) -> str:
    names = ", ".join(f"`{name}`" for name in sorted((*option.opts, *option.secondary_opts), key=len))
    return f"{names}{' (needed)' if option.required else ''}"


def _line(text: str | None) -> str:
    return " ".join(inspect.cleandoc(text or "").split()).replace("|", "\\|")
