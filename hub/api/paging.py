"""Cursor paging: stable on a growing catalogue; the next page stands in the ``Link`` header."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

LARGEST = 2**63 - 1

Cursor = Annotated[
    int | None, Query(ge=0, le=LARGEST, description="From the `Link` header of the page before.")
]


def link_next(request: Request, response: Response, cursor: int | None) -> None:
    """Say where the next page is, if there may be one."""
    if cursor is not None:
        url = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{url}>; rel="next"'
