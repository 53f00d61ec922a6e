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
from hub.context import Hub

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
