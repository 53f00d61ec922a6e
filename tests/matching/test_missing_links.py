"""As few links as join what belongs together, none across what has to stay apart; held against closures."""

from hypothesis import given
from hypothesis import strategies as st

from matching.missing_links import Groups, missing_links

IDS = st.integers(0, 9)
PAIRS = st.lists(st.tuples(IDS, IDS).filter(lambda pair: pair[0] != pair[1]), max_size=20)


def closure(pairs):
    """For each id everything that pairs lead to, itself included."""
    reached = {number: {number} for number in range(10)}
    for left, right in [*pairs, *pairs]:
        both = reached[left] | reached[right]
        for number in both:
            reached[number] = both
    return reached


def clusters_of(pairs):
    return {number: min(others) for number, others in closure(pairs).items()}


@given(before=PAIRS, likely=PAIRS)
def test_every_likely_pair_is_joined_and_none_is_asked_in_vain(before, likely):
    groups = Groups(clusters_of(before))
    found, refused = missing_links(groups, likely, lambda pair: False)
    assert refused == 0
    joined = closure([*before, *found])
    assert joined == closure([*before, *likely])
    for place, (left, right) in enumerate(found):
        assert right not in closure([*before, *found[:place], *found[place + 1 :]])[left]


@given(before=PAIRS, likely=PAIRS, apart=PAIRS)
def test_what_has_to_stay_apart_is_never_joined(before, likely, apart):
    start = closure(before)
    groups = Groups(clusters_of(before))
    for pair in apart:
        groups.keep_apart(*pair)
    found, _ = missing_links(groups, likely, lambda pair: False)
    joined = closure([*before, *found])
    for left, right in apart:
        assert right in start[left] or right not in joined[left]
    # Nothing is left out but for that: who is not joined with a likely partner has to stay apart from it.
    for left, right in likely:
        if right not in joined[left]:
            assert any(
                {one in joined[left], two in joined[right]} == {True}
                or {one in joined[right], two in joined[left]} == {True}
                for one, two in apart
            )


@given(likely=PAIRS, wrong=PAIRS)
def test_a_contradicted_pair_keeps_its_groups_apart(likely, wrong):
    asked = []

    def contradicted(pair):
        asked.append(pair)
        return pair in wrong

    groups = Groups({})
    found, refused = missing_links(groups, likely, contradicted)
    assert refused == sum(pair in wrong for pair in asked)
    assert not set(found) & set(wrong)
    assert len(asked) == len(found) + refused
    for left, right in set(asked) & set(wrong):
        assert groups.name(left) != groups.name(right)


def test_groups_are_named_by_their_smallest_member():
    groups = Groups({5: 4})
    groups.join(5, 9)
    groups.join(9, 2)
    assert {groups.name(number) for number in (2, 4, 5, 9)} == {2}
    assert groups.name(7) == 7
