"""``hub ack`` and ``hub export``: files that the hub writes for others."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import typer

from hub.answers.question import instant
from hub.catalogue.export_bwarm import export_bwarm
from hub.catalogue.export_cwr import export_cwr
from hub.catalogue.export_mwn import export_mwn
from hub.catalogue.export_parquet import export_parquet
from hub.cli.options import AsJson, Database, KnownAt, Language, Spoken, opened
from hub.cli.output import print_json, print_table, stderr
from hub.cli.remote import Remote, client_of
from hub.cli.words import word
from hub.errors import Surroundings, UsageError
from hub.intake.acknowledging import acknowledge
from hub.intake.report import finding_json
from hub.mandates.export import export_mandates
from schemas.cwr.characters import UTF_8
from schemas.societies import normalise_code

export = typer.Typer(no_args_is_help=True, help="Files for others, written from what the hub knows.")

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write (default: standard output)."),
]
SHOWN = 20
IN_MEMORY = 1 << 24

Result = TypeVar("Result")


def ack_command(
    submission: Annotated[str, typer.Argument(help="The submission, as `hub ingest` named it.")],
    output: Output = None,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write the acknowledgement of a submission in its own format."""
    if json and output is None:
        raise UsageError("--json prints the counts, so the acknowledgement needs --output FILE")
    if remote:
        there = client_of(remote, db).acknowledgement(submission)
        _written(output, lambda out: out.write(there.body))
        name, counts = there.file_name, {"transactions": there.transactions, "records": there.records}
    else:
        hub = opened(db)
        done = _written(output, lambda out: acknowledge(hub, submission, out))
        name = done.file_name
        counts = {"transactions": done.totals.transactions, "records": done.totals.records}
    if json:
        print_json({"submission": submission, "file_name": name, "counts": counts})
    elif output is not None:
        stderr().print(
            f"{output}: {counts['transactions']} transactions, {counts['records']} records. "
            f"The standard's name for it is {name}",
            markup=False,
        )


@export.command("cwr")
def cwr_command(
    version: Annotated[str, typer.Option(help="The version of CWR, such as 2.1 or 2.2.")],
    society: Annotated[
        str, typer.Option(help="Whose registrations, by society code (default: HUB_SOCIETY).")
    ] = "",
    work: Annotated[
        list[str] | None,
        typer.Option(help="A work number of the society, iswc:..., work:ID; repeat it. Default: all works."),
    ] = None,
    transaction: Annotated[
        str, typer.Option(help="Transaction header, such as REV (default: a new registration).")
    ] = "",
    encoding: Annotated[str, typer.Option(help="UTF-8, ISO-8859-1 or ASCII.")] = UTF_8,
    number: Annotated[
        int, typer.Option(min=1, max=9999, help="Number of the file among the sender's of this year.")
    ] = 1,
    output: Output = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write the works that a society registered as a CWR file; exits with 1 if some could not be written."""
    if json and output is None:
        raise UsageError("--json prints the counts, so the file needs --output FILE")
    hub = opened(db)
    done = _written(
        output,
        lambda out: export_cwr(
            hub,
            out,
            version=version,
            society=society,
            works=work or (),
            transaction=transaction,
            encoding=encoding,
            number=number,
        ),
        holds=lambda done: done.totals.transactions > 0,
    )
    if json:
        counts = {"written": done.totals.transactions, "left_out": done.left_out}
        findings = [finding_json(item, language) for item in done.findings]
        print_json({"file_name": done.file_name, "counts": counts, "findings": findings})
    else:
        rows = [
            (item.position, word(item.severity, language), item.code, item.text(language))
            for item in done.findings[:SHOWN]
        ]
        if rows and output is not None:
            headings = [word(column, language) for column in ("where", "severity", "code", "what_to_do")]
            print_table(word("first_findings", language, file=output.name), headings, rows)
        told = f"{done.totals.transactions} works written, {done.left_out} left out"
        # A group must hold a transaction, and a file a group.
        file = f"The standard's name for the file is {done.file_name}"
        if not done.totals.transactions:
            file = "No file was written: CWR has none without a transaction"
        stderr().print(f"{told}, {len(done.findings)} findings. {file}", markup=False)
    if done.left_out:
        raise typer.Exit(1)


@export.command("bwarm")
def bwarm_command(
    society: Annotated[
        str, typer.Option(help="Whose works and recordings, by society code (default: HUB_SOCIETY).")
    ] = "",
    output: Output = None,
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write what a society declared as a BWARM 1.0 delivery, a zip archive of tables."""
    if json and output is None:
        raise UsageError("--json prints the counts, so the file needs --output FILE")
    at = None if known_at is None else instant(known_at, "known-at")
    hub = opened(db)
    done = _written(output, lambda out: export_bwarm(hub, out, society=society, known_at=at))
    if json:
        findings = [finding_json(item, language) for item in done.findings]
        print_json({"known_at": done.known_at, "rows": done.rows, "findings": findings})
    else:
        told = ", ".join(f"{name} {count}" for name, count in done.rows.items() if count)
        stderr().print(f"{told}; {len(done.findings)} findings", markup=False)


@export.command("mandates")
def mandates_command(
    society: Annotated[str, typer.Option(help="Only what this society declared.")] = "",
    holder: Annotated[str, typer.Option(help="Only what this holder was entrusted with.")] = "",
    output: Output = None,
    known_at: KnownAt = None,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write the mandate register as CSV, as known at an instant."""
    if json and output is None:
        raise UsageError("--json prints the counts, so the file needs --output FILE")
    at = None if known_at is None else instant(known_at, "known-at")
    declarant = normalise_code(society) if society else ""
    hub = opened(db)
    done = _written(
        output, lambda out: export_mandates(hub, out, declarant=declarant, holder=holder, known_at=at)
    )
    if json:
        print_json(done.as_json())
    else:
        told = ", ".join(f"{name} {value}" for name, value in done.as_json().items())
        stderr().print(told, markup=False)


@export.command("mwn")
def mwn_command(
    sender: Annotated[str, typer.Option(help="DDEX party identifier (DPID) of who sends the message.")],
    recipient: Annotated[str, typer.Option(help="DPID of who gets it.")],
    society: Annotated[
        str, typer.Option(help="Whose registrations, by society code (default: HUB_SOCIETY).")
    ] = "",
    work: Annotated[
        list[str] | None,
        typer.Option(help="A work number of the society, iswc:..., work:ID; repeat it. Default: all works."),
    ] = None,
    output: Output = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write a society's works and shares as a DDEX MWN 1.3 message; exits with 1 if some were left out."""
    if json and output is None:
        raise UsageError("--json prints the counts, so the file needs --output FILE")
    hub = opened(db)
    done = _written(
        output,
        lambda out: export_mwn(
            hub, out, sender=sender, recipient=recipient, society=society, works=work or ()
        ),
    )
    if json:
        print_json(
            {
                "message_id": done.message_id,
                "counts": {"written": done.works, "left_out": len(done.findings)},
                "findings": [finding_json(item, language) for item in done.findings],
            }
        )
    else:
        for item in done.findings[:SHOWN]:
            stderr().print(f"{item.position}: {item.text(language)}", markup=False)
        stderr().print(f"{done.works} works written, {len(done.findings)} left out.", markup=False)
    if done.findings:
        raise typer.Exit(1)


@export.command("parquet")
def parquet_command(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="The folder to make; it must not be there."),
    ],
    known_at: KnownAt = None,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Write the whole catalogue as Parquet files, as known at an instant."""
    at = None if known_at is None else instant(known_at, "known-at")
    done = export_parquet(opened(db), output, known_at=at)
    if json:
        print_json({"known_at": done.known_at, "rows": done.rows})
    else:
        told = ", ".join(f"{name} {count}" for name, count in done.rows.items())
        stderr().print(f"{output}, as known at {done.known_at}: {told}", markup=False)


def _written(
    output: Path | None,
    write: Callable[[BinaryIO], Result],
    holds: Callable[[Result], bool] = lambda _done: True,
) -> Result:
    """Let ``write`` make the file beside ``output`` and put it in place whole, or copy it to stdout.

    A file that does not hold anything is not put in place.
    """
    if output is None:
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            done = write(spool)  # type: ignore[arg-type]
            spool.seek(0)
            while chunk := spool.read(1 << 20):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        return done
    unfinished = output.with_name(f"{output.name}.part")
    try:
        with unfinished.open("w+b") as out:
            try:
                done = write(out)
            except BaseException:
                unfinished.unlink()
                raise
        if holds(done):
            unfinished.replace(output)
        else:
            unfinished.unlink()
    except OSError as fault:
        raise Surroundings(f"{output} cannot be written: {fault}") from fault
    return done
