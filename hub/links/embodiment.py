"""Recordings meet works: by keys of the work, judged with titles, writers, performers and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.db.tables import DECLARATION, SUBJECT
from hub.db.times import OPEN
from hub.links.meeting import Crowded, Own, batches, having
from hub.links.payload import recording_from, work_from
from hub.links.records import recording_record, work_hints, work_record
from matching.blocking import EMBODIED
from matching.linking import recording_to_work
from matching.model import Judgement
from matching.records import RecordingRecord, WorkHint, WorkRecord

KIND = "embodiment"
KEPT = ("positive", "unsure")
Pairs = Iterator[tuple[int, int]]
"""Recording and work."""


def judge(
    connection: Connection, kinds: Mapping[int, str], own: Own, crowded: Crowded
) -> dict[tuple[str, int, int], Judgement]:
    """Judgements between the subjects that are looked at and the works or recordings of the same keys.

    Crowded content keys, those of more than ``MAX_BLOCK`` works, are no evidence by themselves and are
    skipped; how many recordings have them does not count, because a work may be recorded any number of times.

    Args:
        connection: the transaction that links.
        kinds: the kinds of the subjects that are looked at.
        own: their keys.
        crowded: what is known of these keys without ``EMBODIED`` in front.
    """
    of_works = [
        (key.removeprefix(EMBODIED), number)
        for key, number in own
        if kinds.get(number) == "work" or key.startswith(EMBODIED)
    ]
    pairs = set(_meeting([item for item in of_works if item[0] not in crowded], kinds, connection))
    found: dict[tuple[str, int, int], Judgement] = {}
    for batch in batches(sorted(pairs)):
        found.update(_judged(connection, batch))
    return found


def _judged(
    connection: Connection, pairs: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[str, int, int], Judgement]]:
    content = _contents(connection, {number for pair in pairs for number in pair})
    works: dict[int, WorkRecord] = {}
    recordings: dict[int, tuple[RecordingRecord, tuple[WorkHint, ...]]] = {}
    for recording_id, work_id in pairs:
        if recording_id not in recordings:
            submitter, raw = content[recording_id]
            recording = recording_from(raw)
            recordings[recording_id] = (
                recording_record(recording_id, submitter, recording), work_hints(submitter, recording),
            )  # fmt: skip
        if work_id not in works:
            submitter, raw = content[work_id]
            works[work_id] = work_record(work_id, submitter, work_from(raw))
        judgement = recording_to_work(*recordings[recording_id], works[work_id])
        if judgement.verdict in KEPT:
            yield (KIND, recording_id, work_id), judgement


def _meeting(own: Own, kinds: Mapping[int, str], connection: Connection) -> Pairs:
    """Pairs of a recording and a work with one of these keys in common, one of the two being looked at.

    ``kinds`` knows the kinds of those that are looked at.
    """
    recordings: dict[str, set[int]] = defaultdict(set)
    works: dict[str, set[int]] = defaultdict(set)
    for key, number in own:
        (works if kinds.get(number) == "work" else recordings)[key].add(number)
    of_works = list(works)
    for key, work in having(connection, list(recordings)):
        for recording in recordings[key]:
            yield recording, work
    for key, recording in having(connection, [EMBODIED + key for key in of_works]):
        for work in works[key.removeprefix(EMBODIED)]:
            yield recording, work


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
