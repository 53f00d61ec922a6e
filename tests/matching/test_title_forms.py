import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.normalize.titles import BLOCKING, fold_title, title_forms, titles_alike, version_codes


@pytest.mark.parametrize(
    ("title", "core", "version", "featuring"),
    [
        ("Жазғы кеш", "Жазғы кеш", (), ()),
        ("Жазғы кеш (минус)", "Жазғы кеш", ("karaoke",), ()),
        ("Жазғы кеш — ремикс", "Жазғы кеш", ("remix",), ()),
        ("Жазғы кеш [жанды дауыс]", "Жазғы кеш", ("live",), ()),
        ("Төре (Айгүл қатысуымен)", "Төре", (), ("Айгүл",)),
        ("Сауле feat. Dana - Radio Edit", "Сауле", ("edit",), ("Dana",)),
        ("Песня (при участии Анны) (акустическая версия)", "Песня", ("acoustic",), ("Анны",)),
        ("Song - Live - 2011 Remaster", "Song", ("live", "remaster"), ()),
        ("Night (Rob's Club Mix) ft. Ann", "Night", ("remix",), ("Ann",)),
        ("(I Can't) Sleep", "(I Can't) Sleep", (), ()),
        ("Sleep (Album)", "Sleep (Album)", (), ()),
        ("Live and Let Go", "Live and Let Go", (), ()),
        ("Ft. Worth Blues", "Ft. Worth Blues", (), ()),
        ("(Live)", "(Live)", (), ()),
        ("Song (live", "Song", ("live",), ()),
        ("", "", (), ()),
    ],
)
def test_a_title_is_taken_apart(title, core, version, featuring):
    forms = title_forms(title)
    assert (forms.core, forms.version, forms.featuring) == (core, version, featuring)


def test_the_longest_version_phrase_is_read_first():
    assert version_codes("Radio Mix") == ("edit",)
    assert version_codes("Original Mix") == ("note",)
    assert version_codes("Deliverance, Remixture") == ()
    assert "live" in BLOCKING
    assert "remaster" not in BLOCKING


def test_articles_are_left_out_wherever_they_stand():
    assert fold_title("The Wall") == fold_title("Wall, The") == fold_title("Wall")
    assert fold_title("The") == "the"


def test_titles_alike_through_scripts_brackets_and_spaces():
    def alike(left, right):
        return titles_alike(title_forms(left), title_forms(right))

    assert alike("Жазғы кеш", "Jazğy keş (Live)") == 1000
    assert alike("Sleep (I Can't)", "Sleep") == 1000
    assert alike("No bombardeen", "Nobombardeen") >= 950
    assert alike("Wall of Sound", "Sound of Wall") == 1000
    assert alike("Жазғы кеш", "Қысқы таң") < 600


@pytest.mark.parametrize(
    ("left", "right"),
    [("Symphony No. 5", "Symphony No. 9"), ("Күй 1", "Күй 2"), ("Sonata II: Allegro", "Sonata III: Allegro")],
)
def test_titles_with_other_numbers_are_never_the_same(left, right):
    assert titles_alike(title_forms(left), title_forms(right)) <= 700


def test_roman_and_arabic_numbers_are_one():
    assert titles_alike(title_forms("Rondo, Pt. II"), title_forms("Rondo, pt. 02")) >= 800
    assert title_forms("Sonata I: Allegro").numbers == ("1",)
    assert title_forms("I Am Six").numbers == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_title_has_forms_and_likeness_is_symmetric(left, right):
    mine, other = title_forms(left), title_forms(right)
    assert bool(mine.core) == bool(left.strip())
    assert titles_alike(mine, other) == titles_alike(other, mine)
    assert 0 <= titles_alike(mine, other) <= 1000
