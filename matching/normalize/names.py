"""Names of parties and performers as order-free keys, and how alike two of them are."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Indel

from matching.normalize.scripts import KEPT_FOLDS, fold
from matching.normalize.tables import column

ALIKE = 850
"""From this many per mille on, two name keys are taken for spellings of one name."""
SHORTEST_STEM = 3
TOKEN_ALIKE = 800
"""A word of one name that may be the misspelt word of another, when names of different length meet."""
TOKEN_NEAR = 700
"""The same for names with as many words, where every word needs a partner."""
PARTLY_NAMED = 940
"""Every word of the shorter name stands in the longer one: a middle name or patronymic is left out."""
BY_INITIAL = 900
"""As before, with a given name reduced to its initial on one side."""
OTHER_INITIAL = 600
"""At most this where an initial contradicts: one family name, two persons."""

_HONORIFICS = frozenset(fold(word) for word in column("honorifics", "word"))
_PLACEHOLDERS = frozenset(fold(name) for name in column("placeholder_names", "name"))
_SUFFIXES = tuple(sorted(column("name_suffixes", "suffix"), key=lambda suffix: (-len(suffix), suffix)))
_CONNECTORS = frozenset({"the", "and"})
_LONG_HONORIFICS = tuple(sorted(word for word in _HONORIFICS if " " in word))


@lru_cache(maxsize=KEPT_FOLDS)
def name_key(name: str) -> str:
    """The words of a name, folded, without honorifics and family-name endings, sorted.

    Initials are kept. A name of nothing but honorifics keeps them: every name has a key.

    >>> name_key("Құнанбайұлы, Абай"), name_key("Abay Kunanbayev"), name_key("Г-н А. Кунанбаев")
    ('abai kunanbai', 'abai kunanbai', 'a kunanbai')
    """
    whole = fold(name)
    for honorific in _LONG_HONORIFICS:
        whole = f" {whole} ".replace(f" {honorific} ", " ").strip()
    words = [word for word in whole.split() if word not in _HONORIFICS and word not in _CONNECTORS]
    return " ".join(sorted(_stem(word) for word in words or fold(name).split()))


def is_placeholder(name: str) -> bool:
    """Whether a name names nobody: unknown, traditional, various artists and the like.

    >>> is_placeholder("[unknown]"), is_placeholder("Халық әні"), is_placeholder("Роза Бағланова")
    (True, True, False)
    """
    key = fold(name)
    return not key or key in _PLACEHOLDERS


def _stem(word: str) -> str:
    """A folded word without a family-name or patronymic ending: one family, several customs of writing."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= SHORTEST_STEM:
            stem = word[: -len(suffix)]
            # -ев after a vowel swallowed the й: Құнанбай, Кунанбаев.
            return stem + "i" if suffix[0] == "e" and stem[-1] in "aeou" else stem
    return word


def letters_alike(left: str, right: str) -> int:
    """How much of two keys is common, per mille: 1000 for equal ones, by insertions and deletions."""
    if left == right:
        return 1000
    total = len(left) + len(right)
    return 1000 * (total - Indel.distance(left, right)) // total


@lru_cache(maxsize=KEPT_FOLDS)
def names_alike(left: str, right: str) -> int:
    """How alike two name keys are, per mille; initials and left-out middle names are allowed for.

    >>> names_alike(name_key("А. Құнанбайұлы"), name_key("Abay Kunanbayev"))
    900
    >>> names_alike(name_key("Роза Бағланова"), name_key("Роза Рымбаева")) < ALIKE
    True
    """
    score = letters_alike(left, right)
    if score == 1000 or not left or not right:
        return score
    short, long = sorted((left.split(), right.split()), key=lambda words: (len(words), words))
    if len(short) < 2:
        return score
    free = list(long)
    pairs: list[tuple[str, str, int]] = []
    # Longest words choose first, so that an initial never takes the word that a full name needs.
    for word in sorted(short, key=lambda item: (-len(item), item)):
        partner, alike = max(
            ((other, _words_alike(word, other)) for other in free), key=lambda pair: (pair[1], pair[0])
        )
        if alike < TOKEN_NEAR:
            return min(score, OTHER_INITIAL) if min(len(word), len(partner)) == 1 else score
        free.remove(partner)
        pairs.append((word, partner, alike))
    return max(score, _paired(pairs, complete=not free))


def _paired(pairs: list[tuple[str, str, int]], *, complete: bool) -> int:
    """The score of two names whose words found partners; ``complete``: on both sides every word did."""
    whole = [alike for word, partner, alike in pairs if len(word) > 1 and len(partner) > 1]
    if not whole:
        return 0
    if complete and len(whole) == len(pairs):
        letters = [len(word) + len(partner) for word, partner, _ in pairs]
        return sum(a * n for a, n in zip(whole, letters, strict=True)) // sum(letters)
    if min(whole) < TOKEN_ALIKE:
        return 0
    return PARTLY_NAMED if len(whole) == len(pairs) else BY_INITIAL


def _words_alike(word: str, other: str) -> int:
    """Per mille; an initial is as good as the word that begins with it."""
    if len(word) == 1 or len(other) == 1:
        return TOKEN_ALIKE if word[0] == other[0] else 0
    return letters_alike(word, other)
