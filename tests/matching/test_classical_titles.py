import pytest

from matching.blocking import work_keys
from matching.model import judge
from matching.normalize import titles
from matching.normalize.classical import classical
from matching.normalize.tables import rows
from matching.normalize.titles import title_forms, titles_alike
from matching.records import PartyMention, WorkRecord
from matching.works import WORKS

ALIKE = 850
SAME = (
    ("Piano Sonata No. 11 in A Major, K. 331", "Klaviersonate Nr. 11 A-Dur KV 331"),
    ("Piano Sonata No. 11 in A Major, K. 331", "Соната для фортепиано № 11 ля мажор, K. 331"),
    ("Sonate pour piano nº 11 en la majeur, K331", "Sonata per pianoforte n. 11 in la maggiore, KV 331"),
    ("Cello Suite No. 1 in G Major, BWV 1007", "Suite für Violoncello solo Nr. 1 G-Dur BWV 1007"),
    ("Keyboard Sonata in E-flat Major, Hob. XVI:52", "Klaviersonate Es-Dur Hob. XVI/52"),
    ("Piano Sonata in B-flat major, D. 960", "Klaviersonate B-Dur D960"),
    ("Violin Concerto in A minor, RV 356", "Concerto per violino in la minore RV 356"),
    ("Symphony No. 5", "Fünfte Sinfonie"),
    ("Symphony No. 5 in C Minor, Op. 67", "Симфония № 5 до минор, соч. 67"),
    ("Symphony No. 9 in D Minor, Op. 125", "Sinfonie Nr. 9 d-Moll op. 125"),
    ("Piano Sonata No. 14 in C-sharp minor, Op. 27 No. 2", "Klaviersonate Nr. 14 cis-Moll op. 27/2"),
    ("Swan Lake", "Лебединое озеро"),
    ("Щелкунчик", "Der Nussknacker"),
    ("Die Zauberflöte", "Волшебная флейта"),
    ("Pictures at an Exhibition", "Картинки с выставки"),
    ("Mondscheinsonate", "Лунная соната"),
)
DIFFERENT = (
    ("Piano Sonata No. 11 in A Major, K. 331", "Piano Sonata No. 12 in F Major, K. 332"),
    ("Piano Sonata in A Major, K. 331", "Piano Sonata in A Major, K. 331: III. Rondo alla turca"),
    ("Cello Suite No. 1 in G Major, BWV 1007", "Cello Suite No. 2 in D Minor, BWV 1008"),
    ("Symphony No. 5 in C Minor, Op. 67: I. Allegro", "Symphony No. 5 in C Minor, Op. 67: II. Andante"),
    ("Piano Sonata, Op. 27 No. 1", "Piano Sonata, Op. 27 No. 2"),
    ("Nocturne in E-flat Major", "Nocturne in C-sharp Minor"),
    ("Prelude in C-Dur", "Prelude in c-Moll"),
    ("Fünfte Sinfonie", "Symphony No. 9"),
    ("Violin Concerto No. 1", "Klavierkonzert Nr. 1"),
    ("Klaviersonate B-Dur", "Klaviersonate H-Dur"),
    ("Swan Lake", "Щелкунчик"),
    ("Waltz No. 2", "Вальс № 3"),
)


@pytest.mark.parametrize(("left", "right"), SAME)
def test_titles_of_one_classical_work_are_alike_in_every_language(left, right):
    assert titles_alike(title_forms(left), title_forms(right)) >= ALIKE
    assert titles_alike(title_forms(right), title_forms(left)) >= ALIKE


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_titles_of_two_classical_works_are_not(left, right):
    assert titles_alike(title_forms(left), title_forms(right)) < ALIKE


@pytest.mark.parametrize(
    "title", ["Vitamin D", "One", "K 2", "Ән", "Second Chance", "Mi amor", "Live in Almaty (2011)"]
)
def test_other_titles_say_nothing_classical(title):
    assert classical(title) is None


def test_without_the_tables_most_of_them_would_be_missed(monkeypatch):
    monkeypatch.setattr(titles, "classical", lambda title: None)
    monkeypatch.setattr(titles, "alias", lambda folded: 0)
    plain = title_forms.__wrapped__
    found = [titles_alike(plain(left), plain(right)) >= ALIKE for left, right in SAME]
    assert sum(found) <= len(SAME) // 4


@pytest.mark.parametrize("row", rows("title_aliases"), ids=lambda row: row["titles"].split("|")[0])
def test_every_name_of_a_row_of_aliases_is_alike_to_every_other(row):
    first, *others = [title_forms(title) for title in row["titles"].split("|")]
    assert all(titles_alike(first, other) >= ALIKE for other in others)


@pytest.mark.parametrize("row", rows("key_notes"), ids=lambda row: f"{row['language']} {row['spelling']}")
def test_every_key_is_read_in_its_language(row):
    for mode in rows("key_modes"):
        if mode["language"] == row["language"]:
            told = classical(f"Sonata {row['spelling']} {mode['spelling']}")
            assert told is not None
            assert told.key.split()[1] == mode["mode"]
            assert told.key.split()[0] == row["note"]


def test_works_in_two_languages_meet_by_their_catalogue_number_and_are_judged_one_work():
    mozart = (PartyMention("Wolfgang Amadeus Mozart", role="C"),)
    one = WorkRecord(1, "A", titles=("Piano Sonata No. 11 in A Major, K. 331",), parties=mozart)
    two = WorkRecord(2, "B", titles=("Соната для фортепиано № 11 ля мажор, K. 331",), parties=mozart)
    assert {"wk:mozart:331"} <= {*work_keys(one)} & {*work_keys(two)}
    assert judge(one, two, WORKS).verdict in ("positive", "unsure")
