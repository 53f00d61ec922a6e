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
from dataclasses import dataclass, field
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


HELD = 20_000
"""Of so many answers the cells of their claims are held: most lines ask what others ask."""


@dataclass(frozen=True, slots=True)
class _Claims:
    """The claims of one answer: which parts each is of, and its cells but those of the line."""

    parts: tuple[tuple[int, ...], ...]
    about: str
    whose: tuple[str, ...]
    units: int


@dataclass(slots=True)
class ClaimFile:
    """Writes claims: the shares of one line and right together by status and society.

    With a ``claimant`` only what is payable to it is written.
    """

    claimant: str = ""
    _claims: int = 0
    _lines: int = 0
    _units: int = 0
    _held: dict[Answered, _Claims] = field(default_factory=dict)

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
        claims = self._held.get(answered) or self._of(asked, answered)
        self._claims += len(claims.parts)
        self._units += claims.units
        # In the order of the table; a claim file is read back by it.
        head = f"{CLAIM}\t{asked.line}\t{cell(asked.ref)}\t{claims.about}\t{cell(asked.usages)}\t"
        if money is None:
            return "".join([f"{head}{whose}\t\t\n" for whose in claims.whose])
        sums = money.texts([sum([amounts[place] for place in parts]) for parts in claims.parts])
        return "".join(
            [
                f"{head}{whose}\t{money.currency}\t{amount}\n"
                for whose, amount in zip(claims.whose, sums, strict=True)
            ]
        )

    def _of(self, asked: Asked, answered: Answered) -> _Claims:
        parts: dict[tuple[str, str, str], list[int]] = {}
        for place, part in enumerate(answered.parts):
            if not self.claimant or (part.society, part.status) == (self.claimant, "payable"):
                parts.setdefault((part.status, part.society, part.payee), []).append(place)
        shares = [sum(answered.shares[place] for place in places) for places in parts.values()]
        about = (answered.subject, answered.title, *asked.key[1:])
        found = _Claims(
            tuple(map(tuple, parts.values())),
            "\t".join(map(cell, about)),
            tuple(
                "\t".join(map(cell, (*whose, format_percent(share))))
                for whose, share in zip(parts, shares, strict=True)
            ),
            sum(shares),
        )
        if len(self._held) >= HELD:
            self._held.clear()
        self._held[answered] = found
        return found

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
