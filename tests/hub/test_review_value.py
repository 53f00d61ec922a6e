"""Pairs that wait for people come by what they would move; an undone judgement leaves nothing stale."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from linked_hubs import RECORDING_HEADER
from sqlalchemy import select
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.catalogue.subjects import find
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import JUDGEMENT, SUBJECT, USAGE_SUM
from hub.db.times import OPEN
from hub.jobs.handlers import HANDLERS, result_of
from hub.jobs.queue import find as find_job
from hub.jobs.worker import Worker
from hub.links import review
from hub.links.clustering import AUTHOR
from hub.usage.reports import CLAIMS, hand_in
from hub.usage.subject_sums import SubjectSums, keep_sums

COMMON = "ALIMOV ERLAN"
REPORT_HEADER = "line_ref,subject,right,use,territory,on,amount,currency\n"


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


def reported(hub: Hub, society: str, *lines: str, form: str = "csv") -> None:
    """A usage report handed in and answered; lines are ``subject,right,amount,currency``."""
    text = REPORT_HEADER
    for number, line in enumerate(lines):
        subject, right, amount, currency = line.split(",")
        text += f"L{number},{subject},{right},radio,KZ,2026-03-15,{amount},{currency}\n"
    job = hand_in(hub, io.BytesIO(text.encode()), society, form=form)
    assert Worker(hub, HANDLERS).work_once()
    with reading(hub.engine) as connection:
        assert find_job(connection, job, society).state == "done"
    assert result_of(hub, job).exists()


def money(hub: Hub, society: str = "") -> list[tuple[str, dict[str, str]]]:
    return [
        (item["left"]["title"], item["money"])
        for item in review.queue(hub, society=society)
        if item["kind"] == "work"
    ]


def three_pairs(hub: Hub) -> None:
    for title, common in (("Steppe 1", 90), ("Harbour 2", 50), ("Valley 3", 60)):
        registered(hub, title, common)
    assert money(hub) == [("Harbour 2", {}), ("Valley 3", {}), ("Steppe 1", {})]


def test_money_of_usage_reports_comes_first_each_currency_for_itself(hub: Hub) -> None:
    three_pairs(hub)
    reported(
        hub, "901",
        "society-code:901:Steppe 1,PR,1000.05,KZT", "society-code:177:Steppe 1,MR,200,KZT",
        "society-code:901:Valley 3,PR,100,KZT", "society-code:901:Valley 3,PR,-1,KZT",
        "iswc:T9000000011,PR,9999,KZT",
    )  # fmt: skip
    # A tenth of 1200.05 is more than four tenths of 100; no payment is negative, so that line is unreadable.
    by_money = [("Steppe 1", {"KZT": "120.005"}), ("Valley 3", {"KZT": "40.00"}), ("Harbour 2", {})]
    assert money(hub) == by_money
    reported(hub, "901", "society-code:177:Harbour 2,PR,0.02,EUR")
    # The first in euro beside the first in tenge: of these two the greater share.
    assert money(hub) == [("Harbour 2", {"EUR": "0.01"}), *by_money[:2]]


def test_a_society_sees_the_order_of_its_own_money(hub: Hub) -> None:
    three_pairs(hub)
    before = money(hub, "177")
    reported(hub, "901", "society-code:901:Steppe 1,PR,1000,KZT")
    assert money(hub, "177") == before
    assert money(hub, "901")[0] == ("Steppe 1", {"KZT": "100.00"}) == money(hub)[0]


def test_money_is_told_over_http_in_every_form(hub: Hub) -> None:
    three_pairs(hub)
    reported(hub, "901", "society-code:901:Steppe 1,PR,1000,KZT")
    with TestClient(create_app(hub)) as client:
        for society, told in (("901", {"KZT": "100.00"}), ("177", {})):
            caller = {"Authorization": f"Bearer {create(hub, society)['key']}"}
            listed = client.get("/v1/reviews", headers=caller).json()
            assert [pair["money"] for pair in listed if pair["left"]["title"] == "Steppe 1"] == [told]
            table = client.get("/v1/reviews?format=csv", headers=caller)
            assert table.status_code == 200
            assert ("100.00" in table.text.partition("\n")[2].splitlines()[0]) == bool(told)


def test_a_report_that_is_answered_again_counts_once(hub: Hub) -> None:
    three_pairs(hub)
    line = "society-code:901:Steppe 1,PR,1000,KZT"
    reported(hub, "901", line)
    reported(hub, "901", line, form=CLAIMS)
    assert money(hub)[0] == ("Steppe 1", {"KZT": "100.00"})
    reported(hub, "911", line)
    assert money(hub)[0] == ("Steppe 1", {"KZT": "200.00"})
    with reading(hub.engine) as connection:
        kept = connection.execute(select(USAGE_SUM).order_by(USAGE_SUM.c.id)).all()
        now = horizon(connection)
    assert [(row.society, row.right, row.known_to == OPEN) for row in kept] == [
        ("901", "PR", False), ("901", "PR", True), ("911", "PR", True),
    ]  # fmt: skip
    # The earlier sums end where the later ones begin, and all of it is known.
    assert kept[0].known_from < kept[0].known_to == kept[1].known_from < kept[2].known_from == now


def test_money_of_recordings_moves_with_their_works(hub: Hub) -> None:
    three_pairs(hub)
    songs = "".join(f"R{n},KZA01250000{n},Steppe 1,Erlan Alimov,200,2024,\n" for n in (1, 2))
    send(hub, RECORDING_HEADER + songs, "911")
    reported(
        hub, "901", "isrc:KZA012500001,PR,500,KZT", "isrc:KZA012500002,MR,300,KZT",
        "isrc:KZA012500001,PROD,7000,KZT",
    )  # fmt: skip
    # Producers' rights are not of works: how the works are judged moves nothing of them.
    assert money(hub)[0] == ("Steppe 1", {"KZT": "80.00"})


def test_sums_are_exact_however_long_and_nothing_is_kept_of_reports_without_money(hub: Hub) -> None:
    three_pairs(hub)
    with reading(hub.engine) as connection:
        name = connection.scalars(select(SUBJECT.c.public_id).where(SUBJECT.c.ref == "Harbour 2")).first()
        before = horizon(connection)
    keep_sums(hub, "901", "empty", [])
    sums = SubjectSums()
    long = 10**36 + 1
    sums.add([(str(name), "PR", "KZT", long), (str(name), "PR", "KZT", long)])
    sums.add([(str(name), "PR", "KZT", -long), (str(name), "MR", "KZT", 2)])
    with reading(hub.engine) as connection:
        assert horizon(connection) == before
    keep_sums(hub, "901", "long", sums)
    sums.close()
    assert money(hub)[0] == ("Harbour 2", {"KZT": "500000000000000000000000.0000000000015"})


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
