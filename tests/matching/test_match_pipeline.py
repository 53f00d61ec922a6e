import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.blocking import MAX_BLOCK, recording_keys, work_keys
from matching.cluster import cluster
from matching.model import judge
from matching.pipeline import candidates, compare_new_works, index, judge_pairs
from matching.recordings import RECORDINGS
from matching.records import PartyMention, RecordingRecord, WorkRecord
from matching.works import WORKS

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "musicbrainz20k" / "dev.csv.gz"
ABAI = PartyMention("Құнанбайұлы Абай", "00000000109", role="CA")
ROZA = PartyMention("Бағланова Роза", "00000003887", role="CA")


def work(number, title="Жазғы кеш", *parties, iswc=()):
    return WorkRecord(number, f"S{number}", (), iswc, (title,), parties or (ABAI,))


def recordings_judged(records):
    by_id = {record.id: record for record in records}
    return judge_pairs(candidates(records, recording_keys, {}), by_id, RECORDINGS)


def test_new_works_meet_known_ones_and_each_other_once_with_ordered_ids():
    known = {5: work(5), 6: work(6, "Қоштасу", ROZA)}
    new = [work(9), work(2)]
    judged = list(compare_new_works(new, known, index(known.values(), work_keys)))
    assert sorted((left, right) for left, right, _ in judged) == [(2, 5), (2, 9), (5, 9)]
    assert {judgement.verdict for _, _, judgement in judged} == {"positive"}


def test_blocks_may_hold_the_new_records_and_strangers():
    new, known = [work(2)], {5: work(5)}
    blocks = index([*new, *known.values()], work_keys)
    blocks = {key: [*members, 77] for key, members in blocks.items()}
    assert [(left, right) for left, right, _ in compare_new_works(new, known, blocks)] == [(2, 5)]


def test_an_overfull_content_key_is_skipped_and_an_identifier_never():
    crowd = [work(number, iswc=("T9123456780",)) for number in range(1, MAX_BLOCK + 3)]
    blocks = index(crowd, work_keys)
    assert len(list(candidates(crowd[:1], work_keys, blocks))) == MAX_BLOCK + 1
    plain = [work(number) for number in range(1, MAX_BLOCK + 3)]
    assert list(candidates(plain[:1], work_keys, index(plain, work_keys))) == []


def test_a_judgement_depends_on_the_two_records_only():
    works = {number: work(number, "Жазғы кеш", ABAI, *([ROZA] * (number % 2))) for number in range(1, 6)}
    for left, right, judgement in compare_new_works(list(works.values()), {}, {}):
        assert judgement == judge(works[left], works[right], WORKS)


def test_recordings_meet_as_works_do():
    songs = [
        RecordingRecord(n, f"S{n}", titles=(title,), artists=("Роза Бағланова",), duration=200)
        for n, title in enumerate(("Жазғы кеш", "Jazğy keş", "Жазғы кеш (ремикс)"), 1)
    ]
    judged = {(a, b): j.verdict for a, b, j in recordings_judged(songs)}
    assert judged == {(1, 2): "positive", (1, 3): "negative", (2, 3): "negative"}


TITLES = st.sampled_from(("Жазғы кеш", "Jazğy keş", "Қоштасу", "Күй 1", "Күй 2"))
CATALOGUE = st.lists(
    st.tuples(
        TITLES, st.sampled_from(((ABAI,), (ROZA,), (ABAI, ROZA))), st.sampled_from(((), ("T9123456780",)))
    ),
    max_size=9,
).map(lambda rows: [work(n, title, *parties, iswc=iswc) for n, (title, parties, iswc) in enumerate(rows, 1)])


def clusters(judged, members):
    found = {(left, right): judgement for left, right, judgement in judged}
    positive = [(a, b, j.score) for (a, b), j in found.items() if j.verdict == "positive"]
    return cluster(members, positive, [pair for pair, j in found.items() if j.verdict == "negative"])


@given(CATALOGUE, st.randoms(use_true_random=False), st.integers(1, 4))
def test_increments_in_any_order_give_the_clusters_of_one_run(catalogue, random, size):
    members = [record.id for record in catalogue]
    whole = clusters(compare_new_works(catalogue, {}, {}), members)
    arriving = list(catalogue)
    random.shuffle(arriving)
    known, judged = {}, []
    for start in range(0, len(arriving), size):
        batch = arriving[start : start + size]
        judged += compare_new_works(batch, known, index(known.values(), work_keys))
        known |= {record.id: record for record in batch}
    assert clusters(judged, members) == whole
    assert len({(left, right) for left, right, _ in judged}) == len(judged)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared MusicBrainz data is not beside the repository")
def test_merging_real_recordings_is_nearly_always_right():
    with gzip.open(SHARED, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == "5"][:800]
    songs = [
        RecordingRecord(
            int(row["id"]), "5", titles=(row["title"],), artists=(row["artist"],), release=row["album"]
        )
        for row in rows
    ]
    judged = recordings_judged(songs)
    # One source of this data has no duplicates, so every positive would be a false merge.
    assert [(a, b) for a, b, judgement in judged if judgement.verdict == "positive"] == []
