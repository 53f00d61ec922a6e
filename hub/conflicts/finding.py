"""Finding conflicts: for the whole register, or only where something changed since the hub last looked.

Both ways use the same functions, which take either everything or the scopes that changed, so that looking
step by step comes to what looking at everything comes to. Nothing is written where nothing changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hub.answers.question import instant
from hub.conflicts.accreditation_conflicts import unaccredited
from hub.conflicts.changed import MARK, Changed, heads, since, with_conflicts
from hub.conflicts.found import Found
from hub.conflicts.identifier_conflicts import clashing
from hub.conflicts.mandate_conflicts import circular, overlapping
from hub.conflicts.register import keep, let_go, log_found
from hub.conflicts.share_conflicts import disputed_shares
from hub.conflicts.standing_conflicts import withdrawn_but_claimed, without_rights
from hub.context import Hub
from hub.db.counters import horizon, marks, move, take
from hub.db.engine import reading, writing
from hub.db.tables import CONFLICT_VERSION, SUBMISSION
from hub.db.times import OPEN
from hub.mandates.withdrawal_records import today_of

Finder = Callable[[Connection, int, Changed | None], Iterator[Found]]
FINDERS: tuple[Finder, ...] = (
    overlapping,
    circular,
    disputed_shares,
    clashing,
    without_rights,
    unaccredited,
    withdrawn_but_claimed,
)
RUN = "conflict_run"
BATCH = 2_000
"""How many conflicts are written in one transaction."""

MANY = 200_000
"""From so many declarations on, looking at everything is quicker than looking at each."""


@dataclass(slots=True)
class Looked:
    """What a look at the register came to."""

    full: bool
    found: int = 0
    new: int = 0
    changed: int = 0
    returned: int = 0
    vanished: int = 0

    def as_json(self) -> dict[str, int | bool]:
        """For programs."""
        return {
            "full": self.full,
            "found": self.found,
            "new": self.new,
            "changed": self.changed,
            "returned": self.returned,
            "vanished": self.vanished,
        }


Progress = Callable[[int, int], None]
"""Told (the number of the finder that is at work, from 1, and the conflicts kept so far) now and then."""


def refresh(hub: Hub, *, full: bool = False, progress: Progress | None = None) -> Looked:
    """Bring the conflicts up to what the hub knows; doing it again changes nothing.

    A run that is killed has kept what it found so far and is simply repeated.
    """
    with reading(hub.engine) as connection:
        if not full and marks(connection, MARK) == heads(connection, horizon(connection)):
            return Looked(full=False)
    with writing(hub.engine) as connection:
        # Of runs at one time the latest goes on: it sees all that the others see.
        run = take(connection, RUN, 1)
    with reading(hub.engine) as connection:
        at = horizon(connection)
        before, now = marks(connection, MARK), heads(connection, at)
        changed = None if full or not before or _many(connection, before) else since(connection, before, at)
        looked = Looked(full=changed is None)
        touched = _present(connection) if changed is None else with_conflicts(connection, changed)

        def begun(finder: int) -> None:
            if progress is not None:
                progress(finder, looked.found)

        for part in _batches(found_at(connection, at, changed, begun)):
            with writing(hub.engine) as written:
                if not _current(written, run):
                    return looked
                touched -= keep(written, part, looked)
    gone = sorted(touched)
    for start in range(0, len(gone), BATCH):
        with writing(hub.engine) as connection:
            if not _current(connection, run):
                return looked
            let_go(connection, gone[start : start + BATCH], looked)
    with writing(hub.engine) as connection:
        if _current(connection, run):
            move(connection, MARK, now)
            log_found(connection, looked.as_json())
    return looked


def asked(
    hub: Hub, known_at: str | None, look: Callable[[Hub], object] = refresh
) -> tuple[int | None, dt.date]:
    """The instant asked about (None for now, after looking at what changed) and the day to count from.

    ``look`` is how what changed is looked at.

    Raises:
        UsageError: ``known_at`` is no ISO instant.
    """
    at = instant(known_at) if known_at else None
    if at is None:
        look(hub)
    return at, today_of(at)


def _current(connection: Connection, run: int) -> bool:
    return take(connection, RUN, 0) == run + 1


def found_at(
    connection: Connection,
    at: int,
    changed: Changed | None = None,
    begun: Callable[[int], None] | None = None,
) -> Iterator[Found]:
    """Every conflict known at an instant, or those of the scopes that changed.

    ``begun`` is told the number of each finder, from 1, when it begins and after each of its conflicts.
    """
    if changed is not None and not changed:
        return
    for number, finder in enumerate(FINDERS, 1):
        if begun is not None:
            begun(number)
        for item in finder(connection, at, changed):
            yield item
            if begun is not None:
                begun(number)


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    part: list[Found] = []
    seen: set[str] = set()
    for item in found:
        name = item.public_id
        if name not in seen:
            seen.add(name)
            part.append(item)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part


def _many(connection: Connection, before: dict[str, int]) -> bool:
    query = select(func.sum(SUBMISSION.c.stored)).where(
        SUBMISSION.c.known_at > before.get("known", 0), SUBMISSION.c.known_at < OPEN
    )
    return (connection.scalar(query) or 0) > MANY


def _present(connection: Connection) -> set[int]:
    return set(
        connection.scalars(select(CONFLICT_VERSION.c.conflict_id).where(CONFLICT_VERSION.c.known_to == OPEN))
    )
