"""What holds for every answer, on random worlds that went through the hub's own use cases.

Totals are exactly 100, and no part has two payees. What comes later, and what concerns others, changes no
byte. A withdrawal makes no payee except through a mandate that stood before.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hubs import MANDATE_HEADER, WORK_HEADER, fresh_hub, send
from random_worlds import make, together
from world_comparison import asked
from world_facts import Question, World
from world_loading import TODAY, load

from hub.answers.batch import Desk
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import AmbiguousReference, UnknownSubject
from hub.mandates.register import listing
from hub.mandates.withdrawals import Notice, withdraw

SEED = 78
NUMBERS = range(70)
Answers = dict[Question, dict[str, Any] | None]


@pytest.fixture(scope="module")
def world() -> World:
    return together(make(SEED, number) for number in NUMBERS)


@pytest.fixture(scope="module")
def hub(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The worlds' first chapter only."""
    folder = tmp_path_factory.mktemp("hub")
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as opened:
        load(opened, chapter(world, 1))
        yield opened


def chapter(world: World, number: int) -> World:
    facts = {
        name: [item for item in listed if item.known == number]
        for name, listed in vars(world).items()
        if name != "questions"
    }
    return World(**facts, questions=world.questions)


def answers(hub: Hub, world: World, at: int | None = None) -> Answers:
    found: Answers = {}
    with reading(hub.engine) as connection:
        desk = Desk(connection, at)
        desk.read_ahead([asked(item) for item in world.questions])
        for question in world.questions:
            try:
                found[question] = desk.answer(asked(question)).as_json()
            except (UnknownSubject, AmbiguousReference):
                found[question] = None
    return found


def now(hub: Hub) -> int:
    with reading(hub.engine) as connection:
        return horizon(connection)


def written(found: Answers) -> dict[Question, str]:
    """The bytes, apart from the instant at which they were asked for."""
    return {
        question: json.dumps(
            item and {**item, "question": {**item["question"], "known_at": ""}}, ensure_ascii=False
        )
        for question, item in found.items()
    }


def test_totals_are_100_and_no_part_has_two_payees(hub: Hub, world: World) -> None:
    seen = set()
    for found in filter(None, answers(hub, world).values()):
        shares = [Decimal(line["share"]) for line in found["lines"]]
        assert sum(shares) == sum(map(Decimal, found["totals"].values())) == 100
        assert all(share > 0 for share in shares)
        keys = [
            (json.dumps(line["party"]), json.dumps(line.get("work")), line["status"])
            for line in found["lines"]
            if line["party"]
        ]
        assert len(keys) == len(set(keys)), "one line for one party of one work"
        for line in found["lines"]:
            seen.add(line["status"])
            paid = line["status"] in ("payable", "held")
            assert (line["payee"] is not None) == paid
            assert (len(line["candidates"]) >= 2) == (line["status"] == "disputed")
            assert not paid or line["chain"][-1]["holder"] == line["payee"]["society"]
            assert paid or line["reasons"], line
    assert seen == {"payable", "disputed", "contested", "unclaimed", "unrepresented", "held"}


def test_what_concerns_others_changes_no_byte(hub: Hub, world: World) -> None:
    before = written(answers(hub, world))
    others = [
        WORK_HEADER + "ZZ1,QAZAQSTAN UAQYTY,T9999999993,OTHER PERSON,90000011200,CA,902,100,100,\n",
        MANDATE_HEADER + "ZZ2,party,90000011200,OTHER PERSON,902,*,*,2136,2001-01-01,,Y,declaration,,\n"
        "ZZ3,society,ZZQ,Another,902,*,*,2136,2001-01-01,,Y,agreement,,\n"
        "ZZ4,party,90000013394,NOBODY,902,*,*,2136,2001-01-01,,Y,declaration,iswc:T9999999993,\n",
    ]
    for text in others:
        assert send(hub, text, "902").stored
    withdraw(hub, Notice("ZZ2", "2020-01-01", "2020-01-01"), "902", today=TODAY)
    assert written(answers(hub, world)) == before


def test_a_withdrawal_makes_no_payee_but_through_what_stood(hub: Hub, world: World) -> None:
    with reading(hub.engine) as connection:
        listed = [item for item in listing(connection, horizon(connection)) if item.ref[0] in "MRL"]
    random.Random(1).shuffle(listed)
    before = answers(hub, world)
    changed = 0
    for start in range(0, min(len(listed), 60), 10):
        gone = listed[start : start + 10]
        for item in gone:
            withdraw(hub, Notice(item.id, "2001-01-01", "2001-01-01"), item.declarant, today=TODAY)
        after = answers(hub, world)
        for question, found in after.items():
            changed += found != before[question] and _new_payees_stood(
                before[question], found, {item.id for item in gone}, {item.id for item in listed}
            )
        before = after
    assert changed


def _new_payees_stood(
    before: dict[str, Any] | None, after: dict[str, Any] | None, gone: set[str], known: set[str]
) -> bool:
    """Whether lines differ; asserts that each payee of the later answer rests on what stood."""
    assert before is not None
    assert after is not None
    assert before["totals"].keys() == after["totals"].keys()
    first_hops = {_first_hop(line) for line in before["lines"]} | {
        (json.dumps(line["party"]), step["chain"][0]["mandate"])
        for line in before["lines"]
        for step in line["candidates"]
    }
    passed_over = {
        (json.dumps(line["party"]), item["mandate"])
        for line in before["lines"]
        for item in line.get("rejected", ())
        if item["reason"] != "registered_mandate_exists"
    }
    for line in after["lines"]:
        if not line["payee"]:
            continue
        steps = [step["mandate"] for step in line["chain"]]
        assert not gone & set(steps)
        assert all(step in known or step.startswith("registration:") for step in steps)
        # A registration's word and a statute never come in where a mandate goes.
        if line["chain"][0]["basis"] == "statute" or steps[0].startswith("registration:"):
            assert _first_hop(line) in first_hops | passed_over
    return before["lines"] != after["lines"]


def _first_hop(line: dict[str, Any]) -> tuple[str, str]:
    return json.dumps(line["party"]), line["chain"][0]["mandate"] if line["chain"] else ""


def test_an_answer_never_depends_on_what_came_later(hub: Hub, world: World) -> None:
    at = now(hub)
    asked_then = answers(hub, world, at)
    load(hub, replace(chapter(world, 2), questions=[]))
    assert now(hub) > at
    later = answers(hub, world, at)
    assert {question: json.dumps(item) for question, item in later.items()} == {
        question: json.dumps(item) for question, item in asked_then.items()
    }
    assert written(answers(hub, world)) != written(asked_then), "something did change since"
    assert times.text(at) == next(item["question"]["known_at"] for item in later.values() if item is not None)
