"""Answers as forms: a question's ordinary answer, with the places in its dossier of all that differs.

What is learned from one answer holds for every dossier with the same digests, as known at any instant at
which the register of societies, the rules of jurisdictions and what societies granted are the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hub.answers.answer import summed, told, whole
from hub.answers.cards import party_json
from hub.answers.decisions import Asserted, Decision, Facts, Place, Reasons
from hub.answers.forms import Form, gap
from hub.answers.mandates import Mandate
from hub.answers.question import Question
from hub.answers.recurring import Decided
from hub.catalogue.subjects import Declared
from hub.dossiers.content import (
    BY_ROW,
    DECLARED,
    GRANTOR,
    IPI,
    LABEL,
    MANDATES,
    NAME,
    OF_DECLARATION,
    OF_MANDATE,
    POSITION,
    REGISTRATION,
    SUBJECT,
    SUBMISSION,
    SUBMITTER,
)
from schemas.json_bytes import kept, text_bytes

MOST = 50_000
"""Forms of lines and of answers that are kept; a national register has some thousands."""

Parts = Sequence[list[bytes]]
"""The content of a dossier: about the subject, and about each party."""

Terms = tuple[str, str, str, dt.date, dt.date | None]
"""What is asked about a subject: right, use, territory, day, day of payment."""


_Forms = dict[bytes, tuple[Form, str]]
"""The form of a line and its status by the digest of a party's part."""


@dataclass(slots=True)
class _Line:
    """One line of all answers of a plan: the part of its party, and forms that it has in common with lines of
    other plans. ``by_row`` are for parties for which it matters which of their rows speak."""

    part: int
    share: int
    forms: _Forms
    by_row: _Forms

    def form(self, digest: bytes) -> tuple[Form, str] | None:
        """The form for a party's digest."""
        return (self.by_row if digest.startswith(BY_ROW) else self.forms).get(digest)


@dataclass(slots=True)
class _Plan:
    """What answers whose first parts have one digest are made of."""

    lines: list[_Line]
    rest: list[Form]
    """Of what is contested or unclaimed; values are the label, and name and number of each party."""
    left: list[tuple[str, int]]
    answer: Form
    """Values are the first part, then the subject as asked for, the lines, the sums and the instant."""
    sums: dict[tuple[str, ...], bytes] = field(default_factory=dict)


class LearnedForms:
    """The forms of answers while one thing holds that all of them rest on."""

    def __init__(self) -> None:
        self._plans: dict[Terms, dict[bytes, _Plan]] = {}
        self._forms: dict[tuple[Any, ...], _Forms] = {}
        self._count = 0

    def filled(self, question: Question, parts: Parts, known_at: bytes) -> bytes | None:
        """The answer to a question that asks for no amount and no other policy; None where it is to learn.

        ``known_at`` is the instant as a JSON text.
        """
        plans = self._plans.get(_terms(question))
        head = parts[0]
        plan = None if plans is None else plans.get(head[0])
        if plan is None:
            return None
        lines: list[bytes] = []
        statuses: list[str] = []
        for line in plan.lines:
            part = parts[line.part]
            found = line.form(part[0])
            if found is None:
                return None
            lines.append(found[0].filled(part + head))
            statuses.append(found[1])
        if plan.rest:
            values = [head[LABEL]]
            for part in parts[1:]:
                values += part[NAME:GRANTOR]
            lines += [form.filled(values) for form in plan.rest]
        key = tuple(statuses)
        sums = plan.sums.get(key)
        if sums is None:
            shares = [(status, line.share) for status, line in zip(statuses, plan.lines, strict=True)]
            sums = plan.sums[key] = kept(told(summed(shares + plan.left)))
        return plan.answer.filled([*head, text_bytes(question.subject), b",".join(lines), sums, known_at])

    def learn(self, question: Question, parts: Parts, found: Decided) -> None:
        """Remember how the answer to a question is filled in."""
        if self._count >= MOST:
            self._plans.clear()
            self._forms.clear()
            self._count = 0
        asked = _terms(question)
        plans = self._plans.setdefault(asked, {})
        head = parts[0]
        plan = plans.get(head[0])
        if plan is None:
            plan = plans[head[0]] = self._plan(question, head, found, asked)
            self._count += 1
        for line, (decision, facts) in zip(plan.lines, found.lines, strict=True):
            part = parts[line.part]
            if line.form(part[0]) is None:
                forms = line.by_row if part[0].startswith(BY_ROW) else line.forms
                forms[part[0]] = _form(decision, facts, part, found), decision.status
                self._count += 1

    def _plan(self, question: Question, head: Sequence[bytes], found: Decided, asked: Terms) -> _Plan:
        known, shares = found.known, found.shares
        rest = shares.forms_of_rest(
            lambda place: (gap(1 + 2 * place), gap(2 + 2 * place)),
            gap(0) if known.labelled else None,
            known.also,
        )
        scheme, _, value = gap(len(head)).partition(":")
        sources = [_declared(place).as_source() for place in shares.used]
        marked = replace(question, scheme=scheme, value=value).as_json(0)
        answer = whole(
            {**marked, "known_at": gap(len(head) + 3)}, gap(SUBJECT), question.policy,
            [gap(len(head) + 1)], gap(len(head) + 2), sources,
        )  # fmt: skip
        return _Plan(
            [self._line(facts, found, asked) for _, facts in found.lines],
            rest, list(shares.left), Form(answer),
        )  # fmt: skip

    def _line(self, facts: Facts, found: Decided, asked: Terms) -> _Line:
        share, known = facts.line, found.known
        kind = asked, share.share, share.role, share.reasons, known.labelled, known.also
        own = [number for number, (_, place) in enumerate(known.card.rows()) if place == share.party]
        speaking = tuple([own.index(number) for number in share.speaking])
        forms, by_row = (self._forms.setdefault((*kind, said), {}) for said in (bool(speaking), speaking))
        return _Line(1 + share.party, share.share, forms, by_row)


def _terms(question: Question) -> Terms:
    return question.right, question.use, question.territory, question.on, question.paid_on


def _declared(place: int) -> Declared:
    """A declaration with the places of its fields in a first part."""
    first = DECLARED + OF_DECLARATION * place
    return Declared(0, 0, "", gap(first + POSITION), gap(first + SUBMISSION), gap(first + SUBMITTER), b"")


def _form(decision: Decision, facts: Facts, part: Sequence[bytes], found: Decided) -> Form:
    """A line whose values are the part of its party, followed by that of the subject."""
    head = len(part)

    def marked(place: Place, _example: Mandate) -> Mandate:
        mandate = facts.mandate(place)
        if isinstance(place, Asserted):
            declared = tuple(facts.societies.values())[place.place]
            first = head + DECLARED + OF_DECLARATION * declared
            grantor = IPI if mandate.grantor == facts.card.parties.ipis[facts.line.party] else NAME
            return replace(
                mandate, name=gap(first + REGISTRATION), grantor=gap(grantor),
                source=(gap(first + SUBMISSION), gap(first + POSITION)),
            )  # fmt: skip
        first = MANDATES + OF_MANDATE * part[MANDATES::OF_MANDATE].index(text_bytes(mandate.name))
        return replace(
            mandate, name=gap(first), grantor=gap(GRANTOR), source=(gap(first + 1), gap(first + 2))
        )

    known = found.known
    also: Reasons = known.also
    party: Any = party_json(gap(NAME), gap(IPI))
    return decision.form(facts.line, party, gap(head + LABEL) if known.labelled else None, also, marked)
