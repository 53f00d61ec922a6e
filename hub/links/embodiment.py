"""Recordings meet works: by the titles they share, judged with writers, performers and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.db.tables import DECLARATION, MATCH_KEY, SUBJECT, TITLE
from hub.db.times import OPEN
from hub.links.payload import recording_from, work_from
from hub.links.records import recording_record, work_hints, work_record
from matching.blocking import EMBODIED, MAX_BLOCK, is_identifier_key
from matching.linking import recording_to_work
from matching.model import Judgement

KIND = "embodiment"
KEPT = ("positive", "unsure")


def judge(
    connection: Connection, subjects: Sequence[int], kinds: Mapping[int, str]
) -> dict[tuple[str, int, int], Judgement]:
    """Judgements between these subjects and the works or recordings of the same title or of a key in common.

    Titles and content keys shared by more than ``MAX_BLOCK`` subjects are no evidence by themselves and are
    skipped.
    """
    pairs: set[tuple[int, int]] = set()
    for mine, other in (("recording", "work"), ("work", "recording")):
        own = [number for number in subjects if kinds.get(number) == mine]
        met = (*_same_title(connection, own, other), *_same_key(connection, own, mine == "recording"))
        for left, right in met:
            pairs.add((left, right) if mine == "recording" else (right, left))
    content = _contents(connection, {number for pair in pairs for number in pair})
    found: dict[tuple[str, int, int], Judgement] = {}
    for recording_id, work_id in sorted(pairs):
        submitter, raw = content[recording_id]
        recording = recording_from(raw)
        work_submitter, raw_work = content[work_id]
        judgement = recording_to_work(
            recording_record(recording_id, submitter, recording),
            work_hints(submitter, recording),
            work_record(work_id, work_submitter, work_from(raw_work)),
        )
        if judgement.verdict in KEPT:
            found[KIND, recording_id, work_id] = judgement
    return found


def _same_title(connection: Connection, subjects: Sequence[int], other: str) -> list[tuple[int, int]]:
    mine = _titles().where(TITLE.c.subject_id.in_(subjects))
    by_title: dict[str, set[int]] = defaultdict(set)
    for folded, number in connection.execute(mine):
        if folded:
            by_title[folded].add(number)
    listed = sorted(by_title)
    met: dict[str, set[int]] = defaultdict(set)
    for start in range(0, len(listed), 5_000):
        query = _titles().where(
            TITLE.c.folded.in_(listed[start : start + 5_000]),
            DECLARATION.c.kind == other,
        )
        for folded, number in connection.execute(query):
            met[folded].add(number)
    return [
        (left, right)
        for folded, rights in met.items()
        if len(rights) <= MAX_BLOCK
        for left in by_title[folded]
        for right in rights
    ]


def _same_key(connection: Connection, subjects: Sequence[int], are_recordings: bool) -> list[tuple[int, int]]:
    """Pairs of these subjects with those of the other kind that have a key of the work in common."""
    by_key: dict[str, set[int]] = defaultdict(set)
    for key, number in connection.execute(_keys().where(MATCH_KEY.c.subject_id.in_(subjects))):
        if not are_recordings:
            by_key[EMBODIED + key].add(number)
        elif key.startswith(EMBODIED):
            by_key[key.removeprefix(EMBODIED)].add(number)
    listed = sorted(by_key)
    met: dict[str, set[int]] = defaultdict(set)
    for start in range(0, len(listed), 5_000):
        for key, number in connection.execute(
            _keys().where(MATCH_KEY.c.key.in_(listed[start : start + 5_000]))
        ):
            met[key].add(number)
    return [
        (left, right)
        for key, rights in met.items()
        if len(rights) <= MAX_BLOCK or is_identifier_key(key)
        for left in by_key[key]
        for right in rights
    ]


def _keys() -> Any:
    return (
        select(MATCH_KEY.c.key, MATCH_KEY.c.subject_id)
        .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
        .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
    )


def _titles() -> Any:
    return (
        select(TITLE.c.folded, TITLE.c.subject_id)
        .join(DECLARATION, DECLARATION.c.id == TITLE.c.declaration_id)
        .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
    )


def _contents(connection: Connection, subjects: set[int]) -> dict[int, tuple[str, dict[str, Any]]]:
    found: dict[int, tuple[str, dict[str, Any]]] = {}
    listed = sorted(subjects)
    for start in range(0, len(listed), 5_000):
        query = (
            select(DECLARATION.c.subject_id, SUBJECT.c.submitter, DECLARATION.c.payload)
            .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
            .where(DECLARATION.c.subject_id.in_(listed[start : start + 5_000]))
            .where(DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
        )
        for number, submitter, payload in connection.execute(query):
            found[number] = (submitter, orjson.loads(payload))
    return found
