"""``Accept-Language``: sentences for people in their language; codes are the same for everybody."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from hub.web.texts import preferred

VARIES = {"Vary": "Accept-Language"}


def wanted(request: Request) -> str:
    """``en``, ``kk`` or ``ru``, by the header of a request."""
    return preferred(request.headers.get("accept-language", ""))


def spoken(
    request: Request,
    response: Response,
    language: Annotated[
        str | None,
        Query(pattern="^(en|kk|ru)$", description="Of the sentences; otherwise `Accept-Language` says."),
    ] = None,
) -> str:
    """The language of an answer's sentences, which its headers name."""
    found = language or wanted(request)
    response.headers.update({"Content-Language": found, **VARIES})
    return found


Language = Annotated[str, Depends(spoken)]
