"""What a look at all recordings found, kept as judgements chunk by chunk, and counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from hub.audit.log import record
from hub.context import Hub
from hub.db.counters import Instant
from hub.db.engine import writing
from hub.db.tables import JUDGEMENT
from hub.db.times import OPEN
from hub.links.clustering import AUTHOR, alone, recluster
from hub.links.linking import Stored, add_judgements
from hub.links.seen_together import KIND, declared_since, is_from_a_look
from matching.missing_links import Pair

AT_ONCE = 500
"""Pairs that are kept in one transaction."""
Tell = Callable[[str], None]


@dataclass(slots=True)
class Looked:
    """What a look found: ``likely`` pairs of clusters, and what became of those that join something.

    ``asked`` are put before people, ``linked`` joined, ``unchanged`` were found before; ``contradicted`` are
    likely and state two ISRCs, two numbers of one society or two versions. ``overtaken`` were judged by
    somebody or corrected while the look lasted; ``withdrawn`` were found before and no more. ``packed`` says
    which submitters write several things into one column.
    """

    recordings: int = 0
    compared: int = 0
    likely: int = 0
    asked: int = 0
    linked: int = 0
    unchanged: int = 0
    contradicted: int = 0
    overtaken: int = 0
    withdrawn: int = 0
    moved: int = 0
    packed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """All of it by name."""
        return asdict(self)


def keep(
    hub: Hub,
    wanted: Mapping[Pair, Stored | None],
    done: Looked,
    *,
    seen_at: int = OPEN,
    tell: Tell = lambda _: None,
    author: str = AUTHOR,
    reason: str = "",
) -> None:
    """Make what was found together about these pairs exactly that.

    Args:
        hub: the hub.
        wanted: what is kept of each pair; None ends what was found before.
        done: counts it.
        seen_at: the instant as of which statements and judgements were read.
        tell: is told how far it has come.
        author: whom the log names.
        reason: why, for the log.
    """
    pairs = sorted(wanted)
    for start in range(0, len(pairs), AT_ONCE):
        with writing(hub.engine) as connection:
            alone(connection)
            some = {pair: wanted[pair] for pair in pairs[start : start + AT_ONCE]}
            _keep_some(connection, some, done, seen_at)
        if (reached := start + AT_ONCE) % (20 * AT_ONCE) == 0:
            tell(f"{reached} of {len(pairs)} pairs kept")
    if done.asked or done.linked or done.withdrawn:
        with writing(hub.engine) as connection:
            counts = {name: value for name, value in done.as_json().items() if name != "packed" and value}
            told = {"together": counts, **({"reason": reason} if reason else {})}
            record(connection, Instant(connection).at, "linking", author, "", told)


def _keep_some(
    connection: Connection, wanted: Mapping[Pair, Stored | None], done: Looked, seen_at: int
) -> None:
    table, now = JUDGEMENT, Instant(connection)
    since = declared_since(connection, {number for pair in wanted for number in pair})
    query = select(table).where(
        table.c.kind == KIND, table.c.known_to == OPEN, table.c.left_id.in_({left for left, _ in wanted})
    )
    ended: list[int] = []
    fresh = dict(wanted)
    moving: set[int] = set()
    for row in connection.execute(query).all():
        pair = (row.left_id, row.right_id)
        if pair not in wanted:
            continue
        if not is_from_a_look(row):
            # Somebody has judged it since it was looked at.
            done.overtaken += fresh.pop(pair) is not None
            continue
        found = wanted[pair]
        # The same question or link by another figure is nothing new: figures move with all that comes in.
        if found is not None and (row.verdict, row.conflict, row.reason) == (found[0], *found[3:]):
            done.unchanged += 1
            fresh.pop(pair, None)
            continue
        ended.append(row.id)
        done.withdrawn += found is None
        if row.verdict == "positive":
            moving.update(pair)
    told = [(pair, found) for pair, found in fresh.items() if found is not None]
    corrected = {pair for pair, _ in told if max(since[number] for number in pair) > seen_at}
    done.overtaken += len(corrected)
    told = [(pair, found) for pair, found in told if pair not in corrected]
    if ended:
        connection.execute(update(table).where(table.c.id.in_(ended)).values(known_to=now.at))
    add_judgements(connection, [((KIND, *pair), found) for pair, found in told], now)
    for pair, found in told:
        if found[0] == "positive":
            done.linked += 1
            moving.update(pair)
        else:
            done.asked += 1
    done.moved += recluster(connection, sorted(moving), KIND, now)
