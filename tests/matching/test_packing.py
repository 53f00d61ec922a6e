import re
from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from invented_recordings import invented

from matching import packing
from matching.packing import Packing, infer, unpack, unpack_all
from matching.records import RecordingRecord

STRAIGHT = Packing()
PACKED = {
    "0": (Packing(), lambda r: r),
    "1": (
        Packing(leading="artist"),
        lambda r: replace(r, titles=(f"{r.artists[0]} - {r.titles[0]}",), artists=()),
    ),
    "2": (
        Packing(trailing="release"),
        lambda r: replace(r, titles=(f"{r.titles[0]} - {r.release}",), release=""),
    ),
    "3": (
        Packing(numbered=True, repeats_release=True, dated_release=True),
        lambda r: replace(
            r,
            titles=(f"0{r.number}-{r.titles[0]} ({r.release})",),
            release=f"{r.release} ({r.year or 'unknown'})",
            year=0,
        ),
    ),
}


def test_how_each_source_packs_its_columns_is_found_and_undone():
    records = [record for record in invented()[0] if record.release]
    packed = [PACKED[record.source][1](record) for record in records]
    found = infer(packed)
    assert found == {source: packing for source, (packing, _) in PACKED.items()}
    assert unpack_all(packed, found) == records


def test_some_records_of_each_source_are_enough_in_whatever_order_they_come(monkeypatch):
    monkeypatch.setattr(packing, "ENOUGH", 30)
    records = [record for record in invented()[0] if record.release]
    packed = [PACKED[record.source][1](record) for record in records]
    by_source = {source: [record for record in packed if record.source == source] for source in PACKED}
    in_turn = [record for turn in zip(*by_source.values(), strict=False) for record in turn]
    assert min(map(len, by_source.values())) > 60
    for order in (packed, in_turn, sorted(packed, key=lambda record: record.source)):
        assert infer(order) == {source: own for source, (own, _) in PACKED.items()}


def test_a_source_that_packs_nothing_stays_as_it_is():
    records = [
        RecordingRecord(n, "A", titles=(title,), artists=("Дана",), release="Ән")
        for n, title in enumerate(("Таң - кеш", "Күй (Ән)", "7-Күй", "Көктем", "Жаз", "Күз", "Қыс"), start=1)
    ]
    assert infer(records) == {"A": Packing()}


def test_without_other_sources_artists_stand_before_and_releases_behind():
    titles = [f"Дана {n} - Ән {n}" for n in range(5)]
    no_artist = [
        RecordingRecord(n, "A", titles=(title,), release="Ән әлемі") for n, title in enumerate(titles)
    ]
    no_release = [
        RecordingRecord(n, "A", titles=(title,), artists=("Дана",)) for n, title in enumerate(titles)
    ]
    assert infer(no_artist)["A"] == Packing(leading="artist")
    assert infer(no_release)["A"] == Packing(trailing="release")


@pytest.mark.parametrize(
    ("title", "packing", "expected"),
    [
        ("I_Was_There_-_Home", Packing(trailing="release"), ("I Was There", (), "Home")),
        ("Таң-шапағы---Ән", Packing(trailing="release"), ("Таң-шапағы", (), "Ән")),
        ("007", Packing(numbered=True), ("007", (), "")),
        ("A - B - C", Packing(leading="artist"), ("B - C", ("A",), "")),
        ("A - B - C", Packing(trailing="release"), ("A - B", (), "C")),
        ("Ән (live) (Home)", Packing(repeats_release=True), ("Ән (live)", (), "Home")),
        ("Ән", Packing(leading="artist"), ("Ән", (), "")),
    ],
)
def test_a_title_column_is_taken_apart(title, packing, expected):
    found = unpack(RecordingRecord(1, "A", titles=(title,)), packing)
    assert (found.titles[0], found.artists, found.release) == expected


def test_a_bracket_that_is_not_the_release_stays_in_the_title():
    record = RecordingRecord(1, "A", titles=("Ән (live)",), release="Home")
    assert unpack(record, Packing(repeats_release=True)) == record


TEXT = st.text(st.sampled_from("ab -_()12"), max_size=30)
DASH = re.compile(r"\s+-+\s+|\s*-{3,}\s*|_-_")


@given(st.lists(st.sampled_from((*"ab -_\t\u00a0", " - ", "---")), max_size=12).map("".join))
@example("a - - b")
@example(" -  - ")
@example(" - a")
def test_a_title_is_cut_at_its_first_or_its_last_spaced_dash(title):
    record = RecordingRecord(1, "A", titles=(title,))
    cuts = list(DASH.finditer(title))
    for field, at in (("leading", 0), ("trailing", -1)):
        found = unpack(record, Packing(**{field: "artist"}))
        head, tail = (title[: cuts[at].start()], title[cuts[at].end() :]) if cuts else ("", "")
        told, rest = (head, tail) if field == "leading" else (tail, head)
        cut = bool(tail.strip())
        assert found.artists == ((told.strip(),) if cut else ())
        assert "".join(found.titles) == "".join(
            unpack(replace(record, titles=(rest if cut else title,)), STRAIGHT).titles
        )


def test_all_other_fields_stay():
    values = {field.name: f"{field.name}!" for field in fields(RecordingRecord)}
    record = RecordingRecord(**{**values, "titles": ("Ән",), "artists": ("Дана",), "year": 1965})
    assert unpack(record, Packing(leading="artist", dated_release=True)) == record


@given(TEXT, TEXT, st.sampled_from(("artist", "release", "")), st.booleans())
def test_no_letter_of_a_title_is_lost_or_made_up(title, release, field, repeats):
    record = RecordingRecord(1, "A", titles=(title,), release=release)
    found = unpack(record, Packing(leading=field, repeats_release=repeats))
    letters = sorted(char for char in title + release if char.isalnum())
    kept = sorted(char for char in "".join((*found.titles, *found.artists, found.release)) if char.isalnum())
    assert kept == letters or (repeats and release and set(kept) <= set(letters))
