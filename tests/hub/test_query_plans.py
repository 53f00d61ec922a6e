"""What questions are answered by never reads a big table from end to end, whatever the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import Connection, text

from hub.answers import batch, resolve
from hub.answers.question import ask
from hub.bench.national_hub import Invention, Plan, fill
from hub.context import Hub, open_hub
from hub.db import schema
from hub.db.bulk import BULK
from hub.db.engine import reading, writing
from hub.db.prepared import Prepared
from hub.settings import Settings

WORKS = 300
VALUES = {"at": 10**15, "scheme": "iswc", "submitter": "177", "kind": "work", "grantor_type": "party"}
ASKED_BY = (resolve, batch)
"""Importing them defines every statement that answers send."""


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    opened = open_hub(Settings(database_url, tmp_path / "data"))
    fill(opened, WORKS, 1, lambda _text: None)
    if database_url.startswith("sqlite"):
        # Without statistics SQLite takes every table for a big one.
        with writing(opened.engine) as connection:
            connection.execute(text("DELETE FROM sqlite_stat1"))
        opened.engine.dispose()
    yield opened
    opened.engine.dispose()


def plan(connection: Connection, statement: Prepared, keys: list[Any]) -> str:
    dialect = connection.dialect.name
    sent, constants = statement.text(dialect)
    driver: Any = connection.connection.driver_connection
    if dialect == "sqlite":
        given = {**constants, **VALUES, "keys": orjson.dumps(keys).decode()}
        rows = driver.execute(f"EXPLAIN QUERY PLAN {sent}", given).fetchall()
        return "\n".join(row[-1] for row in rows)
    # In a small table reading all of it is cheapest; what no index serves is still read so.
    driver.execute("SET LOCAL enable_seqscan = off")
    wanted = set(re.findall(r"%\((\w+)\)s", sent))
    given = {name: value for name, value in {**constants, **VALUES, "keys": keys}.items() if name in wanted}
    return "\n".join(row[0] for row in driver.execute(f"EXPLAIN {sent}", given).fetchall())


def test_no_statement_of_the_hot_path_reads_a_whole_table(hub: Hub) -> None:
    tables = "|".join(BULK)
    whole = re.compile(rf"SCAN ({tables})\b|MATERIALIZE|Seq Scan on ({tables})\b|AUTOMATIC")
    looked_at = 0
    for statement in Prepared.known:
        for keys in ([1, 2, 3], ["a", "b", "c"]):
            with reading(hub.engine) as connection:
                try:
                    found = plan(connection, statement, keys)
                except (psycopg.errors.UndefinedFunction, psycopg.errors.InvalidTextRepresentation):
                    # A list of the wrong kind: the other one is looked at.
                    continue
            assert not whole.search(found), f"{statement.name}:\n{found}"
            looked_at += 1
    assert looked_at >= len(Prepared.known) >= 15


def test_statements_that_are_put_together_anew_are_found(hub: Hub) -> None:
    """The check above would see a scan if there were one."""
    with reading(hub.engine) as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("EXPLAIN QUERY PLAN SELECT * FROM title WHERE text = 'x'"))
            assert any("SCAN title" in row[-1] for row in rows)
        else:
            rows = connection.execute(text("EXPLAIN SELECT * FROM title WHERE text = 'x'"))
            assert any("Seq Scan on title" in row[0] for row in rows)


def test_a_hub_filled_at_once_is_like_any_other(hub: Hub) -> None:
    assert schema.check(hub.engine) == []
    made = Invention(Plan(WORKS, 1))
    statuses: set[str] = set()
    with reading(hub.engine) as connection:
        desk = batch.Desk(connection)
        for number in range(100):
            asked = ask(f"isrc:{made.isrc(number)}", right="PR", use="radio", territory="KZ", on="2026-03-15")
            answer = desk.answer(asked)
            assert sum(answer.totals.values()) == resolve.WHOLE
            assert answer.subject["title"].startswith(made.title(made.true(number * 7_919 % WORKS)))
            statuses |= {line.status for line in answer.lines}
    assert {"payable", "disputed"} <= statuses
