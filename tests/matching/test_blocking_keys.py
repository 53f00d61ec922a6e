import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.blocking import MAX_KEYS, is_identifier_key, recording_keys, work_keys
from matching.records import PartyMention, RecordingRecord, WorkRecord

ABAI = PartyMention("Құнанбайұлы Абай", "00000000109", role="CA")
TEXT = st.text(max_size=60)


def work(title, *parties, **more):
    return WorkRecord(1, "S", titles=(title,), parties=parties, **more)


def recording(title, artist, duration=0):
    return RecordingRecord(1, "S", titles=(title,), artists=(artist,), duration=duration)


def shared(left, right, keys):
    return set(keys(left)) & set(keys(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (work("Жазғы кеш"), work("The Jazğy Keş (Live)")),
        (work("Жазғы кештер", ABAI), work("Жазгы вечер", PartyMention("Абай", "109"))),
        (work("Жазғы кеш әні", ABAI), work("Jazgi kesh", PartyMention("A. Kunanbaev"))),
        (work("Көктем вальсі таңы"), work("Koktem valsi tani bitti")),
    ],
    ids=["title", "ipi", "name", "words"],
)
def test_works_that_may_be_one_share_a_key(left, right):
    assert shared(left, right, work_keys)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (recording("Жазғы кеш", "Роза Бағланова"), recording("Jazğy keş - Live", "")),
        (recording("Жазғы кеші", "Роза Бағланова", 200), recording("Жазғы таң", "Дана", 203)),
        (recording("Абракадабра", "Роза Бағланова", 201), recording("Қоштасу", "Baglanova R.", 198)),
    ],
    ids=["title", "duration and title", "duration and artist"],
)
def test_recordings_that_may_be_one_share_a_key(left, right):
    assert shared(left, right, recording_keys)


@given(st.integers(4, 2000), st.integers(0, 3))
def test_durations_three_seconds_apart_always_meet(duration, apart):
    left, right = recording("Ән", "", duration), recording("Ән", "", duration + apart)
    assert any(key.startswith("rd:") for key in shared(left, right, recording_keys))


def test_identifier_keys_come_first_and_are_known_as_such():
    keys = work_keys(work("Ән", ABAI, refs=("131:7",), iswcs=("T9123456780",)))
    assert keys[:2] == ("iswc:T9123456780", "wref:131:7")
    assert [key for key in keys if is_identifier_key(key)] == list(keys[:2])
    assert recording_keys(RecordingRecord(1, "S", isrcs=("KZA012500001",)))[0] == "isrc:KZA012500001"


def test_keys_of_works_and_recordings_never_meet():
    assert not set(work_keys(work("Ән", ABAI, refs=("S:1",)))) & set(
        recording_keys(RecordingRecord(1, "S", ("S:1",), titles=("Ән",)))
    )


def test_a_record_without_anything_has_no_keys():
    assert work_keys(WorkRecord(1, "S")) == ()
    assert recording_keys(RecordingRecord(1, "S")) == ()


@given(
    st.lists(TEXT, max_size=4), st.lists(TEXT, max_size=6), st.lists(TEXT, max_size=9), st.integers(0, 9999)
)
def test_keys_are_few_short_distinct_and_stable(titles, names, refs, duration):
    refs = tuple(f"131:{ref}" for ref in refs)
    parties = tuple(PartyMention(name, "00000000109", role="CA") for name in names)
    for keys in (
        work_keys(WorkRecord(1, "S", refs, ("T9123456780",), tuple(titles), parties)),
        recording_keys(
            RecordingRecord(1, "S", refs, (), tuple(titles), artists=tuple(names), duration=duration)
        ),
    ):
        assert len(keys) == len(set(keys)) <= MAX_KEYS
        assert all(len(key) <= 50 and key.partition(":")[2] for key in keys)
