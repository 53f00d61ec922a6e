"""The states of a conflict: derived from the acts kept about it, never stored.

The legal steps are one table, ``conflict_transitions.csv`` (state x action x role -> state); the use cases,
``docs/conflicts.md`` and the tests read it. The role ``register`` is the hub itself: what it finds in the
statements, whether anybody looks or not.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache

from hub.db.times import BEGINNING, FOREVER
from hub.errors import IllegalTransition
from hub.step_tables import Steps, Transition, legal, possible, read_steps

NEW = "new"
STATES = ("open", "claimed", "answered", "settled", "reopened", "vanished")
SIDE, CLAIMANT, RESPONDENT, OPERATOR, REGISTER = "side", "claimant", "respondent", "operator", "register"
ROLES = (SIDE, CLAIMANT, RESPONDENT, OPERATOR, REGISTER)
FIND, VANISH, RETURN = "find", "vanish", "return"
CLAIM, ANSWER, CONCEDE, SETTLE, REOPEN, REMARK = "claim", "answer", "concede", "settle", "reopen", "remark"
ACTIONS = (CLAIM, ANSWER, CONCEDE, SETTLE, REOPEN, REMARK)
"""What people do about a conflict; the register's actions are ``find``, ``vanish`` and ``return``."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done about a conflict, as it is kept for ever.

    A settlement may name the ``winner`` (a side) and the days it is for, half-open.
    """

    action: str
    role: str
    day: dt.date
    author: str = ""
    reason: str = ""
    evidence: str = ""
    winner: str = ""
    valid_from: dt.date = BEGINNING
    valid_to: dt.date = FOREVER
    known_from: int = 0


@dataclass(frozen=True, slots=True)
class Course:
    """Where a conflict stands: its state, who claimed first in this round, and the settlement in force."""

    state: str = NEW
    claimant: str = ""
    settlement: Act | None = None


@cache
def transitions() -> Steps:
    """The legal steps by (state, action, role)."""
    return read_steps("hub.conflicts", "conflict_transitions.csv")


def permitted(state: str, action: str, roles: Collection[str]) -> Transition:
    """The step that somebody with these roles takes from a state by an action.

    Raises:
        IllegalTransition: the table has none; the message says what it has instead.
    """
    step = legal(transitions(), state, action, roles, ROLES)
    if step is not None:
        return step
    raise IllegalTransition(
        f"a conflict in the state {state!r} takes no {action!r} from {' and '.join(sorted(roles))}; "
        f"possible: {possible(transitions(), state, roles)}"
    )


def course(acts: Iterable[Act]) -> Course:
    """Play the acts in their order."""
    found = Course()
    for act in acts:
        state = permitted(found.state, act.action, (act.role,)).to
        claimant, settlement = found.claimant, found.settlement
        if act.action == CLAIM and not claimant:
            claimant = act.author
        elif act.action in (SETTLE, CONCEDE):
            settlement = act
        elif state in ("reopened", "vanished"):
            # A new round begins with whoever claims first.
            claimant, settlement = ("", None) if state != found.state else (claimant, settlement)
        found = Course(state, claimant, settlement)
    return found


def roles_of(found: Course, society: str, societies: Collection[str]) -> frozenset[str]:
    """What a society is in a conflict: a side and, once somebody has claimed, claimant or respondent."""
    if society not in societies:
        return frozenset()
    if not found.claimant:
        return frozenset((SIDE,))
    return frozenset((SIDE, CLAIMANT if society == found.claimant else RESPONDENT))
