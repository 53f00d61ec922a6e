"""``/payments/check``: which payments were right when they were made, and which are wrong now."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from hub.answers.question import instant, known_policy
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.usage.payments import check_rows

router = APIRouter(tags=["answers"])
MOST = 10_000
"""Payments in one call; the command line takes files of any length."""

Verdict = Literal["right", "right_then_wrong_now", "wrong_then_right_now", "wrong", "unreadable"]


class PaymentIn(BaseModel):
    """A payment of the past, its parts as the columns of a file of payments."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "payment_ref": "2026-Q1-00017",
                "subject": "iswc:T9123456780",
                "right": "PR",
                "use": "radio",
                "territory": "KZ",
                "on": "2026-03-15",
                "society": "177",
                "share": "75.00",
                "paid_at": "2026-04-20T00:00:00Z",
            }
        },
    )
    payment_ref: str = Field("", max_length=200)
    subject: str = Field(max_length=300)
    right: str = Field(max_length=40)
    use: str = Field(max_length=60)
    territory: str = Field(max_length=12)
    on: str = Field(max_length=10, description="Day of the use.")
    society: str = Field(max_length=60, description="Who was paid.")
    share: str = Field(max_length=20, description="What it was paid of the whole, in percent.")
    paid_at: str = Field(max_length=40, description="ISO instant or day: what was known then is compared.")


class PaymentsIn(BaseModel):
    """Payments, and what "now" and "right" mean: an instant of known time, and a share policy."""

    payments: list[PaymentIn] = Field(min_length=1, max_length=MOST)
    policy: str | None = Field(default=None, max_length=40, examples=["least-agreed/1"])
    known_at: str | None = Field(default=None, max_length=40)


class PaymentOut(BaseModel):
    """One payment with its verdict; shares in percent, empty where it could not be read (``detail``)."""

    line: int = Field(description="Its number in the call, from 1.")
    payment_ref: str
    society: str
    paid: str = Field(examples=["75.00"])
    payable_then: str = Field(examples=["75.00"])
    payable_now: str = Field(examples=["50.00"])
    verdict: Verdict
    detail: str


class PaymentsOut(BaseModel):
    """One entry per payment, in their order, and how many got each verdict."""

    known_at: str
    policy: str
    counts: dict[str, int] = Field(examples=[{"right": 12, "right_then_wrong_now": 1}])
    payments: list[PaymentOut]


@router.post(
    "/payments/check",
    response_model=PaymentsOut,
    responses=responses(),
    summary="Which past payments were right when made and are wrong now",
)
def post_payments_check(hub: OpenHub, _caller: Reader, asked: PaymentsIn) -> dict[str, Any]:
    """What was payable to the society as known when it was paid, and as known now; nothing is stored.

    Asked again with the `known_at` and the `policy` of the answer, the bytes are the same.
    """
    policy = known_policy(asked.policy or hub.settings.share_policy)
    with reading(hub.engine) as connection:
        now = horizon(connection) if asked.known_at is None else instant(asked.known_at, "known_at")
    numbered = enumerate((item.model_dump() for item in asked.payments), start=1)
    found = [item.as_json() for item in check_rows(hub, numbered, policy, now)]
    return {
        "known_at": times.text(now),
        "policy": policy,
        "counts": dict(sorted(Counter(item["verdict"] for item in found).items())),
        "payments": found,
    }
