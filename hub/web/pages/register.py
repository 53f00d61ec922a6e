"""Mandates and withdrawals: the register, a mandate, and the steps of a withdrawal."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from hub.api.security import OpenHub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.lists import terms
from hub.mandates import withdrawal_records as records
from hub.mandates.register import Filter, MandateEntry, filtered, lookup, standing
from hub.mandates.withdrawal_preview import preview
from hub.mandates.withdrawal_records import Withdrawal
from hub.mandates.withdrawal_states import ACTIONS, STATES, transitions
from hub.mandates.withdrawals import Notice, Step, act, computed, withdraw
from hub.web.rendering import MandateVisitor, PageRoute, Visitor, language_of, render
from schemas import rights, territories
from schemas.societies import normalise_code

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 50
BASES = ("declaration", "agreement", "assertion", "statute")
STANDINGS = ("in_force", "withdrawn", "over", "to_come")
Word = Annotated[str, Form(max_length=2000)]


class Wanted(BaseModel):
    """The filters in the address of the register."""

    holder: str = Field("", max_length=60)
    grantor: str = Field("", max_length=60)
    right: str = Field("", max_length=10)
    territory: str = Field("", max_length=12)
    basis: str = Field("", max_length=20)
    standing: str = Field("", max_length=20)
    after: int = Field(0, ge=0, le=2**53)


@router.get("/mandates")
def mandates(
    request: Request, hub: OpenHub, visitor: Visitor, wanted: Annotated[Wanted, Query()]
) -> HTMLResponse:
    """The register, by what is asked for, and the countries that what is shown covers."""
    day = records.today_of(None)
    asked = Filter(
        normalise_code(wanted.holder) if wanted.holder else "", wanted.grantor.strip(),
        wanted.right if wanted.right in rights.CATEGORIES else "",
        territories.canonical(wanted.territory) or "" if wanted.territory else "",
        wanted.basis if wanted.basis in BASES else "",
        wanted.standing if wanted.standing in STANDINGS else "",
    )  # fmt: skip
    with reading(hub.engine) as connection:
        found, following = filtered(
            connection, horizon(connection), asked, day, after=wanted.after, limit=PAGE
        )
    covered: Counter[str] = Counter()
    for item in found:
        covered.update(territories.evaluate(terms(item.row.territories) or (territories.WORLD,), day))
    return render(
        request, "mandates.html", session=visitor, wanted=wanted,
        listed=[(item.as_json(), standing(item, day)) for item in found],
        following=following, covered=covered, rights=list(rights.CATEGORIES), bases=BASES,
        standings=STANDINGS,
    )  # fmt: skip


@router.get("/mandates/{name}")
def mandate(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    name: str,
    notice: Annotated[str, Query(max_length=10)] = "",
    part: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """A mandate with its withdrawals, and the form that drafts another.

    ``part=notice`` is the computed days alone, for the script.
    """
    with reading(hub.engine) as connection:
        at = horizon(connection)
        found = lookup(connection, name, at, prefer=visitor.caller.society)
        mine = records.of_mandates(connection, [found.key], at, visitor.caller.society).get(found.key, [])
    day = records.today_of(None)
    days = computed(hub, name, notice or day.isoformat(), prefer=visitor.caller.society)
    if part == "notice":
        return render(request, "_notice.html", session=visitor, days=days)
    sides = {found.declarant, found.row.holder, found.row.grantor_id}
    may = visitor.caller.society in sides and "mandates" in visitor.caller.scopes
    covered = territories.evaluate(terms(found.row.territories) or (territories.WORLD,), day)
    left: set[str] = set()
    for item in mine:
        if item.on(day).state == "effective":
            left |= territories.evaluate(terms(item.territories) or (territories.WORLD,), day)
    return render(
        request, "mandate.html", session=visitor, mandate=found.as_json(), days=days, may=may,
        withdrawals=[item.as_json(day, language_of(request)) for item in mine],
        covered=covered, left=covered & left, rights=entrusted(found),
    )  # fmt: skip


def entrusted(found: MandateEntry) -> list[str]:
    """The categories of rights that a mandate has any of, which a withdrawal may be limited to."""
    held = terms(found.row.rights)
    return [
        code for code in rights.CATEGORIES if any(rights.covers(held, code, use) for use in rights.uses())
    ]


@router.post("/mandates/{name}/withdrawals")
def draft(
    request: Request,
    hub: OpenHub,
    visitor: MandateVisitor,
    name: str,
    token: Word = "",
    notice: Word = "",
    effective: Word = "",
    only_rights: Annotated[list[str] | None, Form(alias="rights")] = None,
    uses: Word = "",
    places: Annotated[str, Form(alias="territories", max_length=2000)] = "",
    works: Word = "",
    evidence: Word = "",
) -> RedirectResponse:
    """Draft a withdrawal: its days and its effect are shown before it is filed."""
    visitor.check(token)
    made = withdraw(
        hub,
        Notice(
            name, notice, effective, "|".join(only_rights or ()), uses, places, works, evidence, draft=True,
        ),
        visitor.caller.society,
        language=language_of(request),
    )  # fmt: skip
    return RedirectResponse(f"/withdrawals/{made['id']}", 303)


@router.get("/withdrawals")
def withdrawals(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    state: Annotated[str, Query(max_length=20)] = "",
    after: Annotated[int, Query(ge=0)] = 0,
) -> HTMLResponse:
    """All withdrawals that were filed, and own drafts."""
    chosen = state if state in STATES else ""
    day = records.today_of(None)
    with reading(hub.engine) as connection:
        found = records.listing(
            connection, horizon(connection), day, viewer=visitor.caller.society, state=chosen, after=after,
            limit=PAGE,
        )  # fmt: skip
    return render(
        request, "withdrawals.html", session=visitor, state=chosen, states=STATES,
        listed=[item.as_json(day, language_of(request)) for item in found],
        following=found[-1].key if len(found) == PAGE else None,
    )  # fmt: skip


@router.get("/withdrawals/{name}")
def withdrawal(request: Request, hub: OpenHub, visitor: Visitor, name: str) -> HTMLResponse:
    """A withdrawal: its days, its history, what it changes, and what may be done about it."""
    society, language = visitor.caller.society, language_of(request)
    day = records.today_of(None)
    with reading(hub.engine) as connection:
        at = horizon(connection)
        found = records.find(connection, name, at, society)
        entry = lookup(connection, found.mandate, at)
    shown = found.as_json(day, language)
    effect = None
    if shown["state"] in ("drafted", "filed", "acknowledged", "contested", "in_notice"):
        effect = preview(hub, name, viewer=society, language=language)
    return render(
        request, "withdrawal_page.html", session=visitor, withdrawal=shown, mandate=entry.as_json(),
        history=found.history(society), effect=effect,
        actions=possible(found, shown["state"], society, entry),
    )  # fmt: skip


def possible(found: Withdrawal, state: str, society: str, mandate: MandateEntry) -> list[str]:
    """What a society may do about a withdrawal in a state, by the table of transitions."""
    sides = {mandate.declarant, mandate.row.holder}
    if mandate.row.grantor_type == "society":
        sides.add(mandate.row.grantor_id)
    roles = records.roles_of(found, society, sorted(sides), mandate.row.holder)
    return [action for action in ACTIONS if any((state, action, role) in transitions() for role in roles)]


@router.post("/withdrawals/{name}")
def step(
    request: Request,
    hub: OpenHub,
    visitor: MandateVisitor,
    name: str,
    token: Word = "",
    action: Word = "",
    reason: Word = "",
    evidence: Word = "",
) -> RedirectResponse:
    """Do something about a withdrawal; what is refused says what is possible."""
    visitor.check(token)
    act(hub, name, Step(action, reason, evidence), visitor.caller.society, language=language_of(request))
    return RedirectResponse(f"/withdrawals/{name}", 303)
