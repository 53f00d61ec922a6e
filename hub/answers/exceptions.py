"""Which mandates and subjects anything particular is known of: few, so that most need not be asked about.

Withdrawals, settlements and decisions on the public domain touch a small part of a register. As known at an
instant their keys are read once; what is not among them is not looked up for every question again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, select

from hub.db.tables import PUBLIC_DOMAIN, SETTLEMENT, WITHDRAWAL
from hub.db.times import as_known

MOST = 5_000
"""Where there are more of a kind, their keys are not kept: every question asks."""


@dataclass(frozen=True, slots=True)
class Exceptions:
    """Keys by kind, None for a kind of which there are too many."""

    keys: dict[str, frozenset[int] | None] = field(default_factory=dict)

    def among(self, kind: str, numbers: Collection[int]) -> Collection[int]:
        """Those of these keys that must be asked about."""
        few = self.keys.get(kind)
        if few is None:
            return numbers
        return [number for number in numbers if number in few] if few else ()


def exceptions(connection: Connection, at: int) -> Exceptions:
    """The mandates with a notice or a settlement, and the subjects with a settlement or decision."""
    settlement = select(SETTLEMENT.c.loser).where(as_known(SETTLEMENT, at))
    return Exceptions(
        {
            # Whether a notice counts is for the one who reads it: a draft is none.
            "noticed": _few(connection, select(WITHDRAWAL.c.mandate_id)),
            "yielding": _few(connection, settlement.where(SETTLEMENT.c.right == "")),
            "settled": _few(connection, settlement.where(SETTLEMENT.c.right != "")),
            "decided": _few(
                connection, select(PUBLIC_DOMAIN.c.subject_id).where(as_known(PUBLIC_DOMAIN, at))
            ),
        }
    )


def _few(connection: Connection, query: Select[Any]) -> frozenset[int] | None:
    found = [number for (number,) in connection.execute(query.limit(MOST + 1))]
    return None if len(found) > MOST else frozenset(found)
