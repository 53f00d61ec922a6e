"""ISWC, International Standard Musical Work Code (ISO 15707): ``T``, nine digits, a check digit.

The check digit makes 1 + 1*d1 + 2*d2 + ... + 9*d9 + c divisible by ten.

>>> validate("T-034.524.680-1")
'T0345246801'
>>> format("T0345246801")
'T-034.524.680-1'
>>> is_valid("T0345246802")
False
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

NAME = "ISWC"
_SEPARATORS = re.compile(r"[\s.\-]")
_SHAPE = re.compile(r"T[0-9]{10}")


def compact(text: str) -> str:
    """Without separators, upper case, without a leading ``ISWC``."""
    return _SEPARATORS.sub("", text).upper().removeprefix("ISWC").lstrip(":")


def check_digit(digits: str) -> str:
    """The check digit of nine digits."""
    total = 1 + sum(position * int(digit) for position, digit in enumerate(digits, 1))
    return str(-total % 10)


def validate(text: str) -> str:
    """The compact form.

    Raises:
        InvalidLength: not eleven characters.
        InvalidFormat: not ``T`` and digits.
        InvalidChecksum: a wrong check digit.
    """
    code = compact(text)
    if len(code) != 11:
        raise InvalidLength("an ISWC has 11 characters")
    if not _SHAPE.fullmatch(code):
        raise InvalidFormat("an ISWC is T and ten digits")
    if check_digit(code[1:10]) != code[10]:
        raise InvalidChecksum("the check digit is wrong")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is an ISWC in any of its spellings."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form, ``T-034.524.680-1``; text of another shape comes back compact."""
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        return code
    return f"{code[0]}-{code[1:4]}.{code[4:7]}.{code[7:10]}-{code[10]}"
