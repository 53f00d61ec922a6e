"""``/submissions``: send a file, follow what becomes of it. A society sees its own only."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from hub.access.keys import Caller
from hub.api.models import FindingOut, ReportOut
from hub.api.paging import Cursor, Limit, link_next
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader, Submitter
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import NotFound, TooLarge, UsageError
from hub.intake import report
from hub.intake.acknowledging import acknowledge
from hub.intake.background import work_off
from hub.intake.submissions import receive

router = APIRouter(prefix="/submissions", tags=["submissions"])
IN_MEMORY = 1 << 20
CWR = "application/octet-stream"
"""CWR has no media type of its own."""


@router.post(
    "",
    status_code=202,
    response_model=ReportOut,
    responses=responses(404, 413),
    summary="Send a file: CWR, DDEX ERN or one of the documented CSV files",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                },
            },
        }
    },
)
async def post_submission(
    request: Request,
    response: Response,
    background: BackgroundTasks,
    hub: OpenHub,
    caller: Submitter,
    filename: Annotated[
        str, Query(max_length=300, description="Kept for people; the format is told by content.")
    ] = "",
) -> dict[str, Any]:
    """The file is kept and read in the background; ask for the submission until its status is final.

    The same bytes sent again are the same submission: nothing is done twice.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        body = cast(BinaryIO, spool)
        name = await _spool(request, body, hub.settings.max_upload) or filename
        received = await run_in_threadpool(receive, hub, body, caller.society, filename=name)
    response.headers["Location"] = f"/v1/submissions/{received.public_id}"
    if received.report is not None:
        return received.report.as_json()
    background.add_task(work_off, hub, received.public_id)
    return _own(hub, caller, received.public_id)[1].as_json()


async def _spool(request: Request, body: BinaryIO, limit: int) -> str:
    """Copy the request's file to ``body`` without ever holding it whole; returns its name if it has one."""
    name = ""
    size = 0
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise UsageError("send the file in the form field `file`, or as the request body")
            name = upload.filename or ""
            chunks = _chunks_of(upload)
            async for chunk in chunks:
                size = _write(body, chunk, size, limit)
    else:
        async for chunk in request.stream():
            size = _write(body, chunk, size, limit)
    if not size:
        raise UsageError("the request has no file; send it as the request body or in the form field `file`")
    body.seek(0)
    return name


async def _chunks_of(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(IN_MEMORY):
        yield chunk


def _write(body: BinaryIO, chunk: bytes, size: int, limit: int) -> int:
    if size + len(chunk) > limit:
        raise TooLarge(f"submissions may have up to {limit >> 20} MiB")
    body.write(chunk)
    return size + len(chunk)


def _own(hub: Hub, caller: Caller, public_id: str) -> tuple[int, report.Report]:
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, public_id)
    # Another society's submission does not exist for this caller.
    if row is None or row.submitter != caller.society:
        raise NotFound(f"there is no submission {public_id!r}")
    return row.id, report.of(row)


@router.get(
    "", response_model=list[ReportOut], responses=responses(), summary="Own submissions, the newest first"
)
def list_submissions(
    request: Request,
    response: Response,
    hub: OpenHub,
    caller: Reader,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[dict[str, Any]]:
    """Reports of the caller's society."""
    with reading(hub.engine) as connection:
        rows = report.listing(connection, caller.society, before=cursor, limit=limit)
    link_next(request, response, rows[-1].id if len(rows) == limit else None)
    return [report.of(row).as_json() for row in rows]


@router.get(
    "/{submission_id}",
    response_model=ReportOut,
    responses=responses(404),
    summary="The report of a submission",
)
def get_submission(submission_id: str, hub: OpenHub, caller: Reader) -> dict[str, Any]:
    """Counts that reconcile: read = stored + rejected + unchanged."""
    return _own(hub, caller, submission_id)[1].as_json()


@router.get(
    "/{submission_id}/findings",
    response_model=list[FindingOut],
    responses=responses(404),
    summary="The findings of a submission, in file order",
)
def get_findings(
    submission_id: str,
    request: Request,
    response: Response,
    hub: OpenHub,
    caller: Reader,
    severity: Annotated[str, Query(pattern="^(error|warning|info)?$")] = "",
    language: Annotated[str, Query(pattern="^(en|kk|ru)$")] = "en",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[dict[str, str]]:
    """Each with its place, the rule and a plain sentence."""
    number, _ = _own(hub, caller, submission_id)
    with reading(hub.engine) as connection:
        found = report.findings(
            connection, number, after=-1 if cursor is None else cursor, limit=limit, severity=severity
        )
    link_next(request, response, found[-1][0] if len(found) == limit else None)
    return [report.finding_json(item, language) for _, item in found]


@router.get("/{submission_id}/ack", include_in_schema=False, response_class=StreamingResponse)
@router.get(
    "/{submission_id}/acknowledgement",
    response_class=StreamingResponse,
    responses={
        **responses(404),
        200: {
            "description": "The acknowledgement file",
            "content": {CWR: {"schema": {"type": "string", "format": "binary"}}},
        },
    },
    summary="The acknowledgement of a submission in its own format",
)
def get_acknowledgement(submission_id: str, hub: OpenHub, caller: Reader) -> StreamingResponse:
    """One ACK for each transaction, with its status, the work's number here, and what was found.

    CWR only; other formats and a submission that is still being read answer 400. ``/ack`` is the same.
    """
    with ExitStack() as stack:
        spool = cast(BinaryIO, stack.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)))
        done = acknowledge(hub, submission_id, spool, caller=caller.society)
        spool.seek(0)
        kept = stack.pop_all()
    disposition = f'attachment; filename="{done.file_name}"'
    return StreamingResponse(
        _chunks(spool, kept), media_type=CWR, headers={"Content-Disposition": disposition}
    )


def _chunks(spool: BinaryIO, kept: ExitStack) -> Iterator[bytes]:
    with kept:
        while chunk := spool.read(IN_MEMORY):
            yield chunk
