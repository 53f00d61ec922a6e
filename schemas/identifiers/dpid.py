"""DPID, DDEX Party Identifier: ``PADPIDA``, ten digits and a check character, ISO 7064 MOD 37,36.

>>> validate("PA-DPIDA-2007050901-U")
'PADPIDA2007050901U'
>>> is_valid("PADPIDA2007050901A")
False
"""

from __future__ import annotations

import re

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

NAME = "DPID"
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEPARATORS = re.compile(r"[\s\-]")
_SHAPE = re.compile(r"PADPIDA[0-9]{10}[0-9A-Z]")


def compact(text: str) -> str:
    """Without separators, upper case."""
    return _SEPARATORS.sub("", text).upper()


def check_character(code: str) -> str:
    """The check character of everything before it."""
    total = 36
    for character in code:
        total = (total + _ALPHABET.index(character)) % 36 or 36
        total = total * 2 % 37
    return _ALPHABET[(37 - total) % 36]


def validate(text: str) -> str:
    """The compact form.

    Raises:
        InvalidLength: not eighteen characters.
        InvalidFormat: not ``PADPIDA``, ten digits and a character.
        InvalidChecksum: a wrong check character.
    """
    code = compact(text)
    if len(code) != 18:
        raise InvalidLength("a DPID has 18 characters")
    if not _SHAPE.fullmatch(code):
        raise InvalidFormat("a DPID is PADPIDA, ten digits and a check character")
    if check_character(code[:-1]) != code[-1]:
        raise InvalidChecksum("the check character is wrong")
    return code


def is_valid(text: str) -> bool:
    """Whether the text is a DPID in any of its spellings."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def format(text: str) -> str:
    """The printed form, ``PA-DPIDA-2007050901-U``; text of another shape comes back compact."""
    code = compact(text)
    if not _SHAPE.fullmatch(code):
        return code
    return f"{code[:2]}-{code[2:7]}-{code[7:17]}-{code[17:]}"
