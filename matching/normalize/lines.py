"""Folding keys of many texts at once: a text is a line of one long text, and each step is for all lines.

The keys are those of ``fold`` and ``fold_title``, several times faster than one text after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.normalize.scripts import (
    DOUBLED,
    GROUPS,
    LETTERS_OF_LINES,
    LONG_ASCII,
    LONGEST_FOLD,
    LONGEST_TEXT,
    SH_OR_CH,
    SHOWS_ALPHABET,
    by_alphabet,
    fold,
    in_lines,
    lowered,
    respelt,
)
from matching.normalize.titles import turned, without_article

Letters = NDArray[np.uint8]
Numbers = NDArray[np.int64]

LINES_AT_ONCE = 20_000
"""Texts folded in one go, so that what they become on the way takes a few megabytes."""

# Folded letters are ASCII, a byte a letter.
_SPACE = ord(" ")
_GROUPS = [(group.encode("ascii"), latin.encode("ascii")) for group, latin in GROUPS.items()]
_LONGEST_GROUP = max(map(len, GROUPS))
_DOUBLED = np.isin(np.arange(128), np.frombuffer(DOUBLED.encode("ascii"), dtype=np.uint8))


def word_keys(texts: Sequence[str]) -> list[str]:
    """The folding keys of texts, but nothing for a text without any letter or digit.

    >>> word_keys(["Жазғы кеш", "Zhazgy Kesh", "***"])
    ['jazgi kesh', 'jazgi kesh', '']
    """
    # ASCII has a faster way, which other letters beside it would bar.
    keys = _keys(list(filter(str.isascii, texts)))
    places = [place for place, text in enumerate(texts) if not text.isascii()]
    found: list[str] = []
    at = 0
    for before, (place, key) in enumerate(zip(places, _keys([texts[n] for n in places]), strict=True)):
        found += keys[at : place - before]
        found.append(key)
        at = place - before
    return found + keys[at:]


def title_keys(titles: Sequence[str]) -> list[str]:
    """The folding keys of titles without their leading articles.

    >>> title_keys(["Wall, The", "***"])
    ['ual', '***']
    """
    straight = [turned(title) for title in titles]
    distinct = list(dict.fromkeys(straight))
    keys = {
        title: without_article(key or fold(title))
        for title, key in zip(distinct, word_keys(distinct), strict=True)
    }
    return [keys[title] for title in straight]


def _keys(texts: Sequence[str]) -> list[str]:
    keys: list[str] = []
    for at in range(0, len(texts), LINES_AT_ONCE):
        keys += _keys_of_lines(texts[at : at + LINES_AT_ONCE])
    return keys


def _keys_of_lines(texts: Sequence[str]) -> list[str]:
    lines = "\n".join(texts)
    if len(max(texts, key=len)) > LONGEST_TEXT or lines.count("\n") != len(texts) - 1:
        lines = "\n".join([text[:LONGEST_TEXT].replace("\n", " ") for text in texts])
    lines = lowered(lines)
    lines = in_lines(SH_OR_CH if lines.isascii() else SHOWS_ALPHABET, by_alphabet, lines)
    if lines.isascii():
        for letter, latin in LONG_ASCII:
            lines = lines.replace(letter, latin)
    words = _one_space(lines.translate(LETTERS_OF_LINES))
    keys = respelt(words, _grouped, _single).split("\n")
    if len(max(keys, key=len)) <= LONGEST_FOLD:
        return keys
    return [key[:LONGEST_FOLD].rstrip() for key in keys]


def _one_space(words: str) -> str:
    """Lines with one space between words and none around them."""
    signs = np.frombuffer(f"\n{words}\n".encode("ascii"), dtype=np.uint8)
    # The first space after each word, and of these the ones that another word follows.
    kept = signs != _SPACE
    kept[1:] |= signs[:-1] > _SPACE
    signs = signs[kept]
    kept = signs != _SPACE
    kept[:-1] |= signs[1:] > _SPACE
    found: str = signs[kept].tobytes().decode("ascii")
    return found[1:-1]


def _grouped(words: str) -> str:
    """Words with one spelling in place of each group of letters."""
    letters = np.frombuffer(words.encode("ascii") + bytes(_LONGEST_GROUP), dtype=np.uint8).copy()
    kept = letters > 0
    places, groups = _groups_in(letters)
    for number, (group, latin) in enumerate(_GROUPS):
        own = places[groups == number]
        for at, letter in enumerate(latin):
            letters[own + at] = letter
        for at in range(len(latin), len(group)):
            kept[own + at] = False
    return letters[kept].tobytes().decode("ascii")


def _groups_in(letters: Letters) -> tuple[Numbers, Numbers]:
    """Where groups of letters stand, and which: the first one, the first one after its end, and so on."""
    found = []
    for group, _ in _GROUPS:
        places = np.flatnonzero((letters[:-1] == group[0]) & (letters[1:] == group[1]))
        for at, letter in enumerate(group[2:], start=2):
            places = places[letters[places + at] == letter]
        found.append(places)
    places = np.concatenate(found)
    groups = np.repeat(np.arange(len(found)), list(map(len, found)))
    # Of two that begin at one place the longer one comes first, as it does among the groups.
    order = np.argsort(places, kind="stable")
    places, groups = places[order], groups[order]
    sizes = np.array([len(group) for group, _ in _GROUPS])
    while True:
        ends = np.maximum.accumulate(places + sizes[groups])
        within = np.append(False, places[1:] < ends[:-1])[: len(places)]
        # What begins within another is none, but for now only where that one begins within no third.
        none = within & ~np.append(False, within[:-1])[: len(places)]
        if not none.any():
            return places, groups
        places, groups = places[~none], groups[~none]


def _single(words: str) -> str:
    """Words with one letter in place of each that is doubled; keys are ASCII, a byte a letter."""
    letters = np.frombuffer(words.encode("ascii"), dtype=np.uint8)
    kept = np.ones(len(letters), dtype=bool)
    kept[:-1] = (letters[1:] != letters[:-1]) | ~_DOUBLED[letters[1:]]
    return letters[kept].tobytes().decode("ascii")
