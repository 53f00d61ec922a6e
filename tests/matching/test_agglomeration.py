import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matching.agglomerate import CLEARLY_BEHIND, EVEN, agglomerate
from matching.columns import numbered

COUNT = 10
PLACE = st.integers(0, COUNT - 1)
LINKS = st.dictionaries(
    st.tuples(PLACE, PLACE).filter(lambda pair: pair[0] < pair[1]), st.integers(-3_000, 9_000), max_size=25
)
SOURCES = st.lists(st.integers(0, 3), min_size=COUNT, max_size=COUNT)


def clustered(links, sources=None):
    pairs = sorted(links)
    left, right = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    weights = np.array([links[pair] for pair in pairs], dtype=np.int64)
    own = None if sources is None else np.array(sources, dtype=np.int64)
    return agglomerate(COUNT, left, right, weights, own).tolist()


def components(links, above=0):
    names = list(range(COUNT))
    for _ in range(COUNT):
        for (left, right), weight in links.items():
            if weight > above:
                names[left] = names[right] = min(names[left], names[right])
    return names


def test_links_join_and_the_smallest_place_stands_for_all():
    assert clustered({(2, 7): 900, (7, 9): 800})[:3] == [0, 1, 2]
    found = clustered({(2, 7): 4_000, (7, 9): 4_000})
    assert (found[7], found[9]) == (2, 2)


def test_a_weak_chain_does_not_join_what_was_never_compared():
    found = clustered({(0, 1): 5_000, (1, 2): 400})
    assert found[:3] == [0, 0, 2]


def test_the_better_of_two_records_of_one_source_is_taken():
    found = clustered({(0, 1): 3_000, (0, 2): 2_000}, [0, 1, 1] + [2] * 7)
    assert found[:3] == [0, 0, 2]


@given(LINKS, SOURCES)
def test_no_cluster_has_two_records_of_a_source(links, sources):
    found = clustered(links, sources)
    seen = list(zip(found, sources, strict=True))
    joined = [item for item in seen if found.count(item[0]) > 1]
    assert len(joined) == len(set(joined))


@given(LINKS)
def test_clusters_are_named_by_their_smallest_and_stay_inside_components(links):
    found = clustered(links)
    component = components(links)
    for place, name in enumerate(found):
        assert found[name] == name <= place
        assert component[name] == component[place]


@given(LINKS, SOURCES)
def test_a_component_by_itself_gives_the_same_clusters(links, sources):
    whole = clustered(links, sources)
    component = components(links, EVEN - CLEARLY_BEHIND)
    for name in set(component):
        own = {pair: w for pair, w in links.items() if component[pair[0]] == component[pair[1]] == name}
        alone = clustered(own, sources)
        assert [alone[p] for p in range(COUNT) if component[p] == name] == [
            whole[p] for p in range(COUNT) if component[p] == name
        ]


def test_a_record_left_alone_is_taken_in_by_its_only_candidate():
    sources = list(range(COUNT))
    weak = EVEN + 100
    assert clustered({(0, 1): 5_000, (1, 2): weak}, sources)[:3] == [0, 0, 0]
    assert clustered({(0, 1): 5_000, (1, 2): weak})[:3] == [0, 0, 2]
    assert clustered({(0, 1): 5_000, (1, 2): EVEN - 100}, sources)[:3] == [0, 0, 2]
    # Another candidate as good, or a record of the same source in the cluster, and it stays alone.
    pairs = {(0, 1): 5_000, (3, 4): 5_000, (1, 2): weak}
    assert clustered({**pairs, (2, 3): weak}, sources)[:5] == [0, 0, 2, 3, 3]
    assert clustered({**pairs, (2, 3): weak - CLEARLY_BEHIND}, sources)[:5] == [0, 0, 0, 3, 3]
    assert clustered({(0, 1): 5_000, (1, 2): weak}, [0, 1, 0, *range(3, COUNT)])[:3] == [0, 0, 2]


def test_values_are_numbered_alike_with_and_without_room_for_their_places():
    values = np.array([7, 3, 7, 0, 9, 3], dtype=np.int64)
    for scale in (1, 2**58):
        distinct, back = numbered(values * scale)
        assert distinct.tolist() == [0, 3 * scale, 7 * scale, 9 * scale]
        assert distinct[back].tolist() == (values * scale).tolist()
