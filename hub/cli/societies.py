"""``hub societies ...``: the register of societies and their accreditations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub import registers, society_register
from hub.answers.question import asked_instant
from hub.cli.options import AsJson, Database, KnownAt, Language, Spoken, evidence_of, opened
from hub.cli.output import print_json, print_table
from hub.cli.remote import Remote, client_of, terms
from hub.cli.words import word
from hub.db.engine import reading
from hub.errors import UsageError
from hub.intake import report
from hub.society_register import Accredited
from schemas.societies import normalise_code

societies = typer.Typer(no_args_is_help=True, help="The register of societies and their accreditations.")


@societies.command("import")
def import_command(
    file: Annotated[Path | None, typer.Argument(metavar="FILE.csv")] = None,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Add the CISAC codes that the hub ships and the register lacks.")
    ] = False,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Import societies: columns code,name,country,kind,accreditations."""
    if shipped == (file is not None):
        raise UsageError("name a FILE.csv, or --shipped for the code table that comes with the hub")
    if file is None:
        done = society_register.add_known(opened(db))
    elif not file.is_file():
        raise UsageError(f"{file} is not a file")
    else:
        hub = opened(db)
        with file.open("rb") as stream:
            done = registers.import_societies(hub, stream)
    errors = sum(item.severity == "error" for item in done.findings)
    if json:
        print_json(
            {
                "counts": {
                    "read": done.read,
                    "stored": done.stored,
                    "rejected": done.rejected,
                    "unchanged": done.unchanged,
                },
                "findings": [report.finding_json(item) for item in done.findings],
            }
        )
    else:
        counts = (str(done.read), str(done.stored), str(done.rejected), str(done.unchanged))
        print_table("Societies", ("Read", "Stored", "Rejected", "Unchanged"), [counts])
        if done.findings:
            print_table(
                "Findings",
                ("Where", "Severity", "What to do"),
                [(item.position, item.severity, item.text()) for item in done.findings],
            )
    if errors:
        raise typer.Exit(1)


@societies.command("list")
def list_command(
    known_at: KnownAt = None, remote: Remote = "", json: AsJson = False, db: Database = None
) -> None:
    """List the register."""
    if remote:
        listed = client_of(remote, db).societies(**terms(known_at=known_at))
    else:
        with reading(opened(db).engine) as connection:
            at = asked_instant(connection, known_at)
            listed = [entry.as_json() for entry in registers.entries(connection, at)]
    if json:
        print_json(listed)
        return
    rows = [
        (
            item["code"], item["name"], item["country"], item["kind"],
            "; ".join(
                f"{held['territory']} {held['right']} {held['valid_from']}..{held['valid_to']}"
                for held in item["accreditations"]
            ),
        )
        for item in listed
    ]  # fmt: skip
    print_table("Societies", ("Code", "Name", "Country", "Kind", "Accreditations"), rows)


@societies.command("show")
def show_command(
    code: Annotated[str, typer.Argument(metavar="CODE")],
    known_at: KnownAt = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Show a society with every version of its entry and the papers behind its accreditations."""
    if remote:
        shown = client_of(remote, db, language).society(code, **terms(known_at=known_at))
    else:
        with reading(opened(db).engine) as connection:
            shown = society_register.show(
                connection, normalise_code(code), asked_instant(connection, known_at)
            )
    if json:
        print_json(shown)
        return
    versions = [
        (
            item["known_from"], item["name"], item["country"],
            "\n".join(
                f"{held['territory']} {held['right']} {held['valid_from']}..{held['valid_to']}"
                for held in item["accreditations"]
            ),
        )
        for item in shown["versions"]
    ]  # fmt: skip
    columns = ("since", "name", "country", "accreditations")
    print_table(f"{shown['name']} ({shown['code']})", [word(name, language) for name in columns], versions)
    papers = [
        (
            item["known_from"],
            f"{item['territory']} {item['right']} {item['valid_from']}..{item['valid_to']}",
            item["certificate"], item["reason"], item["evidence"],
        )
        for item in shown["papers"]
    ]  # fmt: skip
    told = ("since", "accreditations", "certificate", "reason", "evidence")
    print_table(word("papers", language), [word(name, language) for name in told], papers)


@societies.command("accredit")
def accredit_command(
    code: Annotated[str, typer.Argument(metavar="CODE")],
    territory: Annotated[str, typer.Option(help="Where, such as KZ.")],
    right: Annotated[str, typer.Option(help="For which right, such as PR; * for all.")],
    valid_from: Annotated[str, typer.Option("--from", metavar="DATE", help="First day.")],
    reason: Annotated[str, typer.Option(help="Why; kept in the log.")],
    valid_to: Annotated[
        str, typer.Option("--to", metavar="DATE", help="First day without it (default: open).")
    ] = "",
    certificate: Annotated[str, typer.Option(help="The certificate's number.")] = "",
    evidence: Annotated[str, typer.Option(metavar="FILE", help="The paper: a file, or a name or hash.")] = "",
    cancel: Annotated[bool, typer.Option("--cancel", help="It never was: take it out.")] = False,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Add an accreditation, or change the one for the same territory, right and first day."""
    said = Accredited(
        territory, right, valid_from, valid_to, certificate, reason, evidence_of(evidence), cancelled=cancel
    )
    done = society_register.accredit(opened(db), code, said)
    if json:
        print_json(done)
        return
    rows = [
        (held["territory"], held["right"], held["valid_from"], held["valid_to"])
        for held in done["accreditations"]
    ]
    print_table(f"{done['name']} ({done['code']})", ("Territory", "Right", "From", "To"), rows)
