"""Tables of the legal steps of a course of acts: state x action x role -> state, with what a step needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from schemas.table_files import rows


@dataclass(frozen=True, slots=True)
class Transition:
    """One row; ``needs`` names what the act must bring along: ``reason``, ``evidence``."""

    state: str
    action: str
    role: str
    to: str
    needs: tuple[str, ...]
    note: str


Steps = Mapping[tuple[str, str, str], Transition]


def read_steps(package: str, name: str) -> Steps:
    """The legal steps of a shipped table by (state, action, role)."""
    return {
        (row["state"], row["action"], row["role"]): Transition(
            row["state"], row["action"], row["role"], row["to"],
            tuple(filter(None, row["needs"].split("|"))), row["note"],
        )
        for row in rows(package, name)
    }  # fmt: skip


def legal(
    steps: Steps, state: str, action: str, roles: Collection[str], order: Sequence[str]
) -> Transition | None:
    """The step that somebody with these roles takes; of several roles the first in ``order`` counts."""
    return next(
        (steps[state, action, role] for role in order if role in roles and (state, action, role) in steps),
        None,
    )


def possible(steps: Steps, state: str, roles: Collection[str]) -> str:
    """The actions that somebody with these roles has in a state, for people."""
    return ", ".join(sorted({key[1] for key in steps if key[0] == state and key[2] in roles})) or "nothing"
