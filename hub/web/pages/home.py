"""Finding, and the files that pages load."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.api.security import OpenHub
from hub.catalogue.search import search
from hub.errors import NotFound
from hub.web.rendering import HEADERS, PageRoute, Visitor, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
STATIC = {"hub.css": "text/css", "hub.js": "text/javascript", "icon.svg": "image/svg+xml"}
KINDS = ("", "work", "recording")
SHOWN = 50


@router.get("/")
def home(_visitor: Visitor) -> RedirectResponse:
    """Where everything begins."""
    return RedirectResponse("/find", 303)


@router.get("/static/{name}")
def static(name: str) -> Response:
    """One of our own files; there are no others."""
    if name not in STATIC:
        raise NotFound(f"there is no file {name!r}")
    content = files("hub.web").joinpath("static", name).read_bytes()
    return Response(content, media_type=STATIC[name], headers={**HEADERS, "Cache-Control": "max-age=3600"})


@router.get("/find")
def find(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    q: Annotated[str, Query(max_length=300)] = "",
    kind: Annotated[str, Query(max_length=20)] = "",
    part: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """One box for titles, people and identifiers; ``part=results`` is the list alone, for the script."""
    chosen = kind if kind in KINDS else ""
    hits = [hit.as_json() for hit in search(hub, q, limit=SHOWN, kind=chosen)] if q.strip() else []
    template = "_results.html" if part == "results" else "find.html"
    return render(request, template, session=visitor, q=q, kind=chosen, hits=hits, limit=SHOWN)
