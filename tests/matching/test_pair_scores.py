from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import PairScores, compare_clusters, compare_pairs


def pairs(clusters):
    return [(a, b) for a, b in combinations(sorted(clusters), 2) if clusters[a] == clusters[b]]


def test_scores_are_exact():
    scores = compare_clusters({1: 1, 2: 1, 3: 1, 4: 4}, {1: "a", 2: "a", 3: "b", 4: "b"})
    assert scores == PairScores(both=1, found=3, true=2)
    assert (scores.precision, scores.recall, scores.f1) == (Fraction(1, 3), Fraction(1, 2), Fraction(2, 5))


def test_nothing_to_find_and_nothing_found_is_right():
    scores = compare_pairs([], [])
    assert scores.precision == scores.recall == scores.f1 == 1


def test_pairs_have_no_direction():
    assert compare_pairs([(2, 1), (1, 2)], [(1, 2)]) == PairScores(1, 1, 1)


CLUSTERING = st.lists(st.integers(0, 4), min_size=10, max_size=10).map(lambda names: dict(enumerate(names)))


@given(CLUSTERING, CLUSTERING)
def test_counting_sizes_equals_counting_pairs(found, truth):
    assert compare_clusters(found, truth) == compare_pairs(pairs(found), pairs(truth))
