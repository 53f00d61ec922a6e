"""``/changes``, ``/public-domain``, ``/jurisdictions``: what answers became, with decisions and laws."""

from __future__ import annotations

import itertools
from operator import attrgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub import jurisdictions
from hub.answers import public_domain
from hub.answers.changes import changes
from hub.answers.question import ask, instant
from hub.api.days import Day
from hub.api.listings import Formed, Listed, exportable, following
from hub.api.policies import SharePolicy
from hub.api.security import OpenHub, Reader
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from schemas.rights import CATEGORIES

router = APIRouter(tags=["answers"])
Instant = Annotated[str | None, Query(max_length=40, examples=["2026-01-31T00:00:00Z"])]


class SummaryOut(BaseModel):
    """An answer by status and, of what is payable, by society; shares in percent."""

    known_at: str
    totals: dict[str, str] = Field(examples=[{"payable": "75.00", "disputed": "25.00"}])
    payable_to: dict[str, str] = Field(examples=[{"177": "75.00"}])


class ChangeOut(BaseModel):
    """A work or recording whose answer differs; ``before`` is null for one that was not known then."""

    subject: dict[str, Any]
    before: SummaryOut | None
    after: SummaryOut


class PublicDomainOut(BaseModel):
    """A decision that a subject is in the public domain; empty lists are everything, an empty end is open."""

    id: str
    subject: dict[str, Any]
    rights: str
    territories: str
    valid_from: str
    valid_to: str
    author: str
    reason: str
    evidence: str
    known_from: str


class JurisdictionRuleOut(BaseModel):
    """A law that lets one society only collect: `society`, or for each party the one it chose (empty)."""

    rule: str
    territories: str = Field(examples=["KZ"])
    rights: str = Field(examples=["PR|MR|SR"])
    society: str
    effect: str = Field(examples=["tell", "hold"])
    valid_from: str
    valid_to: str
    source: str
    known_from: str


@router.get(
    "/changes",
    response_model=list[ChangeOut],
    responses=exportable(),
    summary="What changed between two instants in the answers for one's own repertoire",
)
def get_changes(
    hub: OpenHub,
    caller: Reader,
    listed: Listed,
    right: Annotated[str, Query(max_length=40, examples=["PR"])],
    use: Annotated[str, Query(max_length=60, examples=["radio"])],
    territory: Annotated[str, Query(max_length=12, examples=["KZ"])],
    on: Annotated[Day, Query(examples=["2026-03-15"])],
    since: Instant = None,
    until: Instant = None,
    policy: SharePolicy = None,
) -> Any:
    """Works and recordings that the caller's society registered or is named in, each with both answers.

    `since` and `until` are instants of known time; without `until` it is now.
    """
    if since is None:
        raise UsageError("say `since` when: an ISO instant such as 2026-01-31T00:00:00Z")
    kind = CATEGORIES.get(right.upper(), "work")
    shares = policy or hub.settings.share_policy
    terms = ask(f"{kind}:any", right=right, use=use, territory=territory, on=on, policy=shares)
    with reading(hub.engine) as connection:
        end = horizon(connection) if until is None else instant(until, "until")
    start = instant(since, "since")

    def page(after: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        every = changes(hub, terms, caller.society, start, end, after=after or 0)
        found = list(itertools.islice(every, limit))
        return [item.as_json() for item in found], following(found, limit, attrgetter("key"))

    return listed.of(ChangeOut, page, "changes")


@router.get(
    "/public-domain",
    response_model=list[PublicDomainOut],
    responses=exportable(),
    summary="Decisions that something is in the public domain",
)
def get_public_domain(hub: OpenHub, _caller: Reader, forms: Formed, known_at: Instant = None) -> Any:
    """Those that stand; the operator writes them down on the command line."""
    found = public_domain.listing(hub, None if known_at is None else instant(known_at, "known_at"))
    return forms.of(PublicDomainOut, found, "public-domain")


@router.get(
    "/jurisdictions",
    response_model=list[JurisdictionRuleOut],
    responses=exportable(),
    summary="Laws that let one society only collect",
)
def get_jurisdictions(hub: OpenHub, _caller: Reader, forms: Formed, known_at: Instant = None) -> Any:
    """The rules that answers go by, each with its source; the operator keeps them on the command line."""
    found = jurisdictions.listing(hub, None if known_at is None else instant(known_at, "known_at"))
    return forms.of(JurisdictionRuleOut, found, "jurisdictions")
