"""Who meets whom: subjects of one kind that share a stored key that tells enough.

A key that has become crowded is counted once in a run and passed over from then on, so that a run over many
subjects costs what their useful keys hold, however many others have a crowded one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import Connection, case, func, select

from hub.db.prepared import AT, KEYS, Prepared
from hub.db.tables import DECLARATION, MATCH_KEY
from hub.db.times import OPEN
from matching.blocking import EMBODIED, is_identifier_key, is_useful

MOST_REMEMBERED = 500_000
"""Crowded keys that are remembered at a time; a bound for memory, about 60 MB."""

MOST_PAIRS = 5_000
"""Pairs that are judged at a time: bounds how many records are held in memory."""

Own = Sequence[tuple[str, int]]
"""(key, subject) of the subjects that are looked at, keys of works that recordings may embody included."""

_CURRENT = (DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN)
_KEYS = (
    select(MATCH_KEY.c.key, MATCH_KEY.c.subject_id)
    .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
    .where(*_CURRENT)
)
_OF_SUBJECTS = Prepared("keys of subjects", _KEYS.where(DECLARATION.c.subject_id.in_(KEYS)))
_HAVING = Prepared("subjects having keys", _KEYS.where(MATCH_KEY.c.key.in_(KEYS)))
_COUNTED = Prepared(
    "how many subjects have a key",
    select(
        MATCH_KEY.c.key,
        func.count().label("count"),
        func.sum(case((DECLARATION.c.known_from < AT, 1), else_=0)).label("older"),
    )
    .join(DECLARATION, DECLARATION.c.id == MATCH_KEY.c.declaration_id)
    .where(*_CURRENT, MATCH_KEY.c.key.in_(KEYS))
    .group_by(MATCH_KEY.c.key)
    .having(func.count() > 1),
)


class Crowded:
    """Keys that too many subjects have to tell anything, as counted in this run."""

    def __init__(self) -> None:
        """Nothing was counted yet."""
        self._keys: set[str] = set()
        self.placeholders: dict[str, int] = {}
        """Identifiers that so many subjects have that they can be nobody's own, and how many."""

    def __contains__(self, key: str) -> bool:
        """Whether the key is known to be crowded."""
        return key in self._keys

    def useful(
        self, connection: Connection, keys: Collection[str], newest: int
    ) -> tuple[list[str], list[str]]:
        """Of these keys those by which subjects meet, and those that have become crowded of late.

        Args:
            connection: the transaction that links.
            keys: keys without ``EMBODIED`` in front.
            newest: the instant of the submission that is linked. A key becomes crowded once: with it. The
                second list holds keys that were useful before that instant.
        """
        useful: list[str] = []
        overfull: list[str] = []
        if len(self._keys) > MOST_REMEMBERED:
            self._keys.clear()
        asked = [key for key in keys if key not in self._keys]
        for key, count, older in _COUNTED.rows(connection, asked, at=newest):
            if is_useful(key, count):
                useful.append(key)
                continue
            self._keys.add(key)
            if is_identifier_key(key):
                self.placeholders[key] = count
            if older and is_useful(key, older):
                overfull.append(key)
        return useful, overfull

    def forget(self, keys: Collection[str]) -> None:
        """Count these keys again when they are asked for next."""
        self._keys.difference_update(keys)


def keys_of(connection: Connection, subjects: Sequence[int]) -> Own:
    """The stored keys of these subjects."""
    return [(key, number) for key, number in _OF_SUBJECTS.rows(connection, subjects)]


def having(connection: Connection, keys: Collection[str]) -> Iterator[tuple[str, int]]:
    """(key, subject) of all current subjects that have one of these keys."""
    yield from _HAVING.rows(connection, keys)


def of_late(connection: Connection, overfull: Sequence[str]) -> set[int]:
    """The subjects of keys that have become crowded, and the recordings that met works by them."""
    wanted = [*overfull, *(EMBODIED + key for key in overfull)]
    return {number for _, number in having(connection, wanted)}


def newest(connection: Connection, subjects: Sequence[int]) -> int:
    """The latest instant at which something became known of one of these subjects."""
    query = select(func.max(DECLARATION.c.known_from)).where(
        DECLARATION.c.subject_id.in_(subjects), *_CURRENT
    )
    return connection.scalar(query) or 0


def pairs(connection: Connection, own: Own, useful: Collection[str]) -> Iterator[tuple[int, int]]:
    """Every pair with a subject that is looked at, by these keys: each once, the smaller id first."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for key, number in having(connection, useful):
        blocks[key].append(number)
    by_subject: dict[int, list[str]] = defaultdict(list)
    for key, number in own:
        if key in blocks:
            by_subject[number].append(key)
    yield from _meeting(by_subject, blocks)


def _meeting(
    by_subject: Mapping[int, Sequence[str]], blocks: Mapping[str, Sequence[int]]
) -> Iterator[tuple[int, int]]:
    done: set[int] = set()
    for number in sorted(by_subject):
        done.add(number)
        others: set[int] = set()
        for key in by_subject[number]:
            others.update(blocks[key])
        for other in sorted(others - done):
            yield min(number, other), max(number, other)


def batches(pairs: Iterable[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The pairs in lists of ``MOST_PAIRS``."""
    rest = iter(pairs)
    while batch := list(islice(rest, MOST_PAIRS)):
        yield batch
