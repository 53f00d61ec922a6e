"""Shares as integers: one unit is a millionth of a percent, so nothing is ever rounded by a float.

CWR states two decimals of a percent, DDEX more; six decimals hold both. ``WHOLE`` is 100 %.

>>> parse_percent("33.33")
33330000
>>> format_percent(33330000), format_percent(WHOLE), format_percent(12_345_678)
('33.33', '100.00', '12.345678')
"""

from __future__ import annotations

import re
from collections.abc import Sequence

UNITS_PER_PERCENT = 1_000_000
WHOLE = 100 * UNITS_PER_PERCENT
HUNDREDTH = UNITS_PER_PERCENT // 100
"""One hundredth of a percent: the step of a CWR share field."""

_DECIMAL = re.compile(r"([+-]?)(?=\.?[0-9])([0-9]{0,12})(?:\.([0-9]{0,30}))?")
"""ASCII digits with a decimal point: no exponent, no underscores and no other script's digits, which Python's
own numbers would take; so long at most that nobody can make the arithmetic large."""


class ShareError(ValueError):
    """A text that is not a share: not a number, negative, above 100 or finer than six decimals."""


def parse_percent(text: str, *, limit: int | None = WHOLE) -> int:
    """Read a percentage with a decimal point into units.

    Raises:
        ShareError: the text is no decimal number, is negative, exceeds ``limit`` or has over six decimals.

    >>> parse_percent("100"), parse_percent("0.000001")
    (100000000, 1)
    >>> parse_percent("101")
    Traceback (most recent call last):
        ...
    schemas.shares.ShareError: above 100: 101
    """
    found = _DECIMAL.fullmatch(text.strip())
    if found is None:
        raise ShareError(f"not a number: {text}")
    sign, whole, decimals = found[1], found[2], (found[3] or "").rstrip("0")
    if len(decimals) > 6:
        raise ShareError(f"more than six decimals: {text}")
    units = int(f"{sign}{whole or 0}{decimals:0<6}")
    if units < 0:
        raise ShareError(f"negative: {text}")
    if limit is not None and units > limit:
        raise ShareError(f"above {limit // UNITS_PER_PERCENT}: {text}")
    return units


def format_percent(units: int) -> str:
    """Write units as a percentage with at least two decimals and no needless zeros after them."""
    whole, rest = divmod(abs(units), UNITS_PER_PERCENT)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if units < 0 else ''}{whole}.{decimals}"


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` by ``weights`` with the largest-remainder rule, so that the parts add up exactly.

    Equal remainders go to the earlier part. With no positive weight the parts are all zero, unless the
    total is not zero, which is an error of the caller.

    >>> apportion(1000, [33_330_000, 33_330_000, 33_340_000])
    [333, 333, 334]
    >>> sum(apportion(7, [1, 1, 1]))
    7
    """
    whole = sum(weights)
    if not whole:
        if total:
            raise ValueError("cannot split something over nothing")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rest = total - sum(parts)
    if rest:
        remainders = [total * weight % whole for weight in weights]
        if rest == 1:
            parts[remainders.index(max(remainders))] += 1
            return parts
        # Sorting keeps the earlier of equal ones before the later, backwards too.
        for index in sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)[:rest]:
            parts[index] += 1
    return parts
