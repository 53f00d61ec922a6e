"""The policy ``cisac-counterclaim/1``: the first notifier is paid until a counterclaim is documented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import WORK_HEADER, answer, fresh_hub, send
from hypothesis import given
from hypothesis import strategies as st

from hub.answers.agreement import Source, least_agreed, policies
from hub.answers.counterclaim import Notified, first_notifier
from hub.answers.question import ask
from hub.answers.share_policies import RULES
from hub.conflicts.conflict_records import queue
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import UsageError
from schemas.shares import HUNDREDTH, WHOLE

POLICY = "cisac-counterclaim/1"
JANE, MEREI = "HARTLEY JANE,90000003887", "OSPAN MEREI,90000001106"


def rows(ref: str, jane: int, merei: int) -> str:
    said = ((JANE, jane, "177"), (MEREI, merei, "901"))
    return WORK_HEADER + "".join(
        f"{ref},EVENING,T9123456780,{party},CA,{society},{share},100,\n" for party, share, society in said
    )


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


def lines(hub: Hub, policy: str = POLICY, **terms: Any) -> list[tuple[str, str, str, tuple[str, ...]]]:
    found = answer(hub, policy=policy, **terms)
    assert found["policy"]["shares"] == policy
    return [
        (line["share"], line["status"], (line["party"] or {"name": "-"})["name"], tuple(line["reasons"]))
        for line in found["lines"]
    ]


def document(hub: Hub, society: str, day: str, evidence: str = "sha256:1") -> None:
    refresh(hub)
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), dt.date(2026, 1, 1), society=society)
    (conflict,) = [item for item in found if item.about == "PR"]
    act(hub, conflict.id, Step("claim", "ours", evidence), society, today=dt.date.fromisoformat(day))


def today(days: int = 0) -> str:
    return (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=days)).isoformat()


def test_the_first_notifier_is_paid_until_documents_arrive(hub: Hub) -> None:
    send(hub, rows("K1", 70, 30), "177")
    send(hub, rows("D9", 50, 50), "901")
    undisputed = [("50.00", "payable", "HARTLEY JANE", ()), ("30.00", "payable", "OSPAN MEREI", ())]
    assert lines(hub, "least-agreed/1") == [
        *undisputed,
        ("20.00", "contested", "-", ("sources_disagree",)),
    ]
    first = ("20.00", "payable", "HARTLEY JANE", ("first_notifier",))
    assert lines(hub) == [*undisputed, first]
    before = answer(hub, policy=POLICY)
    # The first notifier's own papers stop nobody, and words without papers neither.
    document(hub, "177", today())
    assert lines(hub) == [*undisputed, first]
    document_answer(hub, "901", today(61))
    assert lines(hub) == [*undisputed, first], "too late: the 60 days are over"
    document_answer(hub, "901", today(60), "sha256:2")
    assert lines(hub) == [
        *undisputed,
        ("20.00", "contested", "-", ("sources_disagree", "counterclaim_documented")),
    ]
    assert answer(hub, policy=POLICY, known_at=before["question"]["known_at"]) == before


def document_answer(hub: Hub, society: str, day: str, evidence: str = "sha256:1") -> None:
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), dt.date(2026, 1, 1), society=society)
    (conflict,) = [item for item in found if item.about == "PR"]
    act(hub, conflict.id, Step("answer", f"ours {day}", evidence), society, today=dt.date.fromisoformat(day))


def test_a_statement_keeps_its_place_as_long_as_its_shares_stay(hub: Hub) -> None:
    send(hub, rows("K1", 70, 30), "177")
    send(hub, rows("D9", 50, 50), "901")
    send(hub, rows("K1", 70, 30).replace("EVENING", "EVENING SONG"), "177")
    assert ("20.00", "payable", "HARTLEY JANE", ("first_notifier",)) in lines(hub)
    # Whoever changes its shares notifies anew, and now comes second.
    send(hub, rows("K1", 80, 20), "177")
    assert ("30.00", "payable", "OSPAN MEREI", ("first_notifier",)) in lines(hub)


def test_a_claim_beyond_the_whole_is_paid_as_first_notified(hub: Hub) -> None:
    one = WORK_HEADER + f"K1,EVENING,T9123456780,{JANE},CA,177,70,100,\n"
    other = WORK_HEADER + f"D9,EVENING,T9123456780,{MEREI},CA,901,60,100,\n"
    send(hub, one, "177")
    send(hub, other, "901")
    assert lines(hub) == [
        ("40.00", "payable", "HARTLEY JANE", ()),
        ("30.00", "payable", "HARTLEY JANE", ("first_notifier",)),
        ("30.00", "payable", "OSPAN MEREI", ()),
    ]


def test_an_unknown_policy_is_refused_and_every_row_has_its_rule() -> None:
    terms = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
    with pytest.raises(UsageError, match="cisac-counterclaim/1"):
        ask("iswc:T9123456780", policy="mine/1", **terms)
    assert {row.rule for row in policies().values()} == RULES.keys()
    assert all(row.source for row in policies().values())


SHARES = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 120), min_size=1).map(
    lambda said: {party: share * 100 * HUNDREDTH for party, share in said.items()}
)
NOTIFIED = st.lists(st.tuples(SHARES, st.integers(1, 5), st.booleans()), max_size=4).map(
    lambda drawn: [
        Notified(Source(str(number), shares), since, documented)
        for number, (shares, since, documented) in enumerate(drawn)
    ]
)


@given(notified=NOTIFIED)
def test_everything_adds_up_and_nothing_undisputed_moves(notified: list[Notified]) -> None:
    found = first_notifier(notified)
    plain = least_agreed([item.source for item in notified])
    assert found.agreed == plain.agreed
    assert found.unclaimed == plain.unclaimed
    provisional = sum(item.share for item in found.provisional)
    assert provisional + found.contested == plain.contested
    assert sum(item.share for item in found.agreed) + provisional + found.contested + found.unclaimed == WHOLE
    assert all(item.share > 0 for item in found.provisional)
    if not any(item.documented for item in notified):
        assert found.contested == 0
    # Nobody is paid beyond what a source says.
    for party in {item.party for item in found.provisional}:
        paid = sum(item.share for item in (*found.agreed, *found.provisional) if item.party == party)
        assert paid <= max(item.high for item in found.agreed if item.party == party)
