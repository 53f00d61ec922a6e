"""How fast a hub of ``hub bench generate --works N`` answers, one question at a time and in batches.

Beside it, in the same run, the database alone: one statement from the ISRC to the mandates of every claimant,
sent through the bare driver for as many ISRCs at once, its rows fetched and nothing made of them. Processor
time is told beside time, because other work on the machine costs only the latter.
"""

from __future__ import annotations

import time
from random import Random
from typing import Any

import orjson
from sqlalchemy import func, select

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
    used = time.thread_time()
    size = sum(len(_answered(hub, batch)) for batch in batches)
    batch_rate = asked / (time.thread_time() - used)
    used = time.thread_time()
    rows = sum(_raw(hub, batch) for batch in batches)
    raw_rate = asked / (time.thread_time() - used)
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


def _answered(hub: Hub, batch: list[Question]) -> bytes:
    with reading(hub.engine) as connection:
        desk = Desk(connection)
        desk.read_ahead(batch)
        return b"[" + b",".join([desk.encoded(question) for question in batch]) + b"]"


def _raw(hub: Hub, batch: list[Question]) -> int:
    codes = [question.value for question in batch]
    with reading(hub.engine) as connection:
        driver: Any = connection.connection.driver_connection
        at = time.time_ns() // 1000
        if connection.dialect.name == "sqlite":
            text = RAW.format(at=at, among="IN (SELECT value FROM json_each(?))")
            return len(driver.execute(text, (orjson.dumps(codes).decode(),)).fetchall())
        return len(driver.execute(RAW.format(at=at, among="= ANY (%s)"), (codes,), prepare=True).fetchall())
