"""Claims on the lines of a usage report, as a file to send back to the service.

The layout is the hub's own, ``hub-claims/1``, in the syntax of DDEX flat files. CISAC's CCID serves the same
purpose, but its list of columns is not public; of DDEX's claim detail message only the first cells are. So
neither is written here: nobody could check that it is right. ``schemas/usage_claims.csv`` lists the cells.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hub.usage.lines import Asked
from hub.usage.money import Money
from hub.usage.remembered import UNREADABLE, Answered
from hub.usage.totals import Resolved
from schemas.shares import format_percent

LAYOUT = "hub-claims/1"
HEAD, CLAIM, FOOT = "CLHE", "CL01", "CLFO"
_ESCAPE = re.compile(r"([\\|])")


@cache
def cells(record: str) -> tuple[str, ...]:
    """The cells of a record in their order."""
    text = files("schemas").joinpath("usage_claims.csv").read_text(encoding="utf-8")
    return tuple(row["cell"] for row in csv.DictReader(io.StringIO(text)) if row["record"] == record)


@dataclass(slots=True)
class ClaimFile:
    """Writes claims: the shares of one line and right together by status and society.

    With a ``claimant`` only what is payable to it is written.
    """

    claimant: str = ""
    _claims: int = 0
    _lines: int = 0
    _units: int = 0

    def begin(self, done: Resolved) -> str:
        """The header."""
        told = done.report.told
        return _record(
            {
                "RecordType": HEAD, "LayoutVersion": LAYOUT, "ReportId": told.message,
                "ReportSenderId": told.sender, "UsageStartDate": told.first, "UsageEndDate": told.last,
                "KnownAt": done.known_at, "Claimant": self.claimant,
            }
        )  # fmt: skip

    def line(self, asked: Asked, money: Money | None, amounts: Sequence[int], answered: Answered) -> str:
        """The claims on one line for one right; a line that cannot be read has none."""
        if answered.kind == UNREADABLE:
            return ""
        self._lines += 1
        sums: dict[tuple[str, str, str], list[int]] = {}
        for part, amount in zip(answered.parts, amounts or [0] * len(answered.parts), strict=True):
            if self.claimant and (part.society, part.status) != (self.claimant, "payable"):
                continue
            found = sums.setdefault((part.status, part.society, part.payee), [0, 0])
            found[0] += part.share
            found[1] += amount
        self._claims += len(sums)
        self._units += sum(share for share, _ in sums.values())
        return "".join(
            _record(
                {
                    "RecordType": CLAIM, "LineNumber": str(asked.line), "LineReference": asked.ref,
                    "Subject": answered.subject, "Title": answered.title, "RightsType": asked.right,
                    "UseType": asked.use, "Territory": asked.territory, "UsageDate": asked.on,
                    "Usages": asked.usages, "ClaimStatus": status, "ClaimantCode": society,
                    "ClaimantName": payee, "ClaimedPercentage": format_percent(share),
                    "Currency": money.currency if money else "",
                    "ClaimedAmount": money.text(amount) if money else "",
                }
            )
            for (status, society, payee), (share, amount) in sums.items()
        )  # fmt: skip

    def end(self) -> str:
        """The footer, which counts itself and the header too."""
        return _record(
            {
                "RecordType": FOOT, "NumberOfLinesInFile": str(self._claims + 2),
                "NumberOfClaims": str(self._claims), "NumberOfReportLines": str(self._lines),
                "SumOfPercentages": format_percent(self._units),
            }
        )  # fmt: skip


def _record(facts: Mapping[str, str]) -> str:
    names = cells(facts["RecordType"])
    return "\t".join([cell(facts[name]) for name in names]) + "\n"


def cell(text: str) -> str:
    """A value as it is written: whole, since references are compared, but on one line.

    >>> cell("a|b"), cell("two\\nlines")
    ('a\\\\|b', 'two�lines')
    """
    shown = text if text.isprintable() else "".join(char if char.isprintable() else "�" for char in text)
    return _ESCAPE.sub(r"\\\1", shown)
