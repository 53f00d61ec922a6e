"""Which recordings embody a work and which works a recording embodies, each with what speaks for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select

from hub.catalogue.subjects import Linked, cluster_of, load
from hub.db.tables import JUDGEMENT
from hub.db.times import as_known

KIND = "embodiment"
MOST = 200
"""Judgements that are read at most: a much recorded work has its list cut off, and says so."""


@dataclass(frozen=True, slots=True)
class Link:
    """A linked subject with the strongest judgement that links it."""

    subject: Linked
    verdict: str
    score: int
    author: str
    reason: str
    evidence: tuple[dict[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """For the interface; ``evidence`` are the matcher's features, empty for a person's decision."""
        return {
            "subject": self.subject.as_json(), "verdict": self.verdict, "score": self.score,
            "author": self.author, "reason": self.reason, "evidence": list(self.evidence),
        }  # fmt: skip


def embodiments(connection: Connection, members: Sequence[int], at: int) -> tuple[list[Link], bool]:
    """The subjects linked to these source works or recordings at an instant, and whether that is all."""
    query = (
        select(JUDGEMENT)
        .where(JUDGEMENT.c.kind == KIND, JUDGEMENT.c.verdict == "positive", as_known(JUDGEMENT, at))
        .where(or_(JUDGEMENT.c.left_id.in_(members), JUDGEMENT.c.right_id.in_(members)))
        .order_by(JUDGEMENT.c.score.desc(), JUDGEMENT.c.id)
        .limit(MOST + 1)
    )
    rows = connection.execute(query).all()
    other = {row.id: row.right_id if row.left_id in members else row.left_id for row in rows}
    clusters = cluster_of(connection, set(other.values()), at)
    found: dict[int, Link] = {}
    for row in rows[:MOST]:
        cluster = clusters[other[row.id]]
        if cluster not in found:
            found[cluster] = Link(
                load(connection, cluster, at), row.verdict, row.score, row.author, row.reason,
                tuple(json.loads(row.evidence or "[]")),
            )  # fmt: skip
    return list(found.values()), len(rows) <= MOST
