"""Recordings meet works: by keys of the work, judged with titles, writers, performers and identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from hub.links.meeting import Crowded, Own, batches, having
from hub.links.prepared import Shelf
from matching.blocking import EMBODIED
from matching.linking import embodies
from matching.model import Judgement, Rule

KIND = "embodiment"
KEPT = ("positive", "unsure")
Pairs = Iterator[tuple[int, int]]
"""Recording and work."""


def judge(
    connection: Connection,
    kinds: Mapping[int, str],
    own: Own,
    crowded: Crowded,
    shelf: Shelf,
    rules: tuple[Rule, ...],
) -> dict[tuple[str, int, int], Judgement]:
    """Judgements between the subjects that are looked at and the works or recordings of the same keys.

    Crowded keys, those of too many works, are no evidence by themselves and are
    skipped; how many recordings have them does not count, because a work may be recorded any number of times.

    Args:
        connection: the transaction that links.
        kinds: the kinds of the subjects that are looked at.
        own: their keys.
        crowded: what is known of these keys without ``EMBODIED`` in front.
        shelf: gives prepared works and recordings.
        rules: the table that decides.
    """
    of_works = [
        (key.removeprefix(EMBODIED), number)
        for key, number in own
        if kinds.get(number) == "work" or key.startswith(EMBODIED)
    ]
    pairs = set(_meeting([item for item in of_works if item[0] not in crowded], kinds, connection))
    found: dict[tuple[str, int, int], Judgement] = {}
    for batch in batches(sorted(pairs)):
        works, recordings = shelf.fetch(connection, {number for pair in batch for number in pair})
        for recording, work in batch:
            told = recordings[recording]
            judgement = embodies(told.forms, told.hints, works[work], rules)
            if judgement is not None and judgement.verdict in KEPT:
                found[KIND, recording, work] = judgement
    return found


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
