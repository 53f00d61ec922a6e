"""``/conflicts``: what cannot all hold, and what the caller's own society says where it has a side."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from hub.api.conflict_models import (
    Action,
    ConflictActedOut,
    ConflictDetailOut,
    ConflictOut,
    Kind,
    State,
    StepIn,
)
from hub.api.listings import Listed, exportable
from hub.api.problems import responses
from hub.api.security import ConflictActor, OpenHub, Reader
from hub.conflicts import conflict_records as records
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import asked
from hub.conflicts.looking import look_or_refuse
from hub.db.counters import horizon
from hub.db.engine import reading
from schemas.societies import normalise_code

router = APIRouter(prefix="/conflicts", tags=["mandates"])
KnownAt = Annotated[str, Query(max_length=40, description="As known at this ISO instant.")]


@router.get(
    "", response_model=list[ConflictOut], responses=exportable(), summary="Conflicts, the worst first"
)
def list_conflicts(
    hub: OpenHub,
    _caller: Reader,
    listed: Listed,
    state: Annotated[State | None, Query(description="Without one, those that are there.")] = None,
    kind: Annotated[Kind | None, Query()] = None,
    society: Annotated[str, Query(max_length=40, description="Only where it has a side.")] = "",
    known_at: KnownAt = "",
) -> Any:
    """By what they block (works times territory-months), then by age; statements of all sides are public."""
    at, day = asked(hub, known_at, look_or_refuse)
    with reading(hub.engine) as connection:
        known = horizon(connection) if at is None else at

    def page(skip: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            found, following = records.queue(
                connection,
                known,
                day,
                state=state or "",
                kind=kind or "",
                society=normalise_code(society) if society else "",
                skip=skip or 0,
                limit=limit,
            )
        return [item.as_json(day) for item in found], following

    return listed.of(ConflictOut, page, "conflicts")


@router.get(
    "/{conflict_id}",
    response_model=ConflictDetailOut,
    responses=responses(404),
    summary="A conflict with its sides and everything done about it",
)
def get_conflict(conflict_id: str, hub: OpenHub, _caller: Reader, known_at: KnownAt = "") -> dict[str, Any]:
    """The sides' statements with their sources, claims, answers, and the settlement in force."""
    at, day = asked(hub, known_at, look_or_refuse)
    with reading(hub.engine) as connection:
        return records.find(connection, conflict_id, horizon(connection) if at is None else at).detail(day)


@router.post(
    "/{conflict_id}/{action}",
    response_model=ConflictActedOut,
    responses=responses(404, 409),
    summary="Claim, answer, give way or remark as a side; settle or reopen as the operator",
)
def post_action(
    conflict_id: str, action: Action, step: StepIn, hub: OpenHub, caller: ConflictActor
) -> dict[str, Any]:
    """A society acts for its own side; decisions (`settle`, `reopen`) are recorded by the operator."""
    return act(hub, conflict_id, Step(action, **step.model_dump()), caller.society)
