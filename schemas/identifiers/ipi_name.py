"""IPI name number (CISAC IPI): eleven digits, the last two a check number modulo 101.

Files drop its leading zeros, so nine and ten digits are filled up. The first nine digits weigh ten down
to two; the check number brings their sum to a multiple of 101 (a remainder of one cannot be issued).

>>> validate("90000000109")
'90000000109'
>>> validate("130046332")
'00130046332'
>>> is_valid("90000000108")
False
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

NAME = "IPI name number"
_SEPARATORS = re.compile(r"[\s.]")
_DIGITS = re.compile(r"[0-9]+")


def compact(text: str) -> str:
    """Digits filled up to eleven; other text is returned stripped."""
    code = _SEPARATORS.sub("", text).upper().removeprefix("IPI").lstrip(":")
    return code.zfill(11) if _DIGITS.fullmatch(code) and len(code) <= 11 else code


def check_number(digits: str) -> str:
    """The two check digits of nine digits."""
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), digits, strict=True))
    return f"{-total % 101 % 100:02d}"


def validate(text: str) -> str:
    """The compact form.

    Raises:
        InvalidFormat: not digits.
        InvalidLength: more than eleven digits.
        InvalidChecksum: wrong check digits, or zero throughout.
    """
    code = compact(text)
    if not _DIGITS.fullmatch(code):
        raise InvalidFormat("an IPI name number has digits only")
    if len(code) != 11:
        raise InvalidLength("an IPI name number has 11 digits")
    if check_number(code[:9]) != code[9:] or not int(code):
        raise InvalidChecksum("the check digits are wrong")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is an IPI name number."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form: eleven digits."""
    return compact(text)
