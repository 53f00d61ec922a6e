"""Codes of registers as people read them: rights, uses, territories, roles, and lists of them.

A code whose word nobody has written is shown as it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from babel import Locale

from hub.cli.words import word
from schemas import rights, territories
from schemas.roles import roles

EVERYTHING = "*"
AREAS = {
    territories.WORLD: "001", "2100": "002", "2101": "019", "2106": "142", "2113": "013", "2119": "151",
    "2120": "150", "2123": "EU", "2128": "015", "2129": "003", "2130": "009", "2132": "005", "2133": "035",
}  # fmt: skip
"""Groups of the TIS whose names CLDR has too."""

MOST = 7
"""So many parts of a list are named."""

KNOWN_AS = ("said_", "field_")


def named(code: str, kind: str, language: str) -> str:
    """The word of a code of some kind, or the code.

    >>> named("radio", "use", "ru"), named("new-use", "use", "ru")
    ('радио', 'new-use')
    """
    found = word(f"{kind}_{code}", language)
    return code if found == f"{kind}_{code}" else found


def right(code: str, language: str) -> str:
    """A right with its code, which people in societies know best; finer codes by themselves."""
    said = named(code, "right", language)
    return code if said == code else f"{code} – {said}"


def role(code: str, language: str) -> str:
    """A role with its code.

    >>> role("C", "en"), role("SE", "ru"), role("XX", "kk")
    ('Composer (C)', 'Субиздатель (SE)', 'XX')
    """
    said = named(code, "role", language)
    if said == code and language == "en" and code in roles():
        said = roles()[code].name
    return code if said == code else f"{said} ({code})"


def territory(code: str, language: str) -> str:
    """A territory by its name.

    >>> territory("2136", "kk"), territory("KZ", "ru"), territory("398", "en"), territory("2114", "ru")
    ('Әлем', 'Казахстан', 'Kazakhstan', 'Commonwealth')
    """
    known = territories.canonical(code)
    if known is None:
        return code
    names = _locale(language).territories
    said = names.get(AREAS.get(known, known)) or territories.table()[known].name
    return said[:1].upper() + said[1:]


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


def listed(text: str | None, kind: str, language: str) -> str:
    """A list of rights, uses or territories as registers write it; an empty one means everything.

    A long list of countries is told by what the world has beside it, if that is shorter, else by its first.

    >>> listed("2136|-398", "territory", "ru"), listed("", "use", "en"), listed("PR|MR", "right", "kk")
    ('Весь мир, кроме: Казахстан', 'all', 'PR, MR')
    >>> listed("KZ|KG|UZ|TJ|TM|AZ|AM|GE|BY", "territory", "en").endswith(", Armenia, +2")
    True
    """
    codes = [item.strip() for item in (text or EVERYTHING).split("|")]
    if kind == "territory" and len(codes) > MOST and all(code.isalpha() for code in codes):
        codes = _briefly(codes)
    said: list[str] = []
    for item in codes[:MOST]:
        code = item.removeprefix("-")
        name = word("all", language) if code == EVERYTHING else _ONE[kind](code, language)
        said.append(f"{word('except', language)} {name}" if item.startswith("-") else name)
    return ", ".join(said) + (f", +{len(codes) - MOST}" if len(codes) > MOST else "")


def _briefly(codes: list[str]) -> list[str]:
    """The countries of a long list, or those that it leaves out of the world of today."""
    today = territories.evaluate((territories.WORLD,), dt.datetime.now(dt.UTC).date())
    beside = sorted(today - set(codes))
    return [territories.WORLD, *(f"-{code}" for code in beside)] if len(beside) < MOST else codes


_ONE: dict[str, Callable[[str, str], str]] = {
    "right": lambda code, _: code,
    "use": lambda code, language: named(code, "use", language),
    "territory": territory,
}


def side(name: str, language: str) -> str:
    """What a side of a conflict is called: a society by its code, the demand of a state by its country.

    >>> side("demand:KZ", "ru"), side("holder:044", "kk"), side("KZ-M-3", "en")
    ('Казахстан', '044', 'KZ-M-3')
    """
    kind, _, code = name.partition(":")
    return {"demand": territory(code, language), "holder": code}.get(kind, name) if code else name


def known_as(name: str, language: str) -> str:
    """The word for a field of a statement, or its name."""
    found = (word(kind + name, language) for kind in KNOWN_AS)
    return next((said for said, kind in zip(found, KNOWN_AS, strict=True) if said != kind + name), name)


SAID_FIRST = (
    "title", "iswc", "party", "role", "mandate", "mandate_ref", "grantor_name", "grantor", "holder",
    "declarant", "basis", "rights", "uses", "territories", "works", "valid_from", "valid_to", "evidence",
)  # fmt: skip
"""The fields of a statement that people read first, in their order; others follow."""


def in_order(statement: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The fields of a statement as people read them.

    >>> in_order({"basis": 1, "anything": 2, "holder": 3})
    [('holder', 3), ('basis', 1), ('anything', 2)]
    """
    places = {name: place for place, name in enumerate(SAID_FIRST)}
    return sorted(statement.items(), key=lambda item: places.get(item[0], len(places)))


def uses(language: str) -> list[tuple[str, str]]:
    """Every use with its word, in the order of the words."""
    return sorted(((code, named(code, "use", language)) for code in rights.uses()), key=lambda item: item[1])
