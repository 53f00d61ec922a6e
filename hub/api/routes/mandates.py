"""``/mandates``: the register, and withdrawals filed by the caller's own society."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from hub.api.models import MandateOut, WithdrawalIn, WithdrawalOut
from hub.api.paging import Cursor, Limit, link_next
from hub.api.problems import responses
from hub.api.security import MandateWriter, OpenHub, Reader
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates.register import listing, lookup
from hub.mandates.withdrawals import Notice, withdraw
from schemas.societies import normalise_code

router = APIRouter(prefix="/mandates", tags=["mandates"])
Code = Annotated[str, Query(max_length=40)]


@router.get("", response_model=list[MandateOut], responses=responses(), summary="The mandate register")
def list_mandates(
    request: Request,
    response: Response,
    hub: OpenHub,
    _caller: Reader,
    holder: Code = "",
    grantor: Code = "",
    declarant: Code = "",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> list[dict[str, Any]]:
    """Mandates of every society with the withdrawals filed against them: overlaps are open to all."""
    with reading(hub.engine) as connection:
        found = listing(
            connection,
            horizon(connection),
            holder=normalise_code(holder) if holder else "",
            grantor=normalise_code(grantor) if grantor else "",
            declarant=normalise_code(declarant) if declarant else "",
            after=cursor or 0,
            limit=limit,
        )
    link_next(request, response, found[-1].key if len(found) == limit else None)
    return [entry.as_json() for entry in found]


@router.get("/{mandate_id}", response_model=MandateOut, responses=responses(404, 409), summary="A mandate")
def get_mandate(mandate_id: str, hub: OpenHub, caller: Reader) -> dict[str, Any]:
    """A mandate by its id, or by the caller's own reference."""
    with reading(hub.engine) as connection:
        return lookup(connection, mandate_id, horizon(connection), prefer=caller.society).as_json()


@router.post(
    "/{mandate_id}/withdrawals",
    status_code=201,
    response_model=WithdrawalOut,
    responses=responses(404, 409),
    summary="File a withdrawal",
)
def post_withdrawal(
    mandate_id: str, notice: WithdrawalIn, hub: OpenHub, caller: MandateWriter
) -> dict[str, Any]:
    """The holder, the declarant or the granting society may file; the same notice again changes nothing."""
    return withdraw(hub, Notice(mandate_id, **notice.model_dump()), caller.society)
