"""Search finds what is misspelt, in any script, on every database, whether its index is complete or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, text

from hub.catalogue import spelling_index
from hub.catalogue.likeness import likeness, likenesses
from hub.catalogue.search import search
from hub.context import Hub
from hub.db import schema, search_index, times
from hub.db.engine import reading, writing
from hub.db.tables import SPELLING_BLOCK
from hub.doctor import examine

TITLES = (
    "Жазғы кеш", "Дала аспаны", "Lanterns over the Steppe", "Письмо издалека", "Тишина над рекой",
    "Көктем әні", "River of silver", "Ән", "Сағыныш",
)  # fmt: skip
FEED = WORK_HEADER + "".join(
    f"S{number},{title},,ОСПАНОВ НҰРЛАН {number},,CA,177,100,100,\n" for number, title in enumerate(TITLES)
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, FEED)
        yield opened


def titles(hub: Hub, asked: str) -> list[str]:
    return [hit.subject.title for hit in search(hub, asked)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Жазғы кеш", "Жазғы кеш"), ("жазгы кешь", "Жазғы кеш"), ("zhazgi kesh", "Жазғы кеш"),
        ("Lantrens ovr the Stepe", "Lanterns over the Steppe"), ("lantern step", "Lanterns over the Steppe"),
        ("писмо издалёка", "Письмо издалека"), ("river silver", "River of silver"), ("ән", "Ән"),
        ("kektem ani", "Көктем әні"), ("Саганыш", "Сағыныш"), ("тишинанад рекой", "Тишина над рекой"),
        ("dlaa apsany", "Дала аспаны"), ("riverfo silver", "River of silver"),
        ("100%_river\\", "River of silver"),
    ],
)  # fmt: skip
def test_what_is_misspelt_is_found_first(hub: Hub, asked: str, expected: str) -> None:
    assert titles(hub, asked)[0] == expected


def test_people_are_found_by_a_misspelt_name(hub: Hub) -> None:
    assert set(titles(hub, "Оспаноф Нурлан")) == set(TITLES)


def test_works_are_found_by_the_number_of_a_society(hub: Hub) -> None:
    assert titles(hub, "177:S2") == ["Lanterns over the Steppe"]
    assert titles(hub, " S2 ")[0] == "Lanterns over the Steppe"
    assert titles(hub, "901:S2") != ["Lanterns over the Steppe"]
    assert [hit.score for hit in search(hub, "177:S2")] == [100]


def test_what_is_replaced_or_taken_back_is_found_no_more_but_as_known_then(hub: Hub) -> None:
    with reading(hub.engine) as connection:
        before = connection.scalar(text("SELECT value FROM counter WHERE name = 'known'"))
    send(hub, FEED.replace("Дала аспаны", "Басқа атау"))
    assert "Дала аспаны" not in titles(hub, "дала аспани")
    assert titles(hub, "баска атауы")[0] == "Басқа атау"
    assert search(hub, "дала аспани", known_at=times.text(before or 0))[0].subject.title == "Дала аспаны"


def test_marks_of_query_languages_mean_nothing(hub: Hub) -> None:
    for asked in ('"', "'; DROP TABLE title; --", "a AND b OR", "%%%", "___", "*", "NEAR(", "\\", "\x00abc"):
        search(hub, asked)
    assert titles(hub, "сағыныш") == ["Сағыныш"]


def test_blocks_are_written_by_the_intake_and_again_where_they_are_missing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "BLOCK", 4)
    monkeypatch.setattr(spelling_index, "BLOCK", 4)
    with reading(hub.engine) as connection:
        missing = search_index.unwritten(connection)
    assert missing > 0
    assert not {check.name: check.ok for check in examine(hub)}["search index"]
    assert titles(hub, "lantrens over")[0] == "Lanterns over the Steppe"
    send(hub, FEED.replace("Дала аспаны", "Басқа атау"))
    with reading(hub.engine) as connection:
        written = search_index.held(connection, "title")
        assert search_index.unwritten(connection) == 0
        kept = dict(search_index.stored(connection, "title", 0))
        assert all(
            (kept[number] == search_index.signed(connection, "title", number)).all() for number in kept
        )
    assert written == len(kept) > 1
    assert {check.name: check.ok for check in examine(hub)}["search index"]
    with writing(hub.engine) as connection:
        connection.execute(delete(SPELLING_BLOCK))
    schema.upgrade(hub.engine)
    with reading(hub.engine) as connection:
        assert search_index.held(connection, "title") == written
    # A process that starts now reads the blocks, and the rows behind them.
    spelling_index.forget(hub.engine)
    assert titles(hub, "lantrens over")[0] == "Lanterns over the Steppe"
    assert titles(hub, "баска атауы")[0] == "Басқа атау"
    assert schema.check(hub.engine) == []


def test_what_comes_in_later_is_found_by_a_process_that_searched_before(hub: Hub) -> None:
    assert titles(hub, "songs of wheat") != ["Songs of wheat"]
    send(hub, WORK_HEADER + "N1,Songs of wheat,,ОСПАНОВ НҰРЛАН,,CA,177,100,100,\n")
    assert titles(hub, "sonsg of weat")[0] == "Songs of wheat"


def test_likeness_does_not_prefer_scraps_of_the_query() -> None:
    assert likeness("zhazgy kesh", "zhazgi kesh") > likeness("zhazgy kesh", "ke")
    assert likeness("kesh", "zhazgy kesh") == 90
    assert likeness("", "zhazgy kesh") < 60


@given(st.text("abc d", max_size=20), st.lists(st.text("abc d", max_size=20)), st.integers(0, 100))
def test_many_likenesses_are_those_of_each(asked: str, found: list[str], least: int) -> None:
    for text_found, score in zip(found, likenesses(asked, found, least), strict=True):
        alone = likeness(asked, text_found)
        assert score == alone or (alone < least and score < least)
