"""The answer: lines that add up to exactly 100, each with its chain and reasons. The contract's shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hub.answers import mandates
from hub.answers.mandates import Mandate
from hub.answers.question import Question
from hub.answers.walk import Rejected
from schemas import currencies
from schemas.json_bytes import kept
from schemas.shares import WHOLE, apportion, format_percent

STATUSES = ("payable", "disputed", "contested", "unclaimed", "unrepresented", "held")


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid, or would be: a society's code or, for direct licensing, a party's identifier."""

    code: str
    name: str

    def as_json(self) -> dict[str, str]:
        """The contract's ``payee`` object."""
        return {"society": self.code, "name": self.name}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several who would be paid, with the chain that speaks for it."""

    payee: Payee
    chain: tuple[Mandate, ...]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who claims a contested share: the span of what is said about its party, in share units."""

    party: Mapping[str, str]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Line:
    """A part of the whole with one status. ``party`` is None for what nobody certain owns."""

    party: Mapping[str, str] | None
    role: str
    share: int
    status: str
    payee: Payee | None = None
    candidates: tuple[Candidate, ...] = ()
    claimants: tuple[Claimant, ...] = ()
    chain: tuple[Mandate, ...] = ()
    reasons: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    work: Mapping[str, Any] | None = None
    decision: Mapping[str, str] | None = None
    amount: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The contract's line; further keys appear only where they say something."""
        found: dict[str, Any] = {
            "party": self.party,
            "role": self.role,
            "share": format_percent(self.share),
            "status": self.status,
            "payee": self.payee.as_json() if self.payee else None,
            "candidates": [
                {**item.payee.as_json(), "chain": [step.as_json() for step in item.chain]}
                for item in self.candidates
            ],
            "chain": [step.as_json() for step in self.chain],
            "reasons": list(self.reasons),
        }
        if self.claimants:
            found["claimants"] = [
                {"party": item.party, "low": format_percent(item.low), "high": format_percent(item.high)}
                for item in self.claimants
            ]
        if self.rejected:
            found["rejected"] = [{**item.mandate.as_json(), "reason": item.reason} for item in self.rejected]
        if self.work is not None:
            found["work"] = self.work
        if self.decision is not None:
            found["decision"] = self.decision
        if self.amount is not None:
            found["amount"] = self.amount
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything said to one question; the same question with the same ``known_at`` gives the same bytes."""

    question: Question
    known_at: int
    subject: Mapping[str, Any]
    lines: tuple[Line, ...]
    sources: tuple[Mapping[str, str], ...] = ()
    societies: Mapping[str, str] = field(default_factory=dict)

    @property
    def totals(self) -> dict[str, int]:
        """Share units by status; they add up to ``WHOLE``."""
        return summed((line.status, line.share) for line in self.lines)

    def priced(self) -> Answer:
        """The same answer with the question's amount split over its lines, exactly."""
        amount, currency = self.question.amount, self.question.currency
        if amount is None:
            return self
        parts = apportion(amount, [line.share for line in self.lines])
        lines = (
            replace(line, amount=currencies.format_amount(part, currency))
            for line, part in zip(self.lines, parts, strict=True)
        )
        return replace(self, lines=tuple(lines))

    def as_json(self) -> dict[str, Any]:
        """The contract's answer."""
        question = self.question.as_json(self.known_at)
        if self.question.amount is not None:
            question["amount"] = currencies.format_amount(self.question.amount, self.question.currency)
            question["currency"] = self.question.currency
        return whole(
            question,
            dict(self.subject),
            self.question.policy,
            [line.as_json() for line in self.lines],
            told(self.totals),
            [dict(source) for source in self.sources],
        )

    def encode(self) -> bytes:
        """The answer as bytes, for comparing and sending."""
        return kept(self.as_json())


def whole(question: Any, subject: Any, policy: str, lines: Any, sums: Any, sources: Any) -> dict[str, Any]:
    """The contract's answer of its parts."""
    return {
        "question": question,
        "subject": subject,
        "policy": {"shares": policy, "mandates": mandates.POLICY},
        "lines": lines,
        "totals": sums,
        "sources": sources,
    }


def summed(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Share units by status of (status, units)."""
    found = dict.fromkeys(STATUSES, 0)
    for status, units in parts:
        found[status] += units
    return found


def told(sums: Mapping[str, int]) -> dict[str, str]:
    """The contract's ``totals`` object."""
    return {status: format_percent(units) for status, units in sums.items()}


def scaled(lines: list[Line], weight: int) -> list[Line]:
    """Lines of one work brought to its weight within a recording; they add up to exactly ``weight``."""
    if weight == WHOLE:
        return lines
    parts = apportion(weight, [line.share for line in lines])
    return [replace(line, share=part) for line, part in zip(lines, parts, strict=True)]
