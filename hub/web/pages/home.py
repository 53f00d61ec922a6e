"""Signing in and out, finding, and the files that pages load."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.access.sessions import sign_in, sign_out
from hub.api.security import OpenHub
from hub.catalogue.search import search
from hub.errors import NotAuthenticated, NotFound
from hub.web.rendering import COOKIE, HEADERS, AnyVisitor, PageRoute, Visitor, render, text

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


@router.get("/login")
def login_page(request: Request, next: str = "/find") -> HTMLResponse:
    """The form to sign in with an API key."""
    return render(request, "login.html", back=_within(next), fault="")


@router.post("/login")
def login(
    request: Request,
    hub: OpenHub,
    key: Annotated[str, Form(max_length=200)] = "",
    back: Annotated[str, Form(max_length=2000)] = "/find",
) -> Response:
    """Begin a session; the key itself is never kept in the browser."""
    try:
        cookie = sign_in(hub, key)
    except NotAuthenticated:
        fault = text(request, "This key is unknown, expired or revoked.")
        return render(request, "login.html", status=401, back=_within(back), fault=fault)
    response = RedirectResponse(_within(back), 303)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=secure)
    return response


@router.post("/logout")
def logout(
    request: Request, hub: OpenHub, visitor: AnyVisitor, token: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """End the session."""
    visitor.check(token)
    sign_out(hub, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/login", 303)
    response.delete_cookie(COOKIE)
    return response


def _within(address: str) -> str:
    """An address of this site; anything that leads elsewhere is replaced by the first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/find"


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
