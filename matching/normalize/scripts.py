"""The folding key: one spelling in base Latin letters for text in any script.

Kazakh is at home here in all its alphabets (Cyrillic, the Latin ones of 2017, 2018, 2021 and of the
1930s, Arabic script), Russian beside it; what the tables do not know goes through ``anyascii``. A key is
for comparing and finding, never for showing: it merges sounds that spellings confuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, partial, wraps
from operator import methodcaller
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

# Latin letters typed inside a Cyrillic word look right and compare wrong.
_LOOKALIKES = str.maketrans("ABCEHKMOPTXYIaceopxyih", "АВСЕНКМОРТХУІасеорхуіһ")
_WORD = re.compile(r"\w+")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_OF_TWO_SCRIPTS = re.compile(r"\b(?=\w*[A-Za-z])\w*[\u0400-\u052f]\w*")

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


# What a text has in which one of the three rules above replaces something.
SH_OR_CH = re.compile("'(?<=[sc]')(?=[a-z])")
SHOWS_ALPHABET = re.compile(f"{SH_OR_CH.pattern}|{_AIN}|{_TURKIC_LATIN.pattern}")


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
LETTERS_OF_LINES = _Letters(_LETTERS)
LETTERS_OF_LINES[ord("\n")] = "\n"
# ASCII is translated the fast way as long as a letter becomes at most one; the others are replaced before.
LONG_ASCII = tuple(
    (chr(code), latin) for code, latin in _LETTERS.items() if code < 128 and latin and len(latin) > 1
)

_SPELLINGS = {row["from"]: row["to"] for row in rows("spellings") if row["kind"] == "letters"}
GROUPS = {group: _SPELLINGS[group] for group in sorted(_SPELLINGS, key=lambda group: (-len(group), group))}
"""Letters that stand for one sound together, the longest first; letters by themselves come after them."""
_SINGLE_LETTERS = [(letter, GROUPS.pop(letter)) for letter in list(GROUPS) if len(letter) == 1]
_ANY_GROUP = re.compile("|".join(map(re.escape, GROUPS)))


def _replacing(pattern: str, replacement: str) -> Callable[[str], str]:
    """What replaces a pattern; mere letters are replaced several times faster."""
    if pattern.isalpha():
        return methodcaller("replace", pattern, replacement)
    return partial(re.compile(pattern).sub, replacement)


_REPLACING = [_replacing(letter, latin) for letter, latin in _SINGLE_LETTERS]
_REPLACING += [_replacing(row["from"], row["to"]) for row in rows("spellings") if row["kind"] == "pattern"]
(DOUBLED,) = (row["from"] for row in rows("spellings") if row["kind"] == "doubled")
"""The letters of which several in a row count as one."""
_DOUBLED = re.compile(rf"([{DOUBLED}])(?=\1)")


def clean(text: str) -> str:
    """NFKC, case folding, one kind of apostrophe, single spaces: the text in its own script.

    >>> clean("  Ｌ’Été  ")
    "l'été"
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    return " ".join(_apostrophes(unicodedata.normalize("NFKC", text).casefold()).split())


def plain(text: str) -> str:
    """``clean`` with every run of punctuation as one space: words of the own script, for word lists.

    >>> plain("Концерт-ремикс (2011)")
    'концерт ремикс 2011'
    """
    return " ".join(_WORD.findall(clean(text).replace("'", "").replace("_", " ")))


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
    letters = by_alphabet(lowered(text.replace("\n", " ")))
    key = " ".join([_RESPELT[word] for word in letters.translate(_LETTERS).split()])
    # A title of signs only ("***", "!!!") is still a title: it is compared as it stands.
    return (key or "".join(letters.split()))[:LONGEST_FOLD].rstrip()


def lowered(text: str) -> str:
    """Lines in lower case, each word in letters of one script, with one kind of apostrophe."""
    if text.isascii():
        # Nothing to compose and nothing to take for another letter: most texts of a large batch.
        return text.lower().replace("`", "'")
    return _apostrophes(in_lines(_CYRILLIC, _of_one_script, unicodedata.normalize("NFKC", text)).casefold())


def _apostrophes(text: str) -> str:
    """The text with one kind of apostrophe."""
    for sign in APOSTROPHES:
        text = text.replace(sign, "'")
    return text


def _of_one_script(text: str) -> str:
    """The text with Latin look-alikes made Cyrillic in words that have letters of both."""
    return _OF_TWO_SCRIPTS.sub(lambda word: word.group().translate(_LOOKALIKES), text)


def by_alphabet(line: str) -> str:
    """A line in lower case with those letters replaced that others in it show to be another sound."""
    if "'" in line and _LATIN_2017.search(line):
        line = _CH_2017.sub("ch", _SH_2017.sub("sh", line))
    if _AIN in line and not _KAZAKH_ARABIC.search(line):
        line = line.replace(_AIN, "\u0627")
    if "c" in line and _TURKIC_LATIN.search(line):
        line = line.replace("c", "j")
    return line


def in_lines(pattern: re.Pattern[str], change: Callable[[str], str], text: str) -> str:
    """The text with every line changed, by itself, in which the pattern is found."""
    done, at = [], 0
    while found := pattern.search(text, at):
        start, end = text.rfind("\n", at, found.start()) + 1 or at, text.find("\n", found.start())
        end = end if end >= 0 else len(text)
        done += [text[at:start], change(text[start:end])]
        at = end
    return "".join([*done, text[at:]])


def _grouped(words: str) -> str:
    return _ANY_GROUP.sub(lambda group: GROUPS[group.group()], words)


def _single(words: str) -> str:
    return _DOUBLED.sub("", words)


def respelt(
    words: str, grouped: Callable[[str], str] = _grouped, single: Callable[[str], str] = _single
) -> str:
    """Words in base Latin letters with their spellings made one, those of several texts in lines.

    ``grouped`` replaces the ``GROUPS`` of letters, ``single`` makes one letter of each that is doubled.
    """
    key = grouped(words)
    for replacing in _REPLACING:
        key = replacing(key)
    return single(key)


class _Respelt(dict[str, str]):
    """Words with their spellings made one, learned when they are met; texts share most of their words."""

    def __missing__(self, word: str) -> str:
        if len(self) >= KEPT_WORDS:
            self.clear()
        self[word] = key = respelt(word)
        return key


_RESPELT = _Respelt()
