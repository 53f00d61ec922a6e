"""Who calls: a bearer API key, checked once per request; the scopes stand in the route's signature."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from hub.access.keys import authenticate
from hub.access.permissions import Caller
from hub.context import Hub
from hub.errors import NotAuthenticated, UsageError

bearer = HTTPBearer(auto_error=False, description="An API key made with `hub keys create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def current_hub(request: Request) -> Hub:
    """The hub this application serves."""
    return request.app.state.hub  # type: ignore[no-any-return]


OpenHub = Annotated[Hub, Depends(current_hub)]


def only_known_parameters(request: Request) -> None:
    """Refuse parameters that the route does not have: a misspelt filter must not answer for everything.

    One that is stated more than once is refused too, as all but the last would count for nothing.

    Raises:
        UsageError: names what is unknown and what there is, or what is stated more than once.
    """
    if not request.url.query:
        return
    route: APIRoute = request.scope["route"]
    known = _known.get(route.endpoint) or _known.setdefault(route.endpoint, _parameters(route))
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        takes = f"this call takes {', '.join(sorted(known))}" if known else "this call takes none"
        raise UsageError(f"unknown parameter {', '.join(map(repr, unknown))}; {takes}")
    # No parameter of the interface is a list.
    stated = Counter(name for name, _ in request.query_params.multi_items())
    twice = sorted(name for name, count in stated.items() if count > 1)
    if twice:
        raise UsageError(f"parameter {', '.join(map(repr, twice))} is stated more than once; state it once")


_known: dict[Callable[..., Any], frozenset[str]] = {}


def _parameters(route: APIRoute) -> frozenset[str]:
    """The names of a route's query parameters, those of parameter models field by field."""
    names: set[str] = set()
    waiting = [route.dependant]
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        for field in dependant.query_params:
            fields = getattr(field.field_info.annotation, "model_fields", None)
            names |= {info.alias or name for name, info in fields.items()} if fields else {field.alias}
    return frozenset(names)


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
UserKeeper = Annotated[Caller, Depends(Requires("users"))]
Operator = Annotated[Caller, Depends(Requires("operate"))]
ConflictActor = Annotated[Caller, Depends(Requires("mandates", "operate"))]
