"""Answers from dossiers beside those of the rules for one question alone, while a hub is told of worlds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from random_worlds import make, together
from sqlalchemy import Connection
from world_comparison import asked
from world_loading import load

from hub.answers.batch import Desk
from hub.answers.question import Question
from hub.answers.resolve import resolve
from hub.answers.standing import standing
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.dossiers.preparing import prepare
from hub.dossiers.reading import Dossiers
from hub.errors import HubError


@dataclass
class Compared:
    """How many answers were compared, how many were filled in from dossiers, and where they differ."""

    answers: int = 0
    filled: int = 0
    faults: list[str] = field(default_factory=list)


def told_of_worlds(hub: Hub, seed: int, numbers: range, *, sample: int = 40) -> Compared:
    """Load these worlds and ask at every step, from dossiers of an earlier step or of this one.

    At the end everything is asked, as known at each step at which dossiers were made.
    """
    whole = together([make(seed, number) for number in numbers])
    questions = list(dict.fromkeys(asked(item) for item in whole.questions))
    chance = random.Random(seed)
    found = Compared()
    made: list[int] = []

    def step() -> None:
        with reading(hub.engine) as connection:
            at = horizon(connection)
        _compare(hub, chance.sample(questions, min(sample, len(questions))), at, found)
        if not chance.randrange(3):
            prepare(hub)
            made.append(at)
            _compare(hub, chance.sample(questions, min(sample, len(questions))), at, found)

    load(hub, whole, step)
    for at in made:
        _compare(hub, questions, at, found)
    prepare(hub)
    with reading(hub.engine) as connection:
        at = horizon(connection)
    _compare(hub, questions, at, found)
    return found


def _compare(hub: Hub, questions: Sequence[Question], at: int, found: Compared) -> None:
    with reading(hub.engine) as connection:
        desk = Desk(connection, at)
        # What the first time has learned, the second time fills in.
        desk.encoded_anew(questions)
        dossiers = Dossiers(connection, standing(connection, at), at)
        found.filled += sum(dossiers.filled(*item) is not None for item in dossiers.of(questions).items())
        said = desk.encoded_anew(questions)
        for question in questions:
            found.answers += 1
            answer = said[question]
            told = str(answer).encode() if isinstance(answer, HubError) else answer
            alone = _alone(connection, replace(question, known_at=at))
            if told != alone:
                found.faults.append(f"{question} as known at {at}:\n  dossier {told!r}\n  alone   {alone!r}")


def _alone(connection: Connection, question: Question) -> bytes:
    try:
        return resolve(connection, question).encode()
    except HubError as fault:
        return str(fault).encode()
