"""The page of a work or recording: who is to be paid, through the years, and what each society says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from hub.access.sessions import Session
from hub.answers.period import Segment, over_period
from hub.answers.question import Question, ask
from hub.answers.resolve import who_to_pay
from hub.api.security import OpenHub
from hub.catalogue.detail import detail
from hub.context import Hub
from hub.errors import HubError
from hub.web.rendering import PageRoute, Visitor, render
from schemas import rights
from schemas.shares import WHOLE, format_percent

router = APIRouter(route_class=PageRoute, include_in_schema=False)
STATUSES = ("payable", "held", "disputed", "contested", "unclaimed", "unrepresented")
WIDTH = 1000
"""Bars are drawn in thousandths of their width."""

YEARS_BACK, YEARS_ON = 2, 3
"""The years that the timeline shows before that of the day asked about, and from it on."""


class Asked(BaseModel):
    """The question in the address of a page, so that every page is a permanent link."""

    right: str = ""
    use: str = "radio"
    territory: str = "KZ"
    on: str = ""
    known_at: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a bar: its status, where it begins and how wide it is, and its share in percent."""

    status: str
    start: int
    width: int
    share: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the timeline: days from and to, and the bar of its answer."""

    start: dt.date
    last: dt.date
    pieces: tuple[Piece, ...]


@router.get("/works/{subject_id}")
def work(
    request: Request, hub: OpenHub, visitor: Visitor, subject_id: str, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """A work."""
    return _page(request, hub, visitor, "work", subject_id, asked)


@router.get("/recordings/{subject_id}")
def recording(
    request: Request, hub: OpenHub, visitor: Visitor, subject_id: str, asked: Annotated[Asked, Query()]
) -> HTMLResponse:
    """A recording."""
    return _page(request, hub, visitor, "recording", subject_id, asked)


def _page(
    request: Request, hub: Hub, visitor: Session, kind: str, subject_id: str, asked: Asked
) -> HTMLResponse:
    shown = detail(hub, kind, subject_id, asked.known_at or None).as_json(visitor.caller.society)
    choice = [code for code, of in rights.CATEGORIES.items() if kind == "recording" or of == "work"]
    filled = asked.model_copy(
        update={"right": asked.right or "PR", "on": asked.on or dt.datetime.now(dt.UTC).date().isoformat()}
    )
    answer: Mapping[str, Any] | None = None
    fault = ""
    bar: tuple[Piece, ...] = ()
    timeline: list[Row] = []
    try:
        question = ask(
            f"{kind}:{subject_id}", right=filled.right, use=filled.use, territory=filled.territory,
            on=filled.on, known_at=filled.known_at or None,
        )  # fmt: skip
        found = who_to_pay(hub, question)
        answer, bar = found.as_json(), _bar(found.totals)
        timeline = _timeline(hub, question)
    except HubError as refusal:
        fault = refusal.detail
    return render(
        request, "subject.html", session=visitor, subject=shown, asked=filled, answer=answer, fault=fault,
        bar=bar, timeline=timeline, rights=choice, uses=sorted(rights.uses()), statuses=STATUSES,
        statements=[_statement(item) for item in shown["statements"]], width=WIDTH,
    )  # fmt: skip


def _bar(totals: Mapping[str, int]) -> tuple[Piece, ...]:
    pieces, start = [], 0
    for status in STATUSES:
        units = totals[status]
        if units:
            width = round(units * WIDTH / WHOLE)
            pieces.append(Piece(status, start, width, format_percent(units)))
            start += width
    return tuple(pieces)


def _timeline(hub: Hub, question: Question) -> list[Row]:
    """Answers over the years around the day, those that pay the same joined."""
    first = dt.date(max(question.on.year - YEARS_BACK, 1900), 1, 1)
    end = dt.date(min(question.on.year + YEARS_ON, 9998), 1, 1)
    try:
        segments = over_period(hub, replace(question, on=first), end)
    except HubError:
        # A territory that was not one country throughout has no timeline.
        return []
    return [_row(item) for item in segments]


def _row(segment: Segment) -> Row:
    return Row(segment.start, segment.end - dt.timedelta(days=1), _bar(segment.answer.totals))


def _statement(item: Mapping[str, Any]) -> dict[str, Any]:
    """What one society says, as a table of claims."""
    content = item["content"]
    return {
        "source": item["source"],
        "ref": item["ref"],
        "title": content.get("title", ""),
        "titles": [title["text"] for title in content.get("titles", ())],
        "artist": content.get("artist", ""),
        "codes": [code for code in (content.get("iswc"), *content.get("isrcs", ())) if code],
        "claims": [_claim(claim) for claim in content.get("claims", ())],
    }


def _claim(claim: Mapping[str, Any]) -> dict[str, Any]:
    party = claim["party"]
    return {
        "name": " ".join(filter(None, (party.get("name"), party.get("given")))),
        "ipi": party.get("ipi_name") or party.get("ipi_base") or party.get("isni") or "",
        "role": claim.get("role", ""),
        "ownership": _shares(claim.get("ownership", ())),
        "collection": [
            (" | ".join(group.get("territories", ())) or "*", _shares(group["shares"]))
            for group in claim.get("collection", ())
        ],
        "societies": sorted({item["society"] for item in claim.get("affiliations", ()) if item["society"]}),
    }


def _shares(shares: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{item['right']} {format_percent(item['share'])}" for item in shares)
