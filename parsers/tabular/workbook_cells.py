"""Numbers of a workbook as people see them: percentages, days and clock times by the format of the cell.

Formats are those of ECMA-376, part 1, 18.8.30 and 18.8.31; only what changes the meaning of a number is
looked at.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation

DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)
"""Spreadsheet programs compute with fifteen digits and may write two more, which nobody ever saw."""

BUILT_IN: Mapping[int, str] = {
    9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0",
}  # fmt: skip
"""Formats that files name by number alone and that change what a number means."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,3})?")
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
"""Parts of a format that are shown as they stand, or say only how: texts, fillings, colours, languages."""

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029\x0b\x0c]+\s*")
_DAY_SECONDS = 24 * 60 * 60


def printable(text: str) -> str:
    """A text without line breaks, which cells have for their looks, and with escaped characters as such.

    >>> printable("Dala_x000D_\\n zhyry"), printable("_x005F_x0041_")
    ('Dala zhyry', '_x0041_')
    """
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Half of a surrogate pair is no character.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _BREAKS.sub(" ", text)


def plain_number(text: str) -> str:
    """A number without exponent, with the fifteen digits that count; other text as it stands.

    >>> plain_number("16.670000000000002"), plain_number("1.2E+3"), plain_number("50.0")
    ('16.67', '1200', '50')
    """
    number = _decimal(text)
    return text if number is None else _written(number)


@dataclass(frozen=True, slots=True)
class Styles:
    """What numbers mean by the style of their cells: ``percent``, ``day``, ``clock`` or nothing."""

    kinds: tuple[str, ...]
    shapes: tuple[str, ...]
    from_1904: bool = False

    @classmethod
    def of(cls, formats: Mapping[int, str], used: Sequence[int], *, from_1904: bool = False) -> Styles:
        """From the formats that a workbook defines and those that its cell styles use, in their order."""
        shapes = tuple(_SILENT.sub("", formats.get(number, BUILT_IN.get(number, ""))) for number in used)
        return cls(tuple(map(kind_of, shapes)), shapes, from_1904)

    def shown(self, style: str, text: str) -> str:
        """What a number means in a cell of a style; empty where it is a mere number, or none."""
        place = int(style) if style.isdecimal() and len(style) < 8 else 0
        number = _decimal(text)
        if place >= len(self.kinds) or number is None:
            return ""
        kind = self.kinds[place]
        if kind == "percent":
            return _written(DIGITS.multiply(number, Decimal(100)))
        if kind == "day":
            return self._day(number)
        return _clock(number, self.shapes[place]) if kind == "clock" else ""

    def _day(self, number: Decimal) -> str:
        """An ISO date, with the time of day if there is one; empty outside the calendar of workbooks."""
        days, seconds = divmod(int((number * _DAY_SECONDS).to_integral_value()), _DAY_SECONDS)
        if not (0 if self.from_1904 else 1) <= days < 2_958_466:
            return ""
        if self.from_1904:
            first = dt.date(1904, 1, 1)
        else:
            # Workbooks have a 29 February 1900, which was none.
            first = dt.date(1899, 12, 30) if days > 60 else dt.date(1899, 12, 31)
        try:
            day = first + dt.timedelta(days=days)
        except OverflowError:
            return ""
        if not seconds:
            return day.isoformat()
        return (dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=seconds)).isoformat()


def kind_of(shape: str) -> str:
    """What a number means under a format without its silent parts.

    >>> kind_of("0.0%"), kind_of("dd/mm/yyyy"), kind_of("[h]:mm:ss"), kind_of("#,##0.00"), kind_of("General")
    ('percent', 'day', 'clock', '', '')
    """
    first = shape.partition(";")[0].casefold()
    if first == "general":
        return ""
    if "%" in first:
        return "percent"
    if re.search("[yd]", first) or (re.search("m", first) and not re.search("[hs]", first)):
        return "day"
    return "clock" if re.search("[hs]", first) else ""


def _clock(number: Decimal, shape: str) -> str:
    """Hours, minutes and seconds as far as the format shows them."""
    if number < 0 or number > 10_000:
        return ""
    shape = shape.partition(";")[0].casefold()
    seconds = int((number * _DAY_SECONDS).to_integral_value())
    if "h" in shape:
        if "[h" not in shape:
            seconds %= _DAY_SECONDS
        text = f"{seconds // 3600}:{seconds // 60 % 60:02}"
        return f"{text}:{seconds % 60:02}" if "s" in shape else text
    if "m" not in shape:
        return str(seconds)
    return f"{seconds // 60}:{seconds % 60:02}"


def _decimal(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        number = DIGITS.create_decimal(text)
    except InvalidOperation:
        return None
    return number if abs(number.adjusted()) < 30 else None


def _written(number: Decimal) -> str:
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
