"""Signatures of spellings: which of millions of folded texts are nearly like one, in one pass over memory.

A signature has a bit for every pair of letters that stand next to each other or have one between them. A slip
of the finger changes few pairs wherever it falls, so what is spelled alike shares most bits; counting them
takes some nanoseconds for each text, for any text and any mistake. Signatures are stored: who changes
``BITS`` or what a bit stands for has to make all of them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

BITS = 256
WORDS = BITS // 64
GAPS = (1, 2)
"""How far the letters of a pair stand from each other."""
Signatures = npt.NDArray[np.uint64]
"""One column for each text, ``WORDS`` rows."""
AT_ONCE = 4_096
LEVELS = 255
"""Steps in which texts are told apart by what they share."""


def signatures(texts: Sequence[str]) -> Signatures:
    """The signatures of folded texts; that of an empty one is zero.

    >>> int(np.bitwise_count(signatures(["jazgi kesh", ""])).sum(axis=0)[1])
    0
    """
    made = np.zeros((WORDS, len(texts)), np.uint64)
    for start in range(0, len(texts), AT_ONCE):
        part = texts[start : start + AT_ONCE]
        made[:, start : start + len(part)] = _signed(part)
    return made


def _signed(texts: Sequence[str]) -> Signatures:
    # A space on both sides, so that the first and last letter of a text count as much as any other.
    written = [f" {text} ".encode() if text else b"" for text in texts]
    letters = np.frombuffer(b"".join(written), np.uint8).astype(np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(each) for each in written])
    bits = np.zeros((len(texts), BITS), bool)
    for gap in GAPS:
        same = owner[:-gap] == owner[gap:]
        pair = letters[:-gap][same] << np.uint32(8) | letters[gap:][same]
        # Multiplied and cut, pairs spread evenly; the last bit is left free, so a count fits a byte.
        place = (pair * np.uint32(2_654_435_761) >> np.uint32(16)) % np.uint32(BITS - 1)
        bits[owner[:-gap][same], place] = True
    packed = np.packbits(bits, axis=1, bitorder="little").view("<u8")
    return np.ascontiguousarray(packed.T.astype(np.uint64))


@dataclass(frozen=True, slots=True)
class Block:
    """Signatures with the bits in each; text ``place`` of it has the key ``first + place``."""

    first: int
    signed: Signatures
    counted: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, first: int, signed: Signatures) -> Block:
        """A block of these signatures."""
        return cls(first, signed, counted(signed))


def counted(signed: Signatures) -> npt.NDArray[np.uint8]:
    """Bits of each signature."""
    bits: npt.NDArray[np.uint8] = np.bitwise_count(signed).sum(axis=0, dtype=np.uint8)
    return bits


def likeliest(blocks: Iterable[Block], text: str, most: int) -> list[int]:
    """Keys of texts that share most with a text for their length, about ``most`` of them at most.

    Of those that share equally much for their length all are given or, where they are too many, the first.
    """
    wanted = signatures([text])[:, 0]
    own = int(np.bitwise_count(wanted).sum())
    if not own:
        return []
    held = list(blocks)
    levels = [_levels(block, wanted, own) for block in held]
    least, above = 1, LEVELS + 1
    while least < above:
        middle = (least + above) // 2
        if sum(int(np.count_nonzero(level >= middle)) for level in levels) > most:
            least = middle + 1
        else:
            above = middle
    # The level below would be too many: only as many of it as there is room for.
    found: list[int] = []
    below: list[int] = []
    for block, level in zip(held, levels, strict=True):
        found += (np.flatnonzero(level >= least) + block.first).tolist()
        if least > 1 and len(below) < most:
            below += (np.flatnonzero(level == least - 1) + block.first).tolist()
    return found + below[: max(most - len(found), 0)]


def _levels(block: Block, wanted: npt.NDArray[np.uint64], own: int) -> npt.NDArray[Any]:
    """How much of both texts is shared, beyond what any two texts share by chance, from 0 to ``LEVELS``."""
    shared = np.zeros(block.counted.shape, np.uint8)
    for signed, word in zip(block.signed, wanted, strict=True):
        if word:
            shared += np.bitwise_count(signed & word)
    bits = block.counted.astype(np.float32)
    by_chance = bits * np.float32(own / BITS)
    level = (shared - by_chance) * np.float32(2 * LEVELS) / (bits + np.float32(own))
    return np.clip(level, 0, LEVELS).astype(np.uint8)
