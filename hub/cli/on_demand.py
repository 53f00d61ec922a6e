"""Commands that are imported when they are called: what one command needs, no other has to wait for."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "demo": "demo:demo_command",
    "ingest": "intake:ingest_command",
    "ack": "export:ack_command",
    "who-to-pay": "answers:who_to_pay_command",
    "who-to-pay-batch": "question_file:batch_command",
    "changes": "changes:changes_command",
    "search": "answers:search_command",
    "withdraw": "withdrawals:withdraw_command",
    "serve": "service:serve_command",
    "worker": "jobs:worker_command",
    "doctor": "service:doctor_command",
    "bench": "bench:bench",
    "societies": "societies:societies",
    "mandates": "mandates:mandates",
    "withdrawals": "withdrawals:withdrawals",
    "jurisdictions": "jurisdictions:jurisdictions",
    "public-domain": "public_domain:public_domain",
    "match": "matching:match",
    "prepare": "preparing:prepare_command",
    "conflicts": "conflicts:conflicts",
    "review": "answers:reviews",
    "payments": "changes:payments",
    "usage": "usage:usage",
    "export": "export:export",
    "jobs": "jobs:jobs",
    "keys": "service:keys",
    "user": "users:user",
    "webhook": "webhooks:webhook",
    "audit": "audit:audit",
    "config": "service:config",
    "db": "service:db",
}
"""What each first word means, as ``module of hub.cli:name``, in the order of the help."""


class _Commands(MutableMapping[str, Any]):
    """Built commands by name, each made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            self._made[name] = _command(name, COMMANDS[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**COMMANDS, **self._made})

    def __len__(self) -> int:
        return len({**COMMANDS, **self._made})

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]


def _command(name: str, place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(import_module(f"hub.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        command: Any = typer.main.get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        command = typer.main.get_command(alone)
    command.name = name
    return command


class CommandsOnDemand(TyperGroup):
    """The root's group: it knows the names of its commands, and loads the one that is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _Commands()
