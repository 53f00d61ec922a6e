"""Recordings of an ERN message carry the releases that they are on, where waiting for them is affordable."""

from __future__ import annotations

import io

import pytest

from parsers.ddex import releases
from parsers.ddex.message import read
from parsers.reading import Item
from schemas.declarations import RecordingDeclaration
from schemas.findings import Finding

RECORDING_4 = """<SoundRecording><ResourceReference>A{0}</ResourceReference>
<SoundRecordingEdition><ResourceId><ISRC>KZA01250000{0}</ISRC></ResourceId></SoundRecordingEdition>
<DisplayTitleText>Song {0}</DisplayTitleText></SoundRecording>"""
ALBUM_4 = """<Release><ReleaseReference>R0</ReleaseReference><ReleaseType>Album</ReleaseType>
<ReleaseId><GRid>A10302B0003989564F</GRid><ICPN>{upc}</ICPN></ReleaseId>
<DisplayTitleText>Steppe</DisplayTitleText>
<ResourceGroup><ResourceGroup><ResourceGroupContentItem>
<ReleaseResourceReference>A1</ReleaseResourceReference></ResourceGroupContentItem></ResourceGroup>
<ResourceGroupContentItem><ReleaseResourceReference>A2</ReleaseResourceReference></ResourceGroupContentItem>
</ResourceGroup></Release>
<TrackRelease><ReleaseReference>R1</ReleaseReference><ReleaseId><ProprietaryId Namespace="x">1</ProprietaryId>
</ReleaseId><ReleaseResourceReference>A1</ReleaseResourceReference></TrackRelease>"""
MESSAGE_38 = """<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/382"><MessageHeader/><ResourceList>
<SoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>
<ResourceReference>A1</ResourceReference><ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle>
</SoundRecording></ResourceList><ReleaseList>
<Release><ReleaseId><ICPN>0602557190298</ICPN></ReleaseId><ReferenceTitle><TitleText>Best</TitleText>
</ReferenceTitle><ReleaseResourceReferenceList><ReleaseResourceReference>A1</ReleaseResourceReference>
</ReleaseResourceReferenceList><ReleaseType>Album</ReleaseType></Release>
<Release><ReleaseId><ISRC>KZA012500001</ISRC></ReleaseId><ReferenceTitle><TitleText>Song</TitleText>
</ReferenceTitle><ReleaseResourceReferenceList><ReleaseResourceReference>A1</ReleaseResourceReference>
</ReleaseResourceReferenceList><ReleaseType>TrackRelease</ReleaseType></Release>
</ReleaseList></e:NewReleaseMessage>"""


def message(recordings: int, upc: str = "0602557190298") -> str:
    listed = "".join(RECORDING_4.format(number) for number in range(1, recordings + 1))
    return f"""<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/43"><MessageHeader/>
<ResourceList>{listed}</ResourceList><ReleaseList>{ALBUM_4.format(upc=upc)}</ReleaseList>
</e:NewReleaseMessage>"""


def items(text: str) -> list[Item]:
    return list(read(io.BytesIO(text.encode())))


def stated(text: str) -> list[tuple[tuple[str, str], ...]]:
    return [item.releases for item in items(text) if isinstance(item, RecordingDeclaration)]


def codes(text: str) -> list[str]:
    return [item.code for item in items(text) if isinstance(item, Finding)]


def test_recordings_carry_the_products_they_are_on_and_not_their_own_tracks() -> None:
    assert stated(message(3)) == [(("0602557190298", "Steppe"),), (("0602557190298", "Steppe"),), ()]
    assert stated(MESSAGE_38) == [(("0602557190298", "Best"),)]


def test_a_wrong_product_code_is_told_and_kept() -> None:
    text = message(1, upc="0602557190299")
    assert stated(text) == [(("0602557190299", "Steppe"),)]
    found = [item for item in items(text) if isinstance(item, Finding) and item.code == "identifier.upc"]
    assert [item.position for item in found] == ["/NewReleaseMessage/ReleaseList[1]/Release[1]"]


def test_a_message_too_large_to_wait_is_told_and_keeps_its_recordings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(releases, "MOST_HELD", 3)
    assert "ddex.releases_not_joined" not in codes(message(3))
    assert stated(message(4)) == [()] * 4
    found = [item for item in items(message(4)) if isinstance(item, RecordingDeclaration)]
    assert [item.title for item in found] == [f"Song {number}" for number in range(1, 5)]
    told = [item for item in items(message(4)) if isinstance(item, Finding)]
    assert [(item.value, item.detail) for item in told if item.code == "ddex.releases_not_joined"] == [
        ("1", "3")
    ]


def test_labels_of_version_4_are_those_of_the_track_else_of_the_album() -> None:
    parties = """<PartyList><Party><PartyReference>P1</PartyReference><PartyName><FullName>Dala</FullName>
    </PartyName></Party><Party><PartyReference>P2</PartyReference><PartyName><FullName>Own</FullName>
    </PartyName></Party></PartyList><ResourceList>"""
    text = message(3).replace("<ResourceList>", parties)
    text = text.replace(
        "<ResourceGroup>", "<ReleaseLabelReference>P1</ReleaseLabelReference><ResourceGroup>", 1
    )
    end = "</ReleaseResourceReference>{0}</TrackRelease>"
    own = "<ReleaseLabelReference>P2</ReleaseLabelReference>"
    text = text.replace(end.format(""), end.format(own))
    found = [item for item in items(text) if isinstance(item, RecordingDeclaration)]
    assert [item.label for item in found] == ["Own", "Dala", ""]


def test_version_432_nests_roles_and_names_further_titles_otherwise() -> None:
    more = """<FormalTitle><TitleText>Formal</TitleText></FormalTitle><Contributor>
    <ContributorPartyReference>P1</ContributorPartyReference><Role><Value>Composer</Value>
    <InstrumentType>Piano</InstrumentType></Role></Contributor></SoundRecording>"""
    party = """<PartyList><Party><PartyReference>P1</PartyReference><PartyName><FullName>Ay</FullName>
    </PartyName></Party></PartyList><ResourceList>"""
    text = message(1).replace("xml/ern/43", "xml/ern/432").replace("</SoundRecording>", more)
    (recording,) = (
        item
        for item in items(text.replace("<ResourceList>", party))
        if isinstance(item, RecordingDeclaration)
    )
    assert [(item.party.name, item.role) for item in recording.contributors] == [("Ay", "Composer")]
    assert (recording.title, [title.text for title in recording.titles]) == ("Formal", ["Song 1"])
    assert [work.writers[0].name for work in recording.works] == ["Ay"]


def test_what_waits_for_releases_is_bounded_by_what_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "MOST_HELD", 10)
    titles = "".join(
        f"<AdditionalTitle><TitleText>Song {number}</TitleText></AdditionalTitle>" for number in range(600)
    )
    text = message(1).replace("</SoundRecording>", f"{titles}</SoundRecording>")
    assert stated(text) == [()]
    assert "ddex.releases_not_joined" in codes(text)
    assert len(stated(message(9))[0]) == 1


def test_what_waits_for_releases_is_bounded_by_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "MOST_HELD", 10)
    title = f"<AdditionalTitle><TitleText>{'x' * 50_000}</TitleText></AdditionalTitle>"
    text = message(1).replace("</SoundRecording>", f"{title}</SoundRecording>")
    assert stated(text) == [()]
    assert "ddex.releases_not_joined" in codes(text)
