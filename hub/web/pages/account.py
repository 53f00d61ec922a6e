"""What runs and who may call: a member's jobs, its keys, and attempts that were refused."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from hub.access import denials, keys, users
from hub.access.sessions import Session
from hub.api.following import BackgroundWorker
from hub.api.security import OpenHub
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import NotFound
from hub.jobs import queue
from hub.web.rendering import KeyVisitor, OperatingVisitor, PageRoute, Visitor, WebhookVisitor, render
from hub.webhooks import subscriptions

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Word = Annotated[str, Form(max_length=200)]
Address = Annotated[str, Form(max_length=2000)]
SHOWN = 50


@router.get("/account")
def account(request: Request, hub: OpenHub, visitor: Visitor) -> HTMLResponse:
    """Jobs, keys and refused attempts, as far as the visitor's role may see them."""
    return _page(request, hub, visitor)


def _page(request: Request, hub: Hub, visitor: Session, made: str = "") -> HTMLResponse:
    caller = visitor.caller
    with reading(hub.engine) as connection:
        jobs = [item.as_json() for item in queue.listing(connection, caller.society, limit=SHOWN)]
    kept = keys.listing(hub, caller) if caller.scopes & {"keys", "operate"} else []
    refused = denials.listing(hub, caller, limit=SHOWN)
    # Everybody's for the operator; of a society those of its own, for who may make keys.
    people: list[dict[str, Any]] = []
    if caller.scopes & {"keys", "operate"}:
        people = users.listing(hub, "" if "operate" in caller.scopes else caller.society)
    hooks = subscriptions.listing(hub, caller.society) if "webhooks" in caller.scopes else []
    return render(
        request, "account.html", session=visitor, jobs=jobs, keys=kept, refused=refused, made=made,
        people=people, may_end="operate" in caller.scopes, may_make="keys" in caller.scopes, webhooks=hooks,
        may_be_told="webhooks" in caller.scopes,
    )  # fmt: skip


@router.post("/account/keys")
def make_key(
    request: Request,
    hub: OpenHub,
    visitor: KeyVisitor,
    token: Word = "",
    label: Word = "",
    days: Annotated[int, Form(ge=1, le=keys.MOST_DAYS)] = 365,
) -> HTMLResponse:
    """Make a key of one's own; this page is the only place where it is ever shown."""
    visitor.check(token)
    made = keys.create_own(hub, visitor.caller, days=days, label=label)
    return _page(request, hub, visitor, str(made["key"]))


@router.post("/account/keys/{prefix}/revoke")
def revoke_key(hub: OpenHub, visitor: KeyVisitor, prefix: str, token: Word = "") -> RedirectResponse:
    """End a key at once."""
    visitor.check(token)
    keys.revoke(hub, prefix, visitor.caller)
    return RedirectResponse("/account", 303)


@router.post("/account/people/{name}/{action}")
def change_person(
    hub: OpenHub, visitor: OperatingVisitor, name: str, action: str, token: Word = ""
) -> RedirectResponse:
    """Let a person in no more or again, or end what is open in every browser."""
    visitor.check(token)
    actions = {"disable": users.disable, "enable": users.enable, "sign-out": users.sign_out_everywhere}
    if action not in actions:
        raise NotFound(f"a person has no action {action!r}")
    actions[action](hub, name, by_key=visitor.caller.key)
    return RedirectResponse("/account", 303)


@router.post("/account/webhooks")
def make_webhook(
    request: Request, hub: OpenHub, visitor: WebhookVisitor, token: Word = "", url: Address = ""
) -> HTMLResponse:
    """Be told of all events; this page is the only place where the secret is ever shown."""
    visitor.check(token)
    caller = visitor.caller
    made = subscriptions.add(hub, subscriptions.owner(caller), url.strip(), role=caller.role)
    return _page(request, hub, visitor, str(made["secret"]))


@router.post("/account/webhooks/{webhook}/{action}")
def change_webhook(
    hub: OpenHub, visitor: WebhookVisitor, webhook: str, action: str, token: Word = ""
) -> RedirectResponse:
    """Try a webhook out, go on with one that was stopped, or end it."""
    visitor.check(token)
    actions = {
        "test": subscriptions.try_out, "enable": subscriptions.enable, "remove": subscriptions.remove
    }  # fmt: skip
    if action not in actions:
        raise NotFound(f"a webhook has no action {action!r}")
    actions[action](hub, webhook, subscriptions.owner(visitor.caller))
    return RedirectResponse("/account", 303)


@router.post("/account/jobs/{job}/{action}")
def change_job(
    hub: OpenHub, visitor: Visitor, worker: BackgroundWorker, job: str, action: str, token: Word = ""
) -> RedirectResponse:
    """Stop a job, or queue a failed one again."""
    visitor.check(token)
    if action == "cancel":
        queue.cancel(hub, job, visitor.caller.society)
    else:
        queue.retry(hub, job, visitor.caller.society)
        worker.wake()
    return RedirectResponse("/account", 303)
