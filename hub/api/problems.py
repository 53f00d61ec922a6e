"""Every error as problem+json (RFC 9457): one shape, whatever raised it.

``title`` and ``detail`` are in the language that ``Accept-Language`` prefers; ``code`` never changes.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from hub.access.denials import Attempt, note
from hub.api.language import VARIES, wanted
from hub.errors import HubError, TooLarge, UsageError
from hub.refusals import told

log = logging.getLogger("hub.api")
_PREFIX = re.compile(r"Bearer (hub_[0-9a-f]{8})_")
MEDIA_TYPE = "application/problem+json"
SCHEMAS = "#/components/schemas/"
INVALID = ("invalid_request", "The request is not valid")
"""Code and title of a request that is not as the OpenAPI document says."""


class FieldError(BaseModel):
    """One part of a request that is wrong."""

    pointer: str = Field(examples=["/query/on"])
    detail: str


class Problem(BaseModel):
    """What every error looks like. ``code`` is stable and never translated."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(examples=["unknown_subject"])
    error: str = Field(description="The same as `code`, as the command line prints it.")
    errors: list[FieldError] = []


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route declares in OpenAPI for the errors it can give."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in sorted({400, 401, 403, 422, 503, *statuses}):
        content = {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}Problem"}}}
        described[status] = {"description": HTTPStatus(status).phrase, "content": content}
    return described


def schemas() -> dict[str, Any]:
    """The schemas to which ``responses`` points, by name: the framework knows of no model for them."""
    problem = Problem.model_json_schema(ref_template=SCHEMAS + "{model}")
    return {**problem.pop("$defs"), "Problem": problem}


def problem(
    request: Request,
    status: int,
    code: str,
    title: str,
    detail: str,
    *,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem response for this request, in its language.

    What has no translation stays in English; ``Content-Language`` names both then.
    """
    language = wanted(request)
    shown = [{**item, "detail": told(item["detail"], language)} for item in errors or ()]
    sentence = _joined(shown) if errors else told(detail, language)
    kept = [now["detail"] == was["detail"] for now, was in zip(shown, errors or (), strict=True)]
    partly = language != "en" and (any(kept) if errors else sentence == detail)
    content = body(status, code, told(title, language), sentence, request.url.path, shown)
    said = {"Content-Language": f"{language}, en" if partly else language}
    return Response(orjson.dumps(content), status, {**said, **VARIES, **(headers or {})}, MEDIA_TYPE)


def body(
    status: int, code: str, title: str, detail: str, path: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """What a problem says, of a call of ``path``."""
    return {
        "type": "about:blank", "title": title, "status": status, "detail": detail,
        "instance": path, "code": code, "error": code, "errors": errors or [],
    }  # fmt: skip


def _joined(errors: list[dict[str, str]]) -> str:
    return "; ".join(f"{item['pointer']}: {item['detail']}" for item in errors)


def install(app: FastAPI) -> None:
    """Register the handlers."""

    @app.exception_handler(HubError)
    def refused(request: Request, fault: HubError) -> Response:
        headers = {"WWW-Authenticate": "Bearer"} if fault.status == HTTPStatus.UNAUTHORIZED else None
        if fault.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            note_refusal(request, fault)
        return problem(request, fault.status, fault.code, fault.title, fault.detail, headers=headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, fault: RequestValidationError) -> Response:
        errors = [
            {"pointer": "/" + "/".join(map(str, item["loc"])), "detail": str(item["msg"])}
            for item in fault.errors()
        ]
        return problem(request, 422, *INVALID, "", errors=errors)

    @app.exception_handler(HTTPException)
    def http(request: Request, fault: HTTPException) -> Response:
        phrase = HTTPStatus(fault.status_code).phrase
        code = phrase.lower().replace(" ", "_")
        detail, headers = str(fault.detail), fault.headers
        if fault.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = ", ".join(_methods_of(app, request))
            detail, headers = f"this address answers {allowed}", {"Allow": allowed}
        if fault.status_code == TooLarge.status:
            code, phrase = TooLarge.code, TooLarge.title
        return problem(request, fault.status_code, code, phrase, detail, headers=headers)

    @app.exception_handler(DataError)
    def unheld(request: Request, fault: DataError) -> Response:
        # PostgreSQL keeps no NUL in a text, which no schema of a parameter says; SQLite finds nothing by it.
        log.warning("a value that the database does not take: %s", fault.orig)
        detail = "a value holds a character, or is of a size, that cannot be kept"
        return problem(request, 400, UsageError.code, UsageError.title, detail)

    @app.exception_handler(OperationalError)
    def unavailable(request: Request, fault: OperationalError) -> Response:
        log.error("the database failed: %s", fault.orig)
        return problem(
            request, 503, "surroundings", "The database failed", "try again; the operator has been told"
        )

    @app.exception_handler(Exception)
    def broken(request: Request, fault: Exception) -> Response:
        log.exception("unexpected", exc_info=fault)
        return problem(
            request, 500, "internal", "The hub failed", "this is a fault of the hub; it was logged"
        )


def note_refusal(request: Request, fault: HubError) -> None:
    """Keep who was refused what; the address itself is left out, because it tells what a society asks for."""
    offered = _PREFIX.match(request.headers.get("authorization", ""))
    attempt = Attempt(
        request.method, template_of(request.scope), fault.code, offered.group(1) if offered else ""
    )
    note(request.app.state.hub, attempt, getattr(request.state, "caller", None))


def template_of(scope: Scope) -> str:
    """The route's template with the prefix of its router, which the route itself does not know."""
    own = getattr(scope.get("route"), "path", "")
    if not own:
        return "(none)"
    before = scope["path"].split("/")[: -own.count("/")]
    return "/".join(before) + str(own)


def _methods_of(app: FastAPI, request: Request) -> list[str]:
    # The framework names only the methods of the first route on the path; RFC 9110 wants all of them.
    return [
        method.value
        for method in HTTPMethod
        if any(
            route.matches({**request.scope, "method": method.value})[0] is Match.FULL
            for route in app.router.routes
        )
    ]
