"""Rules that let one society only collect: kept in both times, and what they do to answers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, WORK_HEADER, answer, fresh_hub, send
from starlette.testclient import TestClient

from hub import jurisdictions
from hub.access.keys import create
from hub.answers.changes import changes
from hub.answers.period import over_period
from hub.answers.question import ask, day, instant
from hub.api.app import create_app
from hub.context import Hub
from hub.errors import UsageError

WORK = f"{WORK_HEADER}K1,EVENING,T9123456780,HARTLEY JANE,90000003887,CA,,100,100,\n"
MANDATES = (
    f"{MANDATE_HEADER}M1,party,90000003887,H,177,PR,*|-tv,2136,2005-01-01,,Y,declaration,,\n"
    "M2,party,90000003887,H,901,MR,*,2136,2005-01-01,,Y,declaration,,\n"
    "M3,party,90000003887,H,90000003887,PR,tv,2136,2005-01-01,,Y,declaration,,\n"
    "R1,society,177,K,911,PR,*,GB,2005-01-01,,Y,agreement,,\n"
)
ONE = "one,KZ|GB,PR|MR,,hold,2026-01-29,,law 1"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORK)
        send(opened, MANDATES)
        yield opened


def rule(hub: Hub, *rows: str) -> dict[str, int]:
    text = ",".join(jurisdictions.COLUMNS) + "\n" + "".join(f"{row}\n" for row in rows)
    return jurisdictions.import_rules(hub, io.BytesIO(text.encode()))


def line(hub: Hub, **terms: Any) -> tuple[str, list[str]]:
    (found,) = answer(hub, **terms)["lines"]
    return found["status"], found["reasons"]


def test_a_rule_holds_what_contradicts_it_and_is_ended(hub: Hub) -> None:
    before = answer(hub)["question"]["known_at"]
    assert line(hub) == ("payable", [])
    assert rule(hub, ONE) == {"read": 1, "stored": 1, "unchanged": 0}
    assert rule(hub, ONE) == {"read": 1, "stored": 0, "unchanged": 1}
    assert line(hub) == ("held", ["one_society"])
    assert line(hub, right="MR", use="download") == ("held", ["one_society"])
    assert line(hub, on="2026-01-28") == ("payable", [])
    assert line(hub, territory="KG") == ("payable", [])
    assert line(hub, known_at=before) == ("payable", [])
    then = answer(hub)["question"]["known_at"]
    assert rule(hub, ONE.replace("hold", "tell"))["stored"] == 1
    assert line(hub) == ("payable", ["one_society"])
    assert line(hub, known_at=then) == ("held", ["one_society"])
    assert rule(hub, ONE.replace("hold", "off"))["stored"] == 1
    assert line(hub) == ("payable", [])
    assert jurisdictions.listing(hub) == []
    (listed,) = jurisdictions.listing(hub, instant(then, "then"))
    assert (listed["rule"], listed["effect"], listed["source"]) == ("one", "hold", "law 1")


def test_a_rule_that_names_the_society_looks_at_the_payee(hub: Hub) -> None:
    rule(hub, "gb,GB|KZ,*,177,tell,2020-01-01,,law 2")
    assert line(hub) == ("payable", [])
    # In Britain the agreement leads to another society, and television the writer licenses itself.
    assert line(hub, territory="GB") == ("payable", ["one_society"])
    assert line(hub, use="tv") == ("payable", ["one_society"])
    assert line(hub, use="tv", on="2019-12-31") == ("payable", [])


def test_what_a_party_keeps_or_withdrew_is_not_entrusted(hub: Hub) -> None:
    from hub.mandates.withdrawals import Notice, withdraw

    rule(hub, ONE)
    withdraw(hub, Notice("M2", "2025-06-01", "2026-06-01"), "901")
    assert line(hub, on="2026-05-31") == ("held", ["one_society"])
    assert line(hub, on="2026-06-01") == ("payable", [])
    assert line(hub, use="tv", on="2026-06-01") == ("payable", [])


def test_periods_and_changes_know_of_rules(hub: Hub) -> None:
    since = instant(answer(hub)["question"]["known_at"], "since")
    rule(hub, ONE.replace(",,law", ",2026-04-01,law"))
    question = ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-01-01")
    found = [
        (str(item.start), item.answer.lines[0].status)
        for item in over_period(hub, question, day("2027-01-01", "to"))
    ]
    assert found == [("2026-01-01", "payable"), ("2026-01-29", "held"), ("2026-04-01", "payable")]
    terms = ask("work:any", right="PR", use="radio", territory="KZ", on="2026-03-15")
    assert len(list(changes(hub, terms, "177", since))) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",KZ,PR,,hold,2026-01-29,,law", "needs a name and its source"),
        ("a,KZ,PR,,hold,2026-01-29,,", "needs a name and its source"),
        ("a,KZ,PR,,forbid,2026-01-29,,law", "effect 'forbid'"),
        ("a,Atlantis,PR,,hold,2026-01-29,,law", "Atlantis"),
        ("a,KZ,XX,,hold,2026-01-29,,law", "XX"),
        ("a,,PR,,hold,2026-01-29,,law", "names its territories"),
        ("a,KZ,PR,,hold,29.01.2026,,law", "29.01.2026"),
        ("a,KZ,PR,,hold,2026-01-29,2026-01-29,law", "cannot end"),
    ],
)
def test_a_file_with_a_fault_changes_nothing(hub: Hub, row: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        rule(hub, ONE, row)
    assert "line 3" in refused.value.detail
    assert jurisdictions.listing(hub) == []


def test_rules_are_read_over_http(hub: Hub) -> None:
    before = answer(hub)["question"]["known_at"]
    rule(hub, ONE)
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:

        def get(**terms: str) -> Any:
            return client.get("/v1/jurisdictions", params=terms, headers=headers).json()

        assert [(item["rule"], item["effect"], item["valid_from"]) for item in get()] == [
            ("one", "hold", "2026-01-29")
        ]
        assert get(known_at=before) == []
        assert client.get("/v1/jurisdictions").status_code == 401


def test_the_shipped_rules_hold_nothing(hub: Hub) -> None:
    assert jurisdictions.add_shipped(hub)["stored"] == 2
    assert {item["effect"] for item in jurisdictions.listing(hub)} == {"tell"}
    assert line(hub) == ("payable", ["one_society"])
    assert line(hub, on="2026-01-28") == ("payable", [])
