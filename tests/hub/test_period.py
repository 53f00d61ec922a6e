"""A question over a period against the same question asked on every day of it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, MANDATES, SOCIETIES, WORK_HEADER, WORKS, fresh_hub, send
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.answers.batch import who_to_pay
from hub.answers.period import over_period
from hub.answers.question import ask
from hub.context import Hub
from hub.errors import UsageError
from hub.mandates.withdrawals import Notice, withdraw

START, END = dt.date(2026, 1, 1), dt.date(2026, 4, 1)
ACCREDITED = SOCIETIES.replace("177,KAZAK,KZ,cmo,", "177,KAZAK,KZ,cmo,KZ:PR:2020-01-01:2026-03-10")
TERMS = {"right": "PR", "use": "radio", "territory": "KZ"}


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path, societies=ACCREDITED) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        send(
            opened,
            MANDATE_HEADER + "R2,society,052,PRS,901,PR,*,KZ,2026-02-10,2026-03-01,N,agreement,,\n",
            "052",
        )
        withdraw(opened, Notice("R1", "2025-08-01", "2026-02-20"), "052")
        yield opened


def period(hub: Hub, start: dt.date = START, end: dt.date = END, **terms: Any) -> list[dict[str, Any]]:
    question = ask("iswc:T9123456780", on=start, **{**TERMS, **terms})
    return [item.as_json() for item in over_period(hub, question, end)]


def said(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "question"}


def test_the_segments_begin_where_something_changes(hub: Hub) -> None:
    found = period(hub)
    assert [item["question"]["from"] for item in found] == [
        "2026-01-01",
        "2026-02-10",
        "2026-02-20",
        "2026-03-01",
        "2026-03-10",
    ]
    assert [item["question"]["to"] for item in found][:-1] == [item["question"]["from"] for item in found[1:]]
    assert found[-1]["question"]["to"] == "2026-04-01"
    statuses = [{status for status, share in item["totals"].items() if share != "0.00"} for item in found]
    assert statuses == [
        {"payable"},
        {"payable", "disputed"},
        {"payable", "held"},
        {"payable", "held"},
        {"held"},
    ]
    assert set(found[0]["question"]) == {"subject", "right", "use", "territory", "from", "to", "known_at"}


def test_every_day_has_the_answer_of_its_segment(hub: Hub) -> None:
    day = START
    for item in period(hub):
        while day < dt.date.fromisoformat(item["question"]["to"]):
            asked = ask("iswc:T9123456780", on=day, **TERMS, known_at=item["question"]["known_at"])
            assert said(who_to_pay(hub, asked).as_json()) == said(item), day
            day += dt.timedelta(days=1)
    assert day == END


DAYS = st.dates(dt.date(2025, 12, 25), dt.date(2026, 4, 5))
PERIODS = st.tuples(DAYS, DAYS).map(sorted).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=st.lists(st.tuples(st.sampled_from(["052", "177", "901", "911"]), PERIODS), max_size=5),
    asked=PERIODS,
)
def test_random_mandates_change_only_at_the_borders(
    tmp_path_factory: pytest.TempPathFactory, terms: list[tuple[str, list[dt.date]]], asked: list[dt.date]
) -> None:
    folder = tmp_path_factory.mktemp("hub")
    rows = "".join(
        f"X{number},party,90000000109,W,{holder},PR,*,KZ,{start},{end},N,declaration,,\n"
        for number, (holder, (start, end)) in enumerate(terms)
    )
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        send(hub, f"{WORK_HEADER}W1,ALONE,T9123456780,W,90000000109,CA,177,100,100,\n")
        if rows:
            send(hub, MANDATE_HEADER + rows)
        found = period(hub, *asked)
        question = ask("iswc:T9123456780", on=asked[0], **TERMS)
        day = asked[0]
        for item in found:
            assert item["question"]["from"] == day.isoformat()
            while day < dt.date.fromisoformat(item["question"]["to"]):
                assert said(who_to_pay(hub, replace(question, on=day)).as_json()) == said(item)
                day += dt.timedelta(days=1)
        assert day == asked[1]
        assert all(said(one) != said(other) for one, other in itertools.pairwise(found))


def test_periods_that_cannot_be_answered_say_why(hub: Hub) -> None:
    with pytest.raises(UsageError, match="before it begins"):
        period(hub, END, START)
    with pytest.raises(UsageError, match="split for one day"):
        period(hub, amount="1.00", currency="KZT")
    with pytest.raises(UsageError, match="begins on 1992-01-01; on 1991-06-01"):
        over_period(hub, replace(ask("iswc:T9123456780", on=START, **TERMS), on=dt.date(1991, 6, 1)), END)


def test_a_period_is_as_known_at_its_instant(hub: Hub) -> None:
    first = period(hub)
    known_at = first[0]["question"]["known_at"]
    send(hub, MANDATE_HEADER + "R3,society,052,PRS,911,PR,*,KZ,2026-01-15,,N,agreement,,\n", "052")
    assert period(hub) != first
    assert period(hub, known_at=known_at) == first
