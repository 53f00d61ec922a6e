"""A large file into an empty hub: indexes come after it, also where it was killed; the hub is the same."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, row_counts, send
from sqlalchemy import delete, inspect, select

from hub.context import Hub
from hub.db import first_load, schema
from hub.db.engine import reading, writing
from hub.db.tables import PARTY, SUBMISSION
from hub.errors import Surroundings
from hub.intake import submissions
from hub.intake.submissions import process, receive

MANY = WORK_HEADER + "".join(
    f"S{number},TITLE {number},,PARTY {number % 7},,CA,177,100,100,\n" for number in range(60)
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path, batch_size=10) as opened:
        yield opened


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submissions, "FIRST_LOAD", 1)


def missing(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        found = inspect(connection)
        there = {index["name"] for table in first_load.BULK for index in found.get_indexes(table)}
    return sum(index.name not in there for index in first_load._indexes())


def marked(hub: Hub) -> bool:
    with reading(hub.engine) as connection:
        return first_load.marked(connection) is not None


def killed(hub: Hub) -> str:
    """A submission whose first load left the indexes out and went no further."""
    name = receive(hub, io.BytesIO(MANY.encode()), "177").public_id
    with reading(hub.engine) as connection:
        number = connection.scalar(select(SUBMISSION.c.id).where(SUBMISSION.c.public_id == name))
    first_load.begin(hub.engine, number or 0)
    assert missing(hub) > 0
    assert marked(hub)
    return name


def test_indexes_are_left_out_while_it_is_read_and_there_afterwards(hub: Hub, small: None) -> None:
    assert not missing(hub)
    seen: list[int] = []
    send(hub, MANY, progress=lambda _done, _read: seen.append(missing(hub)))
    assert min(seen) > 0
    assert not missing(hub)
    assert not marked(hub)
    assert schema.check(hub.engine) == []
    seen.clear()
    send(hub, MANY.replace("TITLE", "OTHER"), progress=lambda _done, _read: seen.append(missing(hub)))
    assert max(seen) == 0


def test_a_small_file_leaves_them_alone(hub: Hub) -> None:
    seen: list[int] = []
    send(hub, MANY, progress=lambda _done, _read: seen.append(missing(hub)))
    assert max(seen) == 0


def test_a_first_load_comes_to_the_same_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[Any] = []
    for least in (1, submissions.FIRST_LOAD):
        monkeypatch.setattr(submissions, "FIRST_LOAD", least)
        folder = tmp_path / str(least)
        with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as opened:
            send(opened, WORKS)
            send(opened, MANDATES)
            rows = {name: count for name, count in row_counts(opened).items() if name != "counter"}
            counted.append(rows)
    assert counted[0] == counted[1]


def test_one_that_was_killed_goes_on_and_ends_with_all_indexes(hub: Hub) -> None:
    name = killed(hub)
    seen: list[int] = []
    done = process(hub, name, progress=lambda _done, _read: seen.append(missing(hub)))
    assert done.stored == 60
    assert min(seen) > 0
    assert not missing(hub)
    assert not marked(hub)


def test_after_one_that_was_killed_another_file_builds_the_indexes(hub: Hub) -> None:
    name = killed(hub)
    seen: list[int] = []
    send(hub, WORKS, progress=lambda _done, _read: seen.append(missing(hub)))
    assert max(seen) == 0
    assert not marked(hub)
    process(hub, name)
    assert not missing(hub)


def test_after_one_that_was_killed_an_upgrade_builds_the_indexes(hub: Hub) -> None:
    killed(hub)
    schema.upgrade(hub.engine)
    assert not missing(hub)
    assert not marked(hub)


def test_what_refers_to_nothing_is_told(hub: Hub) -> None:
    send(hub, MANY)

    def load() -> None:
        with first_load.first_load(hub.engine), writing(hub.engine) as connection:
            connection.execute(delete(PARTY))

    with pytest.raises(Surroundings, match=r"claim\.party_id"):
        load()
    assert not missing(hub)
