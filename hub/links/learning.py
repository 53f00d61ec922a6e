"""Learning from what people judged: the effect is shown, the operator adopts it, and can take it back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from hub.context import Hub
from hub.db.counters import Instant
from hub.db.engine import reading, writing
from hub.db.tables import JUDGEMENT, SUBJECT
from hub.db.times import OPEN
from hub.errors import NotFound, UsageError
from hub.links import learned_tables, meeting
from hub.links.clustering import AUTHOR, alone
from hub.links.learned_tables import KIND
from hub.links.linking import Linked, link_everything
from hub.links.prepared import Shelf
from matching.learning import LEAST_JUDGED, LEAST_OF_EACH, Judged, cross_validated, enough, learned
from matching.mixture import read_mixture, shipped, write_mixture
from matching.model import judge_forms
from matching.recordings import with_table

MOST_SHOWN = 20
"""Pairs that are named of those that would be judged otherwise."""
MOST_JUDGED_ANEW = 50_000
"""Stored judgements that are made anew to see what would change, the least sure first."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be learned: the table, and its effect on judged pairs and on the hub's own judgements."""

    table: str
    judgements: int
    effect: dict[str, Any]


def proposal(hub: Hub) -> Proposal:
    """Learn from all judgements of recordings that stand, and say what the table would change.

    ``effect`` has the number of judgements, ``enough`` for learning or not, the quality ``before`` and
    ``after`` on judged pairs that were not learned from, how many stored judgements would change from
    which verdict to which (``changes``), and the first of them (``pairs``).
    """
    with reading(hub.engine) as connection:
        current = learned_tables.standing(connection)
        start = read_mixture(current) if current else shipped()
        pairs = _judged(connection)
        table = write_mixture(learned(shipped(), pairs)) if enough(pairs) else ""
        effect: dict[str, Any] = {
            "judgements": len(pairs),
            "same": sum(pair.same for pair in pairs),
            "enough": bool(table),
            "standing": "learned" if current else "shipped",
        }
        if table:
            before, _ = cross_validated(start, pairs)
            _, after = cross_validated(shipped(), pairs)
            effect |= {"before": before.as_json(), "after": after.as_json()}
            effect |= _changes(connection, current, table)
    return Proposal(table, len(pairs), effect)


def adopt(hub: Hub, author: str, reason: str) -> tuple[Proposal, Linked]:
    """Let the learned table stand and judge everything anew by it.

    Raises:
        UsageError: no reason, or too few judgements to learn from.
    """
    _signed(author, reason)
    found = proposal(hub)
    if not found.table:
        raise UsageError(
            f"{found.judgements} judgements of recordings are too few to learn from: {LEAST_JUDGED} are "
            f"needed, {LEAST_OF_EACH} of each kind"
        )
    return found, _stand(hub, found.table, found.judgements, author, reason)


def give_back(hub: Hub, author: str, reason: str) -> Linked:
    """Let the table stand that stood before, and judge everything anew by it.

    Raises:
        NotFound: nothing was adopted.
        UsageError: no reason.
    """
    _signed(author, reason)
    with reading(hub.engine) as connection:
        before = learned_tables.before_last(connection)
    if before is None:
        raise NotFound("no learned table was adopted; there is nothing to take back")
    return _stand(hub, before, 0, author, reason)


def _signed(author: str, reason: str) -> None:
    if author == AUTHOR or not author.strip():
        raise UsageError("a table is adopted by a person: say who")
    if not reason.strip():
        raise UsageError("adopting a table needs a reason")


def _stand(hub: Hub, table: str, judgements: int, author: str, reason: str) -> Linked:
    with writing(hub.engine) as connection:
        alone(connection)
        learned_tables.put(connection, table, judgements, author, reason, Instant(connection))
    return link_everything(hub)


def _judged(connection: Connection) -> list[Judged]:
    """Pairs of recordings on which all who judged them say the same, in the order of their ids."""
    query = (
        select(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id, JUDGEMENT.c.verdict)
        .where(JUDGEMENT.c.kind == KIND, JUDGEMENT.c.author != AUTHOR, JUDGEMENT.c.known_to == OPEN)
        .order_by(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id)
    )
    said: dict[tuple[int, int], set[str]] = {}
    for left, right, verdict in connection.execute(query):
        said.setdefault((left, right), set()).add(verdict)
    told = {
        pair: verdicts == {"positive"}
        for pair, verdicts in said.items()
        if verdicts in ({"positive"}, {"negative"})
    }
    shelf, found = Shelf(), []
    for batch in meeting.batches(told):
        _, recordings = shelf.fetch(connection, {number for pair in batch for number in pair})
        found += [
            Judged(recordings[left].forms, recordings[right].forms, told[left, right])
            for left, right in batch
            if left in recordings and right in recordings
        ]
    return found


def _changes(connection: Connection, current: str, table: str) -> dict[str, Any]:
    """How the matcher's own judgements would change; only those made of the content can."""
    query = (
        select(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id)
        .where(JUDGEMENT.c.kind == KIND, JUDGEMENT.c.author == AUTHOR, JUDGEMENT.c.known_to == OPEN)
        .order_by(JUDGEMENT.c.score, JUDGEMENT.c.id)
        .limit(MOST_JUDGED_ANEW)
    )
    old, new = with_table(current), with_table(table)
    shelf, counts, moved, looked = Shelf(), Counter[str](), [], 0
    for batch in meeting.batches([(left, right) for left, right in connection.execute(query)]):
        _, recordings = shelf.fetch(connection, {number for pair in batch for number in pair})
        for left, right in batch:
            if left not in recordings or right not in recordings:
                continue
            looked += 1
            forms = recordings[left].forms, recordings[right].forms
            was, becomes = judge_forms(*forms, old), judge_forms(*forms, new)
            if was.verdict != becomes.verdict:
                counts[f"{was.verdict} -> {becomes.verdict}"] += 1
                moved.append((left, right, was, becomes))
    shown = moved[:MOST_SHOWN]
    sides = {number for left, right, *_ in shown for number in (left, right)}
    names = {
        row.id: row.public_id
        for row in connection.execute(
            select(SUBJECT.c.id, SUBJECT.c.public_id).where(SUBJECT.c.id.in_(sides))
        )
    }
    return {
        "judged_anew": looked,
        "changes": dict(sorted(counts.items())),
        "pairs": [
            {
                "left": names[left],
                "right": names[right],
                "before": was.verdict,
                "after": becomes.verdict,
                "score_before": was.score,
                "score_after": becomes.score,
            }
            for left, right, was, becomes in shown
        ],
    }
