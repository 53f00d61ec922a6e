"""ERN's own rules: each finds what it is for, in a message that has nothing wrong otherwise."""

from __future__ import annotations

import io

import pytest

from hub.bench.ddex_message import pieces
from parsers.ddex.message import read
from parsers.reading import FILE, Item
from schemas.ddex.elements import table
from schemas.ddex.versions import identify
from schemas.declarations import Header, RecordingDeclaration, Rejection
from schemas.findings import Finding, rule
from schemas.shares import WHOLE

CONTROLLER = """<RightsController><PartyName><FullName>{name}</FullName></PartyName>
<RightsControllerRole>RightsController</RightsControllerRole><RightSharePercentage>{share}</RightSharePercentage>
<RightsControllerType>OriginalOwner</RightsControllerType>
<StartDate>2020</StartDate><EndDate>2029-12-31</EndDate></RightsController>"""

RIGHT = f"""<e:NewReleaseMessage xmlns:e="http://ddex.net/xml/ern/382" MessageSchemaVersionId="ern/382">
<MessageHeader><MessageId>M1</MessageId>
<MessageSender><PartyId>PADPIDA20250101013</PartyId></MessageSender></MessageHeader>
<UpdateIndicator>OriginalMessage</UpdateIndicator>
<WorkList><MusicalWork><MusicalWorkReference>W1</MusicalWorkReference>
  <MusicalWorkId><ISWC>T9123456780</ISWC></MusicalWorkId></MusicalWork></WorkList>
<ResourceList><SoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>
<ResourceReference>A1</ResourceReference><ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle>
<Duration>PT3M</Duration>
<ResourceMusicalWorkReferenceList><ResourceMusicalWorkReference>
  <ResourceMusicalWorkReference>W1</ResourceMusicalWorkReference></ResourceMusicalWorkReference>
</ResourceMusicalWorkReferenceList>
<SoundRecordingDetailsByTerritory><TerritoryCode>KZ</TerritoryCode><TerritoryCode>UZ</TerritoryCode>
  <DisplayArtistName>Band</DisplayArtistName>
  {CONTROLLER.format(name="One", share="60")}{CONTROLLER.format(name="Two", share="40.05")}
</SoundRecordingDetailsByTerritory></SoundRecording></ResourceList>
<ReleaseList><Release><ReleaseReference>R1</ReleaseReference></Release></ReleaseList>
<DealList><ReleaseDeal><DealReleaseReference>R1</DealReleaseReference><Deal><DealTerms>
  <TerritoryCode>Worldwide</TerritoryCode>
  <ValidityPeriod><StartDate>2025-01-01</StartDate><EndDate>2025-12-31</EndDate></ValidityPeriod>
</DealTerms></Deal></ReleaseDeal></DealList></e:NewReleaseMessage>"""


def items(text: str) -> list[Item]:
    return list(read(io.BytesIO(text.encode())))


def codes(text: str) -> list[str]:
    return [item.code for item in items(text) if isinstance(item, Finding)]


def recording(text: str) -> RecordingDeclaration:
    return next(item for item in items(text) if isinstance(item, RecordingDeclaration))


def test_a_right_message_has_no_warnings() -> None:
    assert [code for code in codes(RIGHT) if rule(code).severity != "info"] == []
    claim = recording(RIGHT).claims[0]
    assert claim.collection[0].territories == ("KZ", "UZ")
    assert (claim.collection[0].valid_from, claim.collection[0].valid_to) == ("2020-01-01", "2030-01-01")
    assert claim.collection[0].shares[0].share == 60 * WHOLE // 100
    assert recording(RIGHT).works[0].iswc == "T9123456780"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (">40.05<", ">40.07<", "shares.over"),
        (">60<", ">160<", "ddex.share"),
        (">RightsController</Rights", ">Landlord</Rights", "ddex.avs"),
        (">OriginalOwner<", ">Heir<", "ddex.avs"),
        ("<EndDate>2029-12-31", "<EndDate>2019", "ddex.period"),
        ("<StartDate>2020<", "<StartDate>20<", "ddex.date"),
        ("<TerritoryCode>UZ", "<TerritoryCode>XX", "ddex.territory"),
        ("<TerritoryCode>UZ", "<TerritoryCode>Worldwide", "ddex.territory_redundant"),
        ("<TerritoryCode>UZ", '<TerritoryCode IdentifierType="TIS">UZ', "ddex.territory_kind"),
        (">W1</ResourceMusical", ">W7</ResourceMusical", "ddex.work_reference"),
        ("T9123456780", "T9123456781", "identifier.iswc"),
        ("KZA012500001", "KZA01250001", "identifier.isrc"),
        (">R1</DealRelease", ">R7</DealRelease", "ddex.release_reference"),
        (">R1</DealRelease", ">R7</DealRelease", "ddex.release_without_deal"),
        ("<EndDate>2025-12-31", "<EndDate>2024-12-31", "ddex.period"),
        (
            "<TerritoryCode>Worldwide</TerritoryCode>",
            "<TerritoryCode>KZ</TerritoryCode><ExcludedTerritoryCode>UZ</ExcludedTerritoryCode>",
            "ddex.territory_both",
        ),
        ("<TerritoryCode>Worldwide", "<TakeDown>true</TakeDown><TerritoryCode>Worldwide", "ddex.takedown"),
        (">OriginalMessage<", ">UpdateMessage<", "ddex.update"),
        ("MessageHeader>", "MessageFooter>", "ddex.no_header"),
        ('MessageSchemaVersionId="ern/382"', 'AvsVersionId="4.3"', "ddex.avs_version"),
        ("/xml/ern/382", "/xml/ern/389", "ddex.version_nearest"),
        ("<Duration>", "<Novelty/><Duration>", "ddex.elements_not_read"),
        ("<ResourceList>", "<ResourceList><Video/>", "ddex.resource_not_catalogued"),
    ],
)
def test_each_rule_finds_what_it_is_for(old: str, new: str, code: str) -> None:
    assert old in RIGHT
    assert code not in codes(RIGHT)
    wrong = RIGHT.replace(old, new)
    assert code in codes(wrong)
    assert recording(wrong).title == "Song"


def test_a_statement_whose_reach_cannot_be_read_keeps_no_share() -> None:
    lost = RIGHT.replace("<TerritoryCode>KZ</TerritoryCode><TerritoryCode>UZ", "<TerritoryCode>XX")
    assert all(not claim.collection and not claim.ownership for claim in recording(lost).claims)
    assert [claim.party.name for claim in recording(lost).claims] == ["One", "Two"]


def test_a_purge_declares_nothing() -> None:
    text = """<e:PurgeReleaseMessage xmlns:e="http://ddex.net/xml/ern/432"><MessageHeader/><PurgedRelease>
    <ReleaseId><ICPN>1</ICPN><ProprietaryId Namespace="N">X</ProprietaryId></ReleaseId>
    <Title><TitleText>T</TitleText></Title></PurgedRelease></e:PurgeReleaseMessage>"""
    header, finding = items(text)
    assert isinstance(header, Header)
    assert isinstance(finding, Finding)
    assert (finding.code, finding.value) == ("ddex.purge_recorded", "ICPN 1, ProprietaryId X")


@pytest.mark.parametrize(
    ("namespace", "version", "nearest", "group"),
    [
        ("ern/44", "4.4", "4.3.2", "432"),
        ("ern/40", "4.0", "3.8.3", "38"),
        ("mc-notif/14", "1.4", "1.3", "mwn13"),
        ("mlc/12", "1.2", "1.3.1", "rdr131"),
        ("rdr-n/16", "1.6", "1.5", "rdr15"),
    ],
)
def test_unknown_versions_are_read_by_the_nearest_table(
    namespace: str, version: str, nearest: str, group: str
) -> None:
    found = identify(f"http://ddex.net/xml/{namespace}")
    assert found is not None
    assert (found.version, found.nearest, found.table) == (version, nearest, group)
    assert table(group).plans


def test_what_must_be_kept_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    parties = "".join(f"<Party><PartyReference>P{number}</PartyReference></Party>" for number in range(9))
    text = RIGHT.replace("<WorkList>", f"<PartyList>{parties}</PartyList><WorkList>")
    assert "ddex.too_many" not in codes(text)
    monkeypatch.setattr("parsers.ddex.ern.MOST", 8)
    assert codes(text)[-1] == "ddex.too_many"
    assert isinstance(items(text)[-1], Rejection)
    monkeypatch.setattr("parsers.ddex.ern.MOST_RELEASES", 0)
    assert "ddex.release_without_deal" not in codes(RIGHT)
    monkeypatch.setattr("parsers.ddex.gathering.MOST_PATHS", 1)
    strange = [
        item
        for item in items(RIGHT.replace("<Duration>", "<A/><B/><C/><Duration>"))
        if isinstance(item, Finding) and item.code == "ddex.elements_not_read"
    ]
    assert [(item.field, item.detail) for item in strange] == [("A", "1"), ("…", "2")]


def test_a_family_that_is_not_read_is_refused_whole() -> None:
    found = items('<m:MeadMessage xmlns:m="http://ddex.net/xml/mead/11"/>')
    assert [item.code for item in found if isinstance(item, Finding)] == ["ddex.family_not_read"]
    assert isinstance(found[-1], Rejection)
    assert found[-1].kind == FILE


@pytest.mark.parametrize(
    ("element", "field"),
    [
        ("<Type>MusicalWorkSoundRecording</Type>", "Type"),
        ("<DisplayArtistRole>MainArtist</DisplayArtistRole>", "DisplayArtistRole"),
        ("<Role>Composer</Role>", "Role"),
    ],
)
def test_values_are_those_that_the_version_allows(element: str, field: str) -> None:
    text = "".join(pieces(2))
    assert element in text
    assert "ddex.avs" not in {item.code for item in findings_of(text)}
    broken = text.replace(element, element.replace(">M", ">XM").replace(">C", ">XC"))
    told = [item for item in findings_of(broken) if item.code == "ddex.avs"]
    # Each recording is told of, whatever was said of the one before.
    assert [item.field for item in told] == [field, field]
    assert all("/SoundRecording[" in item.position for item in told)


def findings_of(text: str) -> list[Finding]:
    return [item for item in read(io.BytesIO(text.encode())) if isinstance(item, Finding)]
