"""A claim file read back: its records, whether they reconcile, and what is claimed in sum.

Whoever gets one, a service or another society, checks with it that nothing was lost on the way.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from hub.errors import UsageError
from hub.usage.claim_file import CLAIM, FOOT, HEAD, LAYOUT, cells
from hub.usage.money import money
from hub.usage.totals import DECIMALS, amount_text
from schemas.findings import quote
from schemas.shares import WHOLE, ShareError, format_percent, parse_percent

_TAB = re.compile(r"(?<!\\)((?:\\\\)*)\t")
_ESCAPED = re.compile(r"\\(.)")
MOST = 1 << 20
"""Characters of a line; a longer one is no record."""


@dataclass(slots=True)
class Claimed:
    """What a file claims: share units by (claimant, status), money by (claimant, status, currency)."""

    shares: Counter[tuple[str, str]] = field(default_factory=Counter)
    sums: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, claim: dict[str, str]) -> None:
        """Add a record that ``read_claims`` has checked."""
        society, status = claim["ClaimantCode"], claim["ClaimStatus"]
        self.shares[society, status] += parse_percent(claim["ClaimedPercentage"])
        amount = money(claim["ClaimedAmount"], claim["Currency"], exact=False)
        if amount is not None:
            self.sums[society, status, amount.currency] += amount.units * 10 ** (DECIMALS - amount.decimals)

    def amounts(self, society: str, status: str) -> dict[str, str]:
        """The money that a claimant claims in a status, by currency."""
        return {
            currency: amount_text(units, currency)
            for (claimant, state, currency), units in sorted(self.sums.items())
            if (claimant, state) == (society, status)
        }


def read_claims(stream: TextIO) -> Iterator[dict[str, str]]:
    """The records of a claim file by their cells, the header first; the footer is checked and comes last.

    Raises:
        UsageError: another layout, a record that is none, a line of which more than all is claimed, or counts
            that do not reconcile.
    """
    number, claims, units = 0, 0, 0
    line = _Line(whole=True)
    foot: dict[str, str] = {}
    for number, text in enumerate(iter(lambda: stream.readline(MOST), ""), 1):
        found = _parsed(text, number)
        if (found["RecordType"] == HEAD) != (number == 1) or foot:
            raise UsageError(f"line {number}: a claim file is one header, its claims and one footer")
        if number == 1:
            if found["LayoutVersion"] != LAYOUT:
                raise UsageError(f"line 1: the layout is {quote(found['LayoutVersion'])}, not {LAYOUT}")
            line.whole = not found["Claimant"]
        if found["RecordType"] == CLAIM:
            claims += 1
            units += line.claimed(found, number)
        elif found["RecordType"] == FOOT:
            line.close(number)
            foot = found
        yield found
    counted = {
        "NumberOfLinesInFile": str(number), "NumberOfClaims": str(claims),
        "SumOfPercentages": format_percent(units),
    }  # fmt: skip
    wrong = [name for name, count in counted.items() if foot.get(name) != count]
    if wrong:
        raise UsageError(f"the footer does not agree with what was read: {', '.join(wrong)}")


@dataclass(slots=True)
class _Line:
    """The line of the report whose claims are being read; with ``whole`` they must be all of it.

    A use of a release is one of each of its recordings, so that a line may be claimed several times over.
    """

    whole: bool
    key: tuple[str, str] | None = None
    units: int = 0

    def claimed(self, claim: dict[str, str], number: int) -> int:
        """The units of a claim, which must leave the line within its bounds."""
        try:
            units = parse_percent(claim["ClaimedPercentage"])
            _check_amount(claim)
        except (ShareError, UsageError) as fault:
            raise UsageError(f"line {number}: {fault}") from fault
        key = claim["LineNumber"], claim["RightsType"]
        if key != self.key:
            self.close(number)
            self.key = key
        self.units += units
        if self.whole and self.units > WHOLE:
            raise UsageError(f"line {number}: more than 100 % of a line is claimed")
        if self.units == WHOLE or not self.whole:
            self.units = 0
        return units

    def close(self, number: int) -> None:
        """The claims of the line end before line ``number`` of the file."""
        if self.units:
            shown = format_percent(self.units)
            raise UsageError(
                f"line {number}: the claims before add up to {shown} %, not to all of their line"
            )


def _check_amount(claim: dict[str, str]) -> None:
    if claim["Currency"] and not claim["ClaimedAmount"]:
        raise UsageError("a currency stands without an amount")
    money(claim["ClaimedAmount"], claim["Currency"], exact=False)


def _parsed(line: str, number: int) -> dict[str, str]:
    text = _TAB.sub("\\1\0", line.removesuffix("\n"))
    values = [_ESCAPED.sub(r"\1", value) for value in text.split("\0")]
    names = cells(values[0])
    if not names or len(names) != len(values):
        raise UsageError(f"line {number} is no record of a claim file")
    return dict(zip(names, values, strict=True))
