"""Clusters of source subjects: recomputed for the components that changed, written where they moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, and_, or_, select, update

from hub.db.bulk import insert_rows
from hub.db.counters import Instant, take
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT
from hub.db.times import OPEN
from matching.cluster import cluster

AUTHOR = "matcher/1"
"""Who signs the matcher's judgements; anybody else is a person and outranks it."""


def alone(connection: Connection) -> None:
    """Keep other writers of links out until the end of the transaction; to be called before anything is read.

    Of two runs that read before either had written, one would end what the other had just found.
    """
    take(connection, "linking", 0)


def recluster(connection: Connection, subjects: Sequence[int], kind: str, now: Instant) -> int:
    """Cluster the components that these subjects now belong to or belonged to; write what moved."""
    if not subjects:
        return 0
    component = _component(connection, subjects, kind)
    positive, negative = _edges(connection, component, kind)
    wanted = cluster(sorted(component), positive, negative)
    rows = connection.execute(
        select(CLUSTER_MEMBER).where(
            CLUSTER_MEMBER.c.subject_id.in_(component), CLUSTER_MEMBER.c.known_to == OPEN
        )
    )
    before = {row.subject_id: (row.id, row.cluster_id) for row in rows}
    moved = [number for number in sorted(wanted) if before.get(number, (0, 0))[1] != wanted[number]]
    if moved:
        # Before any counter of keys: writers that took the two in different orders would wait for each other.
        at = now.at
        old = [before[number][0] for number in moved if number in before]
        if old:
            connection.execute(update(CLUSTER_MEMBER).where(CLUSTER_MEMBER.c.id.in_(old)).values(known_to=at))
        first = take(connection, "cluster_member", len(moved))
        insert_rows(
            connection,
            "cluster_member",
            ("id", "subject_id", "cluster_id", "known_from", "known_to"),
            [(first + offset, number, wanted[number], at, OPEN) for offset, number in enumerate(moved)],
        )
    return len(moved)


def _component(connection: Connection, subjects: Iterable[int], kind: str) -> set[int]:
    """Everything reachable over positive judgements or a common cluster."""
    found: set[int] = set()
    edge = set(subjects)
    while edge:
        found |= edge
        reached: set[int] = set()
        listed = sorted(edge)
        for start in range(0, len(listed), 5_000):
            part = listed[start : start + 5_000]
            for left, right, _ in _pairs(connection, part, kind, "positive"):
                reached |= {left, right}
            clusters = select(CLUSTER_MEMBER.c.cluster_id).where(
                CLUSTER_MEMBER.c.subject_id.in_(part),
                CLUSTER_MEMBER.c.known_to == OPEN,
            )
            members = select(CLUSTER_MEMBER.c.subject_id).where(
                CLUSTER_MEMBER.c.cluster_id.in_(clusters),
                CLUSTER_MEMBER.c.known_to == OPEN,
            )
            reached |= set(connection.scalars(members))
        edge = reached - found
    return found


def _pairs(
    connection: Connection, subjects: Sequence[int], kind: str, verdict: str
) -> Iterator[tuple[int, int, int]]:
    table = JUDGEMENT
    query = select(table.c.left_id, table.c.right_id, table.c.score).where(
        and_(table.c.kind == kind, table.c.verdict == verdict, table.c.known_to == OPEN),
        or_(table.c.left_id.in_(subjects), table.c.right_id.in_(subjects)),
    )
    yield from connection.execute(query)


def _edges(
    connection: Connection, component: set[int], kind: str
) -> tuple[list[tuple[int, int, int]], list[tuple[int, int]]]:
    """Positive and negative pairs inside a component; a person's word replaces the matcher's.

    An unsure pair whose identifiers clash keeps its subjects apart until a person has decided: otherwise a
    third record could join what the clash forbids.
    """
    table = JUDGEMENT
    verdicts: dict[tuple[int, int], tuple[bool, str, int]] = {}
    listed = sorted(component)
    for start in range(0, len(listed), 5_000):
        query = select(
            table.c.left_id,
            table.c.right_id,
            table.c.verdict,
            table.c.score,
            table.c.author,
            table.c.conflict,
        ).where(
            table.c.kind == kind,
            table.c.known_to == OPEN,
            table.c.left_id.in_(listed[start : start + 5_000]),
        )
        for left, right, verdict, score, author, conflict in connection.execute(query):
            human = author != AUTHOR
            if right in component and ((left, right) not in verdicts or human):
                judged = "negative" if verdict == "unsure" and conflict else verdict
                verdicts[left, right] = (human, judged, 1000 if human else score)
    positive = [(*pair, score) for pair, (_, verdict, score) in verdicts.items() if verdict == "positive"]
    negative = [pair for pair, (_, verdict, _) in verdicts.items() if verdict == "negative"]
    return sorted(positive), sorted(negative)
