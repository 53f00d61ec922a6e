"""Files in requests: copied to disk in chunks and hashed on the way, never held whole."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Annotated, Any, BinaryIO

from fastapi import Header, Request
from starlette.datastructures import UploadFile

from hub.errors import TooLarge, UsageError

IN_MEMORY = 1 << 20
RepeatKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key with the same file is the same call; with another file it is refused.",
    ),
]
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}
"""What routes that take a file declare in OpenAPI: the body itself, or a form with a file."""


class Spooled:
    """What arrived: its name if it has one, and the SHA-256 of its bytes."""

    def __init__(self, body: BinaryIO, limit: int) -> None:
        self._body = body
        self._limit = limit
        self._digest = hashlib.sha256()
        self._size = 0
        self.name = ""

    @property
    def sha256(self) -> str:
        """Hexadecimal."""
        return self._digest.hexdigest()

    @property
    def size(self) -> int:
        """In bytes."""
        return self._size

    async def fill(self, request: Request) -> None:
        """Copy the request's file into the body and go back to its beginning.

        Raises:
            UsageError: there is no file in the request.
            TooLarge: it is over the limit.
        """
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form(max_files=1, max_fields=10) as form:
                upload = form.get("file")
                if not isinstance(upload, UploadFile):
                    raise UsageError("send the file in the form field `file`, or as the request body")
                self.name = upload.filename or ""
                async for chunk in _chunks_of(upload):
                    self._write(chunk)
        else:
            async for chunk in request.stream():
                self._write(chunk)
        if not self._size:
            raise UsageError(
                "the request has no file; send it as the request body or in the form field `file`"
            )
        self._body.seek(0)

    def _write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            raise TooLarge(f"files may have up to {self._limit >> 20} MiB")
        self._digest.update(chunk)
        self._body.write(chunk)


async def _chunks_of(upload: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await upload.read(IN_MEMORY):
        yield chunk
