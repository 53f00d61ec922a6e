"""Every step of a conflict, legal and illegal, from every state by every role, against the one table."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATE_HEADER, SOCIETIES, fresh_hub, send

from hub.conflicts.conflict_records import find, queue
from hub.conflicts.conflict_states import (
    ACTIONS,
    CLAIMANT,
    NEW,
    OPERATOR,
    REGISTER,
    RESPONDENT,
    ROLES,
    SIDE,
    STATES,
    transitions,
)
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import IllegalTransition, NotAllowed, UsageError
from hub.registers import OPERATOR as THE_OPERATOR

DOCS = Path(__file__).resolve().parents[2] / "docs" / "conflicts.md"
ON = dt.date(2026, 6, 15)
WAY = {
    "open": (),
    "claimed": (("claim", "177"),),
    "answered": (("claim", "177"), ("answer", "901")),
    "settled": (("settle", THE_OPERATOR),),
    "reopened": (("settle", THE_OPERATOR), ("reopen", THE_OPERATOR)),
    "vanished": (),
}
"""The acts that bring a conflict between 177 and 901 into a state."""

ACTORS = {"177": (SIDE, CLAIMANT), "901": (SIDE, RESPONDENT), THE_OPERATOR: (OPERATOR,)}


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path, societies=SOCIETIES) as opened:
        yield opened


def row(ref: str, number: int, holder: str, rights: str = "PR") -> str:
    return f"{ref},party,{90000000000 + number},,{holder},{rights},*,2136,2020-01-01,,Y,declaration,,\n"


def all_in(hub: Hub, states: tuple[str, ...], copies: int) -> dict[str, list[str]]:
    """So many conflicts of their own in each of these states."""
    grantors = list(enumerate(itertools.product(states, range(copies)), start=1))
    for holder in ("177", "901"):
        rows = [row(f"{holder}-{number}", number, holder) for number, _ in grantors]
        send(hub, MANDATE_HEADER + "".join(rows), holder)
    refresh(hub)
    with reading(hub.engine) as connection:
        found, _ = queue(connection, horizon(connection), ON)
    by_ref = {side["name"]: item.id for item in found for side in item.as_json(ON)["sides"]}
    made: dict[str, list[str]] = {state: [] for state in states}
    gone = []
    for number, (state, _) in grantors:
        name = by_ref[f"177-{number}"]
        for done, (action, actor) in enumerate(WAY[state]):
            act(hub, name, Step(action, f"because {done}", "paper"), actor, today=ON)
        if state == "vanished":
            gone.append(row(f"901-{number}", number, "901", rights="SR"))
        made[state].append(name)
    if gone:
        send(hub, MANDATE_HEADER + "".join(gone), "901")
        refresh(hub)
    return made


def state_of(hub: Hub, name: str) -> str:
    with reading(hub.engine) as connection:
        return find(connection, name, horizon(connection)).course.state


def test_every_step_of_every_role_from_every_state(hub: Hub) -> None:
    tried = list(itertools.product(ACTIONS, ACTORS))
    made = all_in(hub, STATES, len(tried))
    legal_steps: set[tuple[str, str, str]] = set()
    for state in STATES:
        for name, (action, actor) in zip(made[state], tried, strict=True):
            assert state_of(hub, name) == state
            # Before anybody has claimed there is no claimant and no respondent, only sides.
            roles = ACTORS[actor] if state in ("claimed", "answered") else ACTORS[actor][:1]
            legal = next(
                (
                    transitions()[state, action, role]
                    for role in roles
                    if (state, action, role) in transitions()
                ),
                None,
            )
            step = Step(action, "a reason of its own", "a paper of its own")
            if legal is None:
                with pytest.raises(IllegalTransition):
                    act(hub, name, step, actor, today=ON)
                assert state_of(hub, name) == state, (state, action, actor)
            else:
                done = act(hub, name, step, actor, today=ON)
                assert (done["state"], done["status"]) == (legal.to, "done"), (state, action, actor)
                assert done["history"][-1]["role"] == legal.role
                legal_steps.add((state, action, legal.role))
    by_people = {key for key, found in transitions().items() if found.role != REGISTER}
    assert legal_steps == by_people


def test_who_has_no_side_may_do_nothing(hub: Hub) -> None:
    for state, names in all_in(hub, STATES, 1).items():
        for action in ACTIONS:
            with pytest.raises(NotAllowed):
                act(hub, names[0], Step(action, "because", "paper"), "052", today=ON)
        assert state_of(hub, names[0]) == state


def test_what_a_step_needs_must_come_along(hub: Hub) -> None:
    tried = 0
    actor_of = {SIDE: "177", CLAIMANT: "177", RESPONDENT: "901", OPERATOR: THE_OPERATOR}
    made = all_in(hub, STATES, 1)
    for step in transitions().values():
        for missing in step.needs:
            given = {item: "" if item == missing else "given" for item in ("reason", "evidence")}
            with pytest.raises(UsageError, match="needs"):
                act(hub, made[step.state][0], Step(step.action, **given), actor_of[step.role], today=ON)
            tried += 1
    assert tried > 20
    for action in ("find", "vanish", "return", "shout"):
        with pytest.raises(UsageError, match="not one of"):
            act(hub, made["open"][0], Step(action, "because", "paper"), THE_OPERATOR)


def test_the_register_moves_what_vanishes_and_returns(hub: Hub) -> None:
    made = all_in(hub, ("open", "claimed", "answered", "settled", "reopened", "vanished"), 1)
    numbers = {state: number for number, state in enumerate(made, start=1)}

    def said(rights: str) -> None:
        rows = "".join(row(f"901-{number}", number, "901", rights) for number in numbers.values())
        send(hub, MANDATE_HEADER + rows, "901")
        refresh(hub)

    said("SR")
    for state, (name,) in made.items():
        step = transitions().get((state, "vanish", REGISTER))
        assert state_of(hub, name) == (step.to if step else state)
    said("PR")
    for state, (name,) in made.items():
        left = "settled" if state == "settled" else "vanished"
        assert state_of(hub, name) == transitions()[left, "return", REGISTER].to
    act(hub, made["claimed"][0], Step("claim", "a new round"), "901", today=ON)
    assert state_of(hub, made["claimed"][0]) == "claimed"


def test_the_same_words_again_change_nothing(hub: Hub) -> None:
    name = all_in(hub, ("claimed",), 1)["claimed"][0]
    assert act(hub, name, Step("claim", "because 0", "paper"), "177", today=ON)["status"] == "unchanged"
    assert act(hub, name, Step("claim", "because 1", "paper"), "177", today=ON)["status"] == "done"


def test_the_table_is_closed_and_every_state_is_reached() -> None:
    table = transitions()
    reached = {NEW}
    while True:
        further = {step.to for step in table.values() if step.state in reached} - reached
        if not further:
            break
        reached |= further
    assert reached == {NEW, *STATES}
    assert {step.role for step in table.values()} == set(ROLES)
    for step in table.values():
        assert step.note
        # Only a decision, or a side that gives way, settles; only a decision undoes it.
        assert step.to != "settled" or step.state == "settled" or step.action in ("settle", "concede")
        assert step.state != "settled" or step.to == "settled" or step.action == "reopen"
        assert step.action not in ("settle", "reopen") or (step.role == OPERATOR and step.needs)


def test_the_documentation_shows_the_table() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \| (\w+) \| ([^|]*)\| (.*) \|$", text, re.MULTILINE)
    shown = [tuple(cell.strip() for cell in found) for found in rows if found[2] in ROLES]
    assert shown == [
        (step.state, step.action, step.role, step.to, ", ".join(step.needs), step.note)
        for step in transitions().values()
    ]
