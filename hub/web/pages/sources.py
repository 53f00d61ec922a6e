"""Where a fact stands: the lines of the file it came from or, for another society's file, how it was read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from hub.api.security import OpenHub
from hub.catalogue.stated import stated_at
from hub.db.engine import reading
from hub.errors import NotFound
from hub.intake import report, store
from hub.web.rendering import PageRoute, Visitor, render
from hub.web.source_lines import element, line_of, lines

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/sources/{submission}")
def source(
    request: Request,
    hub: OpenHub,
    visitor: Visitor,
    submission: str,
    at: Annotated[str, Query(max_length=1000)] = "",
    of: Annotated[str, Query(max_length=40)] = "",
    record: Annotated[str, Query(max_length=40)] = "",
    field: Annotated[str, Query(max_length=80)] = "",
) -> HTMLResponse:
    """A place of a submission. A file itself is shown to the society that sent it, and to nobody else.

    ``of`` is the subject that the place says something about, ``record`` and ``field`` are what a finding
    is about.
    """
    stated: dict[str, Any] | None = None
    with reading(hub.engine) as connection:
        row = report.by_public_id(connection, submission)
        own = row is not None and row.submitter == visitor.caller.society
        if row is None or (not own and not of):
            raise NotFound(f"there is no submission {submission!r}")
        if of:
            stated = stated_at(connection, of, submission, at, visitor.caller.society)
    shown, markup = [], ""
    if own:
        path = store.fetch(hub.store, row.sha256)
        version = row.version if row.format == "cwr" else ""
        if line_of(at):
            shown = lines(path, line_of(at), version=version, record=record, field=field, whole=bool(of))
        else:
            markup = element(path, at)
        if stated is None and not shown and not markup:
            raise NotFound(f"the file has nothing to show at {at!r}")
    return render(
        request, "source.html", session=visitor, submission=submission, position=at, own=own, lines=shown,
        markup=markup, stated=stated, submitter=row.submitter, filename=row.filename if own else "",
        field=field,
    )  # fmt: skip
