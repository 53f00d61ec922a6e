"""How long a request's body may be, counted while it arrives: what it says of its length is not believed.

Frameworks read bodies and forms whole, into memory or a temporary file, before a route sees them.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.problems import problem
from hub.errors import TooLarge

MIB = 1 << 20
SMALL = 32 * MIB
"""Bytes of a body that is no file: a full batch of questions has some 10 MiB."""

AROUND = MIB
"""Bytes that a form may have around its file."""

FILES = ("/v1/submissions", "/v1/usage-reports", "/v1/uploads/", "/submissions", "/usage")
"""Where files are sent."""


class Sized:
    """ASGI middleware that ends a call with 413 as soon as its body is too long."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        """``largest`` is for files, in bytes."""
        self._app = app
        self._largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = max(self._largest, SMALL) + AROUND if scope["path"].startswith(FILES) else SMALL
        detail = f"this call may have up to {most // MIB} MiB"
        if _said(scope) > most:
            fault = TooLarge(detail)
            refusal = problem(Request(scope), fault.status, fault.code, fault.title, detail)
            await refusal(scope, receive, send)
            return
        arrived = 0

        async def counted() -> Message:
            nonlocal arrived
            message = await receive()
            arrived += len(message.get("body", b""))
            if arrived > most:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
            return message

        await self._app(scope, counted, send)


def _said(scope: Scope) -> int:
    """The length that the request says it has, 0 if it says none."""
    said = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(said) if said.isdigit() else 0
