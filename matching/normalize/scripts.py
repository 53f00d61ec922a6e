"""The folding key: one spelling in base Latin letters for text in any script.

Kazakh is at home here in all its alphabets (Cyrillic, the Latin ones of 2017, 2018, 2021 and of the
1930s, Arabic script), Russian beside it; what the tables do not know goes through ``anyascii``. A key is
for comparing and finding, never for showing: it merges sounds that spellings confuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from anyascii import anyascii

from matching.normalize.tables import rows

Result = TypeVar("Result")
KEPT_FOLDS = 50_000
"""Folded texts kept in memory; a batch meets the same names and titles again and again."""
KEPT_WORDS = 200_000
"""Words kept with their one spelling; beyond so many they are learned anew."""
LONGEST_TEXT = 1000
"""Characters of a text that are looked at, so that titles of megabytes neither stall a run nor fill what is
kept of them."""
LONGEST_FOLD = 500
"""Characters of a key; what differs only beyond them is compared as equal, and no text can stall a run."""

APOSTROPHES = "'’ʼʹ`´‘′ʻʾʿ"
_TO_APOSTROPHE = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))

# Latin letters typed inside a Cyrillic word look right and compare wrong.
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYIaceopxyih", "АВСЕНКМОРТХУІасеорхуіһ")
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_ASCII_LETTER = re.compile(r"[A-Za-z]")

# The Latin alphabet of 2017 marks letters by an apostrophe: s' is ш and c' is ч, but only in a text that
# also has one of the vowels and consonants below; in English and French an apostrophe means nothing.
_LATIN_2017 = re.compile(r"[agnouy]'[a-z]", re.IGNORECASE)
_SH_2017 = re.compile(r"s'(?=[a-z])")
_CH_2017 = re.compile(r"c'(?=[a-z])")


# Accents, and the vowel points that Arabic and Hebrew may leave out; vowel signs elsewhere are letters.
_UNWRITTEN = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\ufe20-\ufe2f\ufeff]"
)


# ع is ғ where Kazakh is written and a mere stop in Arabic; c is дж in the alphabets that have ı and ə.
_AIN = "\u0639"
_KAZAKH_ARABIC = re.compile("[\u06d5\u06c7\u06c6\u06cb\u06ad\u0674-\u0678]")
_TURKIC_LATIN = re.compile("[\u0131\u0259\u011f]")


class _Letters(dict[int, str | None]):
    """Translation table that learns a letter it has not met from ``anyascii``."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if letter.isspace():
            latin = " "
        elif _UNWRITTEN.match(letter):
            latin = ""
        else:
            known = anyascii(letter).casefold().replace("'", "")
            latin = "".join(char if char.isalnum() else " " for char in known)
        self[code] = latin
        return latin


_LETTERS = _Letters({ord(row["letter"]): row["latin"] for row in rows("letters")})
# Left out by None and not by an empty text, with which ASCII would be translated the slow way.
_LETTERS |= {ord("'"): None, ord("&"): " and ", ord("+"): " and "}

_SPELLINGS = {row["from"]: row["to"] for row in rows("spellings") if row["kind"] == "letters"}
_LONGEST_FIRST = sorted(_SPELLINGS, key=lambda group: (-len(group), group))
_LETTER_GROUPS = re.compile("|".join(map(re.escape, _LONGEST_FIRST)))
_PATTERNS = tuple(
    (re.compile(row["from"]), row["to"]) for row in rows("spellings") if row["kind"] == "pattern"
)


def clean(text: str) -> str:
    """NFKC, case folding, one kind of apostrophe, single spaces: the text in its own script.

    >>> clean("  Ｌ’Été  ")
    "l'été"
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().translate(_TO_APOSTROPHE).split())


def plain(text: str) -> str:
    """``clean`` with every run of punctuation as one space: words of the own script, for word lists.

    >>> plain("Концерт-ремикс (2011)")
    'концерт ремикс 2011'
    """
    return " ".join(re.findall(r"\w+", clean(text).replace("'", "").replace("_", " ")))


def remembered(function: Callable[[str], Result], most: int = KEPT_FOLDS) -> Callable[[str], Result]:
    """The function of the beginning of a text, with at most so many of its latest results kept."""
    kept = lru_cache(maxsize=most)(function)

    @wraps(function)
    def found(text: str) -> Result:
        return kept(text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT])

    return found


@remembered
def fold(text: str) -> str:
    """The folding key of a text, at most ``LONGEST_FOLD`` characters; empty only for an empty text.

    >>> fold("Жазғы кеш"), fold("Jazğy keş"), fold("Zhazgy Kesh")
    ('jazgi kesh', 'jazgi kesh', 'jazgi kesh')
    >>> fold("اباي قۇنانبايۇلى") == fold("Абай Құнанбайұлы") == fold("Abai Qunanbaiuly")
    True
    >>> fold("Пётр Чайковский"), fold("Pyotr Tchaikovsky")
    ('petr chaikovski', 'petr chaikovski')
    """
    if text.isascii():
        # Nothing to compose and nothing to take for another letter: most texts of a large batch.
        lowered = text.lower().replace("`", "'")
    else:
        composed = unicodedata.normalize("NFKC", text)
        if not composed.isascii():
            composed = _WORD.sub(_one_script, composed)
        lowered = composed.casefold().translate(_TO_APOSTROPHE)
    if "'" in lowered and _LATIN_2017.search(lowered):
        lowered = _CH_2017.sub("ch", _SH_2017.sub("sh", lowered))
    if _AIN in lowered and not _KAZAKH_ARABIC.search(lowered):
        lowered = lowered.replace(_AIN, "\u0627")
    if "c" in lowered and _TURKIC_LATIN.search(lowered):
        lowered = lowered.replace("c", "j")
    key = " ".join([_RESPELT[word] for word in lowered.translate(_LETTERS).split()])
    # A title of signs only ("***", "!!!") is still a title: it is compared as it stands.
    return (key or "".join(lowered.split()))[:LONGEST_FOLD].rstrip()


def _one_script(word: re.Match[str]) -> str:
    """The word with Latin look-alikes made Cyrillic where it has letters of both."""
    text = word.group()
    if _CYRILLIC.search(text) and _ASCII_LETTER.search(text):
        return text.translate(_LOOKALIKES)
    return text


def _respell(group: re.Match[str]) -> str:
    return _SPELLINGS[group.group()]


class _Respelt(dict[str, str]):
    """Words in base Latin letters with their spellings made one; texts share most of their words."""

    def __missing__(self, word: str) -> str:
        key = _LETTER_GROUPS.sub(_respell, word)
        for pattern, replacement in _PATTERNS:
            key = pattern.sub(replacement, key)
        if len(self) >= KEPT_WORDS:
            self.clear()
        self[word] = key
        return key


_RESPELT = _Respelt()
