"""Amounts of usage lines, split exactly.

A service may state fractions of the minor unit; they are kept, and the parts add up to what was stated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from hub.errors import UsageError
from schemas import currencies
from schemas.shares import apportion

MOST_WHOLE, MOST_FRACTION = 24, 12
"""Digits of an amount before and after its point."""

_AMOUNT = re.compile(rf"([+-]?)([0-9]{{1,{MOST_WHOLE}}})(?:\.([0-9]{{0,{MOST_FRACTION}}}))?")


class Money(NamedTuple):
    """So many units of ten to the power of minus ``decimals``."""

    units: int
    decimals: int
    currency: str

    def split(self, weights: Sequence[int]) -> list[str]:
        """Parts as decimal text by the largest remainder; they add up to the amount.

        >>> Money(1000, 2, "KZT").split([1, 1, 1])
        ['3.34', '3.33', '3.33']
        """
        return self.texts(self.parts(weights))

    def parts(self, weights: Sequence[int]) -> list[int]:
        """Parts in units by the largest remainder; a negative amount is a correction."""
        if self.units < 0:
            return [-part for part in apportion(-self.units, weights)]
        return apportion(self.units, weights)

    def text(self, units: int) -> str:
        """So many units as decimal text."""
        if not self.decimals:
            return str(units)
        whole, rest = divmod(abs(units), 10**self.decimals)
        return f"{'-' if units < 0 else ''}{whole}.{rest:0{self.decimals}d}"

    def texts(self, parts: Sequence[int]) -> list[str]:
        """Parts of it as decimal text."""
        if self.units < 0 or not self.decimals:
            return [self.text(part) for part in parts]
        width, after = self.decimals + 1, -self.decimals
        return [f"{(text := str(part).rjust(width, '0'))[:after]}.{text[after:]}" for part in parts]


def money(amount: str, currency: str, *, exact: bool = True) -> Money | None:
    """The amount of a line, None where none is stated.

    With ``exact`` it must be payable: not negative, and no finer than the currency's minor unit.

    Raises:
        UsageError: no number, no currency, or not payable although it must be.

    >>> money("0.0012", "EUR", exact=False).split([1, 2])
    ['0.0004', '0.0008']
    """
    if not amount:
        return None
    decimals, code = _currency(currency)
    if decimals is None:
        raise UsageError("an amount needs a currency by its ISO 4217 code, such as KZT")
    if exact:
        try:
            return Money(currencies.parse_amount(amount, currency), decimals, code)
        except ValueError as fault:
            raise UsageError(f"amount {amount!r} is not understood: {fault}") from fault
    sign, (whole, _, fraction) = "", amount.partition(".")
    if not (
        (whole + fraction).isdecimal() and amount.isascii()
        and 0 < len(whole) <= MOST_WHOLE and len(fraction) <= MOST_FRACTION
    ):  # fmt: skip
        found = _AMOUNT.fullmatch(amount.strip())
        if found is None:
            raise UsageError(f"amount {amount!r} is not a number with a decimal point")
        sign, whole, fraction = found[1], found[2], found[3] or ""
    fraction = fraction.rstrip("0")
    decimals = max(decimals, len(fraction))
    units = int(whole + fraction.ljust(decimals, "0"))
    return Money(-units if sign == "-" else units, decimals, code)


@lru_cache(maxsize=64)
def _currency(code: str) -> tuple[int | None, str]:
    """Decimals of a currency, None where it is none, and its code in capitals."""
    return currencies.exponent(code) if code else None, code.upper()
