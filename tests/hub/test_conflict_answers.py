"""What a settlement means for answers, from when it is known, for the days it is for, until it is undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hubs import MANDATE_HEADER, MANDATES, WORK_HEADER, WORKS, answer, fresh_hub, send

from hub.answers.batch import Desk
from hub.answers.changes import changes
from hub.answers.period import over_period
from hub.answers.question import ask
from hub.audit.log import verify
from hub.conflicts.conflict_records import queue
from hub.conflicts.conflict_states import SIDE
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import AmbiguousReference, NotAllowed, NotFound, UsageError
from hub.registers import OPERATOR

RIVAL = f"{MANDATE_HEADER}M7,party,90000000109,ӘЛІМОВ ЕРЛАН,901,PR|MR,*,2136,2026-01-01,,Y,declaration,,\n"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        send(opened, RIVAL, "901")
        refresh(opened)
        yield opened


def now(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        return horizon(connection)


def the_conflict(hub: Hub, kind: str = "mandate_overlap", about: str = "") -> str:
    refresh(hub)
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), dt.date(2026, 6, 15), kind=kind)
    return next(item.id for item in found if item.about == about)


def totals(found: dict[str, Any]) -> dict[str, str]:
    return {status: share for status, share in found["totals"].items() if share != "0.00"}


def test_a_decision_pays_the_winner_and_lists_the_other(hub: Hub) -> None:
    before, then = answer(hub), now(hub)
    assert totals(before) == {"payable": "50.00", "disputed": "50.00"}
    done = act(hub, the_conflict(hub), Step("settle", "contract of 2019", "sha256:ab", "901"), OPERATOR)
    names = {side["side"]: side["name"] for side in done["sides"]}
    assert (done["state"], names[done["settlement"]["winner"]]) == ("settled", "M7")
    after = answer(hub)
    assert totals(after) == {"payable": "100.00"}
    line = next(line for line in after["lines"] if line["party"]["ipi"] == "90000000109")
    assert line["payee"]["society"] == "901"
    assert [(item["holder"], item["reason"]) for item in line["rejected"]] == [("177", "conflict_settled")]
    assert answer(hub, known_at=then_text(before)) == before
    assert orjson.dumps(answer(hub, known_at=then_text(after))) == orjson.dumps(after)
    terms = ask("work:any", right="PR", use="radio", territory="KZ", on="2026-03-15")
    (change,) = changes(hub, terms, "177", then)
    assert totals(change.after.as_json()) == {"payable": "100.00"}
    with reading(hub.engine) as connection:
        assert verify(connection).broken_at == 0


def then_text(found: dict[str, Any]) -> str:
    return str(found["question"]["known_at"])


def test_undoing_is_a_further_act_and_old_answers_stay(hub: Hub) -> None:
    name = the_conflict(hub)
    act(hub, name, Step("settle", "contract", "paper", "M1"), OPERATOR)
    settled = answer(hub)
    assert totals(settled) == {"payable": "100.00"}
    done = act(hub, name, Step("reopen", "the contract was forged", "ruling"), OPERATOR)
    assert (done["state"], done["settlement"]) == ("reopened", None)
    assert [item["action"] for item in done["history"]] == ["find", "settle", "reopen"]
    assert totals(answer(hub)) == {"payable": "50.00", "disputed": "50.00"}
    assert answer(hub, known_at=then_text(settled)) == settled


def test_a_side_gives_way_to_the_other(hub: Hub) -> None:
    name = the_conflict(hub)
    act(hub, name, Step("claim", "our contract is older"), "177")
    act(hub, name, Step("answer", "ours is newer"), "901")
    done = act(hub, name, Step("concede", "we accept the older contract"), "901")
    assert (done["state"], done["history"][-1]["role"]) == ("settled", SIDE)
    assert (
        next(line for line in answer(hub)["lines"] if line["share"] == "50.00")["payee"]["society"] == "177"
    )


def test_a_settlement_for_some_days_is_for_those_only(hub: Hub) -> None:
    step = Step("settle", "until the end of June", "paper", "177", "2026-01-01", "2026-07-01")
    act(hub, the_conflict(hub), step, OPERATOR)
    assert totals(answer(hub, on="2026-06-30")) == {"payable": "100.00"}
    assert totals(answer(hub, on="2026-07-01")) == {"payable": "50.00", "disputed": "50.00"}
    question = ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-06-01")
    segments = over_period(hub, question, dt.date(2026, 9, 1))
    assert [totals(item.answer.as_json())["payable"] for item in segments] == ["100.00", "50.00"]


def test_the_loser_stands_back_only_where_the_winner_counts(hub: Hub) -> None:
    act(hub, the_conflict(hub), Step("settle", "contract", "paper", "901"), OPERATOR)
    assert totals(answer(hub, on="2025-06-30")) == {"payable": "100.00"}
    assert answer(hub, on="2025-06-30")["lines"][0]["payee"]["society"] == "177"
    withdrawn = RIVAL.replace("PR|MR", "SR")
    send(hub, withdrawn, "901")
    assert (
        next(line for line in answer(hub)["lines"] if line["share"] == "50.00")["payee"]["society"] == "177"
    )


def test_a_settled_disagreement_of_shares_goes_by_the_winner(hub: Hub) -> None:
    rows = (
        "P1,ЖАЗҒЫ КЕШ,T9123456780,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,30,50,\n"
        "P1,ЖАЗҒЫ КЕШ,T9123456780,HARTLEY JANE,90000003887,CA,052,45,0,\n"
        "P1,ЖАЗҒЫ КЕШ,T9123456780,NORTHFIELD MUSIC PUBLISHING LTD,90000007581,E,052,25,50,\n"
    )
    send(hub, WORK_HEADER + rows, "052")
    before = answer(hub, on="2025-06-30")
    assert totals(before) == {"payable": "80.00", "contested": "20.00"}
    name = the_conflict(hub, "share_disagreement", "PR")
    act(hub, name, Step("settle", "the publisher's letter", "paper", "052"), OPERATOR)
    after = answer(hub, on="2025-06-30")
    assert totals(after) == {"payable": "100.00"}
    assert {line["party"]["ipi"]: line["share"] for line in after["lines"]}["90000003887"] == "45.00"
    assert all("conflict_settled" in line["reasons"] for line in after["lines"])
    assert [item["submitter"] for item in after["sources"]] == ["052"]
    assert answer(hub, on="2025-06-30", known_at=then_text(before)) == before
    mechanical = answer(hub, on="2025-06-30", right="MR")
    assert all("conflict_settled" not in line["reasons"] for line in mechanical["lines"])


def test_batches_go_by_settlements_as_single_questions_do(hub: Hub) -> None:
    rows = "P1,ЖАЗҒЫ КЕШ,T9123456780,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,100,100,\n"
    send(hub, WORK_HEADER + rows, "052")
    act(hub, the_conflict(hub), Step("settle", "contract", "paper", "901"), OPERATOR)
    act(hub, the_conflict(hub, "share_disagreement", "PR"), Step("settle", "letter", "paper", "P1"), OPERATOR)
    questions = [
        ask("iswc:T9123456780", right=right, use="radio", territory="KZ", on=on)
        for right in ("PR", "MR")
        for on in ("2025-06-30", "2026-03-15")
    ]
    with reading(hub.engine) as connection:
        desk = Desk(connection)
        desk.read_ahead(questions)
        found = [desk.answer(item).as_json() for item in questions]
    assert found == [
        answer(hub, right=item.right, on=item.on.isoformat(), known_at=then_text(found[0]))
        for item in questions
    ]
    assert [totals(item) for item in found[:2]] == [{"payable": "100.00"}] * 2
    assert found[1]["lines"][0]["payee"]["society"] == "901"
    assert "disputed" not in totals(found[3])


def test_winners_that_cannot_be_are_refused(hub: Hub) -> None:
    name = the_conflict(hub)
    with pytest.raises(UsageError, match="no side"):
        act(hub, name, Step("settle", "because", "paper", "052"), OPERATOR)
    with pytest.raises(UsageError, match="belong to a settlement"):
        act(hub, name, Step("claim", "because", "paper", "177"), "177")
    with pytest.raises(UsageError, match="cannot end"):
        act(hub, name, Step("settle", "x", "y", "177", "2026-07-01", "2026-01-01"), OPERATOR)
    with pytest.raises(UsageError, match="ISO date"):
        act(hub, name, Step("settle", "x", "y", "177", "soon"), OPERATOR)
    with pytest.raises(NotFound):
        act(hub, "c123", Step("settle", "x", "y"), OPERATOR)
    rows = "P1,ЖАЗҒЫ КЕШ,T9123456780,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,100,100,\n"
    for society in ("901", "052"):
        send(hub, WORK_HEADER + rows.replace("P1", f"P{society}"), society)
    send(hub, WORK_HEADER + rows.replace("P1", "P3"), "901")
    name = the_conflict(hub, "share_disagreement", "PR")
    with pytest.raises(AmbiguousReference, match="P901"):
        act(hub, name, Step("settle", "because", "paper", "901"), OPERATOR)
    with pytest.raises(NotAllowed, match="one of two sides"):
        act(hub, name, Step("concede", "because"), "052")
