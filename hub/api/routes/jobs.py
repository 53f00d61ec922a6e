"""``/jobs`` and ``/usage-reports``: long work, followed, cancelled, retried, and its result fetched."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from operator import attrgetter
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from hub.access.permissions import Caller
from hub.access.repeats import once
from hub.answers.question import instant
from hub.api.following import BackgroundWorker, follow
from hub.api.listings import Listed, exportable, following
from hub.api.models import JobOut
from hub.api.policies import SharePolicy
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader, Sender, UsageSender
from hub.api.uploads import BODY, IN_MEMORY, RepeatKey, Spooled
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import IllegalTransition, NotFound, UsageError
from hub.jobs import queue
from hub.jobs.handlers import result_of
from hub.jobs.queue import Job
from hub.usage.columnar import as_parquet
from hub.usage.lines import WORK_RIGHTS
from hub.usage.reports import CHANGES, CLAIMS, FORMS, ROWS, ask_again, hand_in
from hub.usage.reports import JOB_KIND as USAGE

CSV, CLAIM_TYPE, PARQUET = "text/csv", "text/tab-separated-values", "application/vnd.apache.parquet"
router = APIRouter(tags=["jobs"])


@router.post(
    "/usage-reports",
    status_code=202,
    response_model=JobOut,
    responses=responses(413),
    summary="Send a usage report; a job answers every line",
    openapi_extra=BODY,
)
async def post_usage_report(
    request: Request,
    response: Response,
    hub: OpenHub,
    caller: UsageSender,
    worker: BackgroundWorker,
    known_at: Annotated[
        str | None, Query(max_length=40, description="An ISO instant; now by default.")
    ] = None,
    rights: Annotated[
        str, Query(max_length=40, description="What a DSR is answered for; a CSV line says it itself.")
    ] = "|".join(WORK_RIGHTS),
    policy: SharePolicy = None,
    form: Annotated[
        str,
        Query(alias="format", pattern=f"^({'|'.join(FORMS)})$", description="Rows, or claims to send back."),
    ] = ROWS,
    claimant: Annotated[
        str, Query(max_length=20, description="With claims: only what is payable to this society.")
    ] = "",
    repeat_key: RepeatKey = "",
) -> dict[str, Any]:
    """CSV or DDEX DSR; every line as known at one instant: the one named, or that of this call."""
    at = None if known_at is None else instant(known_at, "known_at")
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        body = cast(BinaryIO, spool)
        arrived = Spooled(body, hub.settings.max_upload)
        await arrived.fill(request)
        terms = {
            "known_at": at, "rights": rights.split("|"), "policy": policy, "form": form, "claimant": claimant
        }  # fmt: skip
        said = "" if form == ROWS and not claimant else f" {form} {claimant}"
        content = f"{arrived.sha256} {known_at or ''} {rights} {policy or ''}{said}"
        found = await run_in_threadpool(_handed_in, hub, caller, repeat_key, content, body, terms)
    worker.wake()
    response.headers["Location"] = f"/v1/jobs/{found.id}"
    return found.as_json()


def _handed_in(
    hub: Hub, caller: Caller, key: str, content: str, body: BinaryIO, terms: dict[str, Any]
) -> Job:
    job = once(hub, caller.society, key, content, lambda: hand_in(hub, body, caller.society, **terms))
    with reading(hub.engine) as connection:
        return queue.find(connection, job, caller.society)


@router.post(
    "/usage-reports/{job_id}/changes",
    status_code=202,
    response_model=JobOut,
    responses=responses(404),
    summary="Answer a report again: what would be paid otherwise now",
)
def post_changes(
    job_id: str,
    response: Response,
    hub: OpenHub,
    caller: UsageSender,
    worker: BackgroundWorker,
    known_at: Annotated[
        str | None, Query(max_length=40, description="What `now` means, an ISO instant; all by default.")
    ] = None,
) -> dict[str, Any]:
    """A job whose result has one row for each society, line and right that is payable otherwise than then."""
    now = None if known_at is None else instant(known_at, "known_at")
    made = ask_again(hub, job_id, caller.society, now=now)
    worker.wake()
    response.headers["Location"] = f"/v1/jobs/{made}"
    return _own(hub, made, caller).as_json()


@router.get(
    "/usage-reports/{job_id}/result",
    response_class=FileResponse,
    responses={
        **responses(404, 406, 409),
        200: {
            "description": "The answered lines, or claims",
            "content": {kind: {"schema": {"type": "string"}} for kind in (CSV, CLAIM_TYPE, PARQUET)},
        },
    },
    summary="The result of a usage report",
)
def get_result(
    job_id: str,
    hub: OpenHub,
    caller: UsageSender,
    form: Annotated[
        str, Query(alias="format", pattern="^(csv|parquet)$", description="Rows as CSV or as Parquet.")
    ] = "csv",
) -> FileResponse:
    """One row for each line of each answer; 409 while the job is not done."""
    found = _own(hub, job_id, caller)
    if found.kind not in (USAGE, CHANGES):
        raise NotFound(f"there is no usage report {job_id!r}")
    if found.state != queue.DONE:
        raise IllegalTransition(f"job {job_id} is {found.state}; its result is there when it is done")
    path = result_of(hub, found.id)
    if not path.exists():
        raise NotFound(f"the result of {job_id} was removed from this hub; send the report again")
    claims = found.payload.get("form") == CLAIMS
    if form == "parquet":
        if claims:
            raise UsageError("claims are a file of their own layout; ask for them without format=parquet")
        return FileResponse(as_parquet(path), media_type=PARQUET, filename=f"{found.id}.parquet")
    name, kind = (f"{found.id}.tsv", CLAIM_TYPE) if claims else (f"{found.id}.csv", CSV)
    return FileResponse(path, media_type=kind, filename=name)


def _own(hub: Hub, job_id: str, caller: Caller) -> Job:
    with reading(hub.engine) as connection:
        return queue.find(connection, job_id, caller.society)


@router.get(
    "/jobs", response_model=list[JobOut], responses=exportable(), summary="Own jobs, the newest first"
)
def list_jobs(
    hub: OpenHub,
    caller: Reader,
    listed: Listed,
    state: Annotated[str, Query(pattern=f"^({'|'.join(queue.STATES)})?$")] = "",
) -> Any:
    """Submissions and usage reports of the caller's society."""
    states = (state,) if state else queue.STATES

    def page(before: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            found = queue.listing(connection, caller.society, states=states, before=before, limit=limit)
        return [item.as_json() for item in found], following(found, limit, attrgetter("key"))

    return listed.of(JobOut, page, "jobs")


@router.get("/jobs/{job_id}", response_model=JobOut, responses=responses(404), summary="A job")
def get_job(job_id: str, hub: OpenHub, caller: Reader) -> dict[str, Any]:
    """Its state, progress, and result or error."""
    return _own(hub, job_id, caller).as_json()


@router.post(
    "/jobs/{job_id}/cancel", response_model=JobOut, responses=responses(404, 409), summary="Stop a job"
)
def post_cancel(job_id: str, hub: OpenHub, caller: Sender) -> dict[str, Any]:
    """At once while it waits, else at its next step. What a submission staged stays invisible."""
    return queue.cancel(hub, job_id, caller.society).as_json()


@router.post(
    "/jobs/{job_id}/retry",
    response_model=JobOut,
    responses=responses(404, 409),
    summary="Queue a failed or cancelled job again",
)
def post_retry(job_id: str, hub: OpenHub, caller: Sender, worker: BackgroundWorker) -> dict[str, Any]:
    """It goes on from what is committed."""
    found = queue.retry(hub, job_id, caller.society)
    worker.wake()
    return found.as_json()


def _owner(job_id: str, hub: OpenHub, caller: Reader) -> Caller:
    """The caller, if the job is its own: asked before a stream of events begins."""
    _own(hub, job_id, caller)
    return caller


@router.get(
    "/jobs/{job_id}/events",
    response_class=EventSourceResponse,
    responses=responses(404),
    summary="Follow a job: server-sent events until it has ended",
)
async def follow_job(
    job_id: str, hub: OpenHub, caller: Annotated[Caller, Depends(_owner)]
) -> AsyncIterator[ServerSentEvent]:
    """Events `progress` whenever something changed; the last one has the final state."""
    async for event in follow(hub, job_id, caller.society):
        yield event
