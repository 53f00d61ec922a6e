"""The form by which a society states a mandate, or corrects one that it stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.api.security import OpenHub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import NotAllowed, UsageError
from hub.mandates import withdrawal_records as records
from hub.mandates.register import lookup
from hub.mandates.statement import state
from hub.web.rendering import MandateVisitor, PageRoute, language_of, render
from schemas import rights
from schemas.tables.columns import column, tables

router = APIRouter(route_class=PageRoute, include_in_schema=False)
FIELDS = tuple(item.name for item in tables()["mandates"])
Cell = Annotated[str, Form(max_length=10_000)]


@router.get("/new-mandate")
def new_mandate(
    request: Request, hub: OpenHub, visitor: MandateVisitor, of: Annotated[str, Query(max_length=200)] = ""
) -> HTMLResponse:
    """An empty form, or one filled with a mandate of one's own that is to be corrected."""
    if not of:
        filled = {"valid_from": records.today_of(None).isoformat(), "grantor_type": "party", "exclusive": "Y"}
        return _form(request, visitor, {**filled, "basis": "declaration"})
    with reading(hub.engine) as connection:
        found = lookup(connection, of, horizon(connection), prefer=visitor.caller.society)
    if found.declarant != visitor.caller.society:
        raise NotAllowed(f"only society {found.declarant}, which declared mandate {found.id}, can correct it")
    return _form(request, visitor, found.as_json())


@router.post("/new-mandate")
def stated(
    request: Request,
    hub: OpenHub,
    visitor: MandateVisitor,
    token: Cell = "",
    mandate_ref: Cell = "",
    grantor_type: Cell = "",
    grantor_id: Cell = "",
    grantor_name: Cell = "",
    holder: Cell = "",
    of_rights: Annotated[list[str] | None, Form(alias="rights")] = None,
    uses: Cell = "",
    places: Annotated[str, Form(alias="territories", max_length=10_000)] = "",
    valid_from: Cell = "",
    valid_to: Cell = "",
    exclusive: Cell = "",
    basis: Cell = "",
    works: Annotated[str, Form(max_length=100_000)] = "",
    evidence: Cell = "",
) -> Response:
    """Take it in like a row of a mandate file; faults are told above the form, with what was written."""
    visitor.check(token)
    said = {
        "mandate_ref": mandate_ref, "grantor_type": grantor_type, "grantor_id": grantor_id,
        "grantor_name": grantor_name, "holder": holder, "rights": "|".join(of_rights or ()), "uses": uses,
        "territories": places, "valid_from": valid_from, "valid_to": valid_to, "exclusive": exclusive,
        "basis": basis, "works": "|".join(works.split()), "evidence": evidence,
    }  # fmt: skip
    terms = {name: text.strip() for name, text in said.items()}
    if terms["grantor_type"] == "any":
        terms["grantor_id"] = "*"
    try:
        made = state(hub, terms, visitor.caller.society, language=language_of(request))
    except UsageError as fault:
        return _form(request, visitor, terms, fault.detail, status=400)
    return RedirectResponse(f"/mandates/{made['id']}", 303)


def _form(
    request: Request,
    visitor: MandateVisitor,
    terms: Mapping[str, str],
    fault: str = "",
    *,
    status: int = 200,
) -> HTMLResponse:
    chosen = set(filter(None, terms.get("rights", "").split("|")))
    offered = [*rights.CATEGORIES, *sorted(chosen - rights.CATEGORIES.keys())]
    return render(
        request, "new_mandate.html", session=visitor, status=status, fault=fault, offered=offered,
        chosen=chosen, terms={name: terms.get(name, "") for name in FIELDS},
        grantor_types=column("mandates", "grantor_type").values, bases=column("mandates", "basis").values,
    )  # fmt: skip
