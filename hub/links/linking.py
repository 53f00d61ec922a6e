"""Incremental linking: the subjects a submission changed meet what shares a key with them.

Work is done in chunks, each one transaction with its own instant; a chunk done twice changes nothing, so
a killed run is simply repeated. Judgements replaced by new ones keep their known period.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, case, func, or_, select, update

from hub.audit.log import record
from hub.context import Hub
from hub.db.bulk import insert_rows
from hub.db.counters import Instant, take, tick
from hub.db.engine import reading, writing
from hub.db.tables import DECLARATION, JUDGEMENT, MATCH_KEY, SUBJECT, SUBMISSION
from hub.db.times import OPEN
from hub.links import embodiment
from hub.links.clustering import AUTHOR, alone, recluster
from hub.links.payload import recording_from, work_from
from hub.links.records import recording_record, work_record
from matching.blocking import EMBODIED, MAX_BLOCK, is_identifier_key
from matching.engines.judging import columns
from matching.model import Judgement
from matching.pipeline import compare_new_recordings, compare_new_works

CHUNK = 500
Stored = tuple[str, int, str, str, str]
"""Verdict, score, evidence, conflict and rule of a judgement, as stored."""
KEPT = ("positive", "unsure", "negative")
JUDGEMENT_COLUMNS = (
    "id", "kind", "left_id", "right_id", "verdict", "score", "evidence", "conflict", "author", "reason",
    "known_from", "known_to",
)  # fmt: skip


@dataclass(slots=True)
class Linked:
    """What a linking run did."""

    subjects: int = 0
    judgements: int = 0
    moved: int = 0

    def add(self, other: Linked) -> None:
        """Sum up chunk after chunk."""
        self.subjects += other.subjects
        self.judgements += other.judgements
        self.moved += other.moved


def link_submission(hub: Hub, submission_id: int) -> Linked:
    """Link what this submission changed, unless that was done before."""
    done = Linked()
    with reading(hub.engine) as connection:
        row = connection.execute(select(SUBMISSION).where(SUBMISSION.c.id == submission_id)).one()
        if row.linked_at != OPEN or row.known_at == OPEN:
            return done
        subjects = _changed(connection, submission_id)
    done = link_subjects(hub, subjects)
    with writing(hub.engine) as connection:
        at = tick(connection)
        connection.execute(update(SUBMISSION).where(SUBMISSION.c.id == submission_id).values(linked_at=at))
        if done.judgements or done.moved:
            record(
                connection,
                at,
                "linking",
                AUTHOR,
                row.public_id,
                {"judgements": done.judgements, "moved": done.moved},
            )
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
    """Judge every current subject anew against all it can meet."""
    total = link_pending(hub)
    with reading(hub.engine) as connection:
        subjects = connection.scalars(
            select(DECLARATION.c.subject_id)
            .where(DECLARATION.c.kind.in_(("work", "recording")), DECLARATION.c.known_to == OPEN)
            .where(DECLARATION.c.known_from < OPEN)
            .order_by(DECLARATION.c.subject_id)
        ).all()
    total.add(link_subjects(hub, subjects))
    return total


def link_subjects(hub: Hub, subjects: Sequence[int]) -> Linked:
    """Link these subjects, chunk by chunk."""
    total = Linked()
    for start in range(0, len(subjects), CHUNK):
        with writing(hub.engine) as connection:
            total.add(_link_chunk(connection, subjects[start : start + CHUNK]))
    return total


def _changed(connection: Connection, submission_id: int) -> Sequence[int]:
    query = (
        select(DECLARATION.c.subject_id)
        .where(DECLARATION.c.submission_id == submission_id, DECLARATION.c.known_to == OPEN)
        .where(DECLARATION.c.kind.in_(("work", "recording")))
        .order_by(DECLARATION.c.subject_id)
    )
    return connection.scalars(query).all()


def _link_chunk(connection: Connection, subjects: Sequence[int]) -> Linked:
    alone(connection)
    useful, overfull = _useful_keys(connection, subjects)
    if overfull:
        # What older subjects met by such a key alone they would not meet in a run over everything.
        subjects = sorted({*subjects, *_having(connection, overfull)})
        useful, _ = _useful_keys(connection, subjects)
    records, kinds = _records(connection, subjects)
    blocks = _blocks(connection, useful)
    known_ids = {other for members in blocks.values() for other in members} - set(records)
    others, other_kinds = _records(connection, sorted(known_ids))
    everything, known = {**others, **records}, {**other_kinds, **kinds}
    judged: dict[tuple[str, int, int], Judgement] = {}
    for kind, compare in (("work", compare_new_works), ("recording", compare_new_recordings)):
        new = [records[number] for number in subjects if kinds.get(number) == kind]
        same = {number: item for number, item in everything.items() if known[number] == kind}
        for left, right, judgement in compare(new, same, blocks):
            if judgement.verdict in KEPT:
                judged[kind, left, right] = judgement
    judged.update(embodiment.judge(connection, subjects, kinds))
    now = Instant(connection)
    changed = _replace(connection, subjects, judged, now)
    moved = 0
    for kind in ("work", "recording"):
        moved += recluster(
            connection, [number for number in subjects if kinds.get(number) == kind], kind, now
        )
    return Linked(len(subjects), changed, moved)


def _records(connection: Connection, subjects: Sequence[int]) -> tuple[dict[int, Any], dict[int, str]]:
    """Matching records and kinds of the current declarations of these subjects."""
    records: dict[int, Any] = {}
    kinds: dict[int, str] = {}
    for start in range(0, len(subjects), 5_000):
        query = (
            select(DECLARATION.c.subject_id, DECLARATION.c.kind, DECLARATION.c.payload, SUBJECT.c.submitter)
            .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
            .where(DECLARATION.c.subject_id.in_(subjects[start : start + 5_000]))
            .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
        )
        for number, kind, payload, submitter in connection.execute(query):
            kinds[number] = kind
            content = orjson.loads(payload)
            if kind == "work":
                records[number] = work_record(number, submitter, work_from(content))
            elif kind == "recording":
                records[number] = recording_record(number, submitter, recording_from(content))
    return records, kinds


def _useful_keys(connection: Connection, subjects: Sequence[int]) -> tuple[list[str], list[str]]:
    """The keys by which these subjects meet others, and those that have become too full with them.

    A content key of more than ``MAX_BLOCK`` subjects is no use. It becomes so once: with the submission that
    these subjects come from, or in an earlier chunk of it.
    """
    current = (DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
    newest = (
        select(func.max(DECLARATION.c.known_from))
        .where(DECLARATION.c.subject_id.in_(subjects), *current)
        .scalar_subquery()
    )
    older = func.sum(case((DECLARATION.c.known_from < newest, 1), else_=0))
    counts = (
        select(MATCH_KEY.c.key, func.count(), older)
        .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
        .where(*current, MATCH_KEY.c.key.in_(current_keys(subjects)))
        .group_by(MATCH_KEY.c.key)
        .having(func.count() > 1)
    )
    useful: list[str] = []
    overfull: list[str] = []
    for key, count, before in connection.execute(counts):
        if count <= MAX_BLOCK or is_identifier_key(key):
            useful.append(key)
        elif 0 < before <= MAX_BLOCK:
            overfull.append(key)
    return useful, overfull


def _having(connection: Connection, overfull: Sequence[str]) -> set[int]:
    """The older subjects of keys that have become overfull, and the recordings that met works by them."""
    found: set[int] = set()
    for start in range(0, len(overfull), 5_000):
        part = overfull[start : start + 5_000]
        query = (
            select(MATCH_KEY.c.subject_id)
            .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
            .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
            .where(MATCH_KEY.c.key.in_([*part, *(EMBODIED + key for key in part)]))
        )
        found |= set(connection.scalars(query))
    return found


def _blocks(connection: Connection, useful: Sequence[str]) -> Mapping[str, Sequence[int]]:
    """Current subjects by each of these keys."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for start in range(0, len(useful), 5_000):
        query = (
            select(MATCH_KEY.c.key, MATCH_KEY.c.subject_id)
            .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
            .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
            .where(MATCH_KEY.c.key.in_(useful[start : start + 5_000]))
            .order_by(MATCH_KEY.c.key, MATCH_KEY.c.subject_id)
        )
        for key, number in connection.execute(query):
            blocks[key].append(number)
    return blocks


def current_keys(subjects: Sequence[int]) -> Any:
    """Subquery: the keys under which the current declarations of these subjects meet their own kind."""
    return (
        select(MATCH_KEY.c.key)
        .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
        .where(DECLARATION.c.subject_id.in_(subjects))
        .where(~MATCH_KEY.c.key.startswith(EMBODIED, autoescape=True))
        .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
    )


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
        else:
            stale.append(row.id)
    if stale:
        connection.execute(update(table).where(table.c.id.in_(stale)).values(known_to=now.at))
    fresh = [(pair, judged[pair]) for pair in sorted(judged) if pair not in same]
    if fresh:
        # The instant comes first: writers that took the two in different orders would wait for each other.
        at, first = now.at, take(connection, "judgement", len(fresh))
        rows = [
            (first + offset, *pair, *found[:4], AUTHOR, found[4], at, OPEN)
            for offset, (pair, found) in enumerate(fresh)
        ]
        insert_rows(connection, "judgement", JUDGEMENT_COLUMNS, rows)
    return len(fresh) + len(stale)
