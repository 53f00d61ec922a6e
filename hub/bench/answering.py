"""How fast a hub of ``hub bench generate --works N`` answers, one question at a time and in batches.

Beside it, in the same run, the database alone: one statement from the ISRC to the mandates of every claimant,
sent through the bare driver for as many ISRCs at once, its rows fetched and nothing made of them. Processor
time is told beside time, because other work on the machine costs only the latter; of PostgreSQL on the same
machine the time of its own process counts as well.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from hub.answers.batch import Desk, who_to_pay_as_bytes
from hub.answers.question import Question, ask
from hub.bench.measures import Measure, Report
from hub.bench.national_hub import Invention, Plan
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import SUBJECT
from hub.errors import UsageError

TOGETHER = 1_000
P50, P99, SURVIVES = 1.0, 5.0, 0.5
RAW = """
SELECT i.value, c.id, c.share, p.ipi_name, m.holder, m.rights, m.territories, m.valid_from, m.valid_to
FROM identifier i
JOIN declaration d ON d.id = i.declaration_id AND d.known_from <= {at} AND d.known_to > {at}
JOIN work_reference w ON w.declaration_id = i.declaration_id
JOIN identifier i2 ON i2.scheme = 'iswc' AND i2.value = w.iswc
JOIN declaration d2 ON d2.id = i2.declaration_id AND d2.known_from <= {at} AND d2.known_to > {at}
JOIN claim c ON c.declaration_id = i2.declaration_id
JOIN party p ON p.id = c.party_id
JOIN mandate m ON m.grantor_id = p.ipi_name
JOIN declaration d3 ON d3.id = m.declaration_id AND d3.known_from <= {at} AND d3.known_to > {at}
WHERE i.scheme = 'isrc' AND i.value {among}
"""


def measure(hub: Hub, questions: int, seed: int) -> Report:
    """Ask for recordings all over the hub.

    Raises:
        UsageError: the hub was not made by ``hub bench generate``.
    """
    with reading(hub.engine) as connection:
        counted = select(func.count()).where(SUBJECT.c.kind == "work", SUBJECT.c.ref.startswith("W"))
        works = connection.scalar(counted) or 0
    made, chance = Invention(Plan(works, seed)), Random(seed)  # noqa: S311
    if not works:
        raise UsageError("this hub is not one of `hub bench generate --works N`; make one")

    def some(count: int) -> list[Question]:
        codes = [made.isrc(chance.randrange(works)) for _ in range(count)]
        return [
            ask(f"isrc:{code}", right="PR", use="radio", territory="KZ", on="2026-03-15") for code in codes
        ]

    for question in some(50):
        who_to_pay_as_bytes(hub, question)
    taken, spent = [], []
    for question in some(questions):
        begun, used = time.perf_counter(), time.thread_time()
        who_to_pay_as_bytes(hub, question)
        taken.append((time.perf_counter() - begun) * 1000)
        spent.append((time.thread_time() - used) * 1000)
    taken.sort()
    spent.sort()
    batches = [some(TOGETHER) for _ in range(max(questions // TOGETHER, 2))]
    asked = sum(map(len, batches))
    size, used = _timed(hub, batches, _answered)
    rows, alone = _timed(hub, batches, _raw)
    batch_rate, raw_rate = asked / used, asked / alone
    return Report(
        f"Answers ({hub.engine.dialect.name}, {works} works)",
        (
            Measure("one answer p50", taken[len(taken) // 2], "ms", P50, at_most=True),
            Measure("one answer p99", taken[len(taken) * 99 // 100], "ms", P99, at_most=True),
            Measure("its processor time p50", spent[len(spent) // 2], "ms"),
            Measure("its processor time p99", spent[len(spent) * 99 // 100], "ms"),
            Measure("batches", batch_rate, "ids per second of processor time", note=f"{size >> 20} MiB"),
            Measure("database alone", raw_rate, "ids per second of processor time", note=f"{rows} rows"),
            Measure("batches / database alone", batch_rate / raw_rate, "", SURVIVES),
        ),
    )


def _timed(
    hub: Hub, batches: list[list[Question]], act: Callable[[Connection, list[Question]], int]
) -> tuple[int, float]:
    """The sum of what an act gives for each batch, and its seconds of processor time."""
    total, seconds = 0, 0.0
    for batch in batches:
        with reading(hub.engine) as connection:
            begun = _spent(connection)
            total += act(connection, batch)
            seconds += _spent(connection) - begun
    return total, seconds


def _spent(connection: Connection) -> float:
    """Seconds of processor time so far, of this thread and of the database's process for it if it has one."""
    own = time.thread_time()
    if connection.dialect.name == "sqlite":
        return own
    driver: Any = connection.connection.driver_connection
    try:
        stated = Path(f"/proc/{driver.info.backend_pid}/stat").read_text()
    except OSError as fault:
        raise UsageError("the database must run on this machine, as its processor time counts") from fault
    fields = stated.rpartition(")")[2].split()
    return own + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _answered(connection: Connection, batch: list[Question]) -> int:
    return sum(len(made) for made in Desk(connection).encoded_all(batch) if isinstance(made, bytes))


def _raw(connection: Connection, batch: list[Question]) -> int:
    codes = [question.value for question in batch]
    driver: Any = connection.connection.driver_connection
    at = time.time_ns() // 1000
    if connection.dialect.name == "sqlite":
        text = RAW.format(at=at, among="IN (SELECT value FROM json_each(?))")
        return len(driver.execute(text, (orjson.dumps(codes).decode(),)).fetchall())
    return len(driver.execute(RAW.format(at=at, among="= ANY (%s)"), (codes,), prepare=True).fetchall())
