"""Incremental linking: the subjects a submission changed meet what shares a key with them.

Work is done in chunks, each one transaction with its own instant; a chunk done twice changes nothing, so
a killed run is simply repeated. Judgements replaced by new ones keep their known period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, or_, select, update

from hub.audit.log import record
from hub.context import Hub
from hub.db.bulk import insert_rows
from hub.db.counters import Instant, take, tick
from hub.db.engine import reading, writing
from hub.db.tables import DECLARATION, JUDGEMENT, SUBMISSION
from hub.db.times import OPEN
from hub.links import embodiment, keys, meeting, pages, seen_together
from hub.links.clustering import AUTHOR, alone, recluster
from hub.links.learned_tables import SHIPPED, Models, standing_models
from hub.links.meeting import Crowded
from hub.links.prepared import Shelf
from matching.blocking import EMBODIED
from matching.engines.judging import columns
from matching.model import Judgement, judge_telling

Stored = tuple[str, int, str, str, str]
"""Verdict, score, evidence, conflict and rule of a judgement, as stored."""
JUDGEMENT_COLUMNS = (
    "id", "kind", "left_id", "right_id", "verdict", "score", "evidence", "conflict", "author", "reason",
    "known_from", "known_to",
)  # fmt: skip


@dataclass(slots=True)
class Run:
    """What a run over many subjects remembers from chunk to chunk."""

    crowded: Crowded = field(default_factory=Crowded)
    shelf: Shelf = field(default_factory=Shelf)
    models: Models = SHIPPED


@dataclass(slots=True)
class Linked:
    """What a linking run did.

    ``placeholders`` are identifiers that more subjects have than ``matching.blocking.MAX_SHARED``, with how
    many: nobody meets by them, and whoever sent them should know.
    """

    subjects: int = 0
    judgements: int = 0
    moved: int = 0
    placeholders: dict[str, int] = field(default_factory=dict)

    def add(self, other: Linked) -> None:
        """Sum up chunk after chunk."""
        self.subjects += other.subjects
        self.judgements += other.judgements
        self.moved += other.moved
        self.placeholders |= other.placeholders

    def as_json(self) -> dict[str, Any]:
        """The counts, and the placeholders, the most frequent first."""
        told = sorted(self.placeholders.items(), key=lambda item: (-item[1], item[0]))
        return {
            "subjects": self.subjects,
            "judgements": self.judgements,
            "moved": self.moved,
            "placeholders": [{"identifier": key, "subjects": count} for key, count in told],
        }


def link_submission(hub: Hub, submission_id: int) -> Linked:
    """Link what this submission changed, unless that was done before."""
    done = Linked()
    with reading(hub.engine) as connection:
        row = connection.execute(select(SUBMISSION).where(SUBMISSION.c.id == submission_id)).one()
        if row.linked_at != OPEN or row.known_at == OPEN:
            return done
    done = link_pages(hub, pages.of_submission(hub, submission_id))
    with writing(hub.engine) as connection:
        at = tick(connection)
        connection.execute(update(SUBMISSION).where(SUBMISSION.c.id == submission_id).values(linked_at=at))
        if done.judgements or done.moved or done.placeholders:
            told: dict[str, Any] = {"judgements": done.judgements, "moved": done.moved}
            if done.placeholders:
                told["placeholders"] = done.as_json()["placeholders"]
            record(connection, at, "linking", AUTHOR, row.public_id, told)
    return done


def link_pending(hub: Hub) -> Linked:
    """Link every published submission whose linking did not finish."""
    with reading(hub.engine) as connection:
        pending = connection.scalars(
            select(SUBMISSION.c.id)
            .where(SUBMISSION.c.linked_at == OPEN, SUBMISSION.c.known_at < OPEN)
            .order_by(SUBMISSION.c.id)
        ).all()
    total = Linked()
    for submission_id in pending:
        total.add(link_submission(hub, submission_id))
    return total


def link_everything(hub: Hub) -> Linked:
    """Judge every current subject anew against all it can meet, by keys as this version makes them."""
    keys.renew(hub)
    total = link_pending(hub)
    total.add(link_pages(hub, pages.of_everything(hub)))
    return total


def link_pages(hub: Hub, found: Iterable[Sequence[int]]) -> Linked:
    """Link subjects page by page, each page in one transaction."""
    total = Linked()
    with reading(hub.engine) as connection:
        run = Run(models=standing_models(connection))
    for page in found:
        with writing(hub.engine) as connection:
            alone(connection)
            total.add(_link_chunk(connection, page, run, Instant(connection)))
    total.placeholders |= run.crowded.placeholders
    return total


def link_again(connection: Connection, subjects: Sequence[int], now: Instant) -> Linked:
    """Link these subjects within a transaction that has a reason of its own, at its instant."""
    run = Run(models=standing_models(connection))
    return _link_chunk(connection, sorted(subjects), run, now)


def _link_chunk(connection: Connection, subjects: Sequence[int], run: Run, now: Instant) -> Linked:
    crowded = run.crowded
    own = meeting.keys_of(connection, subjects)
    newest = meeting.newest(connection, subjects)
    useful, overfull = crowded.useful(connection, _plain(own), newest)
    left: list[str] = []
    if overfull:
        # What older subjects met by such a key alone they would not meet in a run over everything.
        subjects = sorted({*subjects, *meeting.of_late(connection, overfull)})
        own = meeting.keys_of(connection, subjects)
        useful, left = crowded.useful(connection, _plain(own), newest)
    kinds = _kinds(connection, subjects)
    judged: dict[tuple[str, int, int], Judgement] = {}
    for batch in meeting.batches(meeting.pairs(connection, own, useful)):
        judged.update(_judged(connection, batch, run))
    judged.update(embodiment.judge(connection, kinds, own, crowded, run.shelf, run.models.links))
    # Those who made other keys of the older subjects crowded are looked at in a later chunk.
    crowded.forget(left)
    changed = _replace(connection, subjects, judged, now)
    moved = 0
    for kind in ("work", "recording"):
        moved += recluster(
            connection, [number for number in subjects if kinds.get(number) == kind], kind, now
        )
    return Linked(len(subjects), changed, moved)


def _plain(own: meeting.Own) -> set[str]:
    return {key.removeprefix(EMBODIED) for key, _ in own}


def _judged(
    connection: Connection, pairs: Sequence[tuple[int, int]], run: Run
) -> Iterator[tuple[tuple[str, int, int], Judgement]]:
    """What is kept of the judgements about these pairs; both sides of a pair are of one kind."""
    works, recordings = run.shelf.fetch(connection, {number for pair in pairs for number in pair})
    for left, right in pairs:
        if left in works:
            kind, found = "work", judge_telling(works[left], works[right], run.models.works)
        else:
            kind = "recording"
            found = judge_telling(recordings[left].forms, recordings[right].forms, run.models.recordings)
        if found is not None:
            yield (kind, left, right), found


def _kinds(connection: Connection, subjects: Sequence[int]) -> dict[int, str]:
    """Kinds of those of these subjects that are declared at present."""
    query = select(DECLARATION.c.subject_id, DECLARATION.c.kind).where(
        DECLARATION.c.subject_id.in_(subjects),
        DECLARATION.c.known_to == OPEN,
        DECLARATION.c.known_from < OPEN,
    )
    return {row.subject_id: row.kind for row in connection.execute(query)}


def _replace(
    connection: Connection,
    subjects: Sequence[int],
    judged: Mapping[tuple[str, int, int], Judgement],
    now: Instant,
) -> int:
    """Make the matcher's judgements about these subjects exactly ``judged``; people's stay untouched."""
    touching = or_(JUDGEMENT.c.left_id.in_(subjects), JUDGEMENT.c.right_id.in_(subjects))
    stored = {pair: (*columns(found), found.conflict, found.rule) for pair, found in judged.items()}
    return _store(connection, touching, stored, now)


def replace_from_left(
    connection: Connection,
    subjects: Sequence[int],
    judged: Mapping[tuple[str, int, int], Stored],
    now: Instant,
) -> int:
    """Make the matcher's judgements of which one of these subjects is the left side exactly ``judged``."""
    return _store(connection, JUDGEMENT.c.left_id.in_(subjects), judged, now)


def _store(
    connection: Connection, touching: Any, judged: Mapping[tuple[str, int, int], Stored], now: Instant
) -> int:
    table = JUDGEMENT
    query = select(table).where(touching, table.c.known_to == OPEN, table.c.author == AUTHOR)
    stale: list[int] = []
    together: list[Any] = []
    same: set[tuple[str, int, int]] = set()
    decided = select(table.c.kind, table.c.left_id, table.c.right_id).where(
        touching, table.c.known_to == OPEN, table.c.author != AUTHOR
    )
    by_people = {(kind, left, right) for kind, left, right in connection.execute(decided)}
    judged = {pair: found for pair, found in judged.items() if pair not in by_people}
    for row in connection.execute(query):
        pair = (row.kind, row.left_id, row.right_id)
        found = judged.get(pair)
        if found is not None and (row.verdict, row.score, row.evidence) == found[:3]:
            same.add(pair)
        elif found is None and seen_together.is_from_a_look(row):
            together.append(row)
        else:
            stale.append(row.id)
    stale += [row.id for row in seen_together.outdated(connection, together)]
    if stale:
        connection.execute(update(table).where(table.c.id.in_(stale)).values(known_to=now.at))
    fresh = [(pair, judged[pair]) for pair in sorted(judged) if pair not in same]
    add_judgements(connection, fresh, now)
    return len(fresh) + len(stale)


def add_judgements(
    connection: Connection, found: Sequence[tuple[tuple[str, int, int], Stored]], now: Instant
) -> None:
    """Keep judgements of the matcher, each about a kind of pair, its left and its right side."""
    if not found:
        return
    # The instant comes first: writers that took the two in different orders would wait for each other.
    at, first = now.at, take(connection, "judgement", len(found))
    rows = [
        (first + offset, *pair, *judged[:4], AUTHOR, judged[4], at, OPEN)
        for offset, (pair, judged) in enumerate(found)
    ]
    insert_rows(connection, "judgement", JUDGEMENT_COLUMNS, rows)
