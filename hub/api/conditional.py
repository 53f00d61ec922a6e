"""``ETag`` and ``If-None-Match``: an answer that the caller has already is not sent again.

The tag is the hash of the bytes, because answers are the same bytes as long as nothing they rest on changes.
"""

from __future__ import annotations

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1 << 20
"""Longer answers are passed on as they come, without a tag."""


class Conditional:
    """ASGI middleware for complete JSON answers to GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        wanted = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
        start: Message | None = None

        async def tagging(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _tagged(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            begun, start = start, None
            body = message.get("body", b"")
            if not message.get("more_body") and len(body) <= LARGEST:
                tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'.encode()
                headers = [*begun["headers"], (b"etag", tag), (b"cache-control", b"private, no-cache")]
                if _matches(wanted, tag):
                    kept = [item for item in headers if item[0] not in (b"content-length", b"content-type")]
                    await send({**begun, "status": 304, "headers": kept})
                    await send({"type": "http.response.body", "body": b""})
                    return
                begun = {**begun, "headers": headers}
            await send(begun)
            await send(message)

        await self._app(scope, receive, tagging)


def _tagged(start: Message) -> bool:
    kinds = [value for name, value in start["headers"] if name == b"content-type"]
    return start["status"] == 200 and kinds[:1] == [b"application/json"]


def _matches(wanted: bytes, tag: bytes) -> bool:
    """Weak comparison, as RFC 9110 asks for."""
    tags = [item.strip().removeprefix(b"W/") for item in wanted.split(b",")]
    return b"*" in tags or tag in tags
