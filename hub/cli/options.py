"""Options that several commands share, and how a command opens the hub."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from hub import registers
from hub.access.permissions import OPERATOR, ROLES, granted
from hub.answers.agreement import policies
from hub.cli.output import stderr
from hub.context import Hub, open_hub
from hub.errors import UsageError
from hub.settings import Settings, load

Database = Annotated[
    str | None, typer.Option("--db", metavar="URL", help="Database URL (default: HUB_DATABASE_URL).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON only; progress goes to stderr.")]
Society = Annotated[
    str, typer.Option("--as", metavar="SOCIETY", help="The society this is done for, by its code.")
]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="INSTANT", help="Answer as known at this ISO instant.")
]
Policy = Annotated[
    str | None,
    typer.Option(help=f"How disagreeing sources count: {', '.join(policies())} (default: HUB_SHARE_POLICY)."),
]


class Language(StrEnum):
    """Languages that tables and sentences are printed in."""

    english = "en"
    kazakh = "kk"
    russian = "ru"


Spoken = Annotated[
    Language,
    typer.Option("--language", envvar="HUB_LANGUAGE", help="Language of tables and sentences."),
]


def load_settings() -> Settings:
    """The settings of the environment.

    Raises:
        UsageError: a setting is malformed.
    """
    try:
        return load()
    except ValueError as fault:
        raise UsageError(str(fault)) from fault


def opened(url: str | None, *, prepared: bool = True) -> Hub:
    """The hub that the options and the environment name.

    Raises:
        UsageError: a setting is malformed.
        Surroundings: the database cannot be used as it is.
    """
    return open_hub(load_settings().with_database(url), prepared=prepared)


def acting(hub: Hub, society: str, kind: str = "cmo") -> str:
    """The society a command acts for; one that the register lacks is added with a remark."""
    added = registers.ensure(hub, society, kind)
    if added is not None:
        stderr().print(
            f"Society {added.code} was not in the register; it was added as {added.name!r}. "
            "Complete it with: hub societies import FILE.csv"
        )
    return registers.require(hub, society)


def owner_with(hub: Hub, society: str, role: str, scopes: str) -> tuple[str, list[str]]:
    """The member that a key or a person belongs to, empty for operators, and the scopes asked for.

    Raises:
        UsageError: a role that needs a society has none, or a role or scope that does not exist.
    """
    wanted = [item.strip() for item in scopes.split(",") if item.strip()]
    if role != OPERATOR and not society:
        raise UsageError("say whose it is: --as SOCIETY")
    granted(role, wanted)
    return "" if role == OPERATOR else acting(hub, society, ROLES[role].kind), wanted


def evidence_of(text: str) -> str:
    """A document that lies here is kept by its hash; anything else is taken as its name or hash."""
    try:
        with Path(text).open("rb") as stream:
            return "sha256:" + hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return text
