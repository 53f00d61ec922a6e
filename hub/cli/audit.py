"""``hub audit``: the chain of the log, its Merkle roots, and proofs for those who keep a root."""

from __future__ import annotations

import json as plain_json
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from hub.audit import proofs
from hub.audit.log import verify
from hub.cli.options import AsJson, Database, Spoken, opened
from hub.cli.options import Language as Languages
from hub.cli.output import print_json, stdout
from hub.cli.words import word
from hub.db.engine import reading
from hub.errors import UsageError

audit = typer.Typer(no_args_is_help=True, help="The append-only log.")
Size = Annotated[int | None, typer.Option(min=0, help="Only the first so many entries; all by default.")]
LARGEST_PROOF = 64 << 20


@audit.command("verify")
def audit_verify(json: AsJson = False, db: Database = None) -> None:
    """Recompute the chain of hashes over the whole log."""
    with reading(opened(db).engine) as connection:
        found = verify(connection)
    if json:
        print_json(
            {
                "entries": found.entries,
                "head": found.head,
                "broken_at": found.broken_at or None,
                "reason": found.reason,
            }
        )
    elif found.broken_at:
        stdout().print(f"The log is broken at entry {found.broken_at}: {found.reason}")
    else:
        stdout().print(f"The log of {found.entries} entries is whole; its head is {found.head}")
    if found.broken_at:
        raise typer.Exit(1)


@audit.command("root")
def audit_root(
    size: Size = None, language: Spoken = Languages.english, json: AsJson = False, db: Database = None
) -> None:
    """Print the Merkle root over the log: keep it, or give it to somebody you trust."""
    with reading(opened(db).engine) as connection:
        found = proofs.signed_root(connection, size)
    if json:
        print_json(found)
    else:
        stdout().print(word("audit_root", language, **found), markup=False, soft_wrap=True)


@audit.command("prove")
def audit_prove(
    name: Annotated[str, typer.Argument(metavar="ID", help="An entry's number, or the id it is about.")],
    size: Size = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="A new file.")] = None,
    language: Spoken = Languages.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Prove that what was said about something is in the log; `hub audit check` needs only this file."""
    with reading(opened(db).engine) as connection:
        proof = proofs.prove(connection, name, size)
    if output is not None:
        try:
            with output.open("xb") as target:
                target.write(orjson.dumps(proof, option=orjson.OPT_INDENT_2) + b"\n")
        except FileExistsError:
            raise UsageError(f"{output} exists already; name a new file") from None
    if json or output is None:
        print_json(proof)
    else:
        shown = word("audit_proved", language, entries=len(proof["entries"]), file=output, **_under(proof))
        stdout().print(shown, markup=False, soft_wrap=True)


@audit.command("check")
def audit_check(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    root: Annotated[str, typer.Option(help="The root that you kept; without it the proof's own.")] = "",
    language: Spoken = Languages.english,
    json: AsJson = False,
) -> None:
    """Check a proof file. No database is read, so it can be done anywhere. Exits with 1 if it fails."""
    proof = _read(file)
    faults = proofs.check_proof(proof, root.strip().lower())
    if json:
        print_json({"holds": not faults, "faults": faults, **_under(proof)})
    elif faults:
        stdout().print("\n".join(faults), markup=False, soft_wrap=True)
    else:
        shown = word("audit_holds", language, entries=len(proof["entries"]), **_under(proof))
        stdout().print(shown, markup=False, soft_wrap=True)
    if faults:
        raise typer.Exit(1)


@audit.command("continues")
def audit_continues(
    size: Annotated[int, typer.Argument(help="The size of an earlier root.")],
    root: Annotated[str, typer.Argument(help="The earlier root.")],
    language: Spoken = Languages.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Check that the log still begins with the entries under an earlier root. Exits with 1 if not."""
    with reading(opened(db).engine) as connection:
        found = proofs.continuation(connection, size, root.strip())
    if json:
        print_json(found)
    else:
        key = "audit_continues" if found["holds"] else "audit_differs"
        shown = word(key, language, old=size, **found["now"])
        stdout().print(shown, markup=False, soft_wrap=True)
    if not found["holds"]:
        raise typer.Exit(1)


def _under(proof: dict[str, Any]) -> dict[str, Any]:
    return {"size": proof["size"], "root": proof["root"]}


def _read(file: Path) -> dict[str, Any]:
    if file.stat().st_size > LARGEST_PROOF:
        raise UsageError(f"{file} is larger than any proof")
    try:
        found = plain_json.loads(file.read_bytes())
    except (ValueError, RecursionError) as fault:
        raise UsageError(f"{file} is not JSON: {fault}") from fault
    if not isinstance(found, dict):
        raise UsageError(f"{file} is no proof written by `hub audit prove`")
    return found
