"""Conflicts: the queue by what they block, and what sides say of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.api.security import OpenHub
from hub.conflicts import conflict_records as records
from hub.conflicts.conflict_states import STATES, roles_of, transitions
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates.withdrawal_records import today_of
from hub.web.rendering import MandateVisitor, PageRoute, Visitor, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 50
ACTIONS = ("claim", "answer", "concede", "remark")
Word = Annotated[str, Form(max_length=2000)]


@router.get("/conflicts")
def conflicts(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    state: Annotated[str, Query(max_length=20)] = "",
    mine: bool = False,
    kind: Annotated[str, Query(max_length=40)] = "",
    society: Annotated[str, Query(max_length=60)] = "",
    skip: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> HTMLResponse:
    """What cannot all hold, what blocks most first."""
    chosen = state if state in STATES else ""
    refresh(hub)
    day = today_of(None)
    with reading(hub.engine) as connection:
        found, following = records.queue(
            connection, horizon(connection), day, state=chosen,
            society=visitor.caller.society if mine else society, kind=kind, skip=skip, limit=PAGE,
        )  # fmt: skip
        counted = records.by_society(connection, horizon(connection), day)
        kinds = records.totals(connection, horizon(connection))
    return render(
        request, "conflicts.html", session=visitor, listed=[item.as_json(day) for item in found],
        state=chosen, states=STATES, mine=mine, following=following, counted=counted, kinds=kinds, kind=kind,
        society=society,
    )  # fmt: skip


@router.get("/conflicts/{name}")
def conflict(request: Request, hub: OpenHub, visitor: Visitor, name: str) -> HTMLResponse:
    """A conflict: both sides with their statements, the dialogue, and what the own society may say."""
    with reading(hub.engine) as connection:
        found = records.find(connection, name, horizon(connection))
    shown = found.detail(today_of(None))
    roles = roles_of(found.course, visitor.caller.society, shown["societies"])
    possible = [
        item for item in ACTIONS if any((shown["state"], item, role) in transitions() for role in roles)
    ]
    return render(request, "conflict_page.html", session=visitor, conflict=shown, actions=possible)


@router.post("/conflicts/{name}")
def step(
    hub: OpenHub,
    visitor: MandateVisitor,
    name: str,
    token: Word = "",
    action: Word = "",
    reason: Word = "",
    evidence: Word = "",
) -> RedirectResponse:
    """Say something as a side; what is refused says what is possible."""
    visitor.check(token)
    act(hub, name, Step(action, reason, evidence), visitor.caller.society)
    return RedirectResponse(f"/conflicts/{name}", 303)
