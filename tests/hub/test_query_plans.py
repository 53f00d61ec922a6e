"""What questions are answered by never reads a big table from end to end, whatever the database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, select, text
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.answers import batch, resolve
from hub.answers.question import ask
from hub.api.app import create_app
from hub.bench.national_hub import Invention, Plan, fill
from hub.context import Hub, open_hub
from hub.db import schema
from hub.db.engine import reading, writing
from hub.db.first_load import BULK
from hub.db.prepared import Prepared
from hub.db.tables import SUBJECT
from hub.settings import Settings

WORKS = 300
VALUES = {
    "at": 10**15,
    "others": "|SR|",
    "scheme": "iswc",
    "submitter": "177",
    "kind": "work",
    "grantor_type": "party",
}
WHOLE = re.compile(rf"SCAN ({'|'.join(BULK)})\b|MATERIALIZE|Seq Scan on ({'|'.join(BULK)})\b|AUTOMATIC")
"""What a plan says that reads a big table from end to end."""
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
    looked_at = 0
    for statement in Prepared.known:
        for keys in ([1, 2, 3], ["a", "b", "c"]):
            with reading(hub.engine) as connection:
                try:
                    found = plan(connection, statement, keys)
                except (psycopg.errors.UndefinedFunction, psycopg.errors.InvalidTextRepresentation):
                    # A list of the wrong kind: the other one is looked at.
                    continue
            assert not WHOLE.search(found), f"{statement.name}:\n{found}"
            looked_at += 1
    assert looked_at >= len(Prepared.known) >= 15


@contextmanager
def listening(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Every query that is put together on the way, with its parameters."""
    heard: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            heard.append((statement, given))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_no_page_of_a_subject_reads_a_whole_table(hub: Hub) -> None:
    client = TestClient(create_app(hub))
    key = create(hub, "177")["key"]
    assert client.post("/login", data={"key": key, "back": "/find"}).status_code == 200
    pages: dict[str, str] = {}
    for kind in ("work", "recording"):
        with reading(hub.engine) as connection:
            query = select(SUBJECT.c.public_id).where(SUBJECT.c.kind == kind).order_by(SUBJECT.c.id.desc())
            pages[kind] = f"/{kind}s/{connection.scalars(query.limit(1)).one()}?on=2026-03-15"
    pages["find"] = "/find?q=" + Invention(Plan(WORKS, 1)).title(7)
    for kind, address in pages.items():
        with listening(hub.engine) as heard:
            assert client.get(address).status_code == 200
        assert len(heard) > (2 if kind == "find" else 10)
        with reading(hub.engine) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL enable_seqscan = off"))
            explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
            for statement, given in heard:
                rows = connection.exec_driver_sql(explain + statement, given)
                found = "\n".join(str(row[-1]) for row in rows)
                assert not WHOLE.search(found), f"{address}:\n{statement}\n{found}"


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
