"""``GET /who-to-pay``."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hub.answers.question import ask
from hub.answers.resolve import who_to_pay
from hub.api.models import AnswerOut
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader

router = APIRouter(tags=["answers"])


@router.get(
    "/who-to-pay",
    response_model=AnswerOut,
    response_model_exclude_unset=True,
    responses=responses(404, 409),
    summary="Who holds the mandate, and so who must be paid",
)
def get_who_to_pay(
    hub: OpenHub,
    _caller: Reader,
    subject: Annotated[str, Query(max_length=300, examples=["iswc:T9123456780"])],
    right: Annotated[str, Query(max_length=40, examples=["PR"])],
    use: Annotated[str, Query(max_length=60, examples=["on-demand-stream"])],
    territory: Annotated[str, Query(max_length=12, examples=["KZ"])],
    on: Annotated[dt.date, Query(examples=["2026-03-15"])],
    known_at: Annotated[str | None, Query(max_length=40)] = None,
    amount: Annotated[str | None, Query(max_length=30, examples=["1000.00"])] = None,
    currency: Annotated[str | None, Query(max_length=3, examples=["KZT"])] = None,
) -> dict[str, Any]:
    """Lines that add up to exactly 100, each with its chain of mandates and its reasons."""
    question = ask(
        subject,
        right=right,
        use=use,
        territory=territory,
        on=on,
        known_at=known_at,
        amount=amount,
        currency=currency,
    )
    return who_to_pay(hub, question).as_json()
