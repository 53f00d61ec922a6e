"""Which character set each record may be written in, and how other characters are folded into it.

CWR 2.x is ASCII by the standard (functional specifications 2.2 rev. 2, 2.1); only the records made for
other alphabets carry them, in a file whose header names UTF-8. Version 3 is UTF-8 throughout. The rows of
``character_sets.csv`` say so; one that names no record holds for all that have no row of their own.
``folding.csv`` gives the Latin spelling of letters where it matters to the parties concerned, in small
letters; what it does not list loses its marks or is transliterated letter by letter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from anyascii import anyascii

from schemas.cwr.tables import rows, split_cell, table

ASCII = "ASCII"
UTF_8 = "UTF-8"
LATIN_1 = "ISO-8859-1"
CODECS = MappingProxyType({ASCII: "ascii", LATIN_1: "latin-1", UTF_8: "utf-8"})


@cache
def _sets(version: str) -> Mapping[str, str]:
    return {
        record: row["character_set"]
        for row in rows("character_sets", version)
        for record in split_cell(row["record"]) or ("",)
    }


def character_set(version: str, record: str) -> str:
    """The character set that ``record`` is written in.

    >>> character_set("2.2", "NWR"), character_set("2.2", "NAT"), character_set("3.0", "WRK")
    ('ASCII', 'UTF-8', 'UTF-8')
    """
    known = _sets(version)
    return known.get(record) or known.get("", ASCII)


@cache
def _folding() -> Mapping[int, str]:
    found: dict[int, str] = {}
    for row in table("folding"):
        character, spelled = row["character"], row["ascii"]
        found[ord(character)] = spelled
        if character.upper() != character:
            found[ord(character.upper())] = spelled.capitalize()
    return found


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """``text`` in ASCII.

    >>> fold("ҚЫЗЫЛ ӨРІК"), fold("Ça va, Łódź?"), fold("Щорс")
    ('QYZYL ORIK', 'Ca va, Lodz?', 'Shchors')
    """
    if text.isascii():
        return text
    spelled = unicodedata.normalize("NFC", text).translate(_folding())
    bare = "".join(char for char in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(char))
    return anyascii(bare)


def fits(text: str, name: str) -> bool:
    """Whether every character of ``text`` exists in the character set ``name``.

    >>> fits("É", "ASCII"), fits("É", "ISO-8859-1"), fits("Қ", "ISO-8859-1")
    (False, True, False)
    """
    try:
        text.encode(CODECS[name])
    except UnicodeEncodeError:
        return False
    return True
