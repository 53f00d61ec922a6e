"""What became of ids: since when, and until when, others stood for the same work or recording.

Every source subject has an id for ever, and a linked subject answers to those of all its members by the
eldest one's. So a cluster that grows keeps its id, one that is merged leads to the eldest of both, and what
is split off answers to its own ids again. All of it follows from the known periods of cluster members.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.catalogue.subjects import Linked, cluster_of, known_of, load, loaded
from hub.db import times
from hub.db.tables import CLUSTER_MEMBER, SUBJECT
from hub.db.times import OPEN

Stretch = tuple[int, int]
"""From one instant to before another, OPEN where it has not ended."""


@dataclass(frozen=True, slots=True)
class Move:
    """An id began to stand for the same subject (``joined``), or no longer did (``left``)."""

    at: int
    event: str
    id: str
    now: str | None
    """The id that answers for it as known at the instant of the question; None where nothing is stated."""

    def as_json(self) -> dict[str, str | None]:
        """For the interface."""
        return {"at": times.text(self.at), "event": self.event, "id": self.id, "now": self.now}


def moves(connection: Connection, subject: Linked, at: int) -> tuple[Move, ...]:
    """What joined and left a linked subject until an instant, seen from its eldest member, oldest first."""
    together = _together(connection, subject.members[0], at)
    names = _names(connection, together)
    now = _leading(connection, subject, together, at)
    found = [
        Move(instant, event, names[other], now.get(other))
        for other, stretches in together.items()
        for stretch in stretches
        for event, instant in zip(("joined", "left"), stretch, strict=True)
        if instant < OPEN
    ]
    return tuple(sorted(found, key=lambda move: (move.at, move.event, move.id)))


def successor(connection: Connection, kind: str, public_id: str, at: int) -> str | None:
    """The id that answers for one of which nothing is stated any more: that of what was last linked with it.

    None where there is no such id, where nothing of it is left, or where it was split since.
    """
    own = select(SUBJECT.c.id).where(SUBJECT.c.public_id == public_id, SUBJECT.c.kind == kind)
    number = connection.scalar(own)
    together = {} if number is None else _together(connection, number, at)
    stated = known_of(connection, together, at)
    ends = {other: together[other][-1][1] for other in stated}
    last = [other for other, end in ends.items() if end == max(ends.values())]
    clusters = set(cluster_of(connection, last, at).values())
    return load(connection, clusters.pop(), at).public_id if len(clusters) == 1 else None


def _together(connection: Connection, number: int, at: int) -> dict[int, list[Stretch]]:
    """When each other source subject was in one cluster with this one, as known at an instant."""
    table = CLUSTER_MEMBER
    columns = select(table.c.subject_id, table.c.cluster_id, table.c.known_from, table.c.known_to)
    until = table.c.known_from <= at
    own = connection.execute(columns.where(table.c.subject_id == number, until)).all()
    # Before it was linked for the first time it was a cluster of its own, which others may have joined.
    first = min((row.known_from for row in own), default=OPEN)
    periods = [(number, 0, first), *((row.cluster_id, row.known_from, row.known_to) for row in own)]
    clusters = {cluster for cluster, _, _ in periods}
    others = columns.where(table.c.cluster_id.in_(clusters), table.c.subject_id != number, until)
    found: dict[int, list[Stretch]] = {}
    for row in connection.execute(others.order_by(table.c.known_from, table.c.id)):
        for cluster, start, end in periods:
            shared = max(start, row.known_from), min(end, row.known_to)
            if cluster == row.cluster_id and shared[0] < shared[1]:
                found.setdefault(row.subject_id, []).append(shared)
    return {other: _joined(sorted(stretches), at) for other, stretches in found.items()}


def _joined(stretches: list[Stretch], at: int) -> list[Stretch]:
    """Stretches that follow each other as one: both moved on at the same instant. What ends later is open."""
    found: list[Stretch] = []
    for start, end in stretches:
        seen = end if end <= at else OPEN
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], seen)
        else:
            found.append((start, seen))
    return found


def _names(connection: Connection, numbers: dict[int, list[Stretch]]) -> dict[int, str]:
    query = select(SUBJECT.c.id, SUBJECT.c.public_id).where(SUBJECT.c.id.in_(numbers))
    return dict(connection.execute(query).all())


def _leading(
    connection: Connection, subject: Linked, numbers: dict[int, list[Stretch]], at: int
) -> dict[int, str]:
    """The ids that answer for those of these source subjects of which anything is stated."""
    clusters = cluster_of(connection, known_of(connection, numbers, at), at)
    away = {cluster for number, cluster in clusters.items() if number not in subject.members}
    named = {cluster: found.public_id for cluster, found in loaded(connection, away, at).items()}
    return {number: named.get(cluster, subject.public_id) for number, cluster in clusters.items()}
