"""Dossiers that hold at an instant, and the forms that they are filled into."""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select, text

from hub.answers import agreement
from hub.answers.question import Question
from hub.answers.recurring import Recurring
from hub.answers.standing import Standing
from hub.db import times
from hub.db.counters import horizon, marks
from hub.db.prepared import KEYS, Prepared
from hub.db.tables import COUNTER, DECLARATION, DOSSIER, MANDATE, SETTLEMENT, WITHDRAWAL_EVENT
from hub.db.tables.mandates import OF_OTHERS
from hub.db.times import as_known
from hub.dossiers import scopes
from hub.dossiers.content import FIELD, PART
from hub.dossiers.forms import LearnedForms, Parts
from schemas.json_bytes import text_bytes
from schemas.rights import CATEGORIES

MARK = "dossiers:"
"""Prefix of the counters that say up to when, and up to which rows, dossiers were compared with the facts."""
KNOWN = "known"
KEPT = 2
"""So many sets of learned forms are kept for each database."""
DOMAINS: Mapping[str, tuple[str, ...]] = {"iswc": ("work",), "isrc": ("work", "recording")}
"""Schemes of the names that have dossiers, and in what a subject of each may be asked for rights."""

CONTENTS = Prepared(
    "contents of dossiers",
    select(DOSSIER.c.name, DOSSIER.c.at, DOSSIER.c.content).where(DOSSIER.c.name.in_(KEYS)),
)
HANGING = Prepared(
    "dossiers with what they hang on",
    select(DOSSIER.c.name, DOSSIER.c.at, DOSSIER.c.content, DOSSIER.c.hangs_on).where(
        DOSSIER.c.name.in_(KEYS)
    ),
)
COMPARED = Prepared("how far dossiers were compared", select(COUNTER.c.value).where(COUNTER.c.name.in_(KEYS)))


def name(domain: str, scheme: str, value: str) -> str:
    """The name of a dossier."""
    return f"{domain}:{scheme}:{value}"


@dataclass(frozen=True, slots=True)
class _Changes:
    """The scopes that changed since dossiers were ``compared``, up to an instant; None for nearly all.

    ``heads`` are how far the growing tables were looked at.
    """

    compared: int
    until: int
    heads: Mapping[str, int]
    changed: frozenset[int] | None


_changes: WeakKeyDictionary[Engine, _Changes] = WeakKeyDictionary()


def _changes_until(connection: Connection, compared: int, at: int) -> _Changes:
    """What changed between the last pass and an instant, from memory as far as it was sought before."""
    known = _changes.get(connection.engine)
    if known is None or known.compared != compared:
        known = _Changes(compared, compared, marks(connection, MARK), frozenset())
    elif known.until >= at:
        return known
    until = min(at, horizon(connection))
    if known.until < until:
        heads = scopes.heads(connection)
        further = None
        if known.changed is not None:
            further = scopes.changed(connection, known.heads, known.until, until)
        much = known.changed is None or further is None or len(known.changed) > scopes.MOST_SCOPES
        known = _Changes(
            compared, until, heads, None if much else (known.changed or frozenset()).union(further or ())
        )
    # Several may seek the same at the same time; what each finds is whole.
    _changes[connection.engine] = known
    return known


_forms: WeakKeyDictionary[Engine, OrderedDict[tuple[Any, ...], LearnedForms]] = WeakKeyDictionary()


def _forms_on(connection: Connection, standing: Standing, at: int) -> LearnedForms:
    """The forms learned at any instant at which what all answers rest on was the same."""
    granted = select(DECLARATION.c.id).join(MANDATE, MANDATE.c.declaration_id == DECLARATION.c.id)
    of_others = granted.where(text(OF_OTHERS), as_known(DECLARATION, at))
    acts: list[Any] = []
    # Of notices and settlements there are few, so that any of them counts as one about such a mandate.
    for table in (WITHDRAWAL_EVENT, SETTLEMENT):
        came = select(func.max(table.c.id), func.count()).where(table.c.known_from <= at)
        ended = select(func.count()).select_from(table).where(table.c.known_to <= at)
        acts += [*connection.execute(came).one(), connection.scalar(ended)]
    rests_on = (
        tuple(standing.societies.values()), standing.rules,
        tuple(connection.scalars(of_others.order_by(DECLARATION.c.id))), *acts,
    )  # fmt: skip
    known = _forms.setdefault(connection.engine, OrderedDict())
    found = known.get(rests_on)
    if found is None:
        found = known[rests_on] = LearnedForms()
        while len(known) > KEPT:
            known.popitem(last=False)
    return found


class Dossiers:
    """What dossiers have for questions on one connection, as known at an instant."""

    def __init__(self, connection: Connection, standing: Standing, at: int) -> None:
        self._connection = connection
        self._at = at
        self._forms = LearnedForms()
        self._known_at = text_bytes(times.text(at))
        self._changed: frozenset[int] | None = None
        if connection.get_execution_options().get("writing"):
            # Whoever is writing may ask about what nobody else can see yet.
            return
        compared = next((value for (value,) in COMPARED.cells(connection, [MARK + KNOWN])), 0)
        if not compared:
            return
        self._changed = _changes_until(connection, compared, at).changed
        if not isinstance(standing.forms, LearnedForms):
            standing.forms = _forms_on(connection, standing, at)
        self._forms = standing.forms

    def of(self, questions: Sequence[Question]) -> dict[Question, Parts]:
        """The parts of the dossier for each question that has one which holds."""
        if self._changed is None:
            return {}
        names = {
            item: name(CATEGORIES[item.right], item.scheme, item.value)
            for item in questions
            if item.policy == agreement.POLICY and item.amount is None and item.scheme in DOMAINS
        }
        found = self._holding(list(names.values()), self._changed) if names else {}
        return {item: found[called] for item, called in names.items() if called in found}

    def _holding(self, names: Sequence[str], changed: frozenset[int]) -> dict[str, Parts]:
        at = self._at
        if not changed:
            return {
                called: [part.split(FIELD) for part in content.split(PART)]
                for called, made, content in CONTENTS.cells(self._connection, names)
                if content and made <= at
            }
        return {
            called: [part.split(FIELD) for part in content.split(PART)]
            for called, made, content, hangs_on in HANGING.cells(self._connection, names)
            if content and made <= at and changed.isdisjoint(array("q", hangs_on))
        }

    def filled(self, question: Question, parts: Parts) -> bytes | None:
        """The bytes of the answer; None where it must be answered otherwise first."""
        return self._forms.filled(question, parts, self._known_at)

    def learned(self, question: Question, parts: Parts, recurring: Recurring) -> bytes | None:
        """The same by decisions over facts that were read, from which others are filled in later."""
        found = recurring.decided(question)
        if found is None:
            return None
        self._forms.learn(question, parts, found)
        return recurring.shown(question, found)
