"""Answers then against answers now: for a repertoire, and for payments that were made."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, MANDATES, SOCIETIES, WORK_HEADER, WORKS, fresh_hub, send
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.answers.batch import who_to_pay
from hub.answers.changes import changes, summary
from hub.answers.question import ask
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UnknownSubject, UsageError
from hub.links.review import decide
from hub.mandates.withdrawals import Notice, withdraw
from hub.registers import import_societies
from hub.usage.payments import COLUMNS, check_payments

TERMS = ask("work:any", right="PR", use="radio", territory="KZ", on="2026-03-15")
OTHER = f"{WORK_HEADER}K2,ҚЫС,T9000000011,SOMEBODY ELSE,90000001106,CA,177,100,100,\n"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, OTHER)
        send(opened, MANDATES)
        yield opened


def now(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        return horizon(connection)


def changed(hub: Hub, since: int, society: str = "177", **options: Any) -> list[dict[str, Any]]:
    return [item.as_json() for item in changes(hub, TERMS, society, since, **options)]


def test_nothing_changed_where_nothing_was_said(hub: Hub) -> None:
    assert changed(hub, now(hub)) == []


def test_a_withdrawal_changes_the_works_of_its_grantor_only(hub: Hub) -> None:
    since = now(hub)
    withdraw(hub, Notice("M1", "2025-06-01", "2026-01-01"), "177")
    found = changed(hub, since)
    assert [item["subject"]["title"] for item in found] == ["ЖАЗҒЫ КЕШ"]
    assert found[0]["before"]["payable_to"] == {"177": "100.00"}
    assert found[0]["after"]["payable_to"] == {"177": "50.00"}
    assert found[0]["after"]["totals"] == {"payable": "50.00", "unrepresented": "50.00"}
    assert changed(hub, since, "052") == found
    assert changed(hub, since, "911") == []
    assert changed(hub, since, until=since) == []


def test_a_new_work_was_not_known_before(hub: Hub) -> None:
    since = now(hub)
    send(hub, f"{WORK_HEADER}K3,КҮЗ,,THIRD,,CA,177,100,100,\n")
    assert [(item["subject"]["title"], item["before"]) for item in changed(hub, since)] == [("КҮЗ", None)]


def test_a_changed_agreement_or_licence_touches_everything(hub: Hub) -> None:
    since = now(hub)
    withdraw(hub, Notice("R1", "2025-06-01", "2026-01-01"), "052")
    assert [item["after"]["payable_to"] for item in changed(hub, since)] == [{"052": "50.00", "177": "50.00"}]
    since = now(hub)
    licensed = SOCIETIES.replace("177,KAZAK,KZ,cmo,", "177,KAZAK,KZ,cmo,KZ:PR:2020-01-01:")
    import_societies(hub, io.BytesIO(licensed.encode()))
    assert [item["after"]["totals"] for item in changed(hub, since)] == [
        {"payable": "50.00", "held": "50.00"}
    ]


def test_a_corrected_grantor_changes_the_works_of_the_earlier_one(hub: Hub) -> None:
    row = "Z1,party,90000001106,X,901,PR,*,KZ,2020-01-01,,N,declaration,,\n"
    send(hub, MANDATE_HEADER + row)
    since = now(hub)
    send(hub, MANDATE_HEADER + row.replace("90000001106", "90000003887").replace("901", "052"))
    found = changed(hub, since)
    assert [item["subject"]["title"] for item in found] == ["ҚЫС"]
    assert (found[0]["before"]["payable_to"], found[0]["after"]["payable_to"]) == (
        {"901": "100.00"},
        {"177": "100.00"},
    )


def test_changes_are_paged(hub: Hub) -> None:
    since = now(hub)
    send(hub, WORK_HEADER + "".join(f"N{n},NEW {n * 7919},,W{n},,CA,177,100,100,\n" for n in range(5)))
    every = list(changes(hub, TERMS, "177", since))
    assert len(every) == 5
    rest = list(changes(hub, TERMS, "177", since, after=every[1].key))
    assert [item.key for item in rest] == [item.key for item in every[2:]]


def test_the_later_instant_must_be_later(hub: Hub) -> None:
    with pytest.raises(UsageError, match="before the earlier"):
        list(changes(hub, TERMS, "177", now(hub), now(hub) - 1))


STEPS = st.lists(st.sampled_from(["work", "join", "mandate", "party", "withdraw", "agreement"]), max_size=3)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_change_is_missed(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    folder = tmp_path_factory.mktemp("hub")
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        send(hub, WORKS)
        send(hub, OTHER)
        send(hub, MANDATES)
        send(hub, WORKS.replace("K1", "B1").replace(",25,50,", ",20,50,").replace("T9123456780", ""), "901")
        since = now(hub)
        for number, step in enumerate(steps):
            _take(hub, step, number)
        told = {item.after.subject["id"]: item for item in changes(hub, TERMS, "177", since)}
        for name in ("iswc:T9123456780", "iswc:T9000000011", "society-code:901:B1"):
            then, after = _summary(hub, name, since), _summary(hub, name, now(hub))
            if then != after:
                assert who_to_pay(hub, _asked(name)).subject["id"] in told


def _take(hub: Hub, step: str, number: int) -> None:
    if step == "work":
        send(hub, WORKS.replace(",25,50,", f",2{number},50,"))
    elif step == "join":
        ids = [
            who_to_pay(hub, _asked(name)).subject["id"]
            for name in ("iswc:T9000000011", "society-code:901:B1")
        ]
        if ids[0] != ids[1]:
            decide(hub, *ids, "same", "test", "tester")
    elif step == "mandate":
        send(hub, f"{MANDATE_HEADER}Z{number},party,90000001106,X,901,PR,*,KZ,2020-01-01,,N,declaration,,\n")
    elif step == "party":
        send(hub, MANDATES.replace("M1,party,90000000109", "M1,party,90000001106"))
    elif step == "withdraw":
        withdraw(hub, Notice("M2", "2025-06-01", f"2026-01-0{number + 1}"), "052")
    else:
        send(hub, f"{MANDATE_HEADER}Y{number},society,177,K,911,PR,*,KZ,2020-01-01,,N,agreement,,\n")


def _asked(name: str, at: int | None = None) -> Any:
    known_at = None if at is None else times.text(at)
    return ask(name, right="PR", use="radio", territory="KZ", on="2026-03-15", known_at=known_at)


def _summary(hub: Hub, name: str, at: int) -> dict[str, Any] | None:
    try:
        found = summary(who_to_pay(hub, _asked(name, at)))
    except UnknownSubject:
        return None
    return {key: value for key, value in found.items() if key != "known_at"}


def payments(hub: Hub, *rows: str) -> list[tuple[str, str, str, str]]:
    text = ",".join(COLUMNS) + "\n" + "\n".join(rows) + "\n"
    found = check_payments(hub, io.BytesIO(text.encode()))
    return [(item.ref, item.then, item.now, item.verdict) for item in found]


def test_payments_are_right_or_wrong_then_and_now(hub: Hub) -> None:
    paid_at = times.text(now(hub))
    terms = "iswc:T9123456780,PR,radio,KZ,2026-03-15"
    withdraw(hub, Notice("R1", "2025-06-01", "2026-01-01"), "052")
    assert payments(
        hub,
        f"P1,{terms},177,100,{paid_at}",
        f"P2,{terms},177,50,{paid_at}",
        f"P3,{terms},901,50,{paid_at}",
        f"P4,iswc:T9000000011,PR,radio,KZ,2026-03-15,177,100,{paid_at}",
        f"P5,{terms},177,1e9,{paid_at}",
        f"P6,{terms},177,50,1999-01-01",
    ) == [
        ("P1", "100.00", "50.00", "right_then_wrong_now"),
        ("P2", "100.00", "50.00", "wrong_then_right_now"),
        ("P3", "0.00", "0.00", "wrong"),
        ("P4", "100.00", "100.00", "right"),
        ("P5", "", "", "unreadable"),
        ("P6", "0.00", "50.00", "wrong_then_right_now"),
    ]


def test_a_file_of_other_columns_is_refused(hub: Hub) -> None:
    with pytest.raises(UsageError, match="lacks the columns payment_ref"):
        list(check_payments(hub, io.BytesIO(b"a,b\n1,2\n")))
    with pytest.raises(UsageError, match="not UTF-8"):
        list(check_payments(hub, io.BytesIO(b"a,\xff\xfe\n1,2\n")))
