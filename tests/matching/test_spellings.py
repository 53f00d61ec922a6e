"""Signatures: what is spelled nearly like a text shares most with it, wherever the slips fall."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.spellings import BITS, WORDS, Block, likeliest, signatures

TEXTS = (
    "jazgi kesh", "dala aspani", "lanterns over the steppe", "pismo izdaleka", "tishina nad rekoi",
    "koktem ani", "river of silver", "an", "saginish", "***", "", "a" * 500,
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("jagzi kesh", 0), ("dlaa aspani", 1), ("lantern ovr te stepe", 2), ("pismoizdaleka", 3),
        ("ishina nad reko", 4), ("rver of silvr", 6), ("an", 7), ("sginsh", 8), ("***", 9), ("aaaaaa", 11),
    ],
)  # fmt: skip
def test_a_slip_leaves_most_of_a_signature(asked: str, expected: int) -> None:
    assert likeliest([Block.of(100, signatures(TEXTS))], asked, 1) == [100 + expected]


def test_nothing_is_like_nothing() -> None:
    assert likeliest([Block.of(0, signatures(TEXTS))], "", 10) == []
    assert likeliest([], "an", 10) == []


def test_of_equal_ones_as_many_are_given_as_are_asked_for() -> None:
    block = Block.of(0, signatures(["jazgi kesh"] * 50))
    assert likeliest([block, Block.of(50, block.signed)], "jazgi kesh", 7) == list(range(7))


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_a_signature_depends_on_its_own_text_alone(texts: list[str]) -> None:
    together = signatures(texts)
    assert together.shape == (WORDS, len(texts))
    for place, text in enumerate(texts):
        alone = signatures([text])[:, 0]
        assert (together[:, place] == alone).all()
        assert int(np.bitwise_count(alone).sum()) < BITS
        assert bool(alone.any()) == bool(text)


def test_stored_signatures_keep_their_meaning() -> None:
    words = [f"{word:016x}" for word in signatures(["jazgi kesh"])[:, 0]]
    assert words == ["0004000050100800", "0030012108101000", "0020800100000000", "2880201000000000"]
