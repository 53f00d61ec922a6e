"""``hub mandates ...``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hub.answers.question import instant
from hub.cli.intake import FindingsFile, take_in
from hub.cli.options import AsJson, Database, KnownAt, Language, Society, Spoken, acting, opened
from hub.cli.output import print_json, print_table, stdout
from hub.cli.remote import Remote, client_of, terms
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates.register import listing, lookup
from hub.mandates.withdrawal_records import today_of
from schemas.societies import normalise_code

mandates = typer.Typer(no_args_is_help=True, help="The mandate register.")
COLUMNS = (
    "Id",
    "Reference",
    "Grantor",
    "Holder",
    "Rights",
    "Uses",
    "Territories",
    "From",
    "To",
    "Basis",
    "Withdrawn",
)


@mandates.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv")],
    society: Society,
    findings: FindingsFile = None,
    language: Spoken = Language.english,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Import a mandate register; prints the report of the submission."""
    hub = opened(db)
    submitter = acting(hub, society)
    take_in(hub, [file], submitter, only="mandates-csv", findings=findings, language=language, json=json)


@mandates.command("list")
def list_command(
    holder: Annotated[str, typer.Option(help="Only mandates held by this society.")] = "",
    grantor: Annotated[
        str, typer.Option(help="Only mandates of this grantor (IPI, ISNI or society code).")
    ] = "",
    known_at: KnownAt = None,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List mandates with the withdrawals filed against them."""
    if remote:
        asked = terms(holder=holder, grantor=grantor, known_at=known_at)
        listed = list(client_of(remote, db).mandates(**asked))
    else:
        with reading(opened(db).engine) as connection:
            at = None if known_at is None else instant(known_at, "known-at")
            entries = listing(
                connection,
                horizon(connection) if at is None else at,
                holder=normalise_code(holder) if holder else "",
                grantor=normalise_code(grantor) if grantor else "",
                on=today_of(at),
            )
        listed = [entry.as_json() for entry in entries]
    if json:
        print_json(listed)
        return
    rows = [
        (
            item["id"],
            item["mandate_ref"],
            f"{item['grantor_name']} {item['grantor_id']}".strip(),
            *(
                item[name]
                for name in ("holder", "rights", "uses", "territories", "valid_from", "valid_to", "basis")
            ),
            "; ".join(f"{notice['state']}, {notice['effective']}" for notice in item["withdrawals"]),
        )
        for item in listed
    ]
    print_table("Mandates", COLUMNS, rows)


@mandates.command("show")
def show_command(
    reference: Annotated[str, typer.Argument(metavar="ID", help="A mandate's id or reference.")],
    known_at: KnownAt = None,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Show one mandate with its source and its withdrawals."""
    if remote:
        found = client_of(remote, db).mandate(reference, **terms(known_at=known_at))
    else:
        with reading(opened(db).engine) as connection:
            at = None if known_at is None else instant(known_at, "known-at")
            known = horizon(connection) if at is None else at
            found = lookup(connection, reference, known, on=today_of(at)).as_json()
    if json:
        print_json(found)
        return
    console = stdout()
    for name, value in found.items():
        if name not in ("withdrawals", "source"):
            console.print(f"{name.replace('_', ' '):14} {value}", markup=False)
    console.print(f"{'source':14} submission {found['source']['submission']}, {found['source']['position']}")
    for notice in found["withdrawals"]:
        console.print(
            f"{'withdrawal':14} {notice['id']}: notice of {notice['notice']}, "
            f"effective {notice['effective']}, filed by {notice['filed_by']}, {notice['state']}"
        )
