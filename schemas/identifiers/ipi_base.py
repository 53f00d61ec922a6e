"""IPI base number (CISAC IPI): ``I``, nine digits and a check digit, one per person.

The check digit makes 2 + 1*d1 + ... + 9*d9 + c divisible by ten; the header letter counts as two.

>>> format("I0000002297")
'I-000000229-7'
>>> is_valid("I-000000229-7"), is_valid("I-000000229-1")
(True, False)
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

NAME = "IPI base number"
_SEPARATORS = re.compile(r"[\s.\-]")
_SHAPE = re.compile(r"I[0-9]{10}")
_HEADER = 2


def compact(text: str) -> str:
    """Without separators, upper case."""
    return _SEPARATORS.sub("", text).upper()


def check_digit(digits: str) -> str:
    """The check digit of nine digits."""
    return str(-(_HEADER + sum(weight * int(digit) for weight, digit in enumerate(digits, 1))) % 10)


def validate(text: str) -> str:
    """The compact form, ``I`` and ten digits.

    Raises:
        InvalidLength: not eleven characters.
        InvalidFormat: not ``I`` and digits.
        InvalidChecksum: a wrong check digit.
    """
    code = compact(text)
    if len(code) != 11:
        raise InvalidLength("an IPI base number has 11 characters")
    if not _SHAPE.fullmatch(code):
        raise InvalidFormat("an IPI base number is I and ten digits")
    if check_digit(code[1:10]) != code[10]:
        raise InvalidChecksum("the check digit is wrong")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is an IPI base number."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form, ``I-000000229-7``; text of another shape comes back compact."""
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        return code
    return f"{code[0]}-{code[1:10]}-{code[10]}"
