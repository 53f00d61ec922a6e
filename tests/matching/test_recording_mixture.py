import csv
from dataclasses import replace
from importlib.resources import files
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.fitting import fit
from matching.levels import FEATURES, levels
from matching.mixture import (
    MATCH,
    explain,
    match_weights,
    probabilities,
    read_mixture,
    shipped,
    write_mixture,
)
from matching.recording_columns import recording_columns
from matching.records import RecordingRecord

SONG = RecordingRecord(
    1, "A", titles=("Жазғы кеш",), artists=("Роза Бағланова",), duration=215, year=1965, release="Ән әлемі",
    number="3", language="Kazakh",
)  # fmt: skip
PATTERN = st.tuples(*(st.integers(0, len(rows)) for rows in shipped().levels.values()))


def weight(left, right, mixture=None):
    mixture = mixture or shipped()
    columns = recording_columns([left, right])
    pattern = levels(mixture.limits, columns, np.array([0]), np.array([1]))
    return float(match_weights(mixture, pattern)[0])


def odds(**changes):
    return weight(SONG, replace(SONG, id=2, source="B", **changes))


@given(PATTERN)
def test_contributions_add_up_to_the_score(pattern):
    levels_shown = np.array(pattern, dtype=np.int8)
    parts = explain(shipped(), levels_shown)
    assert sum(part.weight for part in parts) == pytest.approx(
        float(match_weights(shipped(), levels_shown[None])[0])
    )
    spoke = [name for name, level in zip(shipped().levels, pattern, strict=True) if level]
    assert [part.feature for part in parts] == ["prior", *spoke]
    share = probabilities(shipped(), levels_shown[None])[0, MATCH]
    assert share == pytest.approx(1 / (1 + np.exp(-sum(part.weight for part in parts))))


def test_the_table_is_whole():
    mixture = shipped()
    assert list(mixture.levels) == list(FEATURES)
    assert mixture.classes[MATCH] == "match"
    assert sum(mixture.priors) == pytest.approx(1)
    for rows in mixture.levels.values():
        assert np.sum([row.chances for row in rows], axis=0) == pytest.approx(np.ones(len(mixture.classes)))
        assert all(row.meaning for row in rows)
        bounds = [row.limit for row in rows[:-1]]
        assert bounds in (sorted(set(bounds)), sorted(set(bounds), reverse=True))
    assert all(function.__doc__ for function in FEATURES.values())
    again = read_mixture(write_mixture(mixture))
    assert again.limits == mixture.limits


# Each feature, changed for the worse, costs odds; a table whose feature is broken fails here.
WORSE = {
    "title": ({"titles": ("Жасғы кеш",)}, {"titles": ("Жазғы таңдар",)}, {"titles": ("Қоштасу",)}),
    "artist": ({"artists": ("Роза Бағланава",)}, {"artists": ("Роза Рымбаева",)}, {"artists": ("Ермек",)}),
    "release": ({"release": "Ән алемі"}, {"release": "Әндер жинағы"}, {"release": "Qqq zz xx"}),
    "duration": ({"duration": 216}, {"duration": 220}, {"duration": 300}),
    "year": ({"year": 1966}, {"year": 1980}),
    "number": ({"number": "4"},),
    "version": ({"titles": ("Жазғы кеш (live)",)},),
    "language": ({"language": "Russian"},),
}


@pytest.mark.parametrize("feature", WORSE)
def test_every_feature_moves_the_score_the_right_way(feature):
    assert set(WORSE) == set(FEATURES)
    course = [odds(), *(odds(**changes) for changes in WORSE[feature])]
    assert course == sorted(course, reverse=True)
    assert course[0] - course[-1] > 1


@pytest.mark.parametrize("feature", FEATURES)
def test_a_table_that_says_nothing_of_a_feature_gives_other_scores(feature):
    text = files("matching").joinpath("recording_mixture.csv").read_text(encoding="utf-8")
    rows = list(csv.reader(StringIO(text)))
    flat = [row[:3] + ["1"] * (len(row) - 3) if row[0] == feature else row for row in rows]
    broken = read_mixture("\n".join(",".join(f'"{cell}"' for cell in row) for row in flat))
    changed = replace(SONG, id=2, source="B", **WORSE[feature][-1])
    gap = weight(SONG, replace(SONG, id=2)) - weight(SONG, changed)
    flattened = weight(SONG, replace(SONG, id=2), broken) - weight(SONG, changed, broken)
    assert gap - flattened > 1


# What each row of the table says by itself, for a match or against one, from its first row down.
SIGNS = {
    "title": "++++---", "artist": "++++--", "release": "++++--", "version": "+-", "duration": "+-++--",
    "number": "+-", "year": "++--", "language": "+--",
}  # fmt: skip
ROWS = [(name, place) for name, rows in shipped().levels.items() for place in range(len(rows))]


def signs(mixture):
    """For each feature what its rows say, each looked at alone."""
    width = len(mixture.levels)
    silent = float(match_weights(mixture, np.zeros((1, width), dtype=np.int8))[0])
    found = {}
    for at, (name, rows) in enumerate(mixture.levels.items()):
        patterns = np.zeros((len(rows), width), dtype=np.int8)
        patterns[:, at] = np.arange(1, len(rows) + 1)
        found[name] = "".join("+" if odds > silent else "-" for odds in match_weights(mixture, patterns))
    return found


def test_every_row_says_what_is_written_down_here():
    assert signs(shipped()) == SIGNS


@pytest.mark.parametrize(("feature", "place"), ROWS)
def test_a_row_that_is_turned_round_is_found_out(feature, place):
    rows = list(shipped().levels[feature])
    turned = 1e-5 if SIGNS[feature][place] == "+" else 1.0
    rows[place] = replace(rows[place], chances=(turned, *rows[place].chances[MATCH + 1 :]))
    broken = replace(shipped(), levels={**shipped().levels, feature: tuple(rows)})
    assert signs(broken)[feature] != SIGNS[feature]


def test_what_makes_one_recording_and_what_does_not():
    assert odds() > 5
    assert odds(titles=("Jazğy keş",), artists=("Baglanova, Roza",), duration=214, release="") > 3
    assert odds(titles=(), release="", year=0) > 0
    assert odds(titles=("Қоштасу",), number="4", duration=180) < -3
    assert odds(titles=("Қоштасу",), artists=("Ермек",), release="Басқа", duration=215) < -5


def test_silence_is_no_evidence():
    bare = RecordingRecord(2, "B")
    expected = np.log(shipped().priors[MATCH] / (1 - shipped().priors[MATCH]))
    assert weight(SONG, bare) == pytest.approx(expected)


def test_a_fit_needs_no_labels_and_finds_the_share_of_matches():
    mixture = shipped()
    random = np.random.default_rng(1)
    shares = np.array([0.3, *([0.7 / (len(mixture.classes) - 1)] * (len(mixture.classes) - 1))])
    kinds = random.choice(len(shares), size=5_000, p=shares)
    drawn = [
        [1 + random.choice(len(rows), p=[row.chances[kind] for row in rows]) for kind in kinds]
        for rows in mixture.levels.values()
    ]
    patterns = np.array(drawn, dtype=np.int8).T
    fitted = fit(mixture, patterns, np.ones(len(patterns), dtype=np.int64))
    assert fitted.priors[MATCH] == pytest.approx(0.3, abs=0.02)
    found = match_weights(fitted, patterns) > 0
    assert np.mean(found == (kinds == MATCH)) > 0.99
