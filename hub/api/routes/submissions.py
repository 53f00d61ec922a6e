"""``/submissions``: send a file, follow what becomes of it. A society sees its own only."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from operator import attrgetter, itemgetter
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from hub.access.permissions import Caller
from hub.access.repeats import once
from hub.api.following import BackgroundWorker, follow
from hub.api.language import Language
from hub.api.listings import Listed, exportable, following
from hub.api.models import FindingOut, ReceivedOut, ReportOut
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader, Submitter
from hub.api.uploads import BODY, IN_MEMORY, RepeatKey, Spooled
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import NotFound
from hub.intake import report
from hub.intake.acknowledging import acknowledge
from hub.intake.acknowledging_ddex import MEDIA_TYPE
from hub.intake.submissions import JOB_KIND, Received, receive
from hub.jobs import queue

router = APIRouter(prefix="/submissions", tags=["submissions"])
CWR = "application/octet-stream"
"""CWR has no media type of its own."""


@router.post(
    "",
    status_code=202,
    response_model=ReceivedOut,
    responses=responses(404, 413),
    summary="Send a file: CWR, DDEX or one of the documented CSV files",
    openapi_extra=BODY,
)
async def post_submission(
    request: Request,
    response: Response,
    hub: OpenHub,
    caller: Submitter,
    worker: BackgroundWorker,
    filename: Annotated[
        str, Query(max_length=300, description="Kept for people; the format is told by content.")
    ] = "",
    repeat_key: RepeatKey = "",
) -> dict[str, Any]:
    """The file is kept and read by a job: follow it, or ask for the submission until its status is final.

    The same bytes sent again are the same submission: nothing is done twice. Where the society has said
    something else since, they are a new statement with an id of its own, which stays even if nothing changes.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        body = cast(BinaryIO, spool)
        arrived = Spooled(body, hub.settings.max_upload)
        await arrived.fill(request)
        name = arrived.name or filename
        found = await run_in_threadpool(_received, hub, caller, repeat_key, arrived.sha256, body, name)
    worker.wake()
    response.headers["Location"] = f"/v1/submissions/{found['submission']}"
    return found


def _received(
    hub: Hub, caller: Caller, repeat_key: str, sha256: str, body: BinaryIO, name: str
) -> dict[str, Any]:
    fresh: list[Received] = []

    def take_in() -> str:
        fresh.append(receive(hub, body, caller.society, filename=name, queued=True))
        return fresh[0].public_id

    public_id = once(hub, caller.society, repeat_key, sha256, take_in)
    report_now = _own(hub, caller, public_id)[1]
    if not fresh:
        return {**report_now.as_json(), "job": _job_of(hub, caller, public_id)}
    return {**(fresh[0].report or report_now).as_json(), "job": fresh[0].job or None}


def _job_of(hub: Hub, caller: Caller, public_id: str) -> str | None:
    with reading(hub.engine) as connection:
        found = queue.latest(connection, JOB_KIND, public_id, caller.society)
    return None if found is None else found.id


def own_report(hub: Hub, caller: Caller, public_id: str) -> report.Report:
    """The report of one of the caller's own submissions.

    Raises:
        NotFound: it is another society's, or there is none.
    """
    return _own(hub, caller, public_id)[1]


def _own(hub: Hub, caller: Caller, public_id: str) -> tuple[int, report.Report]:
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, public_id)
    # Another society's submission does not exist for this caller.
    if row is None or row.submitter != caller.society:
        raise NotFound(f"there is no submission {public_id!r}")
    return row.id, report.of(row)


def _owner(submission_id: str, hub: OpenHub, caller: Reader) -> Caller:
    """The caller, if the submission is its own: asked before a stream of events begins."""
    _own(hub, caller, submission_id)
    return caller


@router.get(
    "", response_model=list[ReportOut], responses=exportable(), summary="Own submissions, the newest first"
)
def list_submissions(hub: OpenHub, caller: Reader, listed: Listed) -> Any:
    """Reports of the caller's society."""

    def page(before: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            rows = report.listing(connection, caller.society, before=before, limit=limit)
        return [report.of(row).as_json() for row in rows], following(rows, limit, attrgetter("id"))

    return listed.of(ReportOut, page, "submissions")


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
    responses=exportable(404),
    summary="The findings of a submission, in file order",
)
def get_findings(
    submission_id: str,
    hub: OpenHub,
    caller: Reader,
    language: Language,
    listed: Listed,
    severity: Annotated[str, Query(pattern="^(error|warning|info)?$")] = "",
) -> Any:
    """Each with its place, the rule and a plain sentence."""
    number, _ = _own(hub, caller, submission_id)

    def page(after: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            start = -1 if after is None else after
            found = report.findings(connection, number, after=start, limit=limit, severity=severity)
        shown: list[dict[str, Any]] = [{**report.finding_json(item, language)} for _, item in found]
        return shown, following(found, limit, itemgetter(0))

    return listed.of(FindingOut, page, f"{submission_id}-findings")


@router.get(
    "/{submission_id}/events",
    response_class=EventSourceResponse,
    responses=responses(404),
    summary="Follow a submission: server-sent events until it is final",
)
async def follow_submission(
    submission_id: str, hub: OpenHub, caller: Annotated[Caller, Depends(_owner)]
) -> AsyncIterator[ServerSentEvent]:
    """Events `progress` with the job, then one `end` with the report."""
    job = await run_in_threadpool(_job_of, hub, caller, submission_id)
    if job is not None:
        async for event in follow(hub, job, caller.society):
            yield event
    _, final = await run_in_threadpool(_own, hub, caller, submission_id)
    yield ServerSentEvent(data=final.as_json(), event="end")


@router.get("/{submission_id}/ack", include_in_schema=False, response_class=StreamingResponse)
@router.get(
    "/{submission_id}/acknowledgement",
    response_class=StreamingResponse,
    responses={
        **responses(404),
        200: {
            "description": "The acknowledgement file",
            "content": {
                media: {"schema": {"type": "string", "format": "binary"}} for media in (CWR, MEDIA_TYPE)
            },
        },
    },
    summary="The acknowledgement of a submission in its own format",
)
def get_acknowledgement(submission_id: str, hub: OpenHub, caller: Reader) -> StreamingResponse:
    """One ACK for each transaction, with its status, the work's number here, and what was found.

    A DDEX delivery gets a status for each recording (RDR-N) or for the whole (other families). Other formats
    and a submission that is still being read answer 400. ``/ack`` is the same.
    """
    with ExitStack() as stack:
        spool = cast(BinaryIO, stack.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)))
        done = acknowledge(hub, submission_id, spool, caller=caller.society)
        spool.seek(0)
        kept = stack.pop_all()
    headers = {
        "Content-Disposition": f'attachment; filename="{done.file_name}"',
        "Hub-Transactions": str(done.totals.transactions),
        "Hub-Records": str(done.totals.records),
    }
    media = MEDIA_TYPE if done.media_type == MEDIA_TYPE else CWR
    return StreamingResponse(_chunks(spool, kept), media_type=media, headers=headers)


def _chunks(spool: BinaryIO, kept: ExitStack) -> Iterator[bytes]:
    with kept:
        while chunk := spool.read(IN_MEMORY):
            yield chunk
