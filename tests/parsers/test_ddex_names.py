"""Names in other languages and scripts: every form that a message states is kept, with its language."""

from __future__ import annotations

import io

import pytest
from ddex_rdrn_messages import CLAIM
from ddex_rdrn_messages import message as claim_of

from parsers.ddex.message import read
from schemas.declarations import OtherName, PartyName, RecordingDeclaration, Title

NAMES = """<PartyName LanguageAndScriptCode="kk-Cyrl"><FullName>Ерлан Әлімов</FullName>
  <FullNameAsciiTranscribed>Erlan Alimov</FullNameAsciiTranscribed></PartyName>
<PartyName LanguageAndScriptCode="kk-Latn"><FullName>Erlan Älimov</FullName></PartyName>
<PartyName LanguageAndScriptCode="ru"><KeyName>Алимов</KeyName>
  <NamesBeforeKeyName>Ерлан</NamesBeforeKeyName></PartyName>
<PartyName><FullName>Ерлан Әлімов</FullName></PartyName>"""
EVERY = PartyName(
    "Ерлан Әлімов",
    other_names=(
        OtherName("Erlan Alimov"),
        OtherName("Erlan Älimov", "", "kk-Latn"),
        OtherName("Алимов", "Ерлан", "ru"),
    ),
)
ARTIST = """<DisplayArtistName LanguageAndScriptCode="kk-Cyrl">Ерлан</DisplayArtistName>
<DisplayArtistName LanguageAndScriptCode="kk-Latn">Erlan</DisplayArtistName>
<DisplayArtistName>Ерлан</DisplayArtistName><DisplayArtistName>Yerlan</DisplayArtistName>"""
IN_40 = f"""<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/43"><MessageHeader/><PartyList>
<Party><PartyReference>P1</PartyReference>{NAMES}</Party></PartyList><ResourceList><SoundRecording>
<ResourceReference>A1</ResourceReference><DisplayTitle><TitleText>Жазғы кеш</TitleText></DisplayTitle>
<DisplayTitle LanguageAndScriptCode="en"><TitleText>Summer Evening</TitleText></DisplayTitle>
<AdditionalTitle LanguageAndScriptCode="kk-Latn"><TitleText>Jazğy keş</TitleText></AdditionalTitle>{ARTIST}
<DisplayArtist><ArtistPartyReference>P1</ArtistPartyReference><DisplayArtistRole>MainArtist</DisplayArtistRole>
</DisplayArtist></SoundRecording></ResourceList></e:NewReleaseMessage>"""
IN_38 = f"""<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/382"><MessageHeader/><ResourceList><SoundRecording>
<ResourceReference>A1</ResourceReference><ReferenceTitle><TitleText>Жазғы кеш</TitleText></ReferenceTitle>
<SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
<Title LanguageAndScriptCode="en"><TitleText>Summer Evening</TitleText></Title>
<Title LanguageAndScriptCode="kk-Latn" TitleType="AT"><TitleText>Jazğy keş</TitleText></Title>{ARTIST}
<DisplayArtist>{NAMES}<ArtistRole>MainArtist</ArtistRole></DisplayArtist></SoundRecordingDetailsByTerritory>
</SoundRecording></ResourceList></e:NewReleaseMessage>"""
CONTROLLER = """<SoundRecordingDetailsByTerritory><TerritoryCode>{0}</TerritoryCode><RightsController>
<PartyName LanguageAndScriptCode="{1}"><FullName>{2}</FullName></PartyName>
<PartyId><DPID>PADPIDA20250101013</DPID></PartyId>
<RightsControllerRole>RightsController</RightsControllerRole><RightSharePercentage>100</RightSharePercentage>
</RightsController></SoundRecordingDetailsByTerritory>"""


def recording(text: str) -> RecordingDeclaration:
    (found,) = (item for item in read(io.BytesIO(text.encode())) if isinstance(item, RecordingDeclaration))
    return found


@pytest.mark.parametrize("text", [IN_38, IN_40], ids=["3.8.2", "4.3"])
def test_every_form_of_a_name_and_of_a_title_is_kept(text: str) -> None:
    found = recording(text)
    assert [item.party for item in found.contributors] == [EVERY]
    assert found.title == "Жазғы кеш"
    assert [(item.text, item.language) for item in found.titles] == [
        ("Summer Evening", "en"),
        ("Jazğy keş", "kk-Latn"),
    ]
    assert all(isinstance(item, Title) for item in found.titles)
    assert found.artist == "Ерлан"
    assert found.details == (("artist_name kk-Latn", "Erlan"), ("artist_name", "Yerlan"))


def test_spellings_by_territory_of_one_rights_controller_are_its_other_names() -> None:
    text = claim_of(
        CLAIM,
        "<ResourceList><SoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>"
        "<ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle><Duration>PT3M</Duration>"
        f"{CONTROLLER.format('KZ', 'kk-Cyrl', 'Дала')}{CONTROLLER.format('DE', 'de', 'Dala')}"
        f"{CONTROLLER.format('FR', 'fr', 'Dala')}</SoundRecording></ResourceList>",
    )
    (claim,) = recording(text).claims
    assert claim.party == PartyName("Дала", dpid="PADPIDA20250101013", other_names=(OtherName("Dala"),))
