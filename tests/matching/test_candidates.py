"""Candidates of a batch: those of the plain rule, however they are sorted and counted."""

from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from invented_recordings import invented

from matching.candidate_keys import kinds
from matching.candidates import BLOCKING, Blocking, candidate_pairs
from matching.likeness_of_columns import alike
from matching.recording_columns import recording_columns

RECORDS = invented(albums=60)[0]
COLUMNS = recording_columns(RECORDS)


def pairs_by_the_rule(columns, blocking):
    """The rule of ``Blocking``, key by key and record by record."""
    blocks = defaultdict(set)
    for owners, hashes in (own for kind in kinds(columns) for own in kind.hashed()):
        for owner, value in zip(owners.tolist(), hashes.tolist(), strict=True):
            blocks[value >> len(columns).bit_length()].add(owner)
    keys = defaultdict(list)
    for value, members in blocks.items():
        if 1 < len(members) <= blocking.most:
            for member in members:
                keys[member].append((len(members), value))
    found = set()
    for record, own in keys.items():
        met = 0
        for size, value in sorted(own):
            if met < blocking.enough or size <= blocking.always:
                found |= {(min(record, other), max(record, other)) for other in blocks[value] - {record}}
            met += size - 1
    return sorted(found)


@pytest.mark.parametrize(
    "blocking", [BLOCKING, Blocking(10, 3, 40), Blocking(5, 0, 20), Blocking(0, 1, 5), Blocking(10, 8, 4)]
)
def test_each_record_takes_its_most_telling_keys_until_it_has_met_enough(blocking):
    pairs = list(zip(*(side.tolist() for side in candidate_pairs(COLUMNS, blocking)), strict=True))
    assert pairs == pairs_by_the_rule(COLUMNS, blocking)


def test_any_number_of_threads_finds_the_same():
    alone, beside = (candidate_pairs(COLUMNS, workers=workers) for workers in (1, 3))
    assert [side.tolist() for side in alone] == [side.tolist() for side in beside]
    assert len(alone[0]) > len(COLUMNS)


def test_records_of_one_source_are_left_out_where_they_are_known_to_be_apart():
    left, right = candidate_pairs(COLUMNS)
    others = COLUMNS.sources[left] != COLUMNS.sources[right]
    apart = candidate_pairs(COLUMNS, apart=True)
    assert 0 < np.count_nonzero(others) < len(left)
    assert [side.tolist() for side in apart] == [left[others].tolist(), right[others].tolist()]


def test_keys_are_the_same_in_whatever_order_records_come():
    def told(records):
        ids = [record.id for record in records]
        return sorted(
            (value, ids[owner])
            for owners, hashes in (own for kind in kinds(recording_columns(records)) for own in kind.hashed())
            for owner, value in zip(owners.tolist(), hashes.tolist(), strict=True)
        )

    assert told(RECORDS) == told(RECORDS[::-1])


def test_titles_meet_by_their_beginnings_and_their_ends():
    plain = replace(
        RECORDS[0], artists=(), duration=0, year=0, release="", number="", language="", version=""
    )
    titles = ("Kara bulak", "Karabulut", "Tas ormandin", "Kokormandin", "Ai", "Aina", "")
    records = [replace(plain, id=n, source=str(n), titles=(title,)) for n, title in enumerate(titles)]
    left, right = candidate_pairs(recording_columns(records))
    assert list(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 1), (2, 3)]


def test_likeness_below_the_least_that_counts_may_be_left_unsaid_and_other_may_not():
    left, right = (np.array(side) for side in zip(*combinations(range(150), 2), strict=True))
    for column in (COLUMNS.title, COLUMNS.artist, COLUMNS.release):
        whole = alike(COLUMNS.texts, column[left], column[right])
        least = alike(COLUMNS.texts, column[left], column[right], 60)
        assert np.array_equal(whole[whole >= 60], least[whole >= 60])
        assert np.array_equal(whole < 60, least < 60)
        assert np.array_equal(whole < 0, least < 0)
        assert np.count_nonzero(least[whole > 0] == 0) > 0
