"""Which letters folded texts have and how often: enough to see that two texts cannot be alike.

Most candidates agree in one field and have nothing to do with each other in the next. Comparing their letters
in order is what the time of a batch would go to; counting them tells five of six such pairs apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Bits = NDArray[np.uint64]

_LETTERS, _SIGNS = 26, 36
_ALL = 64
"""Letters, digits, a space and all other signs have a number below this."""
TEXTS_AT_ONCE = 1_000
"""Texts whose letters are counted in one go: what that takes is small enough for the processor to keep."""
_ONCE = np.uint64((1 << _SIGNS) - 1)
"""The bits for the first appearances."""


def _numbers_of_signs() -> Numbers:
    """For each byte the number of its letter, digit or space; the last number for any other."""
    numbers = np.full(256, _ALL - 1, dtype=np.int64)
    numbers[ord("a") : ord("z") + 1] = np.arange(_LETTERS)
    numbers[ord("0") : ord("9") + 1] = np.arange(_LETTERS, _SIGNS)
    numbers[ord(" ")] = _SIGNS
    return numbers


_NUMBERS = _numbers_of_signs()


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """For each of some folded texts its length without spaces, how many spaces it has, and its letters.

    A text has a bit in ``few`` for each letter and digit that it has and for each letter that it has
    twice, in ``many`` for those that it has three and four times.
    """

    lengths: Numbers
    spaces: Numbers
    few: Bits
    many: Bits

    def may_be_alike(self, first: Numbers, second: Numbers, least: int) -> NDArray[np.bool_]:
        """Whether the likeness of two texts (``fuzz.ratio``), with or without spaces, may reach ``least``.

        What two texts have in common in one order is no more than what they have in common at all, and every
        bit that only one of them has is a letter that they do not share.
        """
        whole = self.lengths[first] + self.lengths[second]
        spaces = self.spaces[first], self.spaces[second]
        # In hundredths: what is shared beyond the least, and what spaces can add to it.
        beyond = (100 - least) * whole - 100 * _count(self.few[first] ^ self.few[second])
        beyond += np.maximum(200 * np.minimum(*spaces) - least * (spaces[0] + spaces[1]), 0)
        near = np.flatnonzero(beyond >= 0)
        far = 100 * _count(self.many[first[near]] ^ self.many[second[near]])
        may = np.zeros(len(first), dtype=bool)
        may[near] = beyond[near] >= far
        return may

    def may_hold(self, first: Numbers, second: Numbers, least: int) -> NDArray[np.bool_]:
        """Whether one of two texts may hold the words of the other (``fuzz.token_set_ratio`` of ``least``).

        The words that both have are then all but a small part of one text, and its letters that the other
        lacks stand in that part.
        """
        mine, other = self.few[first] & _ONCE, self.few[second] & _ONCE
        both = mine & other
        may = np.zeros(len(first), dtype=bool)
        for letters, texts in ((mine, first), (other, second)):
            odd = _count(letters ^ both)
            may |= (200 - least) * odd <= (200 - 2 * least) * (self.lengths[texts] + self.spaces[texts])
        return may


def letter_counts(texts: Sequence[str]) -> LetterCounts:
    """The letters of folded texts.

    >>> counts = letter_counts(["zhazgi kesh", "zhas kesh", "toi"])
    >>> counts.may_be_alike(np.array([0, 0]), np.array([1, 2]), 60).tolist()
    [True, False]
    """
    parts = [_counted(texts[at : at + TEXTS_AT_ONCE]) for at in range(0, len(texts), TEXTS_AT_ONCE)]
    return LetterCounts(*map(np.concatenate, zip(*parts, strict=True)))


def _counted(texts: Sequence[str]) -> tuple[Numbers, Numbers, Bits, Bits]:
    """What ``LetterCounts`` has of these texts."""
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    signs = np.frombuffer("".join(texts).encode("ascii", "replace"), dtype=np.uint8)
    owners = np.repeat(np.arange(len(texts)), lengths)
    counts = np.bincount(owners * _ALL + _NUMBERS[signs], minlength=len(texts) * _ALL).reshape(-1, _ALL)
    spaces, signs_of = counts[:, _SIGNS], counts[:, :_SIGNS]
    letters = signs_of[:, :_LETTERS]
    few = _bits(signs_of >= 1, letters >= 2)
    return lengths - spaces, spaces, few, _bits(letters >= 3, letters >= 4)


def _bits(*parts: NDArray[np.bool_]) -> Bits:
    """The columns of all parts as the bits of one number for each row, the first column as the lowest."""
    bits = np.zeros((len(parts[0]), 64), dtype=bool)
    at = 0
    for part in parts:
        bits[:, at : at + part.shape[1]] = part
        at += part.shape[1]
    return np.packbits(bits, axis=1, bitorder="little").view("<u8")[:, 0].astype(np.uint64)


def _count(bits: Bits) -> NDArray[np.int32]:
    # numpy counts into a byte, which overflows at the first sum.
    return np.bitwise_count(bits).astype(np.int32)
