"""``/uploads``: large files in parts, which go on where a broken line stopped."""

from __future__ import annotations

import tempfile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, ConfigDict, Field

from hub.api.following import BackgroundWorker
from hub.api.models import ReceivedOut
from hub.api.problems import responses
from hub.api.routes.submissions import own_report
from hub.api.security import OpenHub, Submitter
from hub.api.uploads import IN_MEMORY, Spooled
from hub.intake import partial_uploads as partial

router = APIRouter(prefix="/uploads", tags=["submissions"])
Name = Annotated[str, Path(max_length=40, examples=["u0123456789abcdef01234567"])]
PART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class UploadIn(BaseModel):
    """How large the file is, and its name for people."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"size": 734003200, "filename": "CW260001177_000.V22"}}
    )
    size: int = Field(ge=1, le=2**53)
    filename: str = Field("", max_length=300)


class UploadOut(BaseModel):
    """How much of a file is here: the next part begins at ``offset``."""

    upload: str = Field(examples=["u0123456789abcdef01234567"])
    size: int
    offset: int
    filename: str


@router.post("", status_code=201, responses=responses(409, 413), summary="Begin to send a file in parts")
def post_upload(wanted: UploadIn, hub: OpenHub, caller: Submitter, response: Response) -> UploadOut:
    """Then `PATCH` its parts, and `POST` to `/submission` when all are there."""
    made = partial.begin(hub, caller.society, wanted.size, wanted.filename)
    response.headers["Location"] = f"/v1/uploads/{made.id}"
    return _shown(made, response)


@router.get("/{upload_id}", responses=responses(404), summary="How much of a file is here")
def get_upload(upload_id: Name, hub: OpenHub, caller: Submitter, response: Response) -> UploadOut:
    """`offset`, also as the header `Upload-Offset`, is where the next part begins."""
    return _shown(partial.find(hub, upload_id, caller.society), response)


@router.patch(
    "/{upload_id}", responses=responses(404, 409, 413), summary="Send the next part", openapi_extra=PART
)
async def patch_upload(
    upload_id: Name,
    request: Request,
    hub: OpenHub,
    caller: Submitter,
    response: Response,
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=2**53, description="Where it begins.")],
) -> UploadOut:
    """409 if the file does not end at `Upload-Offset`: ask for it, and go on from there."""
    found = await run_in_threadpool(partial.find, hub, upload_id, caller.society)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
        body = cast(BinaryIO, spool)
        arrived = Spooled(body, hub.settings.max_upload)
        await arrived.fill(request)
        moved = await run_in_threadpool(partial.append, hub, found, offset, body, arrived.size)
    return _shown(moved, response)


@router.post(
    "/{upload_id}/submission",
    status_code=202,
    response_model=ReceivedOut,
    responses=responses(404, 409),
    summary="Hand the whole file in",
)
def post_submission(
    upload_id: Name, hub: OpenHub, caller: Submitter, worker: BackgroundWorker, response: Response
) -> dict[str, Any]:
    """As `POST /submissions` with the same bytes; the upload is forgotten. 409 while parts are missing."""
    received = partial.submit(hub, partial.find(hub, upload_id, caller.society))
    worker.wake()
    response.headers["Location"] = f"/v1/submissions/{received.public_id}"
    report = received.report or own_report(hub, caller, received.public_id)
    return {**report.as_json(), "job": received.job or None}


@router.delete("/{upload_id}", status_code=204, responses=responses(404), summary="Forget an upload")
def delete_upload(upload_id: Name, hub: OpenHub, caller: Submitter) -> None:
    """What was sent of it is gone."""
    partial.discard(hub, partial.find(hub, upload_id, caller.society))


def _shown(found: partial.Upload, response: Response) -> UploadOut:
    response.headers["Upload-Offset"] = str(found.offset)
    return UploadOut(upload=found.id, size=found.size, offset=found.offset, filename=found.filename)
