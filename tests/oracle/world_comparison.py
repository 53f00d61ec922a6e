"""The hub's answers beside the oracle's: shares, statuses, payees, chains, candidates, reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from oracle import Ending, Line
from oracle import answer as expected
from random_worlds import make, together
from world_facts import Question, World
from world_loading import load

from hub.answers.answer import Line as HubLine
from hub.answers.batch import Desk
from hub.answers.question import Question as HubQuestion
from hub.answers.question import ask
from hub.answers.resolve import resolve
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import AmbiguousReference, UnknownSubject


def differences(hub: Hub, seed: int, numbers: range, *, ahead: bool = False) -> Iterator[str]:
    """Load these worlds into an empty hub, ask everything, and tell where hub and oracle differ.

    ``ahead``: the facts are read for all questions at once, as batches and usage reports do.
    """
    worlds = [make(seed, number) for number in numbers]
    whole = together(worlds)
    instants = load(hub, whole)
    # Laws and accreditations of all worlds count for each, and with them the agreements (R) of the societies
    # that hold by a law (L); the rest of the others never does.
    shared = World(
        societies=whole.societies,
        rules=whole.rules,
        mandates=[item for item in whole.mandates if item.grantor_type != "party"],
        withdrawals=[item for item in whole.withdrawals if item.mandate.startswith(("L", "R"))],
    )
    with reading(hub.engine) as connection:
        desks = {known: Desk(connection, instant) for known, instant in instants.items()}
        if ahead:
            for known, desk in desks.items():
                desk.read_ahead([asked(item) for item in whole.questions if item.known == known])
        for number, world in zip(numbers, worlds, strict=True):
            facts = replace(
                world,
                societies=shared.societies,
                rules=shared.rules,
                mandates=shared.mandates + [item for item in world.mandates if item.grantor_type == "party"],
                withdrawals=shared.withdrawals
                + [item for item in world.withdrawals if not item.mandate.startswith(("L", "R"))],
            )
            for question in world.questions:
                desk = desks[question.known]
                said, meant = answered(desk, question), expected(facts, question)
                wanted = None if meant is None else Counter(meant)
                if said != wanted:
                    yield f"world {seed}/{number}: {question}\n  hub    {_show(said, wanted)}\n" + (
                        f"  oracle {_show(wanted, said)}"
                    )
                if said is not None and ahead:
                    # Filled-in forms and the rules for this question alone come to the same bytes.
                    alone = resolve(connection, replace(asked(question), known_at=desk.known_at))
                    together_with_all = desk.encoded(asked(question))
                    if together_with_all != alone.encode():
                        yield f"world {seed}/{number}: {question}\n  in a batch {together_with_all!r}"


def _show(one: Counter[Line] | None, other: Counter[Line] | None) -> str:
    if one is None:
        return "no single subject"
    return str([line for line in one.elements() if other is None or line not in other])


def answered(desk: Desk, question: Question) -> Counter[Line] | None:
    """The hub's lines in the oracle's words; None for an unknown or ambiguous subject."""
    try:
        found = desk.answer(asked(question))
    except (UnknownSubject, AmbiguousReference):
        return None
    return Counter(_line(line) for line in found.lines)


def asked(question: Question) -> HubQuestion:
    """The question in the hub's words."""
    return ask(
        f"{question.scheme}:{question.value}", right=question.right, use=question.use,
        territory=question.territory, on=question.on,
    )  # fmt: skip


def _line(line: HubLine) -> Line:
    party = ""
    if line.party:
        number = line.party["ipi"]
        kind = "base:" if number.startswith("I") else "ipi:"
        party = kind + number if number else "name:" + line.party["name"]
    paid = line.payee.code if line.payee else ""
    return Line(
        party,
        line.share,
        line.status,
        paid,
        tuple(step.holder for step in line.chain) if paid else (),
        frozenset(
            Ending(item.payee.code, tuple(step.holder for step in item.chain)) for item in line.candidates
        ),
        frozenset(line.reasons),
        frozenset((item.mandate.holder, item.reason) for item in line.rejected),
    )
