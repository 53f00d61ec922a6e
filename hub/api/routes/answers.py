"""``/who-to-pay``: one question, one over a period, and many at once."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response

from hub.answers.batch import Desk, who_to_pay_as_bytes
from hub.answers.period import over_period
from hub.answers.question import ask, instant
from hub.answers.question_batches import told
from hub.api.days import Day
from hub.api.models import AnswerOut, BatchIn, BatchOut
from hub.api.policies import SharePolicy
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader
from hub.db import times
from hub.db.engine import reading

router = APIRouter(tags=["answers"])

Subject = Annotated[str, Query(max_length=300, examples=["iswc:T9123456780"])]
Right = Annotated[str, Query(max_length=40, examples=["PR"])]
Use = Annotated[str, Query(max_length=60, examples=["on-demand-stream"])]
Territory = Annotated[str, Query(max_length=12, examples=["KZ"])]
KnownAt = Annotated[str | None, Query(max_length=40)]
PaidOn = Annotated[Day | None, Query(description="Day of payment, if not that of the use.")]


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
    subject: Subject,
    right: Right,
    use: Use,
    territory: Territory,
    on: Annotated[Day, Query(examples=["2026-03-15"])],
    known_at: KnownAt = None,
    amount: Annotated[str | None, Query(max_length=30, examples=["1000.00"])] = None,
    currency: Annotated[str | None, Query(max_length=3, examples=["KZT"])] = None,
    policy: SharePolicy = None,
    paid_on: PaidOn = None,
) -> Response:
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
        policy=policy or hub.settings.share_policy,
        paid_on=paid_on,
    )
    return Response(who_to_pay_as_bytes(hub, question), media_type="application/json")


@router.get(
    "/who-to-pay/period",
    response_model=list[AnswerOut],
    response_model_exclude_unset=True,
    responses=responses(404, 409),
    summary="The same over a period: one answer per stretch of days in which nothing changes",
)
def get_who_to_pay_over_period(
    hub: OpenHub,
    _caller: Reader,
    subject: Subject,
    right: Right,
    use: Use,
    territory: Territory,
    start: Annotated[Day, Query(alias="from", description="First day.", examples=["2026-01-01"])],
    end: Annotated[Day, Query(alias="to", description="First day after it.", examples=["2027-01-01"])],
    known_at: KnownAt = None,
    policy: SharePolicy = None,
    paid_on: PaidOn = None,
) -> list[dict[str, Any]]:
    """Answers in the order of days, without gaps; ``to`` of one is ``from`` of the next."""
    question = ask(
        subject, right=right, use=use, territory=territory, on=start, known_at=known_at,
        policy=policy or hub.settings.share_policy, paid_on=paid_on,
    )  # fmt: skip
    return [item.as_json() for item in over_period(hub, question, end)]


@router.post(
    "/who-to-pay/batch",
    response_model=BatchOut,
    responses=responses(),
    summary="Up to 10,000 questions at one instant",
)
def post_who_to_pay_batch(hub: OpenHub, _caller: Reader, batch: BatchIn) -> Response:
    """Answers in the order of the questions; a question that has none has its error in its place.

    All are answered as known at one instant, which the answer names: asked again with it, the bytes are the
    same.
    """
    at = None if batch.known_at is None else instant(batch.known_at, "known_at")
    with reading(hub.engine) as connection:
        desk = Desk(connection, at, kept=hub.settings.kept_answers)
        answers = told(desk, [vars(item) for item in batch.questions], hub.settings.share_policy)
    head = b'{"known_at":' + orjson.dumps(times.text(desk.known_at)) + b',"answers":['
    return Response(b"".join((head, b",".join(answers), b"]}")), media_type="application/json")
