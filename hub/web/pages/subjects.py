"""The page of a work or recording: who is to be paid, through the years, and what each society says."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import Connection, select

from hub import registers
from hub.access.sessions import Session
from hub.answers.period import Segment, segments
from hub.answers.question import Question, ask, instant
from hub.answers.resolve import resolve
from hub.api.security import OpenHub
from hub.catalogue.detail import Detail, described
from hub.catalogue.embodiments import embodiments
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import DECLARATION, SUBJECT
from hub.db.times import OPEN
from hub.errors import HubError
from hub.mandates.withdrawal_records import today_of
from hub.usage.sheets import harmless
from hub.web import side_by_side, timeline
from hub.web.rendering import HEADERS, PageRoute, Visitor, language_of, render
from schemas import rights

router = APIRouter(route_class=PageRoute, include_in_schema=False)
YEARS_BACK, YEARS_ON = 8, 4
"""The years that the timeline shows before that of the day asked about, and from it on."""

HOME = "KZ"
"""The territory that is asked about for who has no country in the register."""

MOST_INSTANTS = 60
"""So many instants at which something became known are offered, the newest."""

COLUMNS = ("party", "ipi", "role", "share", "status", "society", "payee", "candidates", "chain", "reasons")


class Asked(BaseModel):
    """The question in the address of a page, so that every page is a permanent link."""

    right: str = ""
    use: str = "radio"
    territory: str = ""
    on: str = ""
    known_at: str = ""
    every: bool = False


@router.get("/works/{subject_id}")
def work(
    request: Request, hub: OpenHub, visitor: Visitor, subject_id: str, asked: Annotated[Asked, Query()]
) -> Response:
    """A work."""
    return _page(request, hub, visitor, "work", subject_id, asked)


@router.get("/recordings/{subject_id}")
def recording(
    request: Request, hub: OpenHub, visitor: Visitor, subject_id: str, asked: Annotated[Asked, Query()]
) -> Response:
    """A recording."""
    return _page(request, hub, visitor, "recording", subject_id, asked)


@router.get("/works/{subject_id}/answer.{form}")
def work_answer(
    hub: OpenHub, visitor: Visitor, subject_id: str, form: str, asked: Annotated[Asked, Query()]
) -> Response:
    """The answer about a work as a file."""
    return _exported(hub, visitor, "work", subject_id, form, asked)


@router.get("/recordings/{subject_id}/answer.{form}")
def recording_answer(
    hub: OpenHub, visitor: Visitor, subject_id: str, form: str, asked: Annotated[Asked, Query()]
) -> Response:
    """The answer about a recording as a file."""
    return _exported(hub, visitor, "recording", subject_id, form, asked)


def _filled(connection: Connection, visitor: Session, asked: Asked) -> Asked:
    """The question that is asked where the address leaves something open: today, at home."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    homes = registers.homes(connection, horizon(connection), [visitor.caller.society])
    given = {"right": asked.right or "PR", "on": asked.on or today}
    return asked.model_copy(update={**given, "territory": asked.territory or next(iter(homes), HOME)})


def _question(hub: Hub, kind: str, subject_id: str, asked: Asked) -> Question:
    return ask(
        f"{kind}:{subject_id}", right=asked.right, use=asked.use, territory=asked.territory, on=asked.on,
        known_at=asked.known_at or None, policy=hub.settings.share_policy,
    )  # fmt: skip


def _page(request: Request, hub: Hub, visitor: Session, kind: str, subject_id: str, asked: Asked) -> Response:
    choice = [code for code, of in rights.CATEGORIES.items() if kind == "recording" or of == "work"]
    answer: Mapping[str, Any] | None = None
    fault = ""
    bar: tuple[timeline.Piece, ...] = ()
    years: timeline.Timeline | None = None
    with reading(hub.engine) as connection:
        at = instant(asked.known_at, "known_at") if asked.known_at else horizon(connection)
        found = described(connection, kind, subject_id, at)
        if found.subject.public_id != subject_id:
            # Merged: the page has the address of what it shows.
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{kind}s/{found.subject.public_id}{query}", 308, HEADERS)
        filled = _filled(connection, visitor, asked)
        try:
            question = replace(_question(hub, kind, subject_id, filled), known_at=at)
            # The years first: they read for every day at once, and the day asked about is one of them.
            stretches = _through_the_years(connection, question, at)
            said = resolve(connection, question)
            answer, bar = said.as_json(), timeline.stack(said)
            years = timeline.draw(
                connection, stretches, found.subject.members, question.on, today_of(None), at,
                every=filled.every,
            )  # fmt: skip
        except HubError as refusal:
            fault = refusal.detail
        links, complete = embodiments(connection, found.subject.members, at)
        instants = _instants(connection, found, asked.known_at)
        names = _names(connection, found)
    shown = found.as_json(visitor.caller.society)
    return render(
        request, "subject.html", session=visitor, subject=shown, asked=filled, answer=answer, fault=fault,
        bar=bar, years=years, rights=choice, statuses=timeline.STATUSES,
        statements=list(zip(shown["statements"], names, strict=True)),
        rows=side_by_side.rows(
            [item["content"] for item in shown["statements"]], language_of(request)
        ),
        links=[item.as_json() for item in links], complete=complete, instants=instants, width=timeline.WIDTH,
    )  # fmt: skip


def _through_the_years(connection: Connection, question: Question, at: int) -> Sequence[Segment]:
    """The answers of the years around the day; a territory that was not one country throughout has none."""
    first = dt.date(max(question.on.year - YEARS_BACK, 1900), 1, 1)
    end = dt.date(min(question.on.year + YEARS_ON, 9998), 1, 1)
    try:
        return segments(connection, replace(question, on=first), end, at)
    except HubError:
        return ()


def _instants(connection: Connection, found: Detail, chosen: str) -> list[str]:
    """The instants at which something about the subject became known, the oldest first."""
    query = (
        select(DECLARATION.c.known_from, DECLARATION.c.known_to)
        .where(DECLARATION.c.subject_id.in_(found.subject.members))
        .where(DECLARATION.c.known_from < OPEN)
    )
    known = {instant for row in connection.execute(query) for instant in row if instant < OPEN}
    listed = sorted(known)[-MOST_INSTANTS:]
    if chosen:
        listed = sorted({*listed, times.parse(chosen)})
    now = horizon(connection)
    return [times.text(instant) for instant in listed if instant <= now]


def _names(connection: Connection, found: Detail) -> list[str]:
    """The ids of the source subjects behind the statements, in their order."""
    keys = [item.subject_id for item, _ in found.statements]
    query = select(SUBJECT.c.id, SUBJECT.c.public_id).where(SUBJECT.c.id.in_(keys))
    by_key = dict(connection.execute(query).all())
    return [by_key[key] for key in keys]


def _exported(hub: Hub, visitor: Session, kind: str, subject_id: str, form: str, asked: Asked) -> Response:
    """The contract's answer as JSON, or its lines as a table for a spreadsheet."""
    with reading(hub.engine) as connection:
        filled = _filled(connection, visitor, asked)
        answer = resolve(connection, _question(hub, kind, subject_id, filled)).as_json()
    if form != "csv":
        return Response(
            orjson.dumps(answer, option=orjson.OPT_INDENT_2), media_type="application/json", headers=HEADERS
        )
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in answer["lines"]:
        party, payee = line["party"] or {}, line["payee"] or {}
        chain = " > ".join(
            [hop["grantor"] for hop in line["chain"][:1]] + [hop["holder"] for hop in line["chain"]]
        )
        row = (
            party.get("name", ""), party.get("ipi", ""), line["role"], line["share"], line["status"],
            payee.get("society", ""), payee.get("name", ""),
            "|".join(item["society"] for item in line["candidates"]), chain, "|".join(line["reasons"]),
        )  # fmt: skip
        writer.writerow([harmless(cell or "") for cell in row])
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{kind}-{subject_id}.csv"'}
    return Response("\ufeff" + target.getvalue(), media_type="text/csv", headers=headers)
