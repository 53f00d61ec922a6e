"""What settlements mean for answers: where both sides count, the loser stands back for the winner.

A settlement is a statement with both times: it counts from the instant at which it became known, for the
days it is for, until it is undone. Answers as known before stay what they were.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from hub.answers.mandates import Yielding
from hub.catalogue.ahead import ahead, has
from hub.conflicts.conflict_states import Act
from hub.db.counters import take
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import SETTLEMENT, SUBJECT
from hub.db.times import OPEN, as_known

AMONG_MANDATES = Prepared(
    "settlements among mandates",
    select(SETTLEMENT.c.loser, SETTLEMENT.c.valid_from, SETTLEMENT.c.valid_to, SUBJECT.c.public_id)
    .join(SUBJECT, SUBJECT.c.id == SETTLEMENT.c.winner)
    .where(SETTLEMENT.c.loser.in_(KEYS), SETTLEMENT.c.right == "", as_known(SETTLEMENT, AT))
    .order_by(in_order(SETTLEMENT.c.id)),
)
ABOUT_SHARES = Prepared(
    "settlements about shares",
    select(
        SETTLEMENT.c.loser, SETTLEMENT.c.winner, SETTLEMENT.c.right, SETTLEMENT.c.valid_from,
        SETTLEMENT.c.valid_to,
    )
    .where(SETTLEMENT.c.loser.in_(KEYS), SETTLEMENT.c.right != "", as_known(SETTLEMENT, AT))
    .order_by(in_order(SETTLEMENT.c.id)),
)  # fmt: skip
"""Settlements by which source subjects stand back."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Keys of the subjects that lose and win; ``right`` is empty for mandates, which have their own."""

    loser: int
    winner: int
    right: str


def begin(connection: Connection, conflict: int, effects: Sequence[Effect], act: Act, at: int) -> None:
    """Let a settlement count from an instant on."""
    for effect in effects:
        connection.execute(
            insert(SETTLEMENT).values(
                id=take(connection, "settlement", 1), conflict_id=conflict, loser=effect.loser,
                winner=effect.winner, right=effect.right, valid_from=act.valid_from, valid_to=act.valid_to,
                known_from=at, known_to=OPEN,
            )
        )  # fmt: skip


def end(connection: Connection, conflict: int, at: int) -> None:
    """Let the settlements of a conflict count no more from an instant on."""
    connection.execute(
        update(SETTLEMENT)
        .where(SETTLEMENT.c.conflict_id == conflict, SETTLEMENT.c.known_to == OPEN)
        .values(known_to=at)
    )


def among_mandates(connection: Connection, mandates: Collection[int], at: int) -> dict[int, list[Yielding]]:
    """Which mandates go before these, by the key of the one that stands back."""
    found: dict[int, list[Yielding]] = defaultdict(list)
    for row in AMONG_MANDATES.rows(connection, mandates, at=at):
        found[row.loser].append(Yielding(row.public_id, row.valid_from, row.valid_to))
    return found


def set_aside(
    connection: Connection, sources: Sequence[int], right: str, at: int
) -> list[tuple[int, dt.date, dt.date]]:
    """Source subjects that stand back for another of these over a right, with the days it is for."""
    read = ahead(connection, at)
    if has(read.declared, sources):
        rows = [row for source in sources for row in read.settled.get(source, ())]
    else:
        rows = list(ABOUT_SHARES.rows(connection, sources, at=at))
    return [
        (row.loser, row.valid_from, row.valid_to)
        for row in rows
        if row.right == right and row.winner in sources
    ]
