import dataclasses

from matching.linking import ALONE, WORD_FOR_WORD, chosen, recording_to_work
from matching.records import PartyMention, RecordingRecord, WorkHint, WorkRecord

ABAI = PartyMention("Құнанбайұлы Абай", "00000000109", role="CA")
WORK = WorkRecord(1, "131", ("131:77",), ("T9123456780",), ("Жазғы кеш",), (ABAI,))
SONG = RecordingRecord(2, "L", ("L:5",), titles=("Jazğy keş (Live)",), artists=("Роза Бағланова",))
OTHER_SONG = RecordingRecord(3, "L", ("L:6",), titles=("Қоштасу",), artists=("Роза Бағланова",))


def verdict(recording, *hints, work=WORK):
    found = recording_to_work(recording, hints, work)
    return found.verdict, found.conflict


def test_a_declared_iswc_or_number_links():
    assert verdict(SONG, WorkHint(iswc="T9123456780")) == ("positive", "")
    assert verdict(SONG, WorkHint(ref="131:77")) == ("positive", "")


def test_a_declared_work_of_another_title_is_a_clash_unless_a_writer_agrees():
    assert verdict(OTHER_SONG, WorkHint(iswc="T9123456780")) == ("unsure", "identifier_clash")
    named = WorkHint(iswc="T9123456780", writers=(PartyMention("Abay Kunanbayev"),))
    assert verdict(OTHER_SONG, named) == ("positive", "")
    assert verdict(OTHER_SONG, WorkHint(iswc="T9123456780", title="Жазғы кеш")) == ("positive", "")


def test_a_medley_has_a_title_of_its_own():
    assert verdict(OTHER_SONG, WorkHint(iswc="T9123456780"), WorkHint(iswc="T0345246801")) == ("positive", "")


def test_a_number_with_another_iswc_waits_for_a_person():
    assert verdict(SONG, WorkHint(iswc="T0345246801", ref="131:77")) == ("unsure", "identifier_clash")


def test_another_declared_work_is_evidence_against():
    assert verdict(SONG, WorkHint(iswc="T0345246801")) == ("negative", "")
    same = WorkHint(iswc="T0345246801", title="Жазғы кеш", writers=(ABAI,))
    assert verdict(SONG, same) == ("unsure", "identifier_differs")


def test_title_and_writers_link_without_identifiers():
    assert verdict(SONG, WorkHint(title="Жазғы кеш", writers=(ABAI,))) == ("positive", "")


def test_a_writer_who_performs_links():
    song = RecordingRecord(4, "L", titles=("Жазғы кеш",), artists=("Abai Qunanbaiuly",))
    assert verdict(song) == ("positive", "")
    one_word = RecordingRecord(4, "L", titles=("Жазғы кеш",), artists=("Abai",))
    assert verdict(one_word) == ("none", "")


def test_a_title_that_many_works_can_have_never_suffices():
    assert verdict(SONG) == ("none", "")
    assert verdict(SONG, WorkHint(title="Жазғы кеш")) == ("none", "")
    sonata = WorkRecord(5, "131", titles=("Sonata in C minor: Allegro",), parties=(ABAI,))
    assert verdict(RecordingRecord(6, "L", titles=sonata.titles), work=sonata) == ("none", "")


LONG = WorkRecord(7, "131", ("131:78",), (), ("Жазғы түнде жалғыз жүрек",), (ABAI,))
ALONE_WITH_TITLE = RecordingRecord(
    8, "L", titles=("Jazğy tünde jalğyz jürek (Live)",), artists=("Роза Бағланова",)
)


def test_a_telling_title_suffices_while_nothing_speaks_against_it():
    found = recording_to_work(ALONE_WITH_TITLE, (), LONG)
    assert (found.verdict, found.rule) == (
        "positive",
        "a telling title word for word, nothing against it",
    )
    assert WORD_FOR_WORD <= found.score < ALONE
    other = WorkHint(title=LONG.titles[0], writers=(PartyMention("Шәмші Қалдаяқов"),))
    assert verdict(ALONE_WITH_TITLE, other, work=LONG) == ("none", "")
    assert verdict(ALONE_WITH_TITLE, WorkHint(ref="131:79"), work=LONG) == ("negative", "")


def test_two_works_of_one_telling_title_are_nobodys_recording():
    assert chosen([(1, 720), (2, 720)]) == set()
    assert chosen([(1, 720), (1, 740)]) == {1}
    assert chosen([(1, 900), (2, 720)]) == {1}
    assert chosen([(1, 900), (2, 900)]) == {1, 2}
    assert chosen([]) == set()


def test_of_titles_of_the_same_words_the_one_in_the_same_order_is_the_recordings():
    turned = dataclasses.replace(LONG, id=11, refs=("131:80",), titles=("Жалғыз жүрек жазғы түнде",))
    scores = [(work.id, recording_to_work(ALONE_WITH_TITLE, (), work).score) for work in (LONG, turned)]
    assert scores[1][1] < WORD_FOR_WORD
    assert chosen(scores) == {LONG.id}
    assert chosen([(1, 740), (2, 740), (3, 710)]) == set()


def test_a_misspelt_title_needs_the_writers_and_the_performer():
    work = dataclasses.replace(WORK, titles=("Жағзы кш",), performers=("Роза Бағланова",))
    named = WorkHint(title="Жазғы кеш", writers=(ABAI,))
    assert recording_to_work(SONG, (named,), work).rule == (
        "nearly the title, the writers, performed as registered"
    )
    assert verdict(SONG, named, work=dataclasses.replace(work, performers=())) == ("none", "")


def test_performers_and_writers_are_not_read_as_one_name():
    work = WorkRecord(
        9,
        "131",
        titles=("Home",),
        parties=(PartyMention("Ashworth H.", role="CA"),),
        performers=("Қасымов Сәуле",),
    )
    assert verdict(RecordingRecord(10, "L", titles=("Home",), artists=("Ashworth Сәуле",)), work=work) == (
        "none",
        "",
    )


def test_the_evidence_names_what_was_compared():
    found = recording_to_work(SONG, (WorkHint(iswc="T9123456780"),), WORK)
    evidence = dict(found.evidence)
    assert list(evidence) == ["declared", "title", "writers", "performers", "telling", "wording"]
    assert evidence["declared"].detail == "declared by ISWC T9123456780"
    assert evidence["title"].score == 1000
    assert found.rule == "declared work"
