"""ERN sound recordings: every version group by one engine, findings located, nothing silent."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.ddex.message import read
from parsers.reading import FILE
from schemas.declarations import Header, PartyName, RecordingDeclaration, Rejection
from schemas.findings import Finding
from schemas.shares import WHOLE

RECORDING_43 = """
<SoundRecording>
  <ResourceReference>A1</ResourceReference><Type>MusicalWorkSoundRecording</Type>
  <SoundRecordingEdition><ResourceId><ISRC>KZA012500001</ISRC></ResourceId>
    <PLine><Year>2025</Year><PLineText>2025 Dala Records</PLineText></PLine>
    <TechnicalDetails><Whatever><Deep/></Whatever></TechnicalDetails></SoundRecordingEdition>
  <SoundRecordingEdition><ResourceId><ISRC>KZA012500002</ISRC></ResourceId></SoundRecordingEdition>
  <WorkId><ISWC>T9123456780</ISWC></WorkId>
  <DisplayTitleText>Жазғы кеш (Remix)</DisplayTitleText>
  <DisplayTitle><TitleText>Жазғы кеш</TitleText><SubTitle>Remix</SubTitle></DisplayTitle>
  <AdditionalTitle TitleType="FormalTitle"><TitleText>Summer Evening</TitleText></AdditionalTitle>
  <DisplayArtistName>Ерлан</DisplayArtistName>
  <DisplayArtist><ArtistPartyReference>P1</ArtistPartyReference><DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
  <Contributor><ContributorPartyReference>P1</ContributorPartyReference><Role>Composer</Role></Contributor>
  <Contributor><ContributorPartyReference>P9</ContributorPartyReference><Role>Mixer</Role></Contributor>
  <ResourceRightsController><RightsControllerPartyReference>P2</RightsControllerPartyReference>
    <RightsControlType>RightsController</RightsControlType><RightSharePercentage>{share}</RightSharePercentage>
    <DelegatedUsageRights><UseType>Stream</UseType><TerritoryOfRightsDelegation>KZ</TerritoryOfRightsDelegation></DelegatedUsageRights>
  </ResourceRightsController>
  <Duration>PT3M20.5S</Duration><Novelty>1</Novelty>
</SoundRecording>"""


def message(
    resources: str, namespace: str = "http://ddex.net/xml/ern/43", root: str = "NewReleaseMessage"
) -> str:
    return f"""<e:{root} xmlns:e="{namespace}"><MessageHeader><MessageId>M1</MessageId>
    <MessageSender><PartyId>PADPIDA2007050901U</PartyId><PartyName><FullName>Dala</FullName></PartyName></MessageSender>
    <MessageControlType>TestMessage</MessageControlType></MessageHeader>
    <PartyList><Party><PartyReference>P1</PartyReference>
      <PartyName><FullName>Ерлан Әлімов</FullName></PartyName>
      <PartyId><IpiNameNumber>90000000109</IpiNameNumber><ISNI>0000000121032683</ISNI></PartyId></Party>
    <Party><PartyReference>P2</PartyReference>
      <PartyName><FullName>Dala Records</FullName></PartyName></Party></PartyList>
    <ResourceList>{resources}</ResourceList>
    <DealList><ReleaseDeal><Deal/><Deal/></ReleaseDeal></DealList></e:{root}>"""


def items(text: str | bytes) -> list[object]:
    return list(read(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def one(text: str) -> RecordingDeclaration:
    return next(item for item in items(text) if isinstance(item, RecordingDeclaration))


def codes(text: str | bytes) -> list[str]:
    return [item.code for item in items(text) if isinstance(item, Finding)]


def test_a_recording_of_43_is_read_whole() -> None:
    found = items(message(RECORDING_43.format(share="60")))
    header = found[0]
    assert isinstance(header, Header)
    assert (header.format, header.version, header.message_id, header.test) == ("ern", "4.3", "M1", True)
    assert (header.sender_id, header.sender_name) == ("PADPIDA2007050901U", "Dala")
    recording = next(item for item in found if isinstance(item, RecordingDeclaration))
    assert recording.ref == "KZA012500001"
    assert recording.isrcs == ("KZA012500001", "KZA012500002")
    assert (recording.title, recording.version, recording.artist) == ("Жазғы кеш", "Remix", "Ерлан")
    assert [title.text for title in recording.titles] == ["Summer Evening", "Жазғы кеш (Remix)"]
    assert (recording.duration, recording.year, recording.p_line) == (201, 2025, "2025 Dala Records")
    writer = PartyName("Ерлан Әлімов", ipi_name="90000000109", isni="0000000121032683")
    assert [(item.party, item.role) for item in recording.contributors] == [
        (writer, "MainArtist"),
        (writer, "Composer"),
    ]
    assert [(work.iswc, work.writers) for work in recording.works] == [("T9123456780", (writer,))]
    claim = recording.claims[0]
    assert (claim.party.name, claim.collection[0].territories) == ("Dala Records", ("KZ",))
    assert claim.collection[0].shares[0].share == 60 * WHOLE // 100
    assert recording.position == "/NewReleaseMessage/ResourceList[1]/SoundRecording[1]"


def test_everything_that_is_not_read_is_told() -> None:
    found = items(message(RECORDING_43.format(share="60") + "<Video/><Image/><Image/>"))
    told = {(item.code, item.field or item.value, item.detail) for item in found if isinstance(item, Finding)}
    assert ("ddex.party_reference", "ContributorPartyReference", "") in told
    assert ("ddex.elements_not_read", "Novelty", "1") in told
    assert ("ddex.resource_not_catalogued", "Image", "2") in told
    assert ("ddex.resource_not_catalogued", "Video", "1") in told
    assert ("ddex.deals_not_mandates", "", "2") in told


def test_a_share_of_one_is_all_of_it() -> None:
    text = message(RECORDING_43.format(share="1.0")).replace(
        "<RightSharePercentage>", '<RightSharePercentage HasMaxValueOfOne="true">'
    )
    assert one(text).claims[0].collection[0].shares[0].share == WHOLE


@pytest.mark.parametrize("share", ["130", "much", "-1"])
def test_a_bad_share_is_told_and_the_claim_kept(share: str) -> None:
    text = message(RECORDING_43.format(share=share))
    assert "ddex.share" in codes(text)
    assert one(text).claims[0].party.name == "Dala Records"


def test_a_recording_of_38_names_its_parties_inline() -> None:
    text = message(
        """<SoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>
        <IndirectSoundRecordingId><ISWC>T9123456781</ISWC></IndirectSoundRecordingId>
        <ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle><Duration>3:20</Duration>
        <SoundRecordingDetailsByTerritory><TerritoryCode>KZ</TerritoryCode>
          <Title><TitleText>Ән</TitleText></Title>
          <DisplayArtist><PartyName><FullName>Erlan</FullName></PartyName>
            <PartyId IsISNI="true">0000000121032683</PartyId>
            <ArtistRole>MainArtist</ArtistRole></DisplayArtist>
          <ResourceContributor>
            <PartyName><KeyName>Alimov</KeyName><NamesBeforeKeyName>E.</NamesBeforeKeyName></PartyName>
            <ResourceContributorRole>Producer</ResourceContributorRole></ResourceContributor>
          <IndirectResourceContributor><PartyName><FullName>W</FullName></PartyName>
            <IndirectResourceContributorRole>Composer</IndirectResourceContributorRole></IndirectResourceContributor>
          <LabelName>Dala</LabelName><PLine><Year>twelve</Year><PLineText>(P)</PLineText></PLine>
          <RightsController><PartyName><FullName>R</FullName></PartyName><RightSharePercentage>50</RightSharePercentage></RightsController>
        </SoundRecordingDetailsByTerritory></SoundRecording>""",
        "http://ddex.net/xml/ern/382",
    )
    recording = one(text)
    assert (recording.title, recording.artist, recording.label) == ("Song", "Erlan", "Dala")
    assert [(item.party.full_name, item.role) for item in recording.contributors] == [
        ("Erlan", "MainArtist"), ("Alimov E.", "Producer"), ("W", "Composer"),
    ]  # fmt: skip
    assert recording.contributors[0].party.isni == "0000000121032683"
    assert recording.claims[0].collection[0].territories == ("KZ",)
    assert recording.works[0].iswc == "T9123456781"
    assert {"identifier.iswc", "ddex.duration", "ddex.year"} <= set(codes(text))


def test_a_recording_without_a_title_or_identifier_is_rejected_alone() -> None:
    found = items(message("<SoundRecording/>" + RECORDING_43.format(share="60")))
    rejections = [item for item in found if isinstance(item, Rejection)]
    assert [item.position for item in rejections] == ["/NewReleaseMessage/ResourceList[1]/SoundRecording[1]"]
    assert sum(isinstance(item, RecordingDeclaration) for item in found) == 1


def test_versions_are_told_by_namespace() -> None:
    resources = RECORDING_43.format(share="60")
    assert "ddex.version_nearest" in codes(message(resources, "http://ddex.net/xml/ern/44"))
    assert "ddex.namespace_spelling" in codes(message(resources, "https://ddex.net/xml/ern/43/"))
    assert "ddex.namespace" in codes(message(resources, "http://example.org/ern/43"))
    assert "ddex.family_not_read" in codes(message(resources, "http://ddex.net/xml/mead/11", "MeadMessage"))
    assert "ddex.message_not_read" in codes(message(resources, root="UpdateReleaseMessage"))


def test_a_broken_message_is_refused_whole() -> None:
    found = items(message(RECORDING_43.format(share="60")).replace("</ResourceList>", ""))
    assert isinstance(found[0], Header)
    assert isinstance(found[-1], Rejection)
    assert found[-1].kind == FILE


def test_a_purge_has_nothing_to_store() -> None:
    text = """<e:PurgeReleaseMessage xmlns:e="http://ddex.net/xml/ern/382"><MessageHeader/>
    <PurgedRelease><ReleaseId><GRid>A1</GRid></ReleaseId></PurgedRelease></e:PurgeReleaseMessage>"""
    assert codes(text) == ["ddex.purge_recorded"]


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_any_damage_is_a_finding(junk: bytes, place: int) -> None:
    text = message(RECORDING_43.format(share="60")).encode()
    found = items(text[:place] + junk + text[place:])
    assert isinstance(found[0], Header)
    assert all(not isinstance(item, Header) for item in found[1:])


def test_real_messages_account_for_every_recording(shared_folder: Path) -> None:
    folder = shared_folder / "samples" / "ddex"
    table = (folder / "README.md").read_text(encoding="utf-8")
    checked = 0
    for row in re.findall(r"^\| (ern-[^|]+?\.xml) \|(.+)$", table, re.MULTILINE):
        name, rest = row
        stated = rest.split("|")[3].strip()
        with (folder / name).open("rb") as stream:
            found = list(read(stream))
        assert isinstance(found[0], Header), name
        if stated.isdecimal():
            kept = sum(isinstance(item, RecordingDeclaration | Rejection) for item in found)
            assert kept == int(stated), name
        else:
            assert any(isinstance(item, Rejection) and item.kind == FILE for item in found), name
        checked += 1
    assert checked > 40
