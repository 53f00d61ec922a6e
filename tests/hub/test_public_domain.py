"""Dated decisions that something is in the public domain: nobody is paid, and earlier answers stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORKS, answer, fresh_hub, send

from hub.answers.batch import Desk
from hub.answers.changes import changes
from hub.answers.period import over_period
from hub.answers.public_domain import Decision, decide, listing, take_back
from hub.answers.question import ask
from hub.audit.log import verify
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.errors import NotFound, UnknownSubject, UsageError

WORK = "iswc:T9123456780"
TERMS = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
RECORDING = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,Evening,Band,200,2025,iswc:T9123456780=60|K9=40,Label,,Producer,PROD,100,,911\n"
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for feed in (WORKS, MANDATES, RECORDING):
            send(opened, feed)
        yield opened


def free(found: dict[str, Any]) -> bool:
    return [(line["status"], line["reasons"]) for line in found["lines"]] == [
        ("unclaimed", ["public_domain"])
    ]


def test_nobody_is_paid_from_its_day_on_where_it_is_for(hub: Hub) -> None:
    said = Decision(WORK, "2026-01-01", "Author died in 1955", rights="PR|MR", territories="2136|-US")
    done = decide(hub, said)
    assert done["status"] == "done"
    found = answer(hub)
    assert free(found)
    assert found["totals"]["unclaimed"] == "100.00"
    assert found["lines"][0]["decision"]["id"] == done["id"]
    assert free(answer(hub, on="2026-01-01"))
    for terms in ({"on": "2025-12-31"}, {"territory": "US"}, {"right": "SR"}):
        assert not any("public_domain" in line["reasons"] for line in answer(hub, **terms)["lines"]), terms
    assert decide(hub, said)["status"] == "unchanged"
    assert [item["reason"] for item in listing(hub)] == ["Author died in 1955"]
    assert listing(hub)[0]["subject"]["kind"] == "work"


def test_only_its_part_of_a_recording_is_free(hub: Hub) -> None:
    decide(hub, Decision(WORK, "2026-01-01", "term over"))
    lines = answer(hub, "isrc:KZA012500001")["lines"]
    assert [(line["share"], line["reasons"]) for line in lines] == [
        ("60.00", ["public_domain"]),
        ("40.00", ["work_not_in_catalogue"]),
    ]
    assert answer(hub, "isrc:KZA012500001", right="PROD")["lines"][0]["status"] == "payable"
    decide(hub, Decision("isrc:KZA012500001", "2026-01-01", "made in 1950", rights="PROD"))
    assert free(answer(hub, "isrc:KZA012500001", right="PROD"))


def test_earlier_answers_stay_and_a_decision_can_be_taken_back(hub: Hub) -> None:
    before = answer(hub)
    name = decide(hub, Decision(WORK, "2020-01-01", "term over", evidence="sha256:1"))["id"]
    under = answer(hub)
    assert take_back(hub, name, "wrong author")["status"] == "taken back"
    after = answer(hub)
    assert after["lines"] == before["lines"]
    assert listing(hub) == []
    for found in (before, under, after):
        assert answer(hub, known_at=found["question"]["known_at"]) == found
    assert [item["id"] for item in listing(hub, times.parse(under["question"]["known_at"]))] == [name]
    with pytest.raises(NotFound, match="public-domain list"):
        take_back(hub, name, "again")
    with reading(hub.engine) as connection:
        assert verify(connection).broken_at == 0


def test_batches_periods_and_changes_know_of_it(hub: Hub) -> None:
    since = times.parse(answer(hub)["question"]["known_at"])
    decide(hub, Decision(WORK, "2026-03-01", "term over", valid_to="2026-04-01"))
    asked = ask(WORK, **TERMS)
    with reading(hub.engine) as connection:
        desk = Desk(connection)
        desk.read_ahead([asked])
        assert desk.answer(asked).as_json() == answer(hub)
    start = ask(WORK, **{**TERMS, "on": "2026-01-01"})
    segments = [(item.start, free(item.as_json())) for item in over_period(hub, start, dt.date(2026, 12, 1))]
    assert segments == [
        (dt.date(2026, 1, 1), False),
        (dt.date(2026, 3, 1), True),
        (dt.date(2026, 4, 1), False),
    ]
    assert [item.after.subject["title"] for item in changes(hub, asked, "177", since)] == ["ЖАЗҒЫ КЕШ"]


REFUSED: list[tuple[Decision, type[Exception], str]] = [
    (Decision("iswc:T0345246801", "2026-01-01", "x"), UnknownSubject, "no work"),
    (Decision(WORK, "2026-01-01", " "), UsageError, "reason"),
    (Decision(WORK, "1.1.2026", "x"), UsageError, "ISO date"),
    (Decision(WORK, "2026-01-01", "x", valid_to="2026-01-01"), UsageError, "before it begins"),
    (Decision(WORK, "2026-01-01", "x", rights="PROD"), UsageError, "do not exist in a work"),
    (Decision(WORK, "2026-01-01", "x", territories="ZZ"), UsageError, "unknown 'ZZ'"),
    (Decision("nothing", "2026-01-01", "x"), UsageError, "not understood"),
]


def test_what_cannot_be_decided_is_refused(hub: Hub) -> None:
    for said, fault, message in REFUSED:
        with pytest.raises(fault, match=message):
            decide(hub, said)
    assert listing(hub) == []
