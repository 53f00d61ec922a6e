"""Recordings meet works: by keys of the work, judged with titles, writers, performers and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.db.tables import DECLARATION, MATCH_KEY, SUBJECT
from hub.db.times import OPEN
from hub.links.payload import recording_from, work_from
from hub.links.records import recording_record, work_hints, work_record
from matching.blocking import EMBODIED, MAX_BLOCK, is_identifier_key
from matching.linking import recording_to_work
from matching.model import Judgement

KIND = "embodiment"
KEPT = ("positive", "unsure")
Pairs = Iterator[tuple[int, int]]
"""Recording and work."""


def judge(
    connection: Connection, subjects: Sequence[int], kinds: Mapping[int, str]
) -> dict[tuple[str, int, int], Judgement]:
    """Judgements between these subjects and the works or recordings that have a key of the work in common.

    Content keys of more than ``MAX_BLOCK`` works are no evidence by themselves and are skipped;
    how many recordings have them does not count, because a work may be recorded any number of times.
    """
    pairs = set(_same_key(connection, subjects, kinds))
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


def _same_key(connection: Connection, subjects: Sequence[int], kinds: Mapping[int, str]) -> Pairs:
    """Pairs that share a key of the work."""
    own = [
        (key.removeprefix(EMBODIED), number)
        for key, number in connection.execute(_keys().where(DECLARATION.c.subject_id.in_(subjects)))
        if kinds.get(number) == "work" or key.startswith(EMBODIED)
    ]

    def keyed(keys: Sequence[str], kind: str) -> Iterator[tuple[str, int]]:
        prefix = EMBODIED if kind == "recording" else ""
        for start in range(0, len(keys), 5_000):
            found = [prefix + key for key in keys[start : start + 5_000]]
            for key, number in connection.execute(_keys().where(MATCH_KEY.c.key.in_(found))):
                yield key.removeprefix(prefix), number

    return _meeting(own, kinds, keyed)


def _meeting(
    own: Iterable[tuple[str, int]],
    kinds: Mapping[int, str],
    having: Callable[[Sequence[str], str], Iterable[tuple[str, int]]],
) -> Pairs:
    """Pairs of a recording and a work with a key in common, at least one of them being looked at.

    Args:
        own: (key, subject) of the subjects that are looked at; ``kinds`` knows their kinds.
        having: gives (key, subject) of all subjects of a kind that have one of these keys.
    """
    recordings: dict[str, set[int]] = defaultdict(set)
    works: dict[str, set[int]] = defaultdict(set)
    for key, number in own:
        (works if kinds.get(number) == "work" else recordings)[key].add(number)
    of_works = set(works)
    for key, number in having(sorted({*works, *recordings}), "work"):
        works[key].add(number)
    useful = [key for key in sorted(works) if len(works[key]) <= MAX_BLOCK or is_identifier_key(key)]
    for key in useful:
        for recording in recordings.get(key, ()):
            for work in works[key]:
                yield recording, work
    # Every recording of a key, however many: only works that are looked at can need them.
    for key, recording in having([key for key in useful if key in of_works], "recording"):
        for work in works[key]:
            if work in kinds:
                yield recording, work


def _keys() -> Any:
    return (
        select(MATCH_KEY.c.key, MATCH_KEY.c.subject_id)
        .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
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
