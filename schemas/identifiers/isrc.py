"""ISRC, International Standard Recording Code (ISO 3901): prefix, year, designation; no check digit.

An unknown prefix is no fault: lists of prefixes go stale.

>>> validate("KZ-A01-25-00001")
'KZA012500001'
>>> format("KZA012500001")
'KZ-A01-25-00001'
>>> is_valid("KZA01250000")
False
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidFormat, InvalidLength

NAME = "ISRC"
_SEPARATORS = re.compile(r"[\s.\-]")
_SHAPE = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}")


def compact(text: str) -> str:
    """Without separators, upper case, without a leading ``ISRC``."""
    code = _SEPARATORS.sub("", text).upper()
    return code.removeprefix("ISRC").lstrip(":") if len(code) > 12 else code


def validate(text: str) -> str:
    """The compact form.

    Raises:
        InvalidLength: not twelve characters.
        InvalidFormat: not two letters, three letters or digits, seven digits.
    """
    code = compact(text)
    if len(code) != 12:
        raise InvalidLength("an ISRC has 12 characters")
    if not _SHAPE.fullmatch(code):
        raise InvalidFormat("an ISRC is a prefix of 5, a year of 2 and a designation of 5 characters")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is an ISRC in any of its spellings."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form, ``KZ-A01-25-00001``; text of another shape comes back compact."""
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        return code
    return f"{code[:2]}-{code[2:5]}-{code[5:7]}-{code[7:]}"
