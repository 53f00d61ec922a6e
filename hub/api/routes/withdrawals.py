"""``/withdrawals``: notices in their public states, and what the caller's own society does about them."""

from __future__ import annotations

from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hub.api.days import Day
from hub.api.language import Language
from hub.api.listings import Listed, exportable, following
from hub.api.problems import responses
from hub.api.security import MandateWriter, OpenHub, Reader
from hub.api.withdrawal_models import (
    Action,
    PreviewOut,
    State,
    StepIn,
    WithdrawalActedOut,
    WithdrawalDetailOut,
    WithdrawalOut,
)
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates import withdrawal_records as records
from hub.mandates.register import lookup
from hub.mandates.withdrawal_preview import LARGEST_SAMPLE, SAMPLE, preview
from hub.mandates.withdrawals import Step, act
from schemas.societies import normalise_code

router = APIRouter(prefix="/withdrawals", tags=["mandates"])
On = Annotated[Day | None, Query(description="States on this day: today, or that of `known_at`.")]
KnownAt = Annotated[str, Query(max_length=40, description="As known at this ISO instant.")]


@router.get("", response_model=list[WithdrawalOut], responses=exportable(404, 409), summary="Withdrawals")
def list_withdrawals(
    hub: OpenHub,
    caller: Reader,
    language: Language,
    listed: Listed,
    state: Annotated[State | None, Query()] = None,
    mandate: Annotated[str, Query(max_length=300, description="A mandate's id or own reference.")] = "",
    filed_by: Annotated[str, Query(max_length=40)] = "",
    on: On = None,
    known_at: KnownAt = "",
) -> Any:
    """Every one that was filed, whoever filed it, and the caller's own drafts."""
    at, day = records.asked(known_at, on)
    with reading(hub.engine) as connection:
        at = horizon(connection) if at is None else at
        of = [lookup(connection, mandate, at, prefer=caller.society).key] if mandate else None
    known = at

    def page(after: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            found = records.listing(
                connection,
                known,
                day,
                viewer=caller.society,
                state=state or "",
                mandates=of,
                filed_by=normalise_code(filed_by) if filed_by else "",
                after=after or 0,
                limit=limit,
            )
        return [item.as_json(day, language) for item in found], following(found, limit, attrgetter("key"))

    return listed.of(WithdrawalOut, page, "withdrawals")


@router.get(
    "/{withdrawal_id}",
    response_model=WithdrawalDetailOut,
    response_model_exclude_unset=True,
    responses=responses(404),
    summary="A withdrawal with everything done about it",
)
def get_withdrawal(
    withdrawal_id: str,
    hub: OpenHub,
    caller: Reader,
    language: Language,
    on: On = None,
    known_at: KnownAt = "",
) -> dict[str, Any]:
    """Counter-statements and remarks included; another society's draft does not exist."""
    at, day = records.asked(known_at, on)
    with reading(hub.engine) as connection:
        at = horizon(connection) if at is None else at
        found = records.find(connection, withdrawal_id, at, caller.society)
    return {**found.as_json(day, language), "history": found.history(caller.society)}


@router.get(
    "/{withdrawal_id}/preview",
    response_model=PreviewOut,
    responses=responses(404),
    summary="What a withdrawal changes on its effective day",
)
def get_preview(
    withdrawal_id: str,
    hub: OpenHub,
    caller: Reader,
    language: Language,
    limit: Annotated[int, Query(ge=0, le=LARGEST_SAMPLE, description="Works to ask about.")] = SAMPLE,
) -> dict[str, Any]:
    """How many works have claims under the mandate, and which lines of a sample of them change."""
    return preview(hub, withdrawal_id, viewer=caller.society, limit=limit, language=language)


@router.post(
    "/{withdrawal_id}/{action}",
    response_model=WithdrawalActedOut,
    response_model_exclude_unset=True,
    responses=responses(404, 409),
    summary="File, acknowledge, contest, cancel or remark on a withdrawal",
)
def post_action(
    withdrawal_id: str,
    action: Action,
    step: StepIn,
    hub: OpenHub,
    caller: MandateWriter,
    language: Language,
) -> dict[str, Any]:
    """What the table of states does not allow from this state by this society is refused with 409."""
    return act(hub, withdrawal_id, Step(action, **step.model_dump()), caller.society, language=language)
