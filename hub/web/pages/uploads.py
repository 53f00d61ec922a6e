"""Sending files and usage reports, following what becomes of them, and reading their findings."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from hub import registers
from hub.access.sessions import Session
from hub.api.following import BackgroundWorker
from hub.api.security import OpenHub
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import NotFound, TooLarge, UsageError
from hub.intake import report
from hub.intake.acknowledging import acknowledge
from hub.intake.submissions import JOB_KIND, receive
from hub.jobs import queue
from hub.jobs.handlers import result_of
from hub.usage import reports
from hub.usage.sheets import harmless
from hub.web.rendering import (
    HEADERS,
    PageRoute,
    SubmittingVisitor,
    UsageVisitor,
    Visitor,
    language_of,
    render,
)

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 100
SEVERITIES = ("", "error", "warning", "info")


@router.get("/submissions")
def submissions(
    request: Request, hub: OpenHub, visitor: Visitor, before: Annotated[int | None, Query(ge=0)] = None
) -> HTMLResponse:
    """Own submissions, the newest first, and the form that sends one."""
    with reading(hub.engine) as connection:
        rows = report.listing(connection, visitor.caller.society, before=before, limit=PAGE)
    listed = [{**report.of(row).as_json(), "filename": row.filename} for row in rows]
    following = rows[-1].id if len(rows) == PAGE else None
    return render(request, "submissions.html", session=visitor, listed=listed, following=following)


@router.post("/submissions")
async def send(
    request: Request, hub: OpenHub, visitor: SubmittingVisitor, worker: BackgroundWorker
) -> Response:
    """Take a file in; a job reads it."""
    async with request.form(max_files=1, max_fields=10) as form:
        body, name = await _file(form, visitor, hub.settings.max_upload)
        with body:
            kept = await run_in_threadpool(
                receive, hub, body, visitor.caller.society, filename=name, queued=True
            )
    worker.wake()
    again = "?again=1" if kept.report is not None else ""
    return RedirectResponse(f"/submissions/{kept.public_id}{again}", 303)


async def _file(form: FormData, visitor: Session, limit: int) -> tuple[BinaryIO, str]:
    """The file of a form whose token is that of the session."""
    visitor.check(str(form.get("token") or ""))
    upload = form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise UsageError("choose a file first")
    if upload.size is not None and upload.size > limit:
        raise TooLarge(f"files may have up to {limit >> 20} MiB")
    # Whoever asked for it closes it.
    spool = cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=1 << 20))  # noqa: SIM115
    while chunk := await upload.read(1 << 20):
        spool.write(chunk)
    spool.seek(0)
    return spool, upload.filename


def _own(hub: Hub, visitor: Session, name: str) -> Any:
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, name)
    if row is None or row.submitter != visitor.caller.society:
        raise NotFound(f"there is no submission {name!r}")
    return row


@router.get("/submissions/{name}")
def submission(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    name: str,
    severity: Annotated[str, Query(max_length=10)] = "",
    code: Annotated[str, Query(max_length=80)] = "",
    sort: Annotated[str, Query(max_length=10)] = "file",
    skip: Annotated[int, Query(ge=0, le=2**53)] = 0,
    again: bool = False,
) -> HTMLResponse:
    """The report of a submission with its findings, or how far its job is."""
    row = _own(hub, visitor, name)
    chosen = severity if severity in SEVERITIES else ""
    order = sort if sort in report.ORDERS else "file"
    with reading(hub.engine) as connection:
        found = report.findings_page(
            connection, row.id, severity=chosen, code=code, order=order, skip=skip, limit=PAGE
        )
        rules = report.findings_by_rule(connection, row.id)
        job = queue.latest(connection, JOB_KIND, name, visitor.caller.society)
    language = language_of(request)
    return render(
        request, "submission.html", session=visitor, report=report.of(row).as_json(), filename=row.filename,
        findings=[report.finding_json(item, language) for item in found], severity=chosen, again=again,
        following=skip + PAGE if len(found) == PAGE else None, job=job.as_json() if job else None,
        severities=SEVERITIES, reading_still=row.status == "staging", rules=rules, code=code, sort=order,
        orders=report.ORDERS,
    )  # fmt: skip


@router.get("/submissions/{name}/acknowledgement")
def acknowledgement(hub: OpenHub, visitor: Visitor, name: str) -> Response:
    """The CWR acknowledgement of what was sent, as a file."""
    _own(hub, visitor, name)
    with tempfile.SpooledTemporaryFile(max_size=1 << 20) as spool:
        done = acknowledge(hub, name, cast(BinaryIO, spool), caller=visitor.caller.society)
        spool.seek(0)
        content = spool.read()
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{done.file_name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get("/submissions/{name}/findings.csv")
def findings_csv(request: Request, hub: OpenHub, visitor: Visitor, name: str) -> Response:
    """All findings of a submission as a table for a spreadsheet."""
    row = _own(hub, visitor, name)
    with reading(hub.engine) as connection:
        found = report.findings(connection, row.id)
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    columns = ("severity", "code", "position", "record", "field", "value", "detail", "text")
    writer.writerow(columns)
    for _, item in found:
        told = report.finding_json(item, language_of(request))
        writer.writerow([harmless(told[column]) for column in columns])
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{row.public_id}-findings.csv"'}
    return Response("\ufeff" + target.getvalue(), media_type="text/csv", headers=headers)


@router.get("/usage")
def usage(request: Request, hub: OpenHub, visitor: Visitor) -> HTMLResponse:
    """Own usage reports, and the form that sends one."""
    with reading(hub.engine) as connection:
        jobs = [
            item.as_json()
            for item in queue.listing(connection, visitor.caller.society)
            if item.kind == reports.JOB_KIND
        ]
    return render(request, "usage.html", session=visitor, jobs=jobs)


@router.post("/usage")
async def send_usage(
    request: Request, hub: OpenHub, visitor: UsageVisitor, worker: BackgroundWorker
) -> Response:
    """Take a usage report in; a job answers every line."""
    async with request.form(max_files=1, max_fields=10) as form:
        body, _ = await _file(form, visitor, hub.settings.max_upload)
        with body:
            job = await run_in_threadpool(reports.hand_in, hub, body, visitor.caller.society)
    worker.wake()
    return RedirectResponse(f"/usage/{job}", 303)


@router.get("/usage/{job_id}")
def usage_report(request: Request, hub: OpenHub, visitor: Visitor, job_id: str) -> HTMLResponse:
    """How far a usage report is, and its summary with a chart when it is answered."""
    with reading(hub.engine) as connection:
        job = queue.find(connection, job_id, visitor.caller.society)
        names = {item.code: item.name for item in registers.entries(connection, horizon(connection))}
    charts = [
        (title, _bars(job.result.get(title) or {}, names))
        for title in ("lines_by_status", "lines_by_society")
    ]
    return render(
        request, "usage_report.html", session=visitor, job=job.as_json(), running=job.active, charts=charts
    )


def _bars(shares: Mapping[str, str], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of a chart, the longest first: shares are sums of percents, so a line of the report is 100."""
    ranked = sorted(shares.items(), key=lambda item: (-Decimal(item[1]), item[0]))
    most = max((Decimal(share) for _, share in ranked), default=Decimal(0))
    whole = sum((Decimal(share) for share in shares.values()), Decimal(0))
    return [
        {
            "name": name, "label": names.get(name, ""), "lines": str(Decimal(share) / 100),
            "part": str((Decimal(share) * 100 / whole).quantize(Decimal("0.1"))) if whole else "0",
            "width": int(Decimal(share) * 1000 / most) if most else 0,
        }
        for name, share in ranked
    ]  # fmt: skip


@router.get("/usage/{job_id}/result.csv")
def usage_result(hub: OpenHub, visitor: Visitor, job_id: str) -> Response:
    """The answered lines."""
    with reading(hub.engine) as connection:
        job = queue.find(connection, job_id, visitor.caller.society)
    path = result_of(hub, job.id)
    if job.kind != reports.JOB_KIND or job.state != queue.DONE or not path.exists():
        raise NotFound(f"there is no result of {job_id!r}")
    return FileResponse(path, media_type="text/csv", filename=f"{job.id}.csv", headers=HEADERS)


@router.get("/jobs/{job_id}/state")
def job_state(hub: OpenHub, visitor: Visitor, job_id: str) -> dict[str, Any]:
    """How far a job is, for the script that follows it."""
    with reading(hub.engine) as connection:
        job = queue.find(connection, job_id, visitor.caller.society)
    return {"active": job.active, "state": job.state, "progress": dict(job.progress)}
