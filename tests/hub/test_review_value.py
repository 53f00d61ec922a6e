"""Pairs that wait for people come by what they would move; an undone judgement leaves nothing stale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from linked_hubs import RECORDING_HEADER
from sqlalchemy import select

from hub.catalogue.subjects import find
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import JUDGEMENT, SUBJECT
from hub.db.times import OPEN
from hub.links import review
from hub.links.clustering import AUTHOR

COMMON = "ALIMOV ERLAN"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


def registered(hub: Hub, title: str, common: int) -> None:
    """Two registrations of one title: one writer in common, and with the rest two different ones."""
    for society, other in (("901", "HARTLEY JANE"), ("177", "NORTHFIELD OLEG")):
        rows = ((COMMON, common), (other, 100 - common))
        send(
            hub,
            WORK_HEADER + "".join(f"{title},{title},,{name},,CA,,{part},{part},\n" for name, part in rows),
            society,
        )


def waiting(hub: Hub) -> list[tuple[str, str, int]]:
    return [(item["left"]["title"], item["moves"], item["recordings"]) for item in review.queue(hub)]


def test_the_pair_that_moves_most_comes_first(hub: Hub) -> None:
    registered(hub, "Steppe 1", 90)
    registered(hub, "Harbour 2", 50)
    assert waiting(hub) == [("Harbour 2", "50.00", 1), ("Steppe 1", "10.00", 1)]
    songs = "".join(f"R{n},KZA01250000{n},Steppe 1,Erlan Alimov,200,2024,\n" for n in range(1, 8))
    send(hub, RECORDING_HEADER + songs, "911")
    works = [item for item in review.queue(hub) if item["kind"] == "work"]
    assert [(item["left"]["title"], item["moves"], item["recordings"]) for item in works] == [
        ("Steppe 1", "10.00", 7),
        ("Harbour 2", "50.00", 1),
    ]


def test_nothing_is_lost_between_statements_that_say_the_same(hub: Hub) -> None:
    registered(hub, "Steppe 1", 100)
    assert [moves for _, moves, _ in waiting(hub)] in ([], ["0.00"])


def test_an_undone_judgement_is_replaced_by_what_the_matcher_says_now(hub: Hub) -> None:
    registered(hub, "Steppe 1", 90)
    (pair,) = review.queue(hub)
    left, right = pair["left"]["id"], pair["right"]["id"]
    review.decide(hub, left, right, "different", "two songs", "operator")
    assert review.queue(hub) == []
    # Meanwhile one of the two is corrected: it has another title, and nothing speaks for the pair any more.
    rows = f"Steppe 1,Unlike anything else,,{COMMON},,CA,,90,90,\n"
    send(hub, WORK_HEADER + rows, "177")
    review.undo(hub, left, right, "operator")
    assert review.queue(hub) == []
    with reading(hub.engine) as connection:
        standing = select(JUDGEMENT).where(JUDGEMENT.c.known_to == OPEN, JUDGEMENT.c.author == AUTHOR)
        assert connection.execute(standing).all() == []


def test_an_undone_judgement_is_replaced_by_the_matchers_where_nothing_changed(hub: Hub) -> None:
    registered(hub, "Steppe 1", 90)
    before = review.queue(hub)
    left, right = before[0]["left"]["id"], before[0]["right"]["id"]
    review.decide(hub, left, right, "same", "one song", "operator")
    review.undo(hub, left, right, "operator")
    assert review.queue(hub) == before


def test_an_id_leads_to_what_its_subject_belonged_to_at_the_time(hub: Hub) -> None:
    registered(hub, "Steppe 1", 90)
    (pair,) = review.queue(hub)
    ids = sorted((pair["left"]["id"], pair["right"]["id"]), key=lambda public: _number(hub, public))
    elder, younger = ids
    assert [_leads_to(hub, public) for public in ids] == [elder, younger]
    review.decide(hub, elder, younger, "same", "one song", "operator")
    with reading(hub.engine) as connection:
        merged = horizon(connection)
    assert [_leads_to(hub, public) for public in ids] == [elder, elder]
    review.undo(hub, elder, younger, "operator")
    assert [_leads_to(hub, public) for public in ids] == [elder, younger]
    assert [_leads_to(hub, public, merged) for public in ids] == [elder, elder]


def _number(hub: Hub, public: str) -> int:
    with reading(hub.engine) as connection:
        return connection.scalars(select(SUBJECT.c.id).where(SUBJECT.c.public_id == public)).one()


def _leads_to(hub: Hub, public: str, at: int = 0) -> str:
    with reading(hub.engine) as connection:
        return find(connection, "work", public, at or horizon(connection)).public_id
