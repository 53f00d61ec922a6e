"""``/webhooks``: where a member wants to be told of what, and what was sent there."""

from __future__ import annotations

from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from hub.api.listings import Listed, exportable, following
from hub.api.problems import responses
from hub.api.security import OpenHub, WebhookKeeper
from hub.webhooks import deliveries, subscriptions
from hub.webhooks.outbox import EVENTS

router = APIRouter(prefix="/webhooks", tags=["webhooks"])
Name = Annotated[str, Path(max_length=60, examples=["wh_1f2e3d4c5b6a7988"])]
NOTICE = {
    "type": "job.ended",
    "timestamp": "2026-03-15T09:00:00.000000Z",
    "data": {"job": "jk4s6tfm3hzc2w5ya", "kind": "usage", "state": "done"},
}


class WebhookIn(BaseModel):
    """Where to send notices and which; all of them for an empty list."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"url": "https://dsp.example/hub", "events": ["job.ended"], "label": "settlement"}
        },
    )
    url: str = Field(max_length=2_000, description="HTTPS, a name of the public internet.")
    events: list[str] = Field([], max_length=20, description=", ".join(EVENTS))
    label: str = Field("", max_length=200)


class WebhookOut(BaseModel):
    """A webhook without its secret; ``disabled`` is empty while it is in use, else ``why`` says why not."""

    webhook: str = Field(examples=["wh_1f2e3d4c5b6a7988"])
    society: str = Field(examples=["177"])
    url: str = Field(examples=["https://dsp.example/hub"])
    events: list[str] = Field(examples=[["job.ended"]])
    label: str
    created: str
    disabled: str
    why: str


class WebhookListedOut(WebhookOut):
    """With how many notices wait to be delivered."""

    waiting: int


class WebhookMadeOut(WebhookOut):
    """A new webhook; ``secret`` signs its notices and is never shown again."""

    secret: str = Field(examples=["whsec_q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="])


class SecretOut(BaseModel):
    """A new secret, never shown again; until ``old_until`` notices are signed with both."""

    webhook: str
    secret: str
    old_until: str


class DeliveryOut(BaseModel):
    """A notice as it stands; ``status`` is what the receiver answered last, 0 if it did not."""

    number: int
    delivery: str = Field(examples=["msg_1f2e3d4c5b6a79880c1d2e3f"])
    event: str = Field(examples=["job.ended"])
    state: str = Field(examples=["delivered"])
    attempts: int
    status: int = Field(examples=[204])
    error: str
    created: str
    next: str
    finished: str
    notice: dict[str, Any] = Field(examples=[NOTICE])


class TriedOut(BaseModel):
    """The id of the notice that was put out."""

    delivery: str = Field(examples=["msg_1f2e3d4c5b6a79880c1d2e3f"])


@router.get("", response_model=list[WebhookListedOut], responses=responses(), summary="One's own webhooks")
def list_webhooks(hub: OpenHub, caller: WebhookKeeper) -> list[dict[str, Any]]:
    """In the order they were made, without secrets."""
    return subscriptions.listing(hub, subscriptions.owner(caller))


@router.post(
    "", status_code=201, response_model=WebhookMadeOut, responses=responses(), summary="Be told of events"
)
def post_webhook(wanted: WebhookIn, hub: OpenHub, caller: WebhookKeeper) -> dict[str, Any]:
    """Societies are told of what concerns them, services and authorities of all that they may read."""
    return subscriptions.add(
        hub, subscriptions.owner(caller), wanted.url, events=wanted.events, label=wanted.label,
        role=caller.role,
    )  # fmt: skip


@router.get("/{webhook}", response_model=WebhookOut, responses=responses(404), summary="One webhook")
def get_webhook(webhook: Name, hub: OpenHub, caller: WebhookKeeper) -> dict[str, Any]:
    """Without its secret."""
    return subscriptions.find(hub, webhook, subscriptions.owner(caller))


@router.delete("/{webhook}", status_code=204, responses=responses(404), summary="End a webhook")
def delete_webhook(webhook: Name, hub: OpenHub, caller: WebhookKeeper) -> None:
    """What waits for it is not sent any more."""
    subscriptions.remove(hub, webhook, subscriptions.owner(caller))


@router.post(
    "/{webhook}/rotate",
    status_code=201,
    response_model=SecretOut,
    responses=responses(404),
    summary="Replace the secret",
)
def post_rotation(webhook: Name, hub: OpenHub, caller: WebhookKeeper) -> dict[str, Any]:
    """For a day notices carry a signature of each of the two."""
    return subscriptions.rotate(hub, webhook, subscriptions.owner(caller))


@router.post(
    "/{webhook}/enable",
    response_model=WebhookOut,
    responses=responses(404),
    summary="Go on with a webhook that was stopped",
)
def post_enable(webhook: Name, hub: OpenHub, caller: WebhookKeeper) -> dict[str, Any]:
    """What waited is tried at once."""
    return subscriptions.enable(hub, webhook, subscriptions.owner(caller))


@router.post("/{webhook}/test", status_code=202, responses=responses(404), summary="Try a webhook out")
def post_test(webhook: Name, hub: OpenHub, caller: WebhookKeeper) -> TriedOut:
    """Puts a notice of the type ``webhook.test`` out."""
    return TriedOut(delivery=subscriptions.try_out(hub, webhook, subscriptions.owner(caller)))


@router.get(
    "/{webhook}/deliveries",
    response_model=list[DeliveryOut],
    responses=exportable(404),
    summary="What was sent and what came of it",
)
def list_deliveries(webhook: Name, hub: OpenHub, caller: WebhookKeeper, listed: Listed) -> Any:
    """The newest first; kept for 30 days after the end."""

    def page(before: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        found = deliveries.listing(hub, webhook, subscriptions.owner(caller), before=before, limit=limit)
        return found, following(found, limit, itemgetter("number"))

    return listed.of(DeliveryOut, page, f"{webhook}-deliveries")


@router.post(
    "/{webhook}/deliveries/{delivery}/resend",
    status_code=202,
    response_model=DeliveryOut,
    responses=responses(404),
    summary="Send a notice again",
)
def post_resend(
    webhook: Name,
    delivery: Annotated[str, Path(max_length=60, examples=["msg_1f2e3d4c5b6a79880c1d2e3f"])],
    hub: OpenHub,
    caller: WebhookKeeper,
) -> dict[str, Any]:
    """Under the same id, so that who has seen it knows it."""
    return deliveries.resend(hub, webhook, delivery, subscriptions.owner(caller))
