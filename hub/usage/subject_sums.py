"""The money of a report by the subjects that its lines asked about: gathered on disk, then kept.

What is kept orders the pairs that people are asked about (``hub.links.review_value``); no answer reads it.
A report that is answered again, by the same society, has the sums of its latest answer: those of the earlier
one end at that instant. Lines that were not answered, and those about a recording that only registrations
of works mention, have no subject to be kept with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from sqlalchemy import exists, select, update

from hub.context import Hub
from hub.db.bulk import insert_rows
from hub.db.counters import Instant, take
from hub.db.engine import writing
from hub.db.prepared import KEYS, MOST, Prepared
from hub.db.tables import SUBJECT, USAGE_SUM
from hub.db.times import OPEN

Sum = tuple[str, str, str, int]
"""Public id of a subject, right, currency and units of money."""

_NUMBERS = Prepared(
    "numbers of subjects", select(SUBJECT.c.public_id, SUBJECT.c.id).where(SUBJECT.c.public_id.in_(KEYS))
)


class SubjectSums:
    """Sums that grow while a report is read; iterated in order, each subject, right and currency once."""

    def __init__(self) -> None:
        # An empty name is a file of SQLite's own that vanishes with the connection.
        self._scratch = sqlite3.connect("", isolation_level=None)
        self._scratch.execute("CREATE TABLE part (subject TEXT, right TEXT, currency TEXT, units TEXT)")

    def add(self, parts: Iterable[Sum]) -> None:
        """Note these; they are summed when they are read."""
        self._scratch.execute("BEGIN")
        texts = ((*about, str(units)) for *about, units in parts)
        self._scratch.executemany("INSERT INTO part VALUES (?, ?, ?, ?)", texts)
        self._scratch.execute("COMMIT")

    def __iter__(self) -> Iterator[Sum]:
        rows = self._scratch.execute("SELECT * FROM part ORDER BY subject, right, currency")
        for about, parts in groupby(rows, key=lambda row: row[:3]):
            yield (*about, sum(int(units) for *_, units in parts))

    def close(self) -> None:
        """Let go of the scratch file."""
        self._scratch.close()


def keep_sums(hub: Hub, society: str, report: str, sums: Iterable[Sum]) -> None:
    """Keep the sums of a report that a society handed in, in place of those of its earlier answers."""
    with writing(hub.engine) as connection:
        now = Instant(connection)
        earlier = (
            USAGE_SUM.c.report == report, USAGE_SUM.c.society == society, USAGE_SUM.c.known_to == OPEN,
        )  # fmt: skip
        if connection.scalar(select(exists().where(*earlier))):
            connection.execute(update(USAGE_SUM).where(*earlier).values(known_to=now.at))
        columns = [column.key for column in USAGE_SUM.columns]
        left = iter(sums)
        while part := list(islice(left, MOST)):
            number = dict(_NUMBERS.rows(connection, {subject for subject, *_ in part}))
            first = take(connection, "usage_sum", len(part))
            rows = [
                (first + place, society, report, number[subject], right, currency, str(units), now.at, OPEN)
                for place, (subject, right, currency, units) in enumerate(part)
            ]
            insert_rows(connection, "usage_sum", columns, rows)
