"""Counting letters never keeps texts apart that the comparison would find alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from matching.letters import letter_counts
from matching.likeness_of_columns import CONTAINED

# Few letters, so that words and texts are often nearly alike and letters come more than once.
WORD = st.text("aabce12", min_size=1, max_size=6)
TEXTS = st.lists(st.lists(WORD, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=8)
LEAST = st.sampled_from((0, 40, 55, 60, 75, 85, 93, 100))


def pairs_of(texts):
    return np.divmod(np.arange(len(texts) ** 2), len(texts))


@given(TEXTS, LEAST)
def test_texts_that_are_alike_enough_are_always_looked_at(texts, least):
    first, second = pairs_of(texts)
    may = letter_counts(texts).may_be_alike(first, second, least)
    for mine, other, looked_at in zip(first.tolist(), second.tolist(), may.tolist(), strict=True):
        left, right = texts[mine], texts[other]
        ordered = fuzz.ratio(" ".join(sorted(left.split())), " ".join(sorted(right.split())))
        glued = fuzz.ratio(left.replace(" ", ""), right.replace(" ", ""))
        assert looked_at or max(ordered, glued) < least


@given(TEXTS)
def test_a_text_that_holds_the_words_of_another_is_always_looked_at(texts):
    first, second = pairs_of(texts)
    may = letter_counts(texts).may_hold(first, second, CONTAINED)
    for mine, other, looked_at in zip(first.tolist(), second.tolist(), may.tolist(), strict=True):
        assert looked_at or fuzz.token_set_ratio(texts[mine], texts[other]) < CONTAINED


def test_most_texts_that_have_nothing_to_do_with_each_other_are_told_apart():
    texts = ["jazgi kesh", "kara jorga", "toi jiri", "alau", "sagim dunie", "dudarai", "bir bala", "elimai"]
    first, second = pairs_of(texts)
    others = first < second
    counts = letter_counts(texts)
    assert np.mean(counts.may_be_alike(first, second, 60)[others]) < 0.25
    assert np.mean(counts.may_hold(first, second, CONTAINED)[others]) < 0.1


def test_other_signs_and_empty_texts_are_counted_by_length_only():
    counts = letter_counts(["", "ä b", "a b"])
    assert counts.lengths.tolist() == [0, 2, 2]
    assert counts.spaces.tolist() == [0, 1, 1]
    assert counts.may_be_alike(np.array([1]), np.array([2]), 50).tolist() == [True]
