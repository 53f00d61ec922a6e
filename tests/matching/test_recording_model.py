import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.content import Weighed
from matching.levels import levels
from matching.mixture import match_weights, shipped
from matching.model import CONTENT, judge
from matching.recording_columns import recording_columns
from matching.recordings import FEATURES, RECORDINGS, RULES
from matching.records import RecordingRecord

ISRC, OTHER = "KZA012500001", "KZA012500002"
SONG = RecordingRecord(
    1, "A", ("A:1",), (), ("Жазғы кеш",), "", ("Роза Бағланова",), 215, 1965, "Мелодия", "Ән әлемі"
)


def other(**changes):
    return dataclasses.replace(SONG, id=2, source="B", refs=("B:9",), **changes)


def verdict(right, left=SONG):
    found = judge(left, right, RECORDINGS)
    return found.verdict, found.conflict


def test_title_artist_and_duration_meet_across_scripts():
    right = other(
        titles=("Jazğy keş",), artists=("Roza Baglanova",), duration=217, label="", release="", year=0
    )
    assert verdict(right) == ("positive", "")


@pytest.mark.parametrize("title", ["Жазғы кеш (live)", "Жазғы кеш - минус", "Жазғы кеш [ремикс]"])
def test_version_words_make_another_recording(title):
    assert verdict(other(titles=(title,))) == ("negative", "")


def test_the_version_field_counts_like_the_title():
    live = other(version="концертная запись")
    assert verdict(live) == ("negative", "")
    assert verdict(live, dataclasses.replace(SONG, titles=("Жазғы кеш (Live)",))) == ("positive", "")


def test_two_remixes_of_different_names_differ():
    left = dataclasses.replace(SONG, titles=("Жазғы кеш (Arman club remix)",))
    assert verdict(other(titles=("Жазғы кеш (Sunset deep remix)",)), left) == ("negative", "")
    assert verdict(other(titles=("Жазғы кеш (Arman club remix 2)",)), left) == ("positive", "")


def test_a_remaster_is_no_other_recording():
    assert verdict(other(titles=("Жазғы кеш - Remastered 2011",))) == ("positive", "")


def test_one_isrc_with_compatible_texts_is_one_recording():
    left = dataclasses.replace(SONG, isrcs=(ISRC,))
    assert verdict(other(isrcs=(ISRC,), duration=0, artists=()), left) == ("positive", "")
    assert verdict(other(isrcs=(ISRC,), artists=("R. Baglanova feat. Dana",)), left) == ("positive", "")


def test_one_isrc_with_other_title_and_artist_is_a_clash():
    left = dataclasses.replace(SONG, isrcs=(ISRC,))
    wrong = other(isrcs=(ISRC,), titles=("Қоштасу",), artists=("Ермек Серкебаев",))
    assert verdict(wrong, left) == ("unsure", "identifier_clash")


def test_one_isrc_on_two_versions_is_a_clash():
    left = dataclasses.replace(SONG, isrcs=(ISRC,))
    assert verdict(other(isrcs=(ISRC,), version="live"), left) == ("unsure", "identifier_clash")


def test_two_isrcs_for_all_the_same_wait_for_a_person():
    left = dataclasses.replace(SONG, isrcs=(ISRC,))
    assert verdict(other(isrcs=(OTHER,)), left) == ("unsure", "identifier_differs")
    assert verdict(other(isrcs=(OTHER,), duration=300), left) == ("negative", "")


def test_two_numbers_of_one_submitter_wait_for_a_person():
    assert verdict(dataclasses.replace(SONG, id=2, refs=("A:2",))) == ("unsure", "")


def test_other_durations_and_silence_wait_for_a_person():
    assert verdict(other(duration=280)) == ("unsure", "")
    assert verdict(other(duration=0, release="")) == ("unsure", "")
    assert verdict(other(duration=0)) == ("positive", "")


def test_a_title_alone_never_suffices():
    bare = RecordingRecord(2, "B", titles=("Жазғы кеш",))
    assert verdict(bare) == ("none", "")
    assert verdict(bare, dataclasses.replace(bare, id=3)) == ("none", "")
    assert verdict(other(artists=("Ермек Серкебаев",), release="Басқа"))[0] == "none"


def test_a_release_supports_where_the_artist_is_silent_and_not_where_it_is_another():
    assert verdict(other(artists=("Various Artists",))) == ("positive", "")
    assert verdict(other(artists=("Qqq Zzz",))) == ("unsure", "")


def test_siblings_on_one_release_stay_apart():
    left = dataclasses.replace(SONG, titles=("Күй 1",))
    assert verdict(other(titles=("Күй 2",)), left)[0] == "none"


def test_the_table_is_well_formed():
    names = {*(feature.name for feature in FEATURES), CONTENT}
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert {condition.feature for condition in rule.when} <= names
        assert 0 <= rule.low <= rule.high <= 1000
        assert (rule.verdict == "positive") == (rule.low >= 800)
    assert all(feature.function.__doc__ for feature in FEATURES)


RECORDING = st.builds(
    RecordingRecord,
    id=st.just(1),
    source=st.just("A"),
    refs=st.sampled_from(((), ("A:1",), ("A:2",))),
    isrcs=st.sampled_from(((), (ISRC,), (OTHER,))),
    titles=st.sampled_from((("Жазғы кеш",), ("Jazğy keş (Live)",), ("Күй 1", "Күй 2"), ())),
    version=st.sampled_from(("", "Arman remix", "Sunset club remix")),
    artists=st.sampled_from(((), ("Роза Бағланова",), ("R. Baglanova", "Dana"), ("[unknown]",))),
    duration=st.sampled_from((0, 100, 103, 120)),
    year=st.sampled_from((0, 1965, 1967)),
    release=st.sampled_from(("", "Ән әлемі")),
)


@given(RECORDING, RECORDING)
def test_the_order_of_two_recordings_does_not_matter(left, right):
    one, turned = judge(left, right, RECORDINGS), judge(right, left, RECORDINGS)
    assert (one.verdict, one.score, one.conflict) == (turned.verdict, turned.score, turned.conflict)


@given(RECORDING, RECORDING)
def test_contributions_add_up_to_the_probability_that_the_rules_see(left, right):
    found = judge(left, right, RECORDINGS)
    total = sum(weight for _, weight in found.contributions)
    assert dict(found.evidence)[CONTENT].score == Weighed(total, ()).score
    assert found.contributions[0][0] == "prior"
    if found.rule.startswith("the content"):
        assert found.score == Weighed(total, ()).score


def test_a_pair_and_a_batch_are_weighed_by_the_same_table():
    right = other(titles=("Жасғы кеш",), duration=216, release="")
    columns = recording_columns([SONG, right])
    pattern = levels(shipped().limits, columns, np.array([0]), np.array([1]))
    batch = float(match_weights(shipped(), pattern)[0])
    pair = sum(weight for _, weight in judge(SONG, right, RECORDINGS).contributions)
    assert pair == pytest.approx(batch * 1000, abs=1)


def test_one_field_against_and_all_else_for_waits_for_a_person():
    untitled = judge(SONG, other(titles=()), RECORDINGS)
    assert (untitled.verdict, untitled.rule) == ("unsure", "the content may be that of one recording")
    assert untitled.score > 500
