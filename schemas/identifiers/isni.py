"""ISNI, International Standard Name Identifier (ISO 27729): sixteen characters, ISO 7064 MOD 11-2.

>>> validate("0000 0001 2281 955X")
'000000012281955X'
>>> is_valid("0000000122819551")
False
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

NAME = "ISNI"
_SEPARATORS = re.compile(r"[\s\-]")
_SHAPE = re.compile(r"[0-9]{15}[0-9X]")


def compact(text: str) -> str:
    """Without separators, upper case, without a leading ``ISNI``."""
    return _SEPARATORS.sub("", text).upper().removeprefix("ISNI").lstrip(":")


def check_character(digits: str) -> str:
    """The check character of fifteen digits."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11]


def validate(text: str) -> str:
    """The compact form.

    Raises:
        InvalidLength: not sixteen characters.
        InvalidFormat: not digits with a digit or X at the end.
        InvalidChecksum: a wrong check character.
    """
    code = compact(text)
    if len(code) != 16:
        raise InvalidLength("an ISNI has 16 characters")
    if not _SHAPE.fullmatch(code):
        raise InvalidFormat("an ISNI is digits, the last of which may be X")
    if check_character(code[:15]) != code[15]:
        raise InvalidChecksum("the check character is wrong")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is an ISNI in any of its spellings."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form, four groups of four; text of another shape comes back compact."""
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        return code
    return " ".join(code[start : start + 4] for start in range(0, 16, 4))
