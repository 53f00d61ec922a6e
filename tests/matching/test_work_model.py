import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model import judge
from matching.records import PartyMention, WorkRecord
from matching.works import FEATURES, RULES, WORKS

ABAI = PartyMention("Құнанбайұлы Абай", "00000000109", role="CA")
ABAY = PartyMention("Kunanbayev Abay", role="CA")
ROZA = PartyMention("Бағланова Роза", "00000003887", role="A")
DINA = PartyMention("Нұрпейісова Дина", "00000000222", role="C")
PUBLISHER = PartyMention("Dala Publishing", "00000000555", role="E")
ISWC, OTHER = "T9123456780", "T0345246801"


def work(number, title, *parties, iswc="", refs=(), source=""):
    source = source or f"S{number}"
    return WorkRecord(
        number, source, (f"{source}:{number}", *refs), (iswc,) if iswc else (), (title,), tuple(parties)
    )


def verdict(left, right):
    found = judge(left, right, WORKS)
    return found.verdict, found.conflict


def test_partial_registrations_of_one_iswc_and_title_are_one_work():
    left = work(1, "ЖАЗҒЫ КЕШ", PartyMention("", "90000000109"), iswc=ISWC)
    right = work(2, "ЖАЗҒЫ КЕШ", PartyMention("", "90000003887"), iswc=ISWC)
    assert verdict(left, right) == ("positive", "")


def test_one_iswc_with_other_title_and_writers_is_a_clash_and_no_merge():
    left, right = work(1, "Жазғы кеш", ABAI, iswc=ISWC), work(2, "Қоштасу", ROZA, iswc=ISWC)
    assert verdict(left, right) == ("unsure", "identifier_clash")


def test_one_iswc_with_another_title_and_unknown_writers_waits_for_a_person():
    left, right = work(1, "Жазғы кеш", ABAI, iswc=ISWC), work(2, "Қоштасу", iswc=ISWC)
    assert verdict(left, right) == ("unsure", "")


def test_one_iswc_and_a_common_writer_outweigh_a_translated_title():
    left, right = work(1, "Жазғы кеш", ABAI, iswc=ISWC), work(2, "Summer Evening", ABAY, iswc=ISWC)
    assert verdict(left, right) == ("positive", "")


def test_an_alternative_title_is_a_title():
    left = dataclasses.replace(work(1, "Summer Evening", ABAI), titles=("Summer Evening", "Жазғы кеш"))
    assert verdict(left, work(2, "Jazğy keş", ABAY)) == ("positive", "")


def test_different_iswcs_are_two_works_unless_all_else_is_the_same():
    left = work(1, "Жазғы кеш", ABAI, iswc=ISWC)
    assert verdict(left, work(2, "Жазғы кеш", ROZA, iswc=OTHER)) == ("negative", "")
    assert verdict(left, work(2, "Жазғы кеш", ABAI, iswc=OTHER)) == ("unsure", "identifier_differs")


def test_title_and_writers_suffice_without_an_iswc():
    left, right = work(1, "Жазғы кеш", ABAI, ROZA), work(2, "ZHAZGY KESH", ABAY)
    assert verdict(left, right) == ("positive", "")


def test_a_title_alone_never_suffices():
    assert verdict(work(1, "Жазғы кеш"), work(2, "Жазғы кеш")) == ("none", "")
    assert verdict(work(1, "Жазғы кеш", ABAI), work(2, "Жазғы кеш", ROZA)) == ("none", "")
    assert verdict(work(1, "Жазғы кеш", ABAI), work(2, "Жазғы кеш")) == ("none", "")


def test_publishers_and_placeholders_are_no_writers():
    assert verdict(work(1, "Love", PUBLISHER), work(2, "Love", PUBLISHER)) == ("none", "")
    trad = PartyMention("TRADITIONAL", role="CA")
    assert verdict(work(1, "Love", trad), work(2, "Love", trad)) == ("none", "")


def test_a_name_of_one_word_is_weak():
    single = PartyMention("Dana", role="CA")
    assert verdict(work(1, "Love", single), work(2, "Love", single)) == ("unsure", "")


def test_namesakes_with_other_ipi_numbers_are_weak():
    namesake = PartyMention("Құнанбайұлы Абай", "00000000777", role="CA")
    assert verdict(work(1, "Love", ABAI), work(2, "Love", namesake)) == ("unsure", "")


def test_an_ipi_base_number_outweighs_the_name_number():
    left = PartyMention("Dana D", "00000000001", "I-000000229-7", "CA")
    right = PartyMention("Another Pseudonym", "00000000002", "I0000002297", "CA")
    assert verdict(work(1, "Love", left), work(2, "Love", right)) == ("positive", "")


def test_half_of_the_writers_wait_for_a_person():
    assert verdict(work(1, "Love", ABAI, ROZA), work(2, "Love", ABAI, DINA)) == ("unsure", "")


def test_two_numbers_of_one_society_need_the_same_iswc():
    def pair(**more):
        return (work(n, "Жазғы кеш", ABAI, source="131", **more) for n in (1, 2))

    assert verdict(*pair()) == ("unsure", "")
    assert verdict(*pair(iswc=ISWC)) == ("positive", "")


def test_a_shared_society_number_is_strong_and_not_truth():
    def pair(title, writer, **more):
        left = work(1, "Жазғы кеш", ABAI, refs=("052:77",), iswc=ISWC)
        return left, work(2, title, writer, refs=("052:77",), **more)

    assert verdict(*pair("Жазғы кеш", ROZA)) == ("positive", "")
    assert verdict(*pair("Қоштасу", ABAY)) == ("positive", "")
    assert verdict(*pair("Қоштасу", ROZA)) == ("unsure", "identifier_clash")
    assert verdict(*pair("Жазғы кеш", ABAI, iswc=OTHER)) == ("unsure", "identifier_differs")


def test_a_telling_title_links_partial_registrations():
    long = "Жазғы түнде жалғыз жүрек"
    assert verdict(work(1, long, ABAI, ROZA), work(2, long, ABAI, DINA)) == ("positive", "")
    assert verdict(work(1, "Жазғы кеш", ABAI, ROZA), work(2, "Жазғы кеш", ABAI, DINA)) == ("unsure", "")
    assert verdict(work(1, long, ROZA), work(2, long, DINA)) == ("none", "")


def test_performers_support_a_title():
    def pair(title, *writers):
        works = [work(number, title, writer) for number, writer in enumerate(writers, 1)]
        return (dataclasses.replace(item, performers=("Роза Рымбаева",)) for item in works)

    assert verdict(*pair("Жазғы түнде жалғыз жүрек", ABAI, DINA)) == ("positive", "")
    assert verdict(*pair("Жазғы кеш", ABAI, DINA)) == ("unsure", "")


def test_version_words_do_not_block_a_work():
    assert verdict(work(1, "Love (Live)", ABAI), work(2, "Love - Remix", ABAI)) == ("positive", "")


def test_every_feature_explains_itself_and_travels_with_the_score():
    found = judge(work(1, "Love", ABAI, iswc=ISWC), work(2, "Love", iswc=ISWC), WORKS)
    assert [name for name, _ in found.evidence] == [feature.name for feature in FEATURES]
    assert all(feature.function.__doc__ for feature in FEATURES)
    evidence = dict(found.evidence)
    assert (evidence["iswc"].score, evidence["iswc"].left) == (1000, ISWC)
    assert evidence["writers"].score is None
    assert found.rule in {rule.name for rule in RULES}


def test_the_table_is_well_formed():
    names = {feature.name for feature in FEATURES}
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert {condition.feature for condition in rule.when} <= names
        assert 0 <= rule.low <= rule.high <= 1000
        assert (rule.verdict == "positive") == (rule.low >= 800)


PARTIES = st.lists(st.sampled_from((ABAI, ABAY, ROZA, DINA, PUBLISHER)), max_size=3)
WORK = st.builds(
    lambda title, parties, iswc, refs: WorkRecord(1, "S", refs, iswc, (title,), tuple(parties)),
    st.sampled_from(("Жазғы кеш", "Jazğy keş", "Күй 1", "Күй 2", "Қоштасу", "***", "")),
    PARTIES,
    st.sampled_from(((), (ISWC,), (OTHER,))),
    st.sampled_from(((), ("052:1",), ("052:2", "131:1"))),
)


@given(WORK, WORK)
def test_the_order_of_two_works_does_not_matter(left, right):
    one, other = judge(left, right, WORKS), judge(right, left, WORKS)
    assert (one.verdict, one.score, one.conflict) == (other.verdict, other.score, other.conflict)
    assert [result.score for _, result in one.evidence] == [result.score for _, result in other.evidence]


@pytest.mark.parametrize("title", ["Жазғы кеш", "Күй 1"])
def test_a_work_matches_itself_declared_elsewhere(title):
    assert verdict(work(1, title, ABAI, DINA), work(2, title, ABAI, DINA)) == ("positive", "")
