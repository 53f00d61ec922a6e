"""UPC and EAN, the product codes of releases (GS1 GTIN): 8, 12, 13 or 14 digits, modulo 10.

>>> validate("0602557190298")
'0602557190298'
>>> is_valid("0602557190299")
False
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

NAME = "UPC/EAN"
_SEPARATORS = re.compile(r"[\s\-]")
_DIGITS = re.compile(r"[0-9]+")


def compact(text: str) -> str:
    """Without separators."""
    return _SEPARATORS.sub("", text)


def check_digit(digits: str) -> str:
    """The check digit of everything before it."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def validate(text: str) -> str:
    """The compact form.

    Raises:
        InvalidFormat: not digits.
        InvalidLength: none of the lengths in use.
        InvalidChecksum: a wrong check digit.
    """
    code = compact(text)
    if not _DIGITS.fullmatch(code):
        raise InvalidFormat("a product code has digits only")
    if len(code) not in (8, 12, 13, 14):
        raise InvalidLength("a product code has 8, 12, 13 or 14 digits")
    if check_digit(code[:-1]) != code[-1]:
        raise InvalidChecksum("the check digit is wrong")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is a product code."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form: the digits."""
    return compact(text)
