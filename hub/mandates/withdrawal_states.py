"""The states of a withdrawal: derived from the acts kept about it, never stored.

The legal steps are one table, ``withdrawal_transitions.csv`` (state x action x role -> state); the use cases,
``docs/withdrawals.md`` and the tests read it. Steps of the role ``clock`` happen by themselves when a day
passes, whether anybody looks or not; what is logged of them later changes no state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache

from hub.db.times import FOREVER
from hub.errors import IllegalTransition
from hub.step_tables import Steps, Transition, legal, possible, read_steps

NEW = "new"
STATES = ("drafted", "filed", "acknowledged", "contested", "in_notice", "effective", "cancelled")
FILER, HOLDER, OPERATOR, CLOCK = "filer", "holder", "operator", "clock"
ROLES = (FILER, HOLDER, OPERATOR, CLOCK)
DRAFT, FILE, CANCEL, REMARK = "draft", "file", "cancel", "remark"
DEADLINE, EFFECT = "deadline", "effect"
ACTIONS = (FILE, "acknowledge", "contest", CANCEL, REMARK)
"""What people do to a withdrawal that exists; the clock's actions are ``deadline`` and ``effect``."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done about a withdrawal, as it is kept for ever.

    ``day`` is when it was done in the hub. A draft and a filing also carry the day of the ``notice``, the
    ``effective`` day (``FOREVER`` in a draft that states none), the ``earliest`` day by the notice
    ``rule``, and the ``deadline``: the last day on which the holder's side may react. ``seal`` and
    ``salt`` belong to what the log keeps sealed.
    """

    action: str
    role: str
    day: dt.date
    author: str = ""
    reason: str = ""
    evidence: str = ""
    notice: dt.date = FOREVER
    effective: dt.date = FOREVER
    earliest: dt.date = FOREVER
    deadline: dt.date = FOREVER
    rule: str = ""
    seal: str = ""
    salt: str = ""
    known_from: int = 0


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that the clock took: the state it left, and the day since when the next one holds."""

    action: str
    left: str
    day: dt.date


@dataclass(slots=True)
class Course:
    """Where a withdrawal stands on a day, and what the clock did on the way there."""

    state: str = NEW
    filing: Act | None = None
    passed: list[Passed] = field(default_factory=list)


@cache
def transitions() -> Steps:
    """The legal steps by (state, action, role)."""
    return read_steps("hub.mandates", "withdrawal_transitions.csv")


def permitted(state: str, action: str, roles: Collection[str]) -> Transition:
    """The step that somebody with these roles takes from a state by an action.

    Raises:
        IllegalTransition: the table has none; the message says what it has instead.
    """
    step = legal(transitions(), state, action, roles, ROLES)
    if step is not None:
        return step
    raise IllegalTransition(
        f"a withdrawal in the state {state!r} takes no {action!r} from {' and '.join(sorted(roles))}; "
        f"possible: {possible(transitions(), state, roles)}"
    )


def course(acts: Iterable[Act], on: dt.date) -> Course:
    """Play the acts in their order, with what the clock does by itself until the day ``on``.

    Every act counts, whatever its day; an earlier ``on`` only stops the clock earlier. Logged steps of the
    clock are skipped: they follow from the others.
    """
    found = Course()
    since = dt.date.min
    for act in acts:
        if act.role == CLOCK:
            continue
        _run_clock(found, since, min(act.day, on))
        found.state = permitted(found.state, act.action, (act.role,)).to
        if act.action == FILE:
            found.filing = act
        since = act.day
    _run_clock(found, since, on)
    return found


def _run_clock(found: Course, since: dt.date, until: dt.date) -> None:
    if found.filing is None:
        return
    # On one day the effect comes first: it makes the deadline pointless.
    steps = [(found.filing.effective, EFFECT)]
    if found.filing.deadline < FOREVER:
        # An objection given up after the deadline ends the reaction period on that day.
        steps.append((max(found.filing.deadline + _DAY, since), DEADLINE))
    for day, action in sorted(steps, key=lambda item: (item[0], item[1] == DEADLINE)):
        step = transitions().get((found.state, action, CLOCK))
        if step is not None and day <= until and day < FOREVER:
            found.passed.append(Passed(action, found.state, day))
            found.state = step.to
