"""Folding keys of many texts at once: a text is a line of one long text, and each step is for all lines.

The keys are those of ``fold`` and ``fold_title``, several times faster than one text after the other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.normalize.scripts import (
    DOUBLED,
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

LINES_AT_ONCE = 20_000
"""Texts folded in one go, so that what they become on the way takes a few megabytes."""

_DOUBLED = np.isin(np.arange(128), np.frombuffer(DOUBLED.encode("ascii"), dtype=np.uint8))


def word_keys(texts: Sequence[str]) -> list[str]:
    """The folding keys of texts, but nothing for a text without any letter or digit.

    >>> word_keys(["Жазғы кеш", "Zhazgy Kesh", "***"])
    ['jazgi kesh', 'jazgi kesh', '']
    """
    # ASCII has a faster way, which other letters beside it would bar.
    ascii_keys = iter(_keys([text for text in texts if text.isascii()]))
    other_keys = iter(_keys([text for text in texts if not text.isascii()]))
    return [next(ascii_keys if text.isascii() else other_keys) for text in texts]


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
    words = lines.translate(LETTERS_OF_LINES)
    while "  " in words:
        words = words.replace("  ", " ")
    words = words.replace(" \n", "\n").replace("\n ", "\n").strip(" ")
    keys = respelt(words, _single).split("\n")
    if len(max(keys, key=len)) <= LONGEST_FOLD:
        return keys
    return [key[:LONGEST_FOLD].rstrip() for key in keys]


def _single(words: str) -> str:
    """Words with one letter in place of each that is doubled; keys are ASCII, a byte a letter."""
    letters = np.frombuffer(words.encode("ascii"), dtype=np.uint8)
    kept = np.ones(len(letters), dtype=bool)
    kept[:-1] = (letters[1:] != letters[:-1]) | ~_DOUBLED[letters[1:]]
    return letters[kept].tobytes().decode("ascii")
