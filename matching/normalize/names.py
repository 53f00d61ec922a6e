"""Names of parties and performers as order-free keys: the words of a name, folded and sorted.

``matching.normalize.likeness`` says how alike two keys are.
"""

from __future__ import annotations

import re

from matching.normalize.scripts import fold, remembered
from matching.normalize.tables import column, rows

SHORTEST_STEM = 3
LONGEST_INITIALS = 3
"""Capitals without dots that may be initials: J. S. Bach as JS Bach."""

_HONORIFICS = frozenset(fold(word) for word in column("honorifics", "word"))
PLACEHOLDERS = frozenset(fold(name) for name in column("placeholder_names", "name"))
"""The folding keys of names that name nobody."""
_SUFFIXES = tuple(sorted(column("name_suffixes", "suffix"), key=lambda suffix: (-len(suffix), suffix)))
_ALONE = frozenset(row["suffix"] for row in rows("name_suffixes") if row["alone"])
_CONNECTORS = frozenset({"the", "and"})
_LONG_HONORIFICS = tuple(sorted(word for word in _HONORIFICS if " " in word))
_SIGNS = str.maketrans({row["sign"]: row["letter"] for row in rows("sign_letters")})
_SIGN_IN_WORD = re.compile(
    r"(?<=[^\W\d_])[" + "".join(re.escape(row["sign"]) for row in rows("sign_letters")) + r"](?=[^\W\d_])"
)
_RUN_TOGETHER = re.compile(r"(?<=[^\W\d_]{2}[^\W\d_A-ZА-Я])(?=[A-ZА-Я][^\W\d_A-ZА-Я]{2})")
_ARTICLE = re.compile(r"\b(?:al|el|as|ad|an|ar|ash|at|az|ul)-(?=[^\W\d_]{3})", re.IGNORECASE)
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w{3})")
_HAN_NAME = re.compile(r"^([\u4e00-\u9fff])([\u4e00-\u9fff]{1,2})$")
_HANGUL_NAME = re.compile(r"^([\uac00-\ud7a3])([\uac00-\ud7a3])([\uac00-\ud7a3])$")
_CAPITALS = re.compile(rf"\b[A-ZА-ЯӘҒҚҢӨҰҮІ]{{2,{LONGEST_INITIALS}}}\b(?![.'’])")
_NO_INITIALS = frozenset(column("capital_words", "word"))


@remembered
def name_key(name: str) -> str:
    """The words of a name, folded, without honorifics and family-name endings, sorted.

    Initials are kept. A name of nothing but honorifics keeps them: every name has a key.

    >>> name_key("Құнанбайұлы, Абай"), name_key("Abay Kunanbayev"), name_key("Г-н А. Кунанбаев")
    ('abai kunanbai', 'abai kunanbai', 'a kunanbai')
    >>> name_key("JS Bach"), name_key("RozaBaglanova"), name_key("Ke$ha"), name_key("Bashar al-Assad")
    ('bach j s', 'baglan roza', 'kesha', 'asad bashar')
    """
    whole = fold(_written_out(name))
    for honorific in _LONG_HONORIFICS:
        whole = f" {whole} ".replace(f" {honorific} ", " ").strip()
    words = [word for word in whole.split() if word not in _HONORIFICS and word not in _CONNECTORS]
    if len(words) > 2:
        words = [word for word in words if word not in _ALONE]
    return " ".join(sorted(_stem(word) for word in words or fold(name).split()))


def _written_out(name: str) -> str:
    """The name with its initials apart, its words apart and letters for signs that stand for them."""
    name = _ARABIC_ARTICLE.sub("", name.strip())
    name = _HANGUL_NAME.sub(r"\1 \2 \3", _HAN_NAME.sub(r"\1 \2", name))
    name = _ARTICLE.sub("", _SIGN_IN_WORD.sub(lambda sign: sign.group().translate(_SIGNS), name))
    if " " not in name:
        return _RUN_TOGETHER.sub(" ", name)
    if name.upper() == name:
        return name
    return _CAPITALS.sub(_initials, name)


def _initials(word: re.Match[str]) -> str:
    capitals = word.group()
    return capitals if capitals in _NO_INITIALS else " ".join(capitals)


def is_placeholder(name: str) -> bool:
    """Whether a name names nobody: unknown, traditional, various artists and the like.

    >>> is_placeholder("[unknown]"), is_placeholder("Халық әні"), is_placeholder("Роза Бағланова")
    (True, True, False)
    """
    key = fold(name)
    return not key or key in PLACEHOLDERS


def _stem(word: str) -> str:
    """A folded word without a family-name or patronymic ending: one family, several customs of writing."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            stem = word[: -len(suffix)]
            # -ев after a vowel swallowed the й: Құнанбай, Кунанбаев.
            return stem + "i" if suffix[0] == "e" and stem[-1] in "aeou" else stem
    return word
