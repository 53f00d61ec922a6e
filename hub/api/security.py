"""Who calls: a bearer API key, checked once per request; the scopes stand in the route's signature."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.access.keys import authenticate
from hub.access.permissions import Caller
from hub.context import Hub
from hub.errors import NotAuthenticated

bearer = HTTPBearer(auto_error=False, description="An API key made with `hub keys create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def current_hub(request: Request) -> Hub:
    """The hub this application serves."""
    return request.app.state.hub  # type: ignore[no-any-return]


OpenHub = Annotated[Hub, Depends(current_hub)]


class Requires:
    """A dependency that yields the caller if its key has one of the scopes.

    ``hub.api.access_table`` reads the scopes too: what a route demands stands in its signature only.
    """

    def __init__(self, *scopes: str) -> None:
        self.scopes = scopes

    def __call__(self, request: Request, hub: OpenHub, credentials: Credentials) -> Caller:
        """The caller of this request."""
        if credentials is None:
            raise NotAuthenticated(
                "send the header `Authorization: Bearer hub_...`; `hub keys create` makes a key"
            )
        caller = authenticate(hub, credentials.credentials)
        request.state.caller = caller
        caller.need(*self.scopes)
        return caller


Reader = Annotated[Caller, Depends(Requires("read"))]
Submitter = Annotated[Caller, Depends(Requires("submit"))]
UsageSender = Annotated[Caller, Depends(Requires("usage"))]
Sender = Annotated[Caller, Depends(Requires("submit", "usage"))]
MandateWriter = Annotated[Caller, Depends(Requires("mandates"))]
Reviewer = Annotated[Caller, Depends(Requires("review"))]
KeyKeeper = Annotated[Caller, Depends(Requires("keys"))]
WebhookKeeper = Annotated[Caller, Depends(Requires("webhooks"))]
KeyReader = Annotated[Caller, Depends(Requires("keys", "operate"))]
