"""``/mandates``: the register, and mandates and withdrawals stated by the caller's own society."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from hub.answers.question import asked_instant, instant
from hub.api.language import Language, wanted
from hub.api.listings import Listed, exportable, following
from hub.api.mandate_models import MandateIn, MandateStatedOut
from hub.api.models import MandateOut
from hub.api.problems import responses
from hub.api.security import MandateWriter, OpenHub, Reader
from hub.api.withdrawal_models import WithdrawalFiledOut, WithdrawalIn, WithdrawalOut
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.mandates import withdrawal_records as records
from hub.mandates.register import listing, lookup
from hub.mandates.statement import state
from hub.mandates.withdrawals import Notice, withdraw
from schemas.societies import normalise_code

router = APIRouter(prefix="/mandates", tags=["mandates"])
Code = Annotated[str, Query(max_length=40)]
KnownAt = Annotated[str | None, Query(max_length=40, description="As the register was at this ISO instant.")]


@router.get("", response_model=list[MandateOut], responses=exportable(), summary="The mandate register")
def list_mandates(
    hub: OpenHub,
    _caller: Reader,
    listed: Listed,
    holder: Code = "",
    grantor: Code = "",
    declarant: Code = "",
    known_at: KnownAt = None,
) -> Any:
    """Mandates of every society with the withdrawals filed against them: overlaps are open to all."""
    with reading(hub.engine) as connection:
        at, day = _instant(connection, known_at), _day(known_at)

    def page(after: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            found = listing(
                connection,
                at,
                holder=normalise_code(holder) if holder else "",
                grantor=normalise_code(grantor) if grantor else "",
                declarant=normalise_code(declarant) if declarant else "",
                after=after or 0,
                limit=limit,
                on=day,
            )
        return [entry.as_json() for entry in found], following(found, limit, attrgetter("key"))

    return listed.of(MandateOut, page, "mandates")


@router.get("/{mandate_id}", response_model=MandateOut, responses=responses(404, 409), summary="A mandate")
def get_mandate(mandate_id: str, hub: OpenHub, caller: Reader, known_at: KnownAt = None) -> dict[str, Any]:
    """A mandate by its id, or by the caller's own reference."""
    with reading(hub.engine) as connection:
        at = _instant(connection, known_at)
        return lookup(connection, mandate_id, at, prefer=caller.society, on=_day(known_at)).as_json()


def _instant(connection: Connection, known_at: str | None) -> int:
    return asked_instant(connection, known_at)


def _day(known_at: str | None) -> dt.date:
    return records.today_of(None if known_at is None else instant(known_at, "known_at"))


@router.post(
    "",
    status_code=201,
    response_model=MandateStatedOut,
    responses={
        200: {"description": "Corrected, or said before", "model": MandateStatedOut},
        **responses(404),
    },
    summary="State a mandate, or correct an own one",
)
def post_mandate(
    terms: MandateIn, request: Request, hub: OpenHub, caller: MandateWriter, response: Response
) -> dict[str, Any]:
    """Declared by the caller's society, with the same checks as a mandate file.

    The same reference again corrects the mandate from now on (200), the same statement changes nothing (200).
    What is wrong is told column by column (400).
    """
    done = state(hub, terms.model_dump(), caller.society, language=wanted(request))
    if done["status"] != "created":
        response.status_code = 200
    response.headers["Location"] = f"/v1/mandates/{done['id']}"
    return done


@router.get(
    "/{mandate_id}/withdrawals",
    response_model=list[WithdrawalOut],
    responses=responses(404, 409),
    summary="The withdrawals of a mandate",
)
def get_withdrawals(
    mandate_id: str, hub: OpenHub, caller: Reader, language: Language
) -> list[dict[str, Any]]:
    """Every one that was filed, and the caller's own drafts, with today's states."""
    with reading(hub.engine) as connection:
        at = horizon(connection)
        key = lookup(connection, mandate_id, at, prefer=caller.society).key
        found = records.of_mandates(connection, [key], at, caller.society).get(key, [])
    return [item.as_json(records.today_of(None), language) for item in found]


@router.post(
    "/{mandate_id}/withdrawals",
    status_code=201,
    response_model=WithdrawalFiledOut,
    responses=responses(404, 409),
    summary="File or draft a withdrawal",
)
def post_withdrawal(
    mandate_id: str, notice: WithdrawalIn, hub: OpenHub, caller: MandateWriter, language: Language
) -> dict[str, Any]:
    """The holder, the declarant or the granting society may; the same notice again changes nothing.

    Without `effective` the first day that the notice rules allow is taken. A stated day is never changed: one
    before the notice period ends is kept, with a finding.
    """
    return withdraw(hub, Notice(mandate_id, **notice.model_dump()), caller.society, language=language)
