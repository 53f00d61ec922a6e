"""``hub usage resolve``: whom a service must pay, for every line of its report."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, BinaryIO

import orjson
import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from hub import __version__
from hub.answers.question import instant, known_policy
from hub.cli.options import AsJson, Database, KnownAt, Policy, Spoken, opened
from hub.cli.options import Language as Languages
from hub.cli.output import print_json, print_table, stderr
from hub.cli.remote import Remote, client_of, finished, terms
from hub.cli.words import word
from hub.db import times
from hub.errors import UsageError
from hub.intake.report import finding_json
from hub.usage.claim_file import CLAIM, ClaimFile
from hub.usage.claim_reading import Claimed, read_claims
from hub.usage.lines import WORK_RIGHTS
from hub.usage.rechecking import recheck_usage
from hub.usage.remembered import Remembered
from hub.usage.resolving import resolve_usage
from hub.usage.totals import Resolved
from schemas.findings import Finding
from schemas.shares import format_percent
from schemas.societies import normalise_code


class Format(StrEnum):
    """What is written."""

    csv = "csv"
    claims = "claims"


COUNTED = ("known_at", "read", "answered", "unknown", "unreadable", "rows")
"""What of a hub's result is shown in a table."""

usage = typer.Typer(no_args_is_help=True, help="Usage reports of services.")


@usage.command("resolve")
def resolve_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="CSV or DDEX DSR, also as gzip or zip.")],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="The result.")],
    rights: Annotated[
        str, typer.Option(help="What a DSR is answered for, with parts of its revenue as in PR=25|MR=75.")
    ] = "|".join(WORK_RIGHTS),
    form: Annotated[
        Format, typer.Option("--format", help="Rows as CSV, or claims to send back to the service.")
    ] = Format.csv,
    claimant: Annotated[
        str, typer.Option(help="With --format claims: only what is payable to this society.")
    ] = "",
    findings: Annotated[
        Path | None, typer.Option("--findings", metavar="FILE", help="Findings of a DSR, as NDJSON.")
    ] = None,
    known_at: KnownAt = None,
    policy: Policy = None,
    language: Spoken = Languages.english,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Answer every line of a report, one row per line and party; exits with 1 if a line was unreadable.

    A DSR gets an answer for each of the rights, as of the first day of use that it states.
    """
    if not report.is_file():
        raise UsageError(f"{report} is not a file")
    if claimant and form is not Format.claims:
        raise UsageError("--claimant goes with --format claims")
    if remote:
        if findings is not None:
            raise UsageError("--findings goes with a database; a hub elsewhere counts them in its result")
        client = client_of(remote, db, language)
        asked = terms(
            known_at=known_at, rights=rights, policy=policy, format=form.value, claimant=claimant,
        )  # fmt: skip
        job = str(client.send_usage(report, **asked)["job"])
        told = dict(finished(client, job))
        told.pop("size", None)
        client.save_usage_result(job, output)
        if json:
            print_json(told)
        else:
            print_table(job, ("", ""), [(name, str(told[name])) for name in told if name in COUNTED])
        if told["unreadable"] or told.get("findings", {}).get("error"):
            raise typer.Exit(1)
        return
    written = ClaimFile(normalise_code(claimant) if claimant else "") if form is Format.claims else None
    at = None if known_at is None else instant(known_at, "known-at")
    hub = opened(db)
    shares = known_policy(policy or hub.settings.share_policy)
    console = stderr()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[read]}"),
    )
    # Under another name until it is whole, so that nobody takes half a result for all of it.
    partial = output.with_name(f"{output.name}.part")
    # What was answered is kept beside it until then: the same command goes on from there after a cut.
    memory = Remembered(output.with_name(f"{output.name}.answers"), _run(report, rights, known_at, shares))
    if memory.known_at is not None:
        console.print(word("usage_continued", language, known_at=times.text(memory.known_at)), markup=False)
    with ExitStack() as stack:
        bars = stack.enter_context(
            Progress(*columns, console=console, transient=True, disable=json or not console.is_terminal)
        )
        task = bars.add_task(report.name, total=report.stat().st_size, read=0)
        stack.callback(partial.unlink, missing_ok=True)
        stack.callback(memory.close, done=False)
        source = stack.enter_context(report.open("rb"))
        noted = stack.enter_context(findings.open("wb")) if findings else None
        try:
            with partial.open("w", encoding="utf-8", newline="") as result:
                done = resolve_usage(
                    hub, source, result, known_at=at, rights=rights.split("|"),
                    progress=lambda size, read: bars.update(task, completed=size, read=read),
                    remark=None if noted is None else lambda found: _note(noted, found, language),
                    remembered=memory,
                    form=written, policy=shares, path=report,
                )  # fmt: skip
        except UsageError:
            # The report itself is wrong: there is nothing to go on with.
            memory.close(done=True)
            raise
        partial.replace(output)
        memory.close(done=True)
    if json:
        print_json(done.as_json())
    else:
        _print(done, language)
    if done.unreadable or done.report.findings["error"]:
        raise typer.Exit(1)


@usage.command("changes")
def changes_command(
    report: Annotated[Path, typer.Argument(metavar="REPORT", help="The report, as it was sent then.")],
    since: Annotated[
        str, typer.Option("--since", metavar="INSTANT", help="`known_at` of the answers that were paid by.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="OUT.csv", help="What differs.")],
    rights: Annotated[str, typer.Option(help="What a DSR is answered for.")] = "|".join(WORK_RIGHTS),
    known_at: KnownAt = None,
    policy: Policy = None,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Answer a report again: what would be paid otherwise now, one row per society, line and right."""
    if not report.is_file():
        raise UsageError(f"{report} is not a file")
    hub = opened(db)
    partial = output.with_name(f"{output.name}.part")
    try:
        with report.open("rb") as source, partial.open("w", encoding="utf-8", newline="") as result:
            done = recheck_usage(
                hub, source, result, then=instant(since, "since"), rights=rights.split("|"), policy=policy,
                now=None if known_at is None else instant(known_at, "known-at"), path=report,
            )  # fmt: skip
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)
    told = done.as_json()
    if json:
        print_json(told)
    else:
        rows = [(kind, str(count)) for kind, count in told.pop("changes").items()]
        print_table("Changes", ("What", ""), [*((name, str(value)) for name, value in told.items()), *rows])


@usage.command("claims")
def claims_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A claim file, as --format claims writes it.")],
    language: Spoken = Languages.english,
    json: AsJson = False,
) -> None:
    """Check a claim file and sum it by claimant and status."""
    if not file.is_file():
        raise UsageError(f"{file} is not a file")
    claimed = Claimed()
    head: dict[str, str] = {}
    try:
        with file.open(encoding="utf-8", newline="\n") as stream:
            for found in read_claims(stream):
                head = head or found
                if found["RecordType"] == CLAIM:
                    claimed.add(found)
    except UnicodeDecodeError as fault:
        raise UsageError(f"{file} is not UTF-8 text (byte {fault.start})") from fault
    totals = [
        (society, status, format_percent(units), claimed.amounts(society, status))
        for (society, status), units in sorted(claimed.shares.items())
    ]
    if json:
        claims = [
            {"claimant": society, "status": status, "lines": lines, "amounts": amounts}
            for society, status, lines, amounts in totals
        ]
        print_json(
            {"report": head.get("ReportId", ""), "known_at": head.get("KnownAt", ""), "claims": claims}
        )
        return
    rows = [
        (
            society,
            word(status, language),
            lines,
            ", ".join(f"{text} {code}" for code, text in amounts.items()),
        )
        for society, status, lines, amounts in totals
    ]
    headings = (word("society", language), word("status", language), "%", word("amount", language))
    print_table(word("by_society", language), headings, rows, right=[2, 3])


def _run(report: Path, rights: str, known_at: str | None, policy: str) -> str:
    """What makes two runs the same: their answers may be shared."""
    found = report.stat()
    parts = (report.resolve(), found.st_size, found.st_mtime_ns, rights, known_at or "", policy, __version__)
    return "|".join(map(str, parts))


def _note(target: BinaryIO, found: Finding, language: str) -> None:
    target.write(orjson.dumps(finding_json(found, language)) + b"\n")


def _print(done: Resolved, language: str) -> None:
    told = done.as_json()
    counts = ("read", "answered", "unknown", "unreadable", "rows", "distinct_questions")
    names = [word(name, language) for name in counts]
    print_table(word("usage_report", language), names, [[str(told[name]) for name in counts]])
    for title, totals in (("by_status", done.shares), ("by_society", done.payees)):
        rows = [(word(name, language), format_percent(units)) for name, units in sorted(totals.items())]
        print_table(word(title, language), (word(title[3:], language), "%"), rows, right=[1])
    for severity in ("error", "warning"):
        if done.report.findings[severity]:
            told_text = f"{word(severity, language)}: {done.report.findings[severity]}"
            stderr().print(f"{told_text} (--findings FILE)", markup=False)
