import pytest
from invented_recordings import invented

from matching.candidates import Blocking, candidate_pairs
from matching.evaluate import compare_clusters
from matching.likeness_of_columns import alike
from matching.mixture import shipped
from matching.recording_batch import link_recordings
from matching.recording_columns import recording_columns
from matching.records import RecordingRecord

RECORDS, TRUTH = invented()


def test_a_batch_with_siblings_typos_and_gaps_is_linked_nearly_without_fault():
    found = link_recordings(RECORDS, distinct_sources=True)
    scores = compare_clusters(found.cluster_of(), TRUTH)
    assert scores.precision > 0.985
    assert scores.recall > 0.985
    true = sum(TRUTH[left] == TRUTH[right] for left, right in found.pairs())
    assert true == scores.true


def test_the_shipped_table_serves_as_it_is():
    found = link_recordings(RECORDS, distinct_sources=True, model=shipped())
    assert compare_clusters(found.cluster_of(), TRUTH).f1 > 0.97


def test_the_order_of_the_records_does_not_matter():
    found = link_recordings(RECORDS, distinct_sources=True)
    turned = link_recordings(RECORDS[::-1], distinct_sources=True)
    assert {tuple(sorted(pair)) for pair in found.pairs()} == {tuple(sorted(pair)) for pair in turned.pairs()}
    assert compare_clusters(turned.cluster_of(), found.cluster_of()).f1 == 1


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_workers_does_not_matter(workers):
    one = link_recordings(RECORDS, distinct_sources=True, workers=1)
    several = link_recordings(RECORDS, distinct_sources=True, workers=workers)
    for name in ("left", "right", "patterns", "weights", "clusters"):
        assert getattr(one, name).tobytes() == getattr(several, name).tobytes()


def test_only_sources_that_say_so_keep_their_records_apart():
    first = next(record for record in RECORDS if record.duration and record.release and record.year)
    twice = RecordingRecord(
        len(RECORDS) + 1, first.source, titles=first.titles, artists=first.artists, duration=first.duration,
        year=first.year, release=first.release, number=first.number,
    )  # fmt: skip
    together = link_recordings([*RECORDS, twice]).cluster_of()
    apart = link_recordings([*RECORDS, twice], distinct_sources=True)
    assert together[twice.id] == together[first.id]
    assert apart.cluster_of()[twice.id] != apart.cluster_of()[first.id]
    sources = {record.id: record.source for record in [*RECORDS, twice]}
    assert all(sources[left] != sources[right] for left, right in apart.pairs())


@pytest.mark.parametrize(
    "records", [[], [RecordingRecord(5, "A")], [RecordingRecord(5, "A"), RecordingRecord(6, "B")]]
)
def test_nothing_to_compare_is_no_fault(records):
    found = link_recordings(records)
    assert found.pairs() == []
    assert found.cluster_of() == {record.id: record.id for record in records}


def test_a_full_key_leaves_nobody_without_candidates():
    # Everybody has the same artist and release; only title words and numbers tell them apart.
    records = [
        RecordingRecord(
            n, str(n % 2), titles=(f"Күй нөмір{n // 2}",), artists=("Дана",), release="Ән", number="1"
        )
        for n in range(400)
    ]
    left, right = candidate_pairs(recording_columns(records), Blocking(enough=5, always=2, most=50))
    pairs = set(zip(left.tolist(), right.tolist(), strict=True))
    assert {(n, n + 1) for n in range(0, 400, 2)} <= pairs
    assert len(pairs) <= 400 * 60


def test_candidates_grow_with_the_records_and_not_with_their_square():
    counts = []
    for albums in (60, 120, 240):
        columns = recording_columns(invented(albums=albums)[0])
        counts.append(len(candidate_pairs(columns)[0]) / len(columns))
    assert counts[-1] < 1.5 * counts[0]


def test_texts_that_lost_their_letters_are_silent():
    columns = recording_columns(
        [RecordingRecord(1, "A", titles=('"" (, )',)), RecordingRecord(2, "B", titles=("Родина",))]
    )
    assert alike(columns.texts, columns.title[:1], columns.title[1:]).tolist() == [-1]


def test_languages_meet_through_abbreviation_and_misspelling():
    names = ["Kazakh"] * 3 + ["English"] * 3 + ["Kaz.", "Egnlish", "unknown", ""]
    columns = recording_columns([RecordingRecord(n, "A", language=name) for n, name in enumerate(names)])
    codes = columns.language.tolist()
    assert codes[6] == codes[0] != codes[3] == codes[7]
    assert codes[8:] == [0, 0]
