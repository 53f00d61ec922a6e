"""Columns are made for all texts at once; here each text is read by itself, and nothing may differ."""

import re
from collections import Counter

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from invented_recordings import invented

from matching.candidate_keys import TELLING_WORDS, rare_words
from matching.normalize.lines import title_keys, word_keys
from matching.normalize.names import is_placeholder
from matching.normalize.scripts import fold
from matching.normalize.titles import (
    BLOCKING,
    core_and_version,
    fold_title,
    title_forms,
    version_codes,
)
from matching.recording_columns import place_on_release, recording_columns
from matching.records import RecordingRecord
from matching.vocabulary import glued, in_order, marks, told_apart, words_of

# Every script that has rules of its own, what the rules look for, and signs that stand between words.
LETTERS = (
    "abcdefghijklmnopqrstuvwxyzABCSTY019 &+-,.()[]'’`ʻ_/|\n\t\x00\x1c"
    "абвгжйсеиоуыэюяёАСҒғқңөұүһіӘ" "ıəğşçñǵýáéöüßŁøﬁＡ½" "ابتعقىەۇۆٴكگ" "日本語かなカナ한글ქაქიქεθώש"
    "\u0301\u0308\u0345\u200b\u2028\u00a0"
)  # fmt: skip
WORDS = (
    "live", "remix", "radio edit", "(live)", "[remastered]", "- Live", "— концерт", "feat. X", "ft.",
    "при уч", "The", "Wall, The", "s'a", "c'a", "g'a", "tsch", "schtsch", "ckh", "yo", "byo", "aie", "iej",
    "evic", "aab", "unknown", "various artists", "***", "Cәуле", "S'a'ms'i", "جازعى", "كەش", "اباي", "çc",
)  # fmt: skip
TEXTS = st.lists(
    st.one_of(st.text(LETTERS, max_size=12), st.sampled_from(WORDS), st.text(max_size=5)), max_size=5
)
TEXT = st.one_of(TEXTS.map(" ".join), TEXTS.map("".join), st.just("s'a x" * 300), st.just("é& +" * 260))
LETTER = re.compile("[a-z0-9]")


def key_of(text):
    """The folding key of a text that has letters."""
    folded = fold(text)
    return folded if LETTER.search(folded) else ""


@given(st.lists(TEXT, max_size=8))
@example(["ə", "c"])
@example(["c\nə", "'s'a", "g'a s'a\n"])
@example(["e", "\u0301"])
def test_many_texts_have_the_keys_that_each_has_by_itself(texts):
    assert word_keys(texts) == [key_of(text) for text in texts]


@given(st.lists(TEXT, max_size=8))
@example(["!!!, The", "The", ", a"])
def test_many_titles_have_the_keys_that_each_has_by_itself(titles):
    assert title_keys(titles) == [fold_title(title) for title in titles]


@given(TEXT)
@example("Song (Live) ")
@example("Song  (B)")
@example("Song ft. X (Live)")
@example("Song (feat. X)")
@example("Ән (Роза қатысуымен)")
@example("(Live)")
@example(" (Live)")
@example("Song ()")
@example("Song - Live (B)")
@example("Song – (Live)")
def test_a_core_is_that_of_the_whole_forms(title):
    forms = title_forms(title)
    assert core_and_version(title) == (forms.core, forms.version)


def titled(record):
    """The title folded, its core, and the version words that count, as the documentation has them."""
    title = record.titles[0] if record.titles else ""
    whole, codes = key_of(title), set(version_codes(record.version))
    core = whole
    if re.search(r"[(\[{]|\s[-–—−]|f(?:eat|t\.)|при уч", title.lower()):
        forms = title_forms(title)
        core = (key_of(forms.core) and forms.folded) or whole
        codes |= set(forms.version)
    return whole, core, " ".join(sorted(codes & BLOCKING))


def named(name):
    return "" if is_placeholder(name) or not key_of(name) else fold(name)


def assert_rare_words(columns, fields, alphabet):
    often = Counter(word for texts in fields for text in texts for word in text.split())
    rarest = sorted(alphabet, key=lambda word: (often[word] if len(word) > 1 else 0, word))
    for place, texts in enumerate(zip(*fields, strict=True)):
        own = {word for text in texts for word in text.split() if len(word) > 1 and often[word] > 1}
        expected = [alphabet.index(word) + 1 for word in sorted(own, key=rarest.index)[:TELLING_WORDS]]
        found = [int(words[place]) for words in rare_words(columns)]
        assert found == expected + [0] * (TELLING_WORDS - len(expected))


def assert_made_as_one_by_one(records):
    columns = recording_columns(records)
    wholes, cores, versions = zip(*map(titled, records), strict=True)
    expected = {
        "title": list(wholes),
        "core": list(cores),
        "artist": [named(" ".join(record.artists)) for record in records],
        "release": [named(record.release) for record in records],
    }
    pool = columns.texts
    known = pool.spaced.tolist()
    assert known == list(dict.fromkeys(["", *wholes, *expected["artist"], *expected["release"], *cores]))
    for name, texts in expected.items():
        assert [known[number] for number in getattr(columns, name)] == texts
    assert pool.glued.tolist() == [text.replace(" ", "") for text in known]
    assert pool.ordered.tolist() == [" ".join(sorted(text.split())) for text in known]
    alphabet = sorted({word for text in known for word in text.split()})
    bits = [{alphabet.index(word) % 64 for word in text.split()} for text in known]
    assert pool.marks.tolist() == [sum(1 << bit for bit in own) for own in bits]
    assert_rare_words(columns, [expected[name] for name in ("title", "artist", "release")], alphabet)
    numbers = [place_on_release(record.number) for record in records]
    for found, values in (
        (columns.versions, versions),
        (columns.number, numbers),
        (columns.sources, [record.source for record in records]),
    ):
        in_alphabet = sorted({"", *values})
        assert found.tolist() == [in_alphabet.index(value) for value in values]
    for name, found in (("id", columns.ids), ("duration", columns.duration), ("year", columns.year)):
        assert found.tolist() == [getattr(record, name) for record in records]


RECORDS = st.builds(
    RecordingRecord,
    id=st.integers(0, 99),
    source=st.sampled_from("AB"),
    titles=st.one_of(st.just(()), st.tuples(TEXT)),
    version=st.one_of(st.just(""), st.sampled_from(WORDS)),
    artists=st.lists(TEXT, max_size=2).map(tuple),
    duration=st.integers(0, 999),
    year=st.integers(0, 2030),
    release=TEXT,
    number=st.sampled_from(("", "1", "01", " b2", "A12345")),
)


@given(st.lists(RECORDS, min_size=1, max_size=6))
def test_columns_are_what_one_text_after_the_other_gives(records):
    assert_made_as_one_by_one(records)


def test_columns_of_a_batch_are_what_one_text_after_the_other_gives():
    assert_made_as_one_by_one(invented(albums=10)[0])


@given(st.lists(st.sampled_from(("", "a", "b", "c d"))))
def test_values_are_numbered_as_they_come(values):
    known, places = told_apart(values)
    assert known == list(dict.fromkeys(values))
    assert [known[place] for place in places] == values


def test_a_pool_without_texts_has_no_words():
    words = words_of([""], np.zeros(1, np.int64))
    assert words.alphabet == []
    assert (glued([""]).tolist(), in_order(words).tolist(), marks(words).tolist()) == ([""], [""], [0])
