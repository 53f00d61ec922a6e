"""Pairs to judge, the register of societies, and the log."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub import registers
from hub.api.security import OpenHub
from hub.audit import proofs
from hub.audit.log import verify
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.links import review
from hub.web.rendering import PageRoute, ReviewingVisitor, Visitor, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 100
Word = Annotated[str, Form(max_length=2000)]


@router.get("/reviews")
def reviews(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    skip: Annotated[int, Query(ge=0, le=10_000)] = 0,
    left: Annotated[str, Query(max_length=40)] = "",
    right: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """One pair that waits for a person's judgement; ``left`` and ``right`` are the one judged last."""
    pairs = review.queue(hub, limit=skip + 1, society=visitor.caller.society)[skip:]
    return render(
        request, "reviews.html", session=visitor, pair=pairs[0] if pairs else None, skip=skip,
        told=review.statistics(hub, visitor.caller.society), last_left=left, last_right=right,
    )  # fmt: skip


@router.post("/reviews")
def judge(
    hub: OpenHub,
    visitor: ReviewingVisitor,
    token: Word = "",
    left: Word = "",
    right: Word = "",
    verdict: Word = "",
    reason: Word = "",
    skip: Annotated[int, Form(ge=0, le=10_000)] = 0,
) -> RedirectResponse:
    """Record a judgement and go on to the next pair."""
    visitor.check(token)
    review.decide(hub, left, right, verdict, reason, visitor.caller.society, society=visitor.caller.society)
    return RedirectResponse(f"/reviews?{urlencode({'skip': skip, 'left': left, 'right': right})}", 303)


@router.post("/reviews/undo")
def undo(
    hub: OpenHub, visitor: ReviewingVisitor, token: Word = "", left: Word = "", right: Word = ""
) -> RedirectResponse:
    """Take the last judgement back; its pair waits again."""
    visitor.check(token)
    review.undo(hub, left, right, visitor.caller.society, society=visitor.caller.society)
    return RedirectResponse("/reviews", 303)


@router.get("/societies")
def societies(request: Request, hub: OpenHub, visitor: Visitor) -> HTMLResponse:
    """The register with accreditations."""
    with reading(hub.engine) as connection:
        listed = [entry.as_json() for entry in registers.entries(connection, horizon(connection))]
    return render(request, "societies.html", session=visitor, listed=listed)


@router.get("/log")
def log(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    after: Annotated[int, Query(ge=0)] = 0,
    check: bool = False,
) -> HTMLResponse:
    """Own and public entries, the root to keep, and the check of the whole chain."""
    with reading(hub.engine) as connection:
        listed = proofs.entries(connection, viewer=visitor.caller.society, after=after, limit=PAGE)
        found = verify(connection) if check else None
        root = proofs.signed_root(connection) if found is None or not found.broken_at else None
    return render(
        request, "log.html", session=visitor, listed=listed, checked=found, root=root,
        following=listed[-1]["id"] if len(listed) == PAGE else None,
    )  # fmt: skip
