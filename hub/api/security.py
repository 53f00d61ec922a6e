"""Who calls: a bearer API key, checked once per request; the scope is visible in the route's signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.access.keys import Caller, authenticate
from hub.context import Hub
from hub.errors import NotAuthenticated

bearer = HTTPBearer(auto_error=False, description="An API key made with `hub keys create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def current_hub(request: Request) -> Hub:
    """The hub this application serves."""
    return request.app.state.hub  # type: ignore[no-any-return]


OpenHub = Annotated[Hub, Depends(current_hub)]


def requires(scope: str) -> Callable[[Hub, HTTPAuthorizationCredentials | None], Caller]:
    """A dependency that yields the caller if its key has the scope."""

    def check(hub: OpenHub, credentials: Credentials) -> Caller:
        if credentials is None:
            raise NotAuthenticated(
                "send the header `Authorization: Bearer hub_...`; `hub keys create` makes a key"
            )
        caller = authenticate(hub, credentials.credentials)
        caller.need(scope)
        return caller

    return check


Reader = Annotated[Caller, Depends(requires("read"))]
Submitter = Annotated[Caller, Depends(requires("submit"))]
MandateWriter = Annotated[Caller, Depends(requires("mandates"))]
Reviewer = Annotated[Caller, Depends(requires("review"))]
