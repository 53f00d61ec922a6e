"""Making dossiers, and making those anew that something has changed of.

A pass may be stopped at any moment, and several may run at once: each dossier says as known when it was
made and what it hangs on, an older one never takes the place of a newer one, and how far all of them were
compared is written last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select, text, union

from hub import registers
from hub.answers.book import RegisterBook
from hub.answers.read_ahead import read_of_names
from hub.answers.recurring import Recurring
from hub.catalogue.identifier_schemes import RECORDING_IN_WORK
from hub.context import Hub
from hub.db.counters import horizon, marks, move
from hub.db.engine import reading, writing
from hub.db.tables import DOSSIER, IDENTIFIER
from hub.dossiers import scopes
from hub.dossiers.content import content
from hub.dossiers.reading import DOMAINS, KNOWN, MARK, name
from hub.dossiers.scopes import Name
from hub.garbage import collecting_seldom
from hub.jobs.queue import Job, enqueue

LOT = 1_000
"""Names whose facts are read at once, and whose dossiers are written in one transaction."""
COMPARED = 20_000
"""Dossiers whose scopes are compared at once."""

AT_ONCE = 2_000
"""Statements and links since the last pass, up to which answers make do with the dossiers as they stand."""

JOB_KIND = "dossiers"
"""The kind of the job of a pass, and what it is about; it is the operator's."""

SCHEMES: Mapping[str, tuple[str, ...]] = {"iswc": ("iswc",), "isrc": ("isrc", RECORDING_IN_WORK)}
"""In which schemes the identifiers stand that are asked for by a scheme."""

KEEP = text(
    "INSERT INTO dossier (name, at, content, hangs_on) VALUES (:name, :at, :content, :hangs_on) "
    "ON CONFLICT (name) DO UPDATE SET at = excluded.at, content = excluded.content, "
    "hangs_on = excluded.hangs_on WHERE dossier.at <= excluded.at"
)

Progress = Callable[[int, int], None]
"""Told (names looked at, of so many) now and then."""


@dataclass(slots=True)
class Pass:
    """What a pass came to: names looked at, and dossiers that have a content, or none."""

    at: int
    everything: bool
    names: int = 0
    made: int = 0
    without: int = 0

    def as_json(self) -> dict[str, int | bool]:
        """For the interface."""
        return {
            "everything": self.everything, "names": self.names, "made": self.made, "without": self.without,
        }  # fmt: skip


def prepare(hub: Hub, *, anew: bool = False, progress: Progress | None = None) -> Pass:
    """Make the dossiers that are missing, and those that something has changed of since the last pass.

    ``anew`` makes all of them.
    """
    with reading(hub.engine) as connection:
        at = horizon(connection)
        before, now = marks(connection, MARK), {**scopes.heads(connection), KNOWN: at}
        changed = None
        if before and not anew:
            if before == now:
                return Pass(at, everything=False)
            changed = scopes.changed(connection, before, before[KNOWN], at)
        if changed is None:
            of = _count(connection)
            names: Iterable[Sequence[Name]] = _all(hub)
        else:
            listed = sorted(_void(connection, changed) | _new(connection, before[KNOWN], at))
            of = len(listed)
            names = (listed[start : start + LOT] for start in range(0, of, LOT))
    done = Pass(at, everything=changed is None)
    for lot in names:
        _make(hub, lot, done)
        if progress is not None:
            progress(done.names, of)
    with writing(hub.engine) as connection:
        move(connection, MARK, now)
    return done


def keep_up(hub: Hub, most: int = AT_ONCE) -> str | None:
    """Have a worker make a pass where more than so many statements and links came since the last one.

    Nothing is begun here where nobody ever has: `hub prepare` is what an operator begins with. Gives the
    job's id.
    """
    with reading(hub.engine) as connection:
        came = waiting(connection)
    if came is None or came <= most:
        return None
    with writing(hub.engine) as connection:
        return enqueue(connection, JOB_KIND, registers.OPERATOR, JOB_KIND)


def waiting(connection: Connection) -> int | None:
    """How many statements and links came since the last pass; None where nobody ever made one."""
    before = marks(connection, MARK)
    return scopes.growth(connection, before, before[KNOWN], horizon(connection)) if before else None


def do_prepare(hub: Hub, _job: Job, tell: Callable[[Mapping[str, Any]], None]) -> Mapping[str, Any]:
    """What the job does; its progress is how many names were looked at, of how many."""
    tell({"stage": "preparing", "names": 0, "of": 0})

    def progress(names: int, of: int) -> None:
        tell({"stage": "preparing", "names": names, "of": of})

    return prepare(hub, progress=progress).as_json()


def _make(hub: Hub, names: Sequence[Name], done: Pass) -> None:
    with reading(hub.engine) as connection, collecting_seldom():
        rows = list(_rows(connection, names, done.at))
    done.names += len(names)
    done.made += sum(bool(row["content"]) for row in rows)
    done.without += sum(not row["content"] for row in rows)
    with writing(hub.engine) as connection:
        connection.execute(KEEP, rows)


def _rows(connection: Connection, names: Sequence[Name], at: int) -> Iterator[dict[str, object]]:
    book = RegisterBook(connection, at)
    facts = read_of_names(connection, book, names, [""], at)
    recurring = Recurring(connection, book, facts)
    members: dict[int, list[int]] = defaultdict(list)
    for subject, number in facts.clusters.items():
        members[number].append(subject)
    for scheme, value in names:
        for domain in DOMAINS[scheme]:
            known = recurring.known(scheme, value, domain)
            parties = known.card.parties.identifiers if known else []
            mandates = [row[0] for own in parties for item in book.granted(own, "") for row in item.rows]
            made = None if known is None else content(known, book)
            # Where there is none, the name stays: it is looked at again when something of it changes.
            yield {
                "name": name(domain, scheme, value), "at": at, "content": made or b"",
                "hangs_on": scopes.scopes_of(
                    (scheme, value), facts, members, frozenset().union(*parties), mandates
                ),
            }  # fmt: skip


def _identifiers(asked: str, after: str = "", most: int | None = None) -> Select[Any]:
    """The values by which a scheme may ask, each once, in order; those after one, and so many at most."""
    found = [
        select(
            select(IDENTIFIER.c.value)
            .where(IDENTIFIER.c.scheme == scheme, IDENTIFIER.c.value > after)
            .group_by(IDENTIFIER.c.value)
            .order_by(IDENTIFIER.c.value)
            .limit(most)
            .subquery()
            .c.value
        )
        for scheme in SCHEMES[asked]
    ]
    both = union(*found).subquery()
    return select(both.c.value).order_by(both.c.value).limit(most)


def _all(hub: Hub) -> Iterator[list[Name]]:
    """All names by lots; new ones that come meanwhile may be among them."""
    for asked in SCHEMES:
        last = ""
        while True:
            with reading(hub.engine) as connection:
                values = list(connection.scalars(_identifiers(asked, last, LOT)))
            if not values:
                break
            yield [(asked, value) for value in values]
            last = values[-1]


def _count(connection: Connection) -> int:
    """How many names there are."""
    return sum(
        connection.scalar(select(func.count()).select_from(_identifiers(asked).subquery())) or 0
        for asked in SCHEMES
    )


def _new(connection: Connection, since: int, until: int) -> set[Name]:
    """Names of what was declared since; most of them have no dossier yet."""
    asked_by = {scheme: asked for asked, schemes in SCHEMES.items() for scheme in schemes}
    return {
        (asked_by[scheme], value)
        for scheme, value in scopes.names_since(connection, since, until)
        if scheme in asked_by
    }


def _void(connection: Connection, changed: set[int]) -> set[Name]:
    """Names of dossiers that something has changed of."""
    found: set[Name] = set()
    if not changed:
        return found
    wanted = np.fromiter(changed, np.int64, len(changed))
    wanted.sort()
    rows = connection.execution_options(stream_results=True).execute(
        select(DOSSIER.c.name, DOSSIER.c.hangs_on)
    )
    for part in rows.partitions(COMPARED):
        hanging = np.frombuffer(b"".join(row.hangs_on for row in part), np.int64)
        hits = _among(hanging, wanted)
        ends = np.cumsum([len(row.hangs_on) // hanging.itemsize for row in part])
        places = np.unique(np.searchsorted(ends, np.flatnonzero(hits), side="right"))
        for place in places:
            _, scheme, value = part[place].name.split(":", 2)
            found.add((scheme, value))
    return found


def _among(numbers: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the numbers are wanted; those are sorted."""
    places = np.searchsorted(wanted, numbers)
    places[places == len(wanted)] = 0
    found: NDArray[np.bool_] = wanted[places] == numbers
    return found
