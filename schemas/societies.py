"""Society codes: CISAC's three digits with name and country, and how codes are written in files.

A table of facts for names only; which societies a hub works with is its register.

>>> known("052").name
'PRS'
>>> normalise_code("52"), normalise_code("000000052"), normalise_code("direct-1")
('052', '052', 'DIRECT-1')
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from schemas.table_files import rows

_NUMBER = re.compile(r"[0-9]+")
NOBODY = frozenset({"", "000", "099"})
"""What a file writes for a party without a society: nothing, zeros, or CISAC's code for "no society"."""


@dataclass(frozen=True, slots=True)
class SocietyFact:
    """Who holds a CISAC code; ``country`` is ISO alpha-2, empty where none is listed.

    ``kind`` is ``cmo``, ``hub`` (a technical node that holds no mandate of its own) or ``secretariat``.
    """

    code: str
    name: str
    country: str
    kind: str


@cache
def _facts() -> Mapping[str, SocietyFact]:
    return {row["code"]: SocietyFact(**row) for row in rows("schemas", "societies.csv")}


def known(code: str) -> SocietyFact | None:
    """The facts about a code; None when CISAC's list does not have it."""
    return _facts().get(normalise_code(code))


def known_codes() -> list[SocietyFact]:
    """Every society of the table, by code."""
    return sorted(_facts().values(), key=lambda item: item.code)


def normalise_code(text: str) -> str:
    """Numbers as three digits (CWR headers fill them up to nine), other codes in upper case."""
    code = text.strip().upper()
    return code.lstrip("0").zfill(3) if _NUMBER.fullmatch(code) else code
