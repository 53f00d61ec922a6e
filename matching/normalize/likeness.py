"""How alike two name keys are: word by word, with room for spellings, initials and left-out words.

The tables beside this module say what is one name in spite of its letters: ``name_groups.csv`` has nicknames,
the forms of a name in other languages and how transcriptions write it, ``sounds.csv`` the letters that
spellings of one sound confuse.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations

from rapidfuzz.distance import Indel

from matching.normalize.scripts import KEPT_FOLDS, fold
from matching.normalize.tables import rows

ALIKE = 850
"""From this many per mille on, two name keys are taken for spellings of one name."""
TOKEN_ALIKE = 800
"""A word of one name that may be the misspelt word of another, when names of different length meet."""
TOKEN_NEAR = 700
"""The same for names with as many words, where every word needs a partner."""
SAME_GROUP = 920
"""Two words that the table has in one group, as Bill and William."""
SAME_SOUND = 900
"""Two words that differ in letters of one sound only."""
ABJAD = 860
"""One word is the other without some of its vowels, as scripts that do not write them have it."""
PARTLY_NAMED = 940
"""Every word of the shorter name stands in the longer one: a middle name or patronymic is left out."""
BY_INITIAL = 900
"""As before, with a given name reduced to its initial on one side."""
OTHER_INITIAL = 600
"""At most this where an initial contradicts: one family name, two persons."""
OTHER_WORD = 800
"""At most this where a whole word contradicts: one given name, two families."""
LEAST_WORD = 3
MOST_JOINED = 4
"""Words of a name that are put together in every order, to meet one written without spaces."""

_INITIALS = frozenset({"pf", "ij", "uv"})
"""Initials of one name in two spellings: P. for Филипп, J. for Иоганн, W. for Владимир."""
_VOWELS = re.compile("[aeiou]")
_SOUNDS = tuple((re.compile(row["from"]), row["to"]) for row in rows("sounds"))


def _groups() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, row in enumerate(rows("name_groups")):
        for word in row["words"].split():
            found[fold(word)].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


_GROUPS = _groups()
_NONE: frozenset[int] = frozenset()


def letters_alike(left: str, right: str) -> int:
    """How much of two keys is common, per mille: 1000 for equal ones, by insertions and deletions."""
    if left == right:
        return 1000
    total = len(left) + len(right)
    return 1000 * (total - Indel.distance(left, right)) // total


@lru_cache(maxsize=KEPT_FOLDS)
def names_alike(left: str, right: str) -> int:
    """How alike two name keys are, per mille; initials and left-out middle names are allowed for.

    >>> from matching.normalize.names import name_key
    >>> names_alike(name_key("А. Құнанбайұлы"), name_key("Abay Kunanbayev"))
    900
    >>> names_alike(name_key("Роза Бағланова"), name_key("Роза Рымбаева")) < ALIKE
    True
    """
    score = letters_alike(left, right)
    if score == 1000 or not left or not right:
        return score
    short, long = sorted((left.split(), right.split()), key=lambda words: (len(words), words))
    if len(short) == 1:
        return max(score, words_alike(short[0], long[0]) if len(long) == 1 else _joined(short[0], long))
    free = list(long)
    pairs: list[tuple[str, str, int]] = []
    # Longest words choose first, so that an initial never takes the word that a full name needs.
    for word in sorted(short, key=lambda item: (-len(item), item)):
        if not free:
            # A word before took two of them.
            return _contradicted(score, word, word, left, right)
        partner, alike = max(
            ((other, words_alike(word, other)) for other in free), key=lambda pair: (pair[1], pair[0])
        )
        if alike < TOKEN_NEAR:
            two = _two_words(word, free) if len(free) > 1 else ()
            if not two:
                return _contradicted(score, word, partner, left, right)
            partner, alike = "".join(two), words_alike(word, "".join(two))
            free.remove(two[0])
            free.remove(two[1])
        else:
            free.remove(partner)
        pairs.append((word, partner, alike))
    return _paired(pairs, score, complete=not free)


def _contradicted(score: int, word: str, partner: str, left: str, right: str) -> int:
    """The score of two names of which one has a word without a partner."""
    if min(len(word), len(partner)) == 1:
        return min(score, OTHER_INITIAL)
    glued = letters_alike(left.replace(" ", ""), right.replace(" ", ""))
    return glued if glued > score else min(score, OTHER_WORD)


def _two_words(word: str, free: Sequence[str]) -> tuple[str, ...]:
    """The two words that together are this one, as Abd Halim is Abdelhalim; none if no two are."""
    if len(free) > MOST_JOINED or len(word) < 2 * LEAST_WORD:
        return ()
    best = max(permutations(free, 2), key=lambda two: (words_alike(word, "".join(two)), two))
    return best if words_alike(word, "".join(best)) >= TOKEN_ALIKE else ()


def _joined(word: str, words: Sequence[str]) -> int:
    """A name without spaces and one with: the most alike order of the latter's words."""
    if len(words) > MOST_JOINED:
        return 0
    return max(words_alike(word, "".join(order)) for order in permutations(words))


def _paired(pairs: list[tuple[str, str, int]], score: int, *, complete: bool) -> int:
    """The score of two names whose words found partners; ``complete``: on both sides every word did."""
    whole = [alike for word, partner, alike in pairs if len(word) > 1 and len(partner) > 1]
    if not whole:
        return score
    if complete and len(whole) == len(pairs):
        letters = [len(word) + len(partner) for word, partner, _ in pairs]
        return sum(a * n for a, n in zip([alike for *_, alike in pairs], letters, strict=True)) // sum(
            letters
        )
    if min(whole) < TOKEN_ALIKE:
        return min(score, OTHER_WORD)
    return PARTLY_NAMED if len(whole) == len(pairs) else BY_INITIAL


@lru_cache(maxsize=KEPT_FOLDS)
def words_alike(word: str, other: str) -> int:
    """How alike two words of names are, per mille; an initial is as good as the word that begins with it.

    >>> words_alike("bil", "uiliam"), words_alike("gugush", "gogosh"), words_alike("mrat", "murat")
    (920, 900, 888)
    """
    if len(word) == 1 or len(other) == 1:
        first = word[0] + other[0]
        return TOKEN_ALIKE if first[0] == first[1] or first in _INITIALS or first[::-1] in _INITIALS else 0
    score = letters_alike(word, other)
    if score < SAME_GROUP and _GROUPS.get(word, _NONE) & _GROUPS.get(other, _NONE):
        return SAME_GROUP
    if score < SAME_SOUND:
        mine, yours = _sound(word), _sound(other)
        score = max(score, SAME_SOUND * letters_alike(mine, yours) // 1000)
        if score < ABJAD and _unwritten_vowels(word, other):
            return ABJAD
    return score


@lru_cache(maxsize=KEPT_FOLDS)
def _sound(word: str) -> str:
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def _unwritten_vowels(word: str, other: str) -> bool:
    """Whether the two have the same consonants, and one only some of the other's vowels."""
    short, long = sorted((word, other), key=len)
    skeleton = _VOWELS.sub("", short)
    if len(skeleton) < LEAST_WORD or skeleton != _VOWELS.sub("", long):
        return False
    left = iter(long)
    return all(letter in left for letter in short)
