"""Every step of a withdrawal, legal and illegal, from every state by every role, against the one table."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATES, WORKS, fresh_hub, send

from hub.context import Hub
from hub.db.engine import reading
from hub.errors import IllegalTransition, NotAllowed, NotFound, UsageError
from hub.mandates import withdrawal_records as records
from hub.mandates.withdrawal_states import (
    ACTIONS,
    CLOCK,
    FILER,
    HOLDER,
    NEW,
    OPERATOR,
    ROLES,
    STATES,
    transitions,
)
from hub.mandates.withdrawals import Notice, Step, act, withdraw

DOCS = Path(__file__).resolve().parents[2] / "docs" / "withdrawals.md"
FILED_ON = dt.date(2026, 1, 5)
WHO = {FILER: "052", HOLDER: "177", OPERATOR: "operator"}
BY = {
    "acknowledged": ("acknowledge", HOLDER),
    "contested": ("contest", HOLDER),
    "cancelled": ("cancel", FILER),
}
"""The act that brings a filed withdrawal into a state."""

LATER = {"in_notice": dt.date(2026, 3, 1), "effective": dt.date(2026, 7, 1)}
"""Days on which the clock has brought a filed withdrawal into a state; other states are told on the first."""


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def brought_to(hub: Hub, state: str, number: int) -> tuple[str, dt.date]:
    """A withdrawal of its own in a state, and the day on which it is in it."""
    drafted = state == "drafted"
    notice = Notice("R1", "2026-01-05", "2026-07-01", evidence=f"letter {number}", draft=drafted)
    name = withdraw(hub, notice, "052", today=FILED_ON)["id"]
    if state in BY:
        action, role = BY[state]
        act(hub, name, Step(action, "because"), WHO[role], today=FILED_ON)
    return name, LATER.get(state, FILED_ON)


def state_of(hub: Hub, name: str, day: dt.date) -> str:
    with reading(hub.engine) as connection:
        return records.find(connection, name, 2**62 // 1000, "052").on(day).state


def test_every_step_of_every_role_from_every_state(hub: Hub) -> None:
    for number, (state, action, role) in enumerate(itertools.product(STATES, ACTIONS, WHO)):
        name, day = brought_to(hub, state, number)
        assert state_of(hub, name, day) == state
        step = Step(action, f"reason {number}", f"paper {number}")
        legal = transitions().get((state, action, role))
        if legal is not None:
            done = act(hub, name, step, WHO[role], today=day)
            assert (done["state"], done["status"]) == (legal.to, "done"), (state, action, role)
            assert done["history"][-1]["role"] == role
        else:
            # A draft does not exist for others than the filer's society, the operator included.
            fault = NotFound if state == "drafted" and role != FILER else IllegalTransition
            with pytest.raises(fault):
                act(hub, name, step, WHO[role], today=day)
            assert state_of(hub, name, day) == state, (state, action, role)


def test_who_has_no_part_may_do_nothing(hub: Hub) -> None:
    for number, (state, action) in enumerate(itertools.product(STATES, ACTIONS)):
        name, day = brought_to(hub, state, number)
        with pytest.raises(NotFound if state == "drafted" else NotAllowed):
            act(hub, name, Step(action, "because", "paper"), "901", today=day)


def test_what_a_step_needs_must_come_along(hub: Hub) -> None:
    tried = 0
    for number, step in enumerate(transitions().values()):
        if step.state not in STATES or not step.needs:
            continue
        name, day = brought_to(hub, step.state, number)
        for missing in step.needs:
            given = {item: "" if item == missing else "given" for item in ("reason", "evidence")}
            with pytest.raises(UsageError, match="needs"):
                act(hub, name, Step(step.action, **given), WHO[step.role], today=day)
            tried += 1
        assert state_of(hub, name, day) == step.state
    assert tried > 20


def test_unknown_actions_and_days_that_cannot_be_are_refused(hub: Hub) -> None:
    name, day = brought_to(hub, "filed", 0)
    with pytest.raises(UsageError, match="not one of"):
        act(hub, name, Step("shout"), "052", today=day)
    for clock in ("deadline", "effect", "draft"):
        with pytest.raises(UsageError, match="not one of"):
            act(hub, name, Step(clock), "052", today=day)
    with pytest.raises(UsageError, match="when a draft is filed"):
        act(hub, name, Step("remark", "because", notice="2026-01-01"), "052", today=day)
    draft, day = brought_to(hub, "drafted", 1)
    with pytest.raises(UsageError, match="before its notice"):
        act(hub, draft, Step("file", notice="2026-08-01"), "052", today=day)


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
        assert {step.state, step.to} <= {NEW, *STATES}
        assert step.note
        # Only the clock and the filer move a notice on; nobody on the holder's side can stop one.
        assert step.role != HOLDER or step.to in (step.state, "acknowledged", "contested")
        assert step.role != CLOCK or step.action in ("deadline", "effect")
        # What took effect or was cancelled stays so.
        assert step.state not in ("effective", "cancelled") or step.to == step.state
    for state in ("filed", "acknowledged", "contested", "in_notice"):
        assert table[state, "effect", CLOCK].to == "effective"


def test_the_documentation_shows_the_table() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (\w+) \| (\w+) \| ([^|]*)\| (.*) \|$", text, re.MULTILINE)
    shown = [tuple(cell.strip() for cell in row) for row in rows if row[2] in ROLES]
    kept = [
        (step.state, step.action, step.role, step.to, ", ".join(step.needs), step.note)
        for step in transitions().values()
    ]
    assert shown == kept
