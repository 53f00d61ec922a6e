from hypothesis import given
from hypothesis import strategies as st

from matching.cluster import cluster

MEMBERS = range(1, 13)
MEMBER = st.sampled_from(MEMBERS)
LINKS = st.lists(st.tuples(MEMBER, MEMBER, st.integers(1, 4)), max_size=30)
APART = st.lists(st.tuples(MEMBER, MEMBER), max_size=10)


def test_a_cluster_is_named_by_its_smallest_member():
    assert cluster([9, 4, 7, 5], [(7, 9, 900), (9, 4, 800)]) == {4: 4, 5: 5, 7: 4, 9: 4}


def test_the_better_link_wins_where_both_cannot_hold():
    assert cluster([1, 2, 3], [(1, 2, 800), (2, 3, 900)], [(1, 3)]) == {1: 1, 2: 2, 3: 2}


def test_a_negative_outweighs_a_positive_of_the_same_pair():
    assert cluster([1, 2], [(1, 2, 1000)], [(2, 1)]) == {1: 1, 2: 2}


def test_links_to_strangers_and_to_oneself_are_ignored():
    assert cluster([1, 2], [(1, 3, 900), (3, 2, 900), (1, 1, 900)], [(1, 3), (2, 2)]) == {1: 1, 2: 2}


@given(LINKS, APART, st.randoms(use_true_random=False))
def test_the_order_of_links_and_of_their_ends_does_not_matter(links, apart, random):
    expected = cluster(MEMBERS, links, apart)
    turned = [(b, a, score) if random.random() < 0.5 else (a, b, score) for a, b, score in links]
    random.shuffle(turned)
    shuffled = [(b, a) for a, b in apart]
    random.shuffle(shuffled)
    members = list(MEMBERS)
    random.shuffle(members)
    assert cluster(members, turned, shuffled) == expected


@given(LINKS, APART)
def test_negatives_are_never_together_and_clusters_are_connected(links, apart):
    found = cluster(MEMBERS, links, apart)
    assert all(found[a] != found[b] for a, b in apart if a != b)
    for name in set(found.values()):
        members = {member for member, home in found.items() if home == name}
        assert name == min(members)
        reached = {name}
        while (
            more := {
                end
                for a, b, _ in links
                if a in members and b in members and (a in reached) != (b in reached)
                for end in (a, b)
            }
            - reached
        ):
            reached |= more
        assert reached == members


@given(LINKS, APART)
def test_each_connected_component_by_itself_gives_the_full_run(links, apart):
    full = cluster(MEMBERS, links, apart)
    component = cluster(MEMBERS, links)
    parts = {}
    for name in set(component.values()):
        parts |= cluster([m for m in MEMBERS if component[m] == name], links, apart)
    assert parts == full
