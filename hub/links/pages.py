"""Which subjects a run looks at, page after page, so that what it holds grows with nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import DECLARATION
from hub.db.times import OPEN

PAGE = 500
"""Subjects in one page."""


def of_submission(hub: Hub, submission_id: int) -> Iterator[Sequence[int]]:
    """The works and recordings whose current declaration this submission brought, ascending."""
    yield from _pages(hub, submission_id)


def of_everything(hub: Hub) -> Iterator[Sequence[int]]:
    """All works and recordings that are declared at present, ascending."""
    yield from _pages(hub, None)


def _pages(hub: Hub, submission_id: int | None) -> Iterator[Sequence[int]]:
    table = DECLARATION
    query = (
        select(table.c.subject_id)
        .where(table.c.kind.in_(("work", "recording")), table.c.known_to == OPEN, table.c.known_from < OPEN)
        .order_by(table.c.subject_id)
        .limit(PAGE)
    )
    if submission_id is not None:
        query = query.where(table.c.submission_id == submission_id)
    last = 0
    while True:
        # No transaction stays open from one page to the next: each page is linked in one of its own.
        with reading(hub.engine) as connection:
            page = connection.scalars(query.where(table.c.subject_id > last)).all()
        if not page:
            return
        yield page
        last = page[-1]
