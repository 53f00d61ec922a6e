"""Conflicts: the queue by what they block, and what sides say of one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from hub import registers
from hub.api.security import OpenHub
from hub.conflicts import conflict_records as records
from hub.conflicts.conflict_states import OPERATOR, SETTLE, STATES, roles_of, transitions
from hub.conflicts.dialogue import DECIDABLE, Step, act
from hub.conflicts.looking import look
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates.withdrawal_records import today_of
from hub.web.rendering import DecidingVisitor, PageRoute, Visitor, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 50
ACTIONS = ("settle", "reopen", "claim", "answer", "concede", "remark")


class Said(BaseModel):
    """The form of a conflict; the winner and its days count for a settlement only."""

    token: str = Field("", max_length=200)
    action: str = Field("", max_length=20)
    reason: str = Field("", max_length=2000)
    evidence: str = Field("", max_length=2000)
    winner: str = Field("", max_length=200)
    valid_from: str = Field("", max_length=10)
    valid_to: str = Field("", max_length=10)


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
    looking = look(hub)
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
        society=society, looking=looking,
    )  # fmt: skip


@router.get("/conflicts/{name}")
def conflict(request: Request, hub: OpenHub, visitor: Visitor, name: str) -> HTMLResponse:
    """A conflict: both sides with their statements, the dialogue, and what the own society may say."""
    with reading(hub.engine) as connection:
        found = records.find(connection, name, horizon(connection))
    shown = found.detail(today_of(None))
    own = visitor.caller.society
    roles = {OPERATOR} if own == registers.OPERATOR else roles_of(found.course, own, shown["societies"])
    possible = [
        item for item in ACTIONS if any((shown["state"], item, role) in transitions() for role in roles)
    ]
    return render(
        request, "conflict_page.html", session=visitor, conflict=shown, actions=possible,
        decidable=found.kind in DECIDABLE and len(shown["sides"]) > 1,
    )  # fmt: skip


@router.post("/conflicts/{name}")
def step(
    hub: OpenHub,
    visitor: DecidingVisitor,
    name: str,
    said: Annotated[Said, Form()],
) -> RedirectResponse:
    """Say something as a side, or decide and undo as the operator; what is refused says what is possible."""
    visitor.check(said.token)
    decided = (said.winner, said.valid_from, said.valid_to) if said.action == SETTLE else ()
    act(hub, name, Step(said.action, said.reason, said.evidence, *decided), visitor.caller.society)
    return RedirectResponse(f"/conflicts/{name}", 303)
