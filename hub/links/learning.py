"""Learning from what people judged: the effect is shown, the operator adopts it, and can take it back."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from hub import registers
from hub.context import Hub
from hub.db.counters import Instant
from hub.db.engine import reading, writing
from hub.db.tables import JUDGEMENT, SUBJECT
from hub.db.times import OPEN
from hub.errors import NotFound, UsageError
from hub.jobs.queue import enqueue
from hub.links import learned_tables, meeting
from hub.links.clustering import AUTHOR, alone
from hub.links.learned_tables import KINDS, Models, models
from hub.links.linking import Linked, link_everything
from hub.links.prepared import Recorded, Shelf
from matching import row_learning
from matching.forms import WorkForms
from matching.learning import LEAST_JUDGED, LEAST_OF_EACH, Judged, cross_validated, enough, learned
from matching.linking import WEIGHTS
from matching.mixture import read_mixture, shipped, write_mixture
from matching.model import with_rows
from matching.row_learning import JudgedPair, RuleTable

Side = WorkForms | Recorded
SidesSaid = tuple[Side, Side, bool]
"""Two prepared subjects, and whether people say that they are the same."""

JOB_KIND = "learning"
ADOPT, BACK = "adopt", "back"
ACTIONS = (ADOPT, BACK)
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


def proposal(hub: Hub, kind: str = "recording") -> Proposal:
    """Learn from all judgements of a kind that stand, and say what the table would change.

    ``effect`` has the number of judgements, ``enough`` for learning or not, the quality ``before`` and
    ``after`` on judged pairs that were not learned from, how many stored judgements would change from
    which verdict to which (``changes``), and the first of them (``pairs``). For works and for recordings
    to works ``rows`` are the rules that would say something else.

    Raises:
        UsageError: there is no such kind.
    """
    _known(kind)
    with reading(hub.engine) as connection:
        standing = learned_tables.contents(connection)
        current = standing.get(kind, "")
        judged = _judged(connection, kind)
        found = _of_content(current, judged) if kind == "recording" else _of_rows(kind, current, judged)
        effect: dict[str, Any] = {
            "kind": kind,
            "judgements": len(judged),
            "same": sum(same for *_, same in judged),
            "enough": found is not None,
            "standing": "learned" if current else "shipped",
        }
        table = ""
        if found is not None:
            table, told = found
            new = models({**standing, kind: table})
            effect |= {**told, **_changes(connection, kind, models(standing), new)}
    return Proposal(table, len(judged), effect)


def _of_content(current: str, judged: Sequence[SidesSaid]) -> tuple[str, dict[str, Any]] | None:
    """The learned mixture of recordings and its quality beside that of the one in use."""
    pairs = [
        Judged(left.forms, right.forms, same)
        for left, right, same in judged
        if isinstance(left, Recorded) and isinstance(right, Recorded)
    ]
    if not enough(pairs):
        return None
    before, _ = cross_validated(read_mixture(current) if current else shipped(), pairs)
    _, after = cross_validated(shipped(), pairs)
    quality = {"before": before.as_json(), "after": after.as_json()}
    return write_mixture(learned(shipped(), pairs)), quality


def _of_rows(kind: str, current: str, judged: Sequence[SidesSaid]) -> tuple[str, dict[str, Any]] | None:
    """The rows that people's judgements change, and their quality beside that of the rules in use."""
    if len(judged) < LEAST_JUDGED:
        return None
    plain = models({})
    pairs = [JudgedPair(plain.judge(left, right).evidence, same) for left, right, same in judged]
    if kind == "work":
        table = RuleTable(plain.works.rules, {item.name: item.weight for item in plain.works.features})
    else:
        table = RuleTable(plain.links, WEIGHTS)
    content = row_learning.learned(table, pairs)
    before, after = row_learning.cross_validated(table, with_rows(table.rules, current), pairs)
    told = {
        "before": before.as_json(),
        "after": after.as_json(),
        "rows": [
            {
                "rule": rule.name,
                "same": int(row["same"]),
                "different": int(row["different"]),
                "before": rule.verdict,
                "after": row["verdict"],
                "low": int(row["low"]),
                "high": int(row["high"]),
            }
            for row in csv.DictReader(io.StringIO(content))
            for rule in table.rules
            if rule.name == row["rule"]
        ],
    }
    return content, told


def adopt(hub: Hub, author: str, reason: str, kind: str = "recording") -> tuple[Proposal, Linked]:
    """Let the learned table stand and judge everything anew by it.

    Raises:
        UsageError: no such kind, no reason, too few judgements to learn from, or none that changes a row.
    """
    _signed(author, reason)
    found = proposal(hub, kind)
    _worth_adopting(found)
    return found, _stand(hub, kind, found.table, found.judgements, author, reason)


def give_back(hub: Hub, author: str, reason: str, kind: str = "recording") -> Linked:
    """Let the table stand that stood before, and judge everything anew by it.

    Raises:
        NotFound: nothing was adopted.
        UsageError: no such kind, or no reason.
    """
    _signed(author, reason)
    return _stand(hub, kind, _before(hub, kind), 0, author, reason)


def history(hub: Hub, kind: str) -> list[dict[str, Any]]:
    """Every adoption and return of a kind, the newest first.

    Raises:
        UsageError: there is no such kind.
    """
    _known(kind)
    with reading(hub.engine) as connection:
        return learned_tables.history(connection, kind)


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise UsageError(f"kind {kind!r} is not one of {', '.join(KINDS)}")


def _before(hub: Hub, kind: str) -> str:
    _known(kind)
    with reading(hub.engine) as connection:
        before = learned_tables.before_last(connection, kind)
    if before is None:
        raise NotFound("no learned table was adopted; there is nothing to take back")
    return before


def _worth_adopting(found: Proposal) -> None:
    if not found.effect["enough"]:
        raise UsageError(
            f"{found.judgements} judgements are too few to learn from: {LEAST_JUDGED} are needed, "
            f"for recordings {LEAST_OF_EACH} of each verdict"
        )
    if not found.table:
        raise UsageError("no row of the table would change; there is nothing to adopt")


def ask(hub: Hub, kind: str, action: str, author: str, reason: str) -> str:
    """Queue a job that adopts what was learned of a kind, or gives the table back; returns its id.

    Everything is judged anew then, which takes as long as ``hub match --full``.

    Raises:
        UsageError: no such kind or action, no reason, or nothing to adopt.
    """
    _signed(author, reason)
    if action not in ACTIONS:
        raise UsageError(f"action {action!r} is not one of {', '.join(ACTIONS)}")
    if action == ADOPT:
        _worth_adopting(proposal(hub, kind))
    else:
        _before(hub, kind)
    payload = {"action": action, "author": author, "reason": reason}
    with writing(hub.engine) as connection:
        return enqueue(connection, JOB_KIND, registers.OPERATOR, kind, payload)


def act(hub: Hub, kind: str, action: str, author: str, reason: str) -> Linked:
    """Adopt what was learned of a kind, or give its table back, as ``ask`` was asked to."""
    if action == ADOPT:
        return adopt(hub, author, reason, kind)[1]
    return give_back(hub, author, reason, kind)


def _signed(author: str, reason: str) -> None:
    if author == AUTHOR or not author.strip():
        raise UsageError("a table is adopted by a person: say who")
    if not reason.strip():
        raise UsageError("adopting a table needs a reason")


def _stand(hub: Hub, kind: str, table: str, judgements: int, author: str, reason: str) -> Linked:
    with writing(hub.engine) as connection:
        alone(connection)
        learned_tables.put(connection, kind, table, judgements, author, reason, Instant(connection))
    return link_everything(hub)


def _judged(connection: Connection, kind: str) -> list[SidesSaid]:
    """Pairs on which all who judged them agree, in the order of their ids, and whether they are one."""
    query = (
        select(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id, JUDGEMENT.c.verdict)
        .where(JUDGEMENT.c.kind == kind, JUDGEMENT.c.author != AUTHOR, JUDGEMENT.c.known_to == OPEN)
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
    return [(left, right, told[pair]) for pair, left, right in _prepared(connection, list(told))]


def _prepared(
    connection: Connection, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], Side, Side]]:
    """The pairs of which both sides are declared at present, prepared for comparison."""
    shelf = Shelf()
    for batch in meeting.batches(pairs):
        works, recordings = shelf.fetch(connection, {number for pair in batch for number in pair})
        prepared: dict[int, Side] = {**works, **recordings}
        for pair in batch:
            if pair[0] in prepared and pair[1] in prepared:
                yield pair, prepared[pair[0]], prepared[pair[1]]


def _changes(connection: Connection, kind: str, old: Models, new: Models) -> dict[str, Any]:
    """How the matcher's own judgements would change."""
    query = (
        select(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id)
        .where(JUDGEMENT.c.kind == kind, JUDGEMENT.c.author == AUTHOR, JUDGEMENT.c.known_to == OPEN)
        .order_by(JUDGEMENT.c.score, JUDGEMENT.c.id)
        .limit(MOST_JUDGED_ANEW)
    )
    counts, moved, looked = Counter[str](), [], 0
    stored = [(left, right) for left, right in connection.execute(query)]
    for (left, right), first, second in _prepared(connection, stored):
        looked += 1
        was, becomes = old.judge(first, second), new.judge(first, second)
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
