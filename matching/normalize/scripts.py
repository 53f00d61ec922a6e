"""The folding key: one spelling in base Latin letters for text in any script.

Kazakh is at home here in all its alphabets (Cyrillic, the Latin ones of 2017, 2018, 2021 and of the
1930s, Arabic script), Russian beside it; what the tables do not know goes through ``anyascii``. A key is
for comparing and finding, never for showing: it merges sounds that spellings confuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, wraps
from typing import TypeVar

from anyascii import anyascii

from matching.normalize.tables import rows

Result = TypeVar("Result")
KEPT_FOLDS = 50_000
"""Folded texts kept in memory; a batch meets the same names and titles again and again."""
KEPT_WORDS = 200_000
"""Words kept with their one spelling; beyond so many they are learned anew."""
LINES_AT_ONCE = 20_000
"""Texts folded in one go, so that what they become on the way takes a few megabytes."""
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
_SH_OR_CH = re.compile("'(?<=[sc]')(?=[a-z])")
_SHOWS_ALPHABET = re.compile(f"{_SH_OR_CH.pattern}|{_AIN}|{_TURKIC_LATIN.pattern}")


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
_LETTERS_OF_LINES = _Letters(_LETTERS)
_LETTERS_OF_LINES[ord("\n")] = "\n"
# ASCII is translated the fast way as long as a letter becomes at most one; the others are replaced before.
_LONG_ASCII = tuple(
    (chr(code), latin) for code, latin in _LETTERS.items() if code < 128 and latin and len(latin) > 1
)
_SPACES = re.compile("  +")

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
    lowered = _by_alphabet(_lowered(text.replace("\n", " ")))
    key = " ".join([_RESPELT[word] for word in lowered.translate(_LETTERS).split()])
    # A title of signs only ("***", "!!!") is still a title: it is compared as it stands.
    return (key or "".join(lowered.split()))[:LONGEST_FOLD].rstrip()


def word_keys(texts: Sequence[str]) -> list[str]:
    """The folding keys of many texts, but nothing for a text without any letter or digit.

    It is several times faster than ``fold`` of one after the other: a text is a line of one long text, and
    each step is taken for all lines at once.

    >>> word_keys(["Жазғы кеш", "Zhazgy Kesh", "***"])
    ['jazgi kesh', 'jazgi kesh', '']
    """
    # ASCII has a faster way, which other letters beside it would bar.
    ascii_keys = _keys([text for text in texts if text.isascii()])
    other_keys = _keys([text for text in texts if not text.isascii()])
    return [next(ascii_keys if text.isascii() else other_keys) for text in texts]


def _keys(texts: Sequence[str]) -> Iterator[str]:
    for at in range(0, len(texts), LINES_AT_ONCE):
        yield from _keys_of_lines(texts[at : at + LINES_AT_ONCE])


def _keys_of_lines(texts: Sequence[str]) -> list[str]:
    lines = "\n".join([text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] for text in texts])
    if lines.count("\n") != len(texts) - 1:
        lines = "\n".join([text[:LONGEST_TEXT].replace("\n", " ") for text in texts])
    lowered = _lowered(lines)
    lowered = _in_lines(_SH_OR_CH if lowered.isascii() else _SHOWS_ALPHABET, _by_alphabet, lowered)
    if lowered.isascii():
        for letter, latin in _LONG_ASCII:
            lowered = lowered.replace(letter, latin)
    words = _SPACES.sub(" ", lowered.translate(_LETTERS_OF_LINES))
    keys = _respelt(words.replace(" \n", "\n").replace("\n ", "\n").strip(" ")).split("\n")
    return [key if len(key) <= LONGEST_FOLD else key[:LONGEST_FOLD].rstrip() for key in keys]


def _lowered(text: str) -> str:
    """Lines in lower case, each word in letters of one script, with one kind of apostrophe."""
    if text.isascii():
        # Nothing to compose and nothing to take for another letter: most texts of a large batch.
        return text.lower().replace("`", "'")
    return _apostrophes(_in_lines(_CYRILLIC, _of_one_script, unicodedata.normalize("NFKC", text)).casefold())


def _apostrophes(text: str) -> str:
    """The text with one kind of apostrophe."""
    for sign in APOSTROPHES:
        text = text.replace(sign, "'")
    return text


def _of_one_script(text: str) -> str:
    """The text with Latin look-alikes made Cyrillic in words that have letters of both."""
    return _OF_TWO_SCRIPTS.sub(lambda word: word.group().translate(_LOOKALIKES), text)


def _by_alphabet(line: str) -> str:
    """A line in lower case with those letters replaced that others in it show to be another sound."""
    if "'" in line and _LATIN_2017.search(line):
        line = _CH_2017.sub("ch", _SH_2017.sub("sh", line))
    if _AIN in line and not _KAZAKH_ARABIC.search(line):
        line = line.replace(_AIN, "\u0627")
    if "c" in line and _TURKIC_LATIN.search(line):
        line = line.replace("c", "j")
    return line


def _in_lines(pattern: re.Pattern[str], change: Callable[[str], str], text: str) -> str:
    """The text with every line changed, by itself, in which the pattern is found."""
    done, at = [], 0
    while found := pattern.search(text, at):
        start, end = text.rfind("\n", at, found.start()) + 1 or at, text.find("\n", found.start())
        end = end if end >= 0 else len(text)
        done += [text[at:start], change(text[start:end])]
        at = end
    return "".join([*done, text[at:]])


def _respell(group: re.Match[str]) -> str:
    return _SPELLINGS[group.group()]


def _respelt(words: str) -> str:
    """Words in base Latin letters with their spellings made one, those of several texts in lines."""
    key = _LETTER_GROUPS.sub(_respell, words)
    for pattern, replacement in _PATTERNS:
        key = pattern.sub(replacement, key)
    return key


class _Respelt(dict[str, str]):
    """Words with their spellings made one, learned when they are met; texts share most of their words."""

    def __missing__(self, word: str) -> str:
        if len(self) >= KEPT_WORDS:
            self.clear()
        self[word] = key = _respelt(word)
        return key


_RESPELT = _Respelt()
