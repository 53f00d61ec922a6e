"""Real ERN messages of five versions, compared field by field with what a person reads in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parsers.ddex.message import read
from parsers.reading import Item
from schemas.declarations import (
    Claim,
    Header,
    OtherName,
    PartyName,
    Performer,
    RecordingDeclaration,
    Title,
    WorkReference,
)
from schemas.findings import Finding

KIND = ("kind", "MusicalWorkSoundRecording")
ALLEGRO = 'Concerto For Violin And Strings In E Major, Op.8, No.1, RV 269 "La Primavera". 1 Allegro'
RIOPY = PartyName("RIOPY", proprietary=(("PADPIDA2007050901U", "1981969"),))
ORCHESTRA = PartyName("The English Concert")
HARPSICHORD = PartyName("Trevor Pinnock")
VIOLIN = PartyName("Simon Standage")
COMPOSER = PartyName("Antonio Vivaldi")

SINGLE_382 = RecordingDeclaration(
    ref="USRC12345678",
    title="Example Song",
    isrcs=("USRC12345678",),
    artist="DJ Theo",
    duration=225,
    year=2021,
    label="Label Name, Inc.",
    p_line="Label Name",
    releases=(("A1B2C3D4E5F6G7H8I9J0K1L2M3N4O5P6Q7R8S9T0", "Example Album 123"),),
    claims=(Claim(PartyName("Robert Louis"), "RightsController", controlled=True),),
    other_refs=(("PADPIDA1234567890", "2281606606"),),
)
SINGLE_42 = RecordingDeclaration(
    ref="GBAYC1700598",
    title="I Love You",
    isrcs=("GBAYC1700598",),
    titles=(Title("RIOPY: I Love You", "AT"),),
    artist="RIOPY",
    contributors=(Performer(RIOPY, "MainArtist"), Performer(RIOPY, "Artist")),
    duration=264,
    year=2015,
    label="Warner Classics",
    p_line="2015 Parlophone Records Limited, a Warner Music Group Company",
    releases=(("A10302B0003989564F", "RIOPY: I Love You"),),
    details=(KIND,),
)
CLASSICAL_43 = RecordingDeclaration(
    ref="DE0000311111",
    title=f"Vivaldi: {ALLEGRO}",
    isrcs=("DE0000311111",),
    titles=(Title(ALLEGRO, "FormalTitle"),),
    artist="The English Concert, Simon Standage, Trevor Pinnock",
    contributors=(
        Performer(ORCHESTRA, "MainArtist"),
        Performer(VIOLIN, "MainArtist"),
        Performer(HARPSICHORD, "MainArtist"),
        Performer(COMPOSER, "Composer"),
        Performer(ORCHESTRA, "Orchestra"),
        Performer(HARPSICHORD, "Soloist"),
        Performer(VIOLIN, "Soloist"),
    ),
    duration=201,
    year=2003,
    label="Deutsche Grammophon",
    p_line="2003 Deutsche Grammphon",
    releases=(
        ("A10302B0003989564F", "Antonio Vivaldi: The Four Seasons (Concertos for Violins and Strings)"),
    ),
    works=(WorkReference(writers=(COMPOSER,)),),
    details=(KIND,),
)


def also(name: str, *others: str) -> PartyName:
    """A party with its name in Japanese: its reading, then how it is shown."""
    forms = zip(others, ("ja-hrkt", "ja-jpan"), strict=False)
    return PartyName(name, other_names=tuple(OtherName(other, "", language) for other, language in forms))


MOZART = "Mozart: Symphony No. 40 in G Minor, K. 550"
VIENNA, BERNSTEIN = PartyName("Wiener Philharmoniker"), PartyName("Leonard Bernstein")
WRITER = PartyName("Wolfgang Amadeus Mozart")
SYMPHONY = "コウキョウキョクダイヨンジュウバントタンチョウケッヘルゴヒャクゴジュウ"
ALBUM_383 = RecordingDeclaration(
    ref="DEF058400331",
    title=f"{MOZART} - I. Molto allegro",
    isrcs=("DEF058400331",),
    version="Live at Grosser Saal, Musikverein, Wien / 1984",
    titles=(
        Title(
            f"Mozart: {SYMPHONY} - ダイイチガクショウモルトアレグロ",
            "DisplayTitle",
            "ja-hrkt",
        ),
        Title("Mozart: 交響曲 第40番 ト短調 K.550 - 第1楽章: Molto allegro", "DisplayTitle", "ja-jpan"),
        Title("Symphony No. 40 in G Minor, K. 550", "GroupingTitle", "it"),
        Title(
            "コウキョウキョクダイヨンジュウバントタンチョウケッヘルゴヒャクゴジュウ",
            "GroupingTitle",
            "ja-hrkt",
        ),
        Title("交響曲 第40番 ト短調 K.550", "GroupingTitle", "ja-jpan"),
    ),
    artist="Wiener Philharmoniker and Leonard Bernstein",
    contributors=(
        Performer(VIENNA, "MainArtist"),
        Performer(VIENNA, "Orchestra"),
        Performer(BERNSTEIN, "MainArtist"),
        Performer(BERNSTEIN, "Conductor"),
        Performer(also("Hanno Rinke", "ハンノリンケ", "ハンノ・リンケ"), "Producer"),
        Performer(also("Hans Weber", "ＨａｎｓＷｅｂｅｒ"), "Producer"),
        Performer(also("Klaus Scheibe", "ＫｌａｕｓＳｃｈｅｉｂｅ", "KLAUS SCHEIBE"), "Engineer"),
        Performer(also("Jobst Eberhardt", "エバーハルト"), "RecordingEngineer"),
        Performer(also("Joachim Niss", "Ｊｏａｃｈｉｍ Ｎｉｓｓ"), "RecordingEngineer"),
        Performer(also("Klaus Behrens", "ベーレンス", "クラウス・ベーレンス"), "UserDefined"),
        Performer(WRITER, "Composer"),
    ),
    duration=508,
    year=1984,
    label="Deutsche Grammophon (DG)",
    p_line="℗ 1984 Deutsche Grammophon GmbH, Berlin",
    releases=(("00028948386765", MOZART),),
    works=(WorkReference(writers=(WRITER,)),),
    details=(KIND,),
)
SHU = PartyName("Saeko Shu", other_names=(OtherName("しゅうさえこ", "", "ja-Jpan"),))
ALBUM_411 = RecordingDeclaration(
    ref="JPTO09404900",
    title="Yume no Lullaby",
    isrcs=("JPTO09404900",),
    titles=(Title("夢のララバイ", "OT", "ja-Jpan"),),
    artist="Saeko Shu",
    contributors=(Performer(SHU, "MainArtist"), Performer(SHU, "Artist")),
    duration=148,
    year=1994,
    label="EMI MUSIC JAPAN INC.",
    p_line="(P) 1994 EMI Music Japan Inc.",
    releases=(("00094631432057", "Yume no Hajmari"),),
    details=(("language", "ja"), KIND, ("artist_name ja-Jpan", "しゅうさえこ")),
)
HEADER_383 = Header(
    "ern", "3.8.3", "PADPIDA67890", "TestLabel", "PADPIDA12345", "1", "2021-12-01T13:50:36.567Z", test=True
)
HEADER_411 = Header(
    "ern",
    "4.1.1",
    "PADPIDA2013042401U",
    "UniversalMusicGroup",
    "PADPIDA2009101501Y",
    "Test1.1",
    "2014-09-24T14:57:25+01:00",
)
HEADER_382 = Header(
    "ern",
    "3.8.2",
    "PADPIDA1234567890",
    "Label Name",
    "PADPIDA202401120D9",
    "MessageID5678",
    "2024-04-01T05:00:00Z",
)
HEADER_42 = Header(
    "ern",
    "4.2",
    "PADPIDA2007050901U",
    "Warner Music Group",
    "PADPIDA2007050901U",
    "W83814161",
    "2017-04-25T15:00:29.947Z",
)
HEADER_43 = Header(
    "ern", "4.3", "PADPIDA111111111", "UMG", "PADPIDA2222222222", "1234-1", "2017-04-25T15:00:29.947Z"
)

VIVALDI = PartyName("Antonio Vivaldi")
FOUR_SEASONS = "The Four Seasons, Concerto No. 1 in E (La primavera / Spring) RV269 (Op. 8 No. 1)"
STREATHAM = PartyName("The Streatham Philharmonic Orchestra")
SEASONS_38 = RecordingDeclaration(
    ref="CASE00000901",
    title=f"{FOUR_SEASONS}: I. Allegro",
    isrcs=("CASE00000901",),
    titles=(
        Title(f"Antonio Vivaldi: {FOUR_SEASONS}: I. Allegro", "DisplayTitle"),
        Title(FOUR_SEASONS, "GroupingTitle"),
    ),
    # Nothing says how the artists are shown, so it is all of them.
    artist="Antonio Vivaldi, Ludwig von Edwig, The Streatham Philharmonic Orchestra",
    contributors=(
        Performer(VIVALDI, "Composer"),
        Performer(PartyName("Ludwig von Edwig"), "Conductor"),
        Performer(STREATHAM, "Orchestra"),
        Performer(PartyName("Steve Albino"), "Producer"),
    ),
    duration=194,
    year=2010,
    label="Uriel Records",
    p_line="(P) 2010 Uriel Records",
    releases=(("0000000000900", "The Four Seasons"),),
    works=(WorkReference(iswc="T1234567890", writers=(VIVALDI,)),),
    details=(KIND,),
)
HEADER_38 = Header(
    "ern", "3.8", "DPID_OF_THE_SENDER", "", "DPID_OF_THE_RECIPIENT", "", "2012-12-11T15:50:00+00:00"
)
ENGLISH, STANDAGE, PINNOCK = map(PartyName, ("The English Concert", "Simon Standage", "Trevor Pinnock"))
SPRING = 'Concerto For Violin And Strings In E Major, Op.8, No.1, RV 269 "La Primavera". 1 Allegro'
SEASONS_42 = RecordingDeclaration(
    ref="DE0000311111",
    title=f"Vivaldi: {SPRING}",
    isrcs=("DE0000311111",),
    titles=(Title(SPRING, "FormalTitle"),),
    artist="The English Concert, Simon Standage, Trevor Pinnock",
    contributors=(
        Performer(ENGLISH, "MainArtist"),
        Performer(STANDAGE, "MainArtist"),
        Performer(PINNOCK, "MainArtist"),
        Performer(VIVALDI, "Composer"),
        Performer(ENGLISH, "Orchestra"),
        Performer(PINNOCK, "Soloist"),
        Performer(STANDAGE, "Soloist"),
    ),
    duration=201,
    year=2003,
    label="Deutsche Grammophon",
    p_line="2003 Deutsche Grammphon",
    releases=(
        ("A10302B0003989564F", "Antonio Vivaldi: The Four Seasons (Concertos for Violins and Strings)"),
    ),
    works=(WorkReference(writers=(VIVALDI,)),),
    details=(KIND,),
)


def items(folder: Path, name: str) -> list[Item]:
    with (folder / "samples" / "ddex" / name).open("rb") as stream:
        return list(read(stream))


@pytest.mark.parametrize(
    ("name", "header", "recording", "count"),
    [
        ("ern-3.8.2/audius_01_delivery.xml", HEADER_382, SINGLE_382, 1),
        ("ern-3.8.3/Album.xml", HEADER_383, ALBUM_383, 4),
        ("ern-4.1.1/1 Audio.xml", HEADER_411, ALBUM_411, 21),
        ("ern-4.2/4 SimpleAudioSingle.xml", HEADER_42, SINGLE_42, 1),
        ("ern-4.3/Variant Classical.xml", HEADER_43, CLASSICAL_43, 12),
        ("ern-3.8/Profile_DigitalClassicalAudioAlbum_MulitPartWork.xml", HEADER_38, SEASONS_38, 12),
        ("ern-4.2/Variant Classical.xml", replace(HEADER_43, version="4.2"), SEASONS_42, 12),
        ("ern-4.2/1 Audio.xml", replace(HEADER_411, version="4.2"), ALBUM_411, 21),
        ("ern-4.3/kazhs_album.xml", replace(HEADER_411, version="4.3"), ALBUM_411, 2),
        ("ern-4.3/1 Audio.xml", replace(HEADER_411, version="4.3"), ALBUM_411, 21),
    ],
)
def test_a_real_message_says_what_a_person_reads_in_it(
    shared_folder: Path, name: str, header: Header, recording: RecordingDeclaration, count: int
) -> None:
    found = items(shared_folder, name)
    recordings = [item for item in found if isinstance(item, RecordingDeclaration)]
    assert found[0] == header
    assert recordings[0] == recording
    assert len(recordings) == count
    assert len({item.ref for item in recordings}) == count


def test_a_real_purge_and_a_release_without_deals_end_no_rights(shared_folder: Path) -> None:
    purge = items(shared_folder, "ern-3.8.2/audius_03_delete.xml")[1:]
    assert [item.code for item in purge if isinstance(item, Finding)] == ["ddex.purge_recorded"]
    assert len(purge) == 1
    undealt = items(shared_folder, "ern-3.8.2/Profile_AudioSingle.xml")
    told = {item.code for item in undealt if isinstance(item, Finding)}
    assert "ddex.release_without_deal" in told
    assert sum(isinstance(item, RecordingDeclaration) for item in undealt) == 1
