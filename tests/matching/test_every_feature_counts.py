"""A feature of a model's table that measures nothing any more changes what the table says of known pairs.

The verdicts below are what each table says; they are written down, so that a feature that breaks is found out
by a pair that only it decides.
"""

import dataclasses

import pytest

from matching.compare import FeatureResult
from matching.model import Feature, judge
from matching.recordings import RECORDINGS
from matching.records import PartyMention, RecordingRecord, WorkRecord
from matching.works import WORKS

ABAI, ROZA, DINA = (
    PartyMention(name, role="CA") for name in ("Құнанбайұлы Абай", "Бағланова Роза", "Нұрпейісова Дина")
)
TITLE = "Қара көз"
CODE, OTHER = "T9123456780", "T0345246801"


def work(number, *, refs=(), iswc="", title=TITLE, parties=(ABAI,), performers=()):
    return WorkRecord(number, f"S{number}", refs, (iswc,) if iswc else (), (title,), parties, performers)


def song(number, *, isrc="", refs=(), title="Lanterns over the Steppe", artist="Jane Hartley", **more):
    told = {"duration": 200, "year": 2024, "label": "Dala", "release": "Evenings", **more}
    return RecordingRecord(
        number, f"S{number}", refs, (isrc,) if isrc else (), (title,), artists=(artist,), **told
    )


WORK_PAIRS = {
    "iswc": (work(1, iswc=CODE, parties=(ABAI,)), work(2, iswc=CODE, parties=(ROZA,)), "positive"),
    "reference": (work(1, refs=("131:7",)), work(2, refs=("131:7",), parties=(ROZA,)), "positive"),
    "title": (work(1), work(2), "positive"),
    "writers": (work(1, parties=(ABAI, ROZA)), work(2, parties=(ABAI, ROZA)), "positive"),
    "performers": (
        work(1, parties=(ABAI, ROZA), performers=("Роза Рымбаева",)),
        work(2, parties=(ABAI, DINA), performers=("Роза Рымбаева",)),
        "positive",
    ),
    "telling": (
        work(1, title="Жазғы түнде жалғыз жүрек", parties=(ABAI, ROZA)),
        work(2, title="Жазғы түнде жалғыз жүрек", parties=(ABAI, DINA)),
        "positive",
    ),
}
RECORDING_PAIRS = {
    "isrc": (song(1, isrc="KZA012500001"), song(2, isrc="KZA012500002"), "unsure"),
    "reference": (song(1, refs=("911:1",)), song(2, refs=("911:2",)), "unsure"),
    "title": (song(1), song(2), "positive"),
    "version": (song(1), song(2, title="Lanterns over the Steppe (Live)"), "negative"),
    "artist": (song(1), song(2, artist="Құрманғазы"), "unsure"),
    "duration": (song(1), song(2, duration=320), "unsure"),
    "release": (
        song(1, duration=0, artist=""), song(2, duration=0, artist=""), "positive",
    ),
}  # fmt: skip


def silenced(model, name):
    """The model with one feature that measures nothing."""
    features = tuple(
        Feature(item.name, lambda *_: FeatureResult(None, "broken"), item.weight, item.qualifier)
        if item.name == name
        else item
        for item in model.features
    )
    return dataclasses.replace(model, features=features)


@pytest.mark.parametrize(
    ("model", "name", "pair"),
    [(WORKS, name, pair) for name, pair in WORK_PAIRS.items()]
    + [(RECORDINGS, name, pair) for name, pair in RECORDING_PAIRS.items()],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pair_shows_when_a_feature_breaks(model, name, pair):
    left, right, verdict = pair
    assert judge(left, right, model).verdict == verdict
    assert judge(left, right, silenced(model, name)).verdict != verdict


@pytest.mark.parametrize(("model", "pairs"), [(WORKS, WORK_PAIRS), (RECORDINGS, RECORDING_PAIRS)])
def test_every_feature_that_decides_has_its_pair(model, pairs):
    supporting = {item.name for item in model.features} - set(pairs)
    # These two add to a recording's score and decide nothing by themselves.
    assert supporting <= {"year", "label"}
