"""Shares that a source limits to uses and to a period count for those only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from ddex_mwn_messages import COLLECTION, notification, percent, share
from hubs import answer, fresh_hub, send

from hub.answers.period import over_period
from hub.answers.question import ask
from hub.conflicts.conflict_records import totals
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.society_register import Accredited, accredit

STREAMS = "<UseType>OnDemandStream</UseType>"
YEARS = "<ValidityPeriod><StartDate>2024-01-01</StartDate><EndDate>2026-06-30</EndDate></ValidityPeriod>"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    shares = share("S1", COLLECTION, "PAliya", percent("60"), uses=STREAMS, period=YEARS) + share(
        "S2", COLLECTION, "PBek", percent("40")
    )
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, notification(shares, resources="", notices=""))
        yield opened


def named(hub: Hub, **terms: str) -> list[tuple[Decimal, bool]]:
    return [(Decimal(line["share"]), line["party"] is not None) for line in answer(hub, **terms)["lines"]]


def test_a_limited_share_counts_for_its_use_and_period_only(hub: Hub) -> None:
    assert named(hub, use="on-demand-stream") == [(Decimal(60), True), (Decimal(40), True)]
    assert named(hub, use="radio") == [(Decimal(40), True), (Decimal(60), False)]
    assert named(hub, use="on-demand-stream", on="2026-06-30") == [(Decimal(60), True), (Decimal(40), True)]
    assert named(hub, use="on-demand-stream", on="2026-07-01") == [(Decimal(40), True), (Decimal(60), False)]
    assert named(hub, use="on-demand-stream", on="2023-12-31") == [(Decimal(40), True), (Decimal(60), False)]


def test_a_period_is_cut_where_a_share_ends(hub: Hub) -> None:
    question = ask("iswc:T9123456780", right="PR", use="on-demand-stream", territory="KZ", on="2026-01-01")
    found = over_period(hub, question, dt.date(2027, 1, 1))
    assert [(item.start, item.end) for item in found] == [
        (dt.date(2026, 1, 1), dt.date(2026, 7, 1)),
        (dt.date(2026, 7, 1), dt.date(2027, 1, 1)),
    ]


RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,Evening,Band,200,2025,,LABEL,90000004982,,PROD,100,,911\n"
    "R1,KZA012500001,Evening,Band,200,2025,,FUND,90000007581,,PROD-PRIVATE-COPYING,100,,901\n"
    "R1,KZA012500001,Evening,Band,200,2025,,LABEL,90000004982,,PROD-PRIVATE-COPYING,0,,911\n"
)


def test_a_share_of_a_part_of_a_right_counts_for_its_uses(hub: Hub) -> None:
    assert send(hub, RECORDINGS, "911").rejected == 0

    def payees(use: str) -> list[tuple[str, str]]:
        lines = answer(hub, "isrc:KZA012500001", right="PROD", use=use)["lines"]
        return [(line["share"], line["payee"]["society"]) for line in lines]

    assert payees("radio") == [("100.00", "911")]
    assert payees("private-copying") == [("100.00", "901")]
    refresh(hub)
    with reading(hub.engine) as connection:
        assert totals(connection, horizon(connection)) == []


def test_an_accreditation_for_a_part_of_a_right_is_for_its_uses(hub: Hub) -> None:
    send(hub, RECORDINGS, "911")
    accredit(hub, "177", Accredited("KZ", "PROD-PRIVATE-COPYING", "2020-01-01", reason="order 1"))
    asked = {"subject": "isrc:KZA012500001", "right": "PROD"}
    assert answer(hub, use="radio", **asked)["lines"][0]["status"] == "payable"
    held = answer(hub, use="private-copying", **asked)["lines"][0]
    assert (held["status"], held["reasons"]) == ("held", ["accreditation_missing"])
    accredit(hub, "901", Accredited("KZ", "PROD-COMMUNICATION", "2020-01-01", reason="order 2"))
    assert answer(hub, use="private-copying", **asked)["lines"][0]["reasons"] == ["accreditation_sphere"]
    accredit(hub, "901", Accredited("KZ", "PROD-PRIVATE-COPYING", "2020-01-01", reason="order 3"))
    assert answer(hub, use="private-copying", **asked)["lines"][0]["status"] == "payable"
    assert answer(hub, use="radio", **asked)["lines"][0]["reasons"] == ["accreditation_missing"]
