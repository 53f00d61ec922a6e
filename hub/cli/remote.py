"""``--remote URL``: the same command against a hub elsewhere, over HTTP with a key."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import orjson
import typer

from hub.cli.options import acting, opened
from hub.errors import UsageError
from hub.registers import OPERATOR
from schemas.societies import normalise_code

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from hub.client import Client
    from hub.context import Hub

KEY = "HUB_API_KEY"

Remote = Annotated[
    str,
    typer.Option(
        "--remote", metavar="URL", help=f"Ask the hub at this address, with the key in {KEY}, not a database."
    ),
]


def client_of(url: str, db: str | None, language: str = "en") -> Client:
    """The client that a command works with.

    Raises:
        UsageError: no key, no address of HTTP, or a database beside it.
    """
    if db is not None:
        raise UsageError("--remote asks a hub over HTTP, --db opens a database: give one of them")
    key = os.environ.get(KEY, "")
    if not key:
        raise UsageError(f"--remote needs an API key of that hub in the environment variable {KEY}")
    # Commands on a database do not wait for what only calls over HTTP need.
    from hub.client import Client

    return Client(url, key, language=language)


def terms(**given: object) -> dict[str, str]:
    """What was given of these options, as parameters."""
    return {name.rstrip("_"): str(value) for name, value in given.items() if value not in (None, "")}


def speaking_as(client: Client, society: str) -> str:
    """The society that the key speaks for, which must be the one of ``--as``.

    Raises:
        UsageError: it is another one.
    """
    own = str(client.me()["society"])
    if own not in (society, normalise_code(society)):
        raise UsageError(f"the key in {KEY} speaks for {own}, not for {society}")
    return own


def acting_there(
    url: str, db: str | None, society: str, language: str = "en", *, needed: bool = True
) -> Client:
    """The client of a command that somebody speaks through: the key must be that of ``--as``.

    Raises:
        UsageError: it is another one's.
    """
    client = client_of(url, db, language)
    if society or needed:
        speaking_as(client, society)
    return client


def taken(
    db: str | None,
    remote: str,
    society: str,
    language: str,
    step: DataclassInstance,
    here: Callable[[Hub, str], dict[str, Any]],
    there: Callable[[Client, dict[str, str]], dict[str, Any]],
) -> dict[str, Any]:
    """A step (with its ``action``) that a society or the operator takes, in the database or elsewhere."""
    if remote:
        said = {key: text for key, text in asdict(step).items() if key != "action"}
        return there(acting_there(remote, db, society, language), said)
    hub = opened(db)
    return here(hub, OPERATOR if society == OPERATOR else acting(hub, society))


def finished(client: Client, job: str) -> Mapping[str, Any]:
    """The result of a job, waited for.

    Raises:
        UsageError: it failed or was cancelled; says why.
    """
    found = client.wait(job)
    if found["state"] != "done":
        raise UsageError(f"job {job} is {found['state']}: {found['error'] or 'somebody stopped it'}")
    return dict(found["result"])


def send_files(client: Client, files: Iterable[Path], findings: BinaryIO | None) -> Iterator[dict[str, Any]]:
    """The report of each file, as ``hub ingest --json`` prints it; findings are written as they come."""
    for path in files:
        sent = client.submit(path)
        job = sent.pop("job", None)
        report = dict(finished(client, str(job))) if job else sent
        if findings is not None:
            for item in client.findings(str(report["submission"])):
                line = {"submission": report["submission"], "file": path.name, **item}
                findings.write(orjson.dumps(line) + b"\n")
        yield report
