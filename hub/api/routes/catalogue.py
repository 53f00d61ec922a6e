"""``/works``, ``/recordings``, ``/parties`` and ``/societies``."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from hub import registers
from hub.access.permissions import Caller
from hub.answers.question import asked_instant
from hub.api.listings import Formed, exportable
from hub.api.models import PartyDetailOut, SocietyDetailOut, SocietyOut, SubjectDetailOut, SubjectOut
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader
from hub.catalogue.detail import detail
from hub.catalogue.parties import party
from hub.catalogue.search import search
from hub.context import Hub
from hub.db.engine import reading
from hub.society_register import show
from schemas.societies import normalise_code

router = APIRouter(tags=["catalogue"])

Text = Annotated[
    str,
    Query(
        alias="q",
        min_length=1,
        max_length=300,
        description="Title, person, ISWC, ISRC or IPI, in any script.",
    ),
]
MERGED: dict[int | str, dict[str, Any]] = {
    308: {
        "description": "The id was merged into another one, under which the subject is found",
        "headers": {"Location": {"schema": {"type": "string"}, "description": "The same call by that id."}},
    }
}
Limit = Annotated[int, Query(ge=1, le=200)]
KnownAt = Annotated[str | None, Query(max_length=40, description="As known at this ISO instant.")]


@router.get("/works", response_model=list[SubjectOut], responses=exportable(), summary="Find works")
def find_works(
    hub: OpenHub, _caller: Reader, forms: Formed, q: Text, limit: Limit = 20, known_at: KnownAt = None
) -> Any:
    """Works that fit the text, best first."""
    found = search(hub, q, limit=limit, kind="work", known_at=known_at)
    return forms.of(SubjectOut, [hit.as_json() for hit in found], "works")


@router.get(
    "/works/{work_id}", response_model=SubjectDetailOut, responses=responses(404) | MERGED, summary="A work"
)
def get_work(request: Request, work_id: str, hub: OpenHub, caller: Reader, known_at: KnownAt = None) -> Any:
    """What each society says of the work, side by side, and which ids joined and left it."""
    return _detail(request, hub, caller, "work", work_id, known_at)


@router.get("/recordings", response_model=list[SubjectOut], responses=exportable(), summary="Find recordings")
def find_recordings(
    hub: OpenHub, _caller: Reader, forms: Formed, q: Text, limit: Limit = 20, known_at: KnownAt = None
) -> Any:
    """Recordings that fit the text, best first."""
    found = search(hub, q, limit=limit, kind="recording", known_at=known_at)
    return forms.of(SubjectOut, [hit.as_json() for hit in found], "recordings")


@router.get(
    "/recordings/{recording_id}",
    response_model=SubjectDetailOut,
    responses=responses(404) | MERGED,
    summary="A recording",
)
def get_recording(
    request: Request, recording_id: str, hub: OpenHub, caller: Reader, known_at: KnownAt = None
) -> Any:
    """What each society says of the recording, side by side, and which ids joined and left it."""
    return _detail(request, hub, caller, "recording", recording_id, known_at)


def _detail(request: Request, hub: Hub, caller: Caller, kind: str, asked: str, known_at: str | None) -> Any:
    found = detail(hub, kind, asked, known_at)
    if found.subject.public_id != asked:
        # It leads there as long as nobody judges otherwise: callers keep the new id, caches keep nothing.
        there = request.url_for(f"get_{kind}", **{f"{kind}_id": found.subject.public_id})
        where = there.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(where, 308, {"Cache-Control": "no-store"})
    return found.as_json(caller.society)


@router.get(
    "/search", response_model=list[SubjectOut], responses=exportable(), summary="Find works and recordings"
)
def find_all(
    hub: OpenHub, _caller: Reader, forms: Formed, q: Text, limit: Limit = 20, known_at: KnownAt = None
) -> Any:
    """Works and recordings that fit the text, best first."""
    found = search(hub, q, limit=limit, known_at=known_at)
    return forms.of(SubjectOut, [hit.as_json() for hit in found], "found")


@router.get("/parties/{party_id}", response_model=PartyDetailOut, responses=responses(404), summary="A party")
def get_party(party_id: str, hub: OpenHub, _caller: Reader, known_at: KnownAt = None) -> dict[str, Any]:
    """By IPI name or base number, ISNI, DPID or `ipn:...`: names, mandates granted, works, recordings."""
    return party(hub, party_id, known_at).as_json()


@router.get(
    "/societies", response_model=list[SocietyOut], responses=exportable(), summary="The register of societies"
)
def list_societies(hub: OpenHub, _caller: Reader, forms: Formed, known_at: KnownAt = None) -> Any:
    """Societies with their accreditations, by code."""
    with reading(hub.engine) as connection:
        at = asked_instant(connection, known_at)
        found = [entry.as_json() for entry in registers.entries(connection, at)]
    return forms.of(SocietyOut, found, "societies")


@router.get(
    "/societies/{code}",
    response_model=SocietyDetailOut,
    responses=responses(404),
    summary="A society with the history of its entry",
)
def get_society(code: str, hub: OpenHub, _caller: Reader, known_at: KnownAt = None) -> dict[str, Any]:
    """Accreditations in all their versions. The operator changes them on the command line."""
    with reading(hub.engine) as connection:
        at = asked_instant(connection, known_at)
        return show(connection, normalise_code(code), at)
