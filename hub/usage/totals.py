"""What became of a report as a whole: counts, shares and money by status and society."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from hub.usage.lines import DSR, UsageReport
from hub.usage.money import Money
from hub.usage.remembered import ANSWERED, UNKNOWN, Answered
from schemas import currencies
from schemas.shares import format_percent

DECIMALS = 12
"""Sums of money are kept this fine: no amount of a report is finer."""


@dataclass(slots=True)
class Resolved:
    """Lines read, answered, unknown and unreadable; rows written.

    A DSR's line counts once for each right. ``shares`` are share units by status, and ``payees`` by society,
    over all lines that were answered or unknown; ``sums`` are money by (currency, status, society).
    """

    known_at: str
    policy: str
    report: UsageReport = field(default_factory=UsageReport)
    read: int = 0
    answered: int = 0
    unknown: int = 0
    unreadable: int = 0
    rows: int = 0
    questions: int = 0
    shares: Counter[str] = field(default_factory=Counter)
    payees: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    sums: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def count(self, answered: Answered, money: Money | None) -> None:
        """Add one line."""
        self.rows += len(answered.parts)
        if answered.kind == ANSWERED:
            self.answered += 1
        else:
            self.reasons[answered.reason] += 1
            if answered.kind != UNKNOWN:
                self.unreadable += 1
                return
            self.unknown += 1
        for part in answered.parts:
            self.shares[part.status] += part.share
            if part.society:
                self.payees[part.society] += part.share
        if money is not None:
            scale = 10 ** (DECIMALS - money.decimals)
            amounts = money.parts([part.share for part in answered.parts])
            for part, units in zip(answered.parts, amounts, strict=True):
                self.sums[money.currency, part.status, part.society] += units * scale

    def as_json(self) -> dict[str, object]:
        """For the interface; ``read = answered + unknown + unreadable``."""
        found: dict[str, object] = {
            "known_at": self.known_at, "policy": self.policy, "format": self.report.kind, "read": self.read,
            "answered": self.answered, "unknown": self.unknown, "unreadable": self.unreadable,
            "rows": self.rows, "distinct_questions": self.questions,
            "lines_by_status": _percents(self.shares), "lines_by_society": _percents(self.payees),
            "not_answered_by_reason": dict(sorted(self.reasons.items())),
        }  # fmt: skip
        if self.sums:
            found["amounts"] = self.amounts()
        if self.report.kind == DSR:
            told = self.report.told
            found["report"] = {
                "message": told.message, "profile": told.profile, "version": told.version,
                "sender": told.sender, "from": told.first, "to": told.last,
                "records": dict(sorted(told.records.items())),
            }  # fmt: skip
            found["findings"] = {
                severity: self.report.findings[severity] for severity in ("error", "warning")
            }
        return found

    def amounts(self) -> dict[str, dict[str, object]]:
        """By currency: the total, and its parts by status and by society; each adds up to the total."""
        found: dict[str, dict[str, object]] = {}
        for currency in sorted({key[0] for key in self.sums}):
            by_status: Counter[str] = Counter()
            by_society: Counter[str] = Counter()
            for (code, status, society), units in self.sums.items():
                if code == currency:
                    by_status[status] += units
                    by_society[society] += units
            found[currency] = {
                "total": amount_text(sum(by_status.values()), currency),
                "by_status": {
                    name: amount_text(units, currency) for name, units in sorted(by_status.items())
                },
                "by_society": {
                    name: amount_text(units, currency) for name, units in sorted(by_society.items())
                },
            }
        return found


def _percents(units: Mapping[str, int]) -> dict[str, str]:
    return {name: format_percent(count) for name, count in sorted(units.items())}


def amount_text(units: int, currency: str) -> str:
    """A sum, in units of ten to the power of minus ``DECIMALS``, without needless zeros."""
    decimals = DECIMALS
    least = currencies.exponent(currency) or 0
    while decimals > least and units % 10 == 0:
        units //= 10
        decimals -= 1
    return Money(units, decimals, currency).text(units)
