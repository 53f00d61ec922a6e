"""Commands that take files in: ``hub ingest``, ``hub mandates import``, ``hub societies import``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import orjson
import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from hub.cli.options import AsJson, Database, Language, Society, Spoken, acting, opened
from hub.cli.output import print_json, print_table, stderr
from hub.cli.remote import Remote, client_of, send_files, speaking_as
from hub.cli.words import word
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import UsageError
from hub.intake import report
from hub.intake.submissions import ingest

if TYPE_CHECKING:
    from hub.client import Client

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Files; their format is told by content.")
]
FindingsFile = Annotated[
    Path | None,
    typer.Option("--findings", metavar="FILE", help="Write the findings there, one JSON object a line."),
]


def ingest_command(
    files: Files,
    society: Society,
    findings: FindingsFile = None,
    language: Spoken = Language.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Take in CWR, DDEX or CSV files of a society; prints one report per file."""
    if remote:
        _send(client_of(remote, db, language), files, society, findings, language, json=json)
        return
    hub = opened(db)
    take_in(hub, files, acting(hub, society), findings=findings, language=language, json=json)


def _send(
    client: Client, files: Sequence[Path], society: str, findings: Path | None, language: str, *, json: bool
) -> None:
    """Send files to a hub elsewhere and print their reports; exits with 1 if any finding is an error."""
    for path in files:
        if not path.is_file():
            raise UsageError(f"{path} is not a file")
    speaking_as(client, society)
    reports = []
    with ExitStack() as stack:
        sink = stack.enter_context(findings.open("wb")) if findings else None
        for found in send_files(client, files, sink):
            reports.append(found)
            if json:
                print_json(found)
    if not json:
        _print_counts(list(zip(files, reports, strict=True)), language)
    if any(item["findings"]["error"] for item in reports):
        raise typer.Exit(1)


def take_in(
    hub: Hub,
    files: Sequence[Path],
    society: str,
    *,
    only: str = "",
    findings: Path | None = None,
    language: str = "en",
    json: bool = False,
) -> None:
    """Ingest files one by one and print their reports; exits with 1 if any finding is an error."""
    for path in files:
        if not path.is_file():
            raise UsageError(f"{path} is not a file")
    reports = []
    sink = findings.open("wb") if findings else None
    try:
        for path in files:
            with path.open("rb") as stream:
                found = _with_progress(hub, stream, path, society, only, quiet=json)
            reports.append(found)
            if json:
                print_json(found.as_json())
            if sink is not None:
                _write_findings(hub, sink, found, path)
    finally:
        if sink is not None:
            sink.close()
    if not json:
        _print_reports(hub, list(zip(files, reports, strict=True)), language)
    if any(item.errors for item in reports):
        raise typer.Exit(1)


def _with_progress(
    hub: Hub, stream: BinaryIO, path: Path, society: str, only: str, *, quiet: bool
) -> report.Report:
    console = stderr()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[read]} read"),
    )
    with Progress(
        *columns, console=console, transient=True, disable=quiet or not console.is_terminal
    ) as bars:
        task = bars.add_task(path.name, total=path.stat().st_size, read=0)
        return ingest(
            hub, stream, society, filename=path.name, only=only,
            progress=lambda done, read: bars.update(task, completed=done, read=read),
        )  # fmt: skip


def _write_findings(hub: Hub, sink: BinaryIO, found: report.Report, path: Path) -> None:
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, found.submission)
        listed = report.findings(connection, row.id) if row is not None else []
    for _, item in listed:
        line = {"submission": found.submission, "file": path.name, **report.finding_json(item)}
        sink.write(orjson.dumps(line) + b"\n")


def _print_counts(reports: Sequence[tuple[Path, Mapping[str, Any]]], language: str) -> None:
    columns = (
        "file", "format", "status", "read", "stored", "rejected", "unchanged", "errors", "warnings",
        "submission",
    )  # fmt: skip
    counts = ("read", "stored", "rejected", "unchanged")
    rows = [
        (
            path.name, f"{item['format']} {item['version']}".strip(), _status(item["status"], language),
            *(str(item["counts"][name]) for name in counts), str(item["findings"]["error"]),
            str(item["findings"]["warning"]), item["submission"],
        )
        for path, item in reports
    ]  # fmt: skip
    headings = [word(column, language) for column in columns]
    print_table(word("submissions", language), headings, rows, right=range(3, 9))


def _print_reports(hub: Hub, reports: list[tuple[Path, report.Report]], language: str) -> None:
    _print_counts([(path, item.as_json()) for path, item in reports], language)
    headings = [word(column, language) for column in ("where", "severity", "code", "what_to_do")]
    with reading(hub.engine) as connection:
        for path, item in reports:
            row = report.by_public_id(connection, item.submission)
            shown = report.findings(connection, row.id, limit=10) if row is not None else []
            if shown:
                print_table(
                    word("first_findings", language, file=path.name),
                    headings,
                    [
                        (found.position, word(found.severity, language), found.code, found.text(language))
                        for _, found in shown
                    ],
                )


def _status(status: str, language: str) -> str:
    # As a word for one file; the same English words head the columns of counts.
    return word(f"{status}_file" if status in ("rejected", "unchanged") else status, language)
