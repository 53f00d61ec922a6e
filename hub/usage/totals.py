"""What became of a report as a whole: counts, shares and money by status and society."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import add

from hub.usage.lines import DSR, UsageReport
from hub.usage.money import Money
from hub.usage.remembered import ANSWERED, UNKNOWN, Answered
from hub.usage.subject_sums import SubjectSums
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
    by_subject: SubjectSums | None = None
    """Where the money goes by subject as well, if that is wanted."""

    _lines: Counter[Answered] = field(default_factory=Counter)
    _units: defaultdict[tuple[int, str], dict[Answered, Sequence[int]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Lines, and money in units of so many decimals of a currency by part, that are not in the sums yet."""

    def count(self, answered: Answered, money: Money | None, amounts: Sequence[int]) -> None:
        """Add a line with the amounts of its parts; the other numbers are so after ``settle``."""
        self.read += 1
        self._lines[answered] += 1
        if money is not None:
            kept = self._units[money.decimals, money.currency]
            before = kept.get(answered)
            kept[answered] = amounts if before is None else [*map(add, before, amounts)]

    def settle(self, most: int = 0) -> None:
        """Bring what was counted into the sums, if it is of more than so many answers."""
        if len(self._lines) <= most:
            return
        for answered, lines in self._lines.items():
            self._settle(answered, lines)
        for (decimals, currency), kept in self._units.items():
            scale = 10 ** (DECIMALS - decimals)
            for answered, amounts in kept.items():
                for part, units in zip(answered.parts, amounts, strict=True):
                    self.sums[currency, part.status, part.society] += units * scale
            if self.by_subject is not None:
                self.by_subject.add(
                    (*answered.about, currency, sum(amounts) * scale)
                    for answered, amounts in kept.items()
                    if answered.about[0]
                )
        self._lines.clear()
        self._units.clear()

    def _settle(self, answered: Answered, lines: int) -> None:
        self.rows += len(answered.parts) * lines
        if answered.kind == ANSWERED:
            self.answered += lines
        else:
            self.reasons[answered.reason] += lines
            if answered.kind != UNKNOWN:
                self.unreadable += lines
                return
            self.unknown += lines
        for part in answered.parts:
            self.shares[part.status] += part.share * lines
            if part.society:
                self.payees[part.society] += part.share * lines

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


def amount_text(units: int, currency: str, decimals: int = DECIMALS) -> str:
    """A sum, in units of ten to the power of minus ``decimals``, without needless zeros."""
    least = currencies.exponent(currency) or 0
    while decimals > least and units % 10 == 0:
        units //= 10
        decimals -= 1
    return Money(units, decimals, currency).text(units)
