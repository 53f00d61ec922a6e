"""Invented RDR-N messages for the tests, as varied as the schemas allow; nobody issued their identifiers."""

from __future__ import annotations

HEADER = """<MessageHeader><MessageThreadId>T1</MessageThreadId><MessageId>RDRN-1</MessageId>
<MessageSender><PartyId>PADPIDA20250101013</PartyId>
<PartyName><FullName>Dala Records</FullName></PartyName></MessageSender>
<MessageRecipient><PartyId>PADPIDA20250101021</PartyId>
<PartyName><FullName>Qoltanba</FullName></PartyName></MessageRecipient>
<MessageCreatedDateTime>2026-02-01T10:00:00Z</MessageCreatedDateTime>
<MessageControlType>LiveMessage</MessageControlType></MessageHeader>"""


def message(root: str, body: str, version: str = "14", attributes: str = "", path: str = "mlc") -> str:
    """A whole message; the children of the root are in no namespace."""
    return (
        f'<m:{root} xmlns:m="http://ddex.net/xml/{path}/{version}" LanguageAndScriptCode="en"{attributes}>'
        f"{HEADER}{body}</m:{root}>"
    )


CLAIM = "DeclarationOfSoundRecordingRightsClaimMessage"

ONE_PRODUCER = """<SoundRecording IsUpdated="false">
<SoundRecordingType>MusicalWorkSoundRecording</SoundRecordingType>
<SoundRecordingId><ISRC>KZA012500001</ISRC>
  <ProprietaryId Namespace="PADPIDA20250101013">DR-1</ProprietaryId></SoundRecordingId>
<MusicalWorkId><ISWC>T9123456780</ISWC></MusicalWorkId>
<ResourceReference>A1</ResourceReference>
<ReferenceTitle><TitleText>Жазғы кеш</TitleText></ReferenceTitle>
<VersionType>RemixVersion</VersionType>
<LanguageOfPerformance>kk</LanguageOfPerformance><Duration>PT3M20S</Duration>
<CreationDate>2024-11-05</CreationDate>
<SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
  <DisplayArtistName IsDefault="true">Ерлан</DisplayArtistName>
  <DisplayArtist><PartyName><FullName>Ерлан Әлімов</FullName></PartyName>
    <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
  <PerformingContributor SequenceNumber="1">
    <PartyName><FullName>Ерлан Әлімов</FullName></PartyName>
    <PartyId><ISNI>0000000121032683</ISNI><IPN>10000001</IPN></PartyId>
    <ContributorDelegatedUsageRights><UseType>Broadcast</UseType><UseType>PlayInPublic</UseType>
      <PeriodOfRightsDelegation><StartDate>2020</StartDate></PeriodOfRightsDelegation>
      <TerritoryOfRightsDelegation>KZ</TerritoryOfRightsDelegation>
      <TerritoryOfRightsDelegation IdentifierType="TIS">417</TerritoryOfRightsDelegation>
      <MembershipType>RegionalMember</MembershipType></ContributorDelegatedUsageRights>
    <Contribution><Role>LeadVocalist</Role><HasMadeFeaturedContribution>true</HasMadeFeaturedContribution></Contribution>
    <Membership><Organization><PartyName><FullName>Oryndaushy</FullName></PartyName>
      <PartyId><CisacSocietyId>777</CisacSocietyId></PartyId></Organization>
      <MembershipType>RegionalMember</MembershipType></Membership>
  </PerformingContributor>
  <OtherContributor><PartyName><FullName>Мәди</FullName></PartyName>
    <Contribution><Role>Composer</Role></Contribution></OtherContributor>
  <LabelName>Dala</LabelName>
  <PLine><Year>2025</Year><PLineText>2025 Dala Records</PLineText></PLine>
  <RightsController SequenceNumber="1">
    <PartyName><FullName>Dala Records</FullName></PartyName>
    <PartyId><DPID>PADPIDA20250101013</DPID></PartyId>
    <RightsControllerRole>RightsController</RightsControllerRole>
    <RightSharePercentage>100</RightSharePercentage>
    <RightsControllerType>OriginalOwner</RightsControllerType>
    <DelegatedUsageRights><UseType>Broadcast</UseType><UseType>PrivateCopy</UseType>
      <PeriodOfRightsDelegation><StartDate>2025-01-01</StartDate><EndDate>2027-12</EndDate></PeriodOfRightsDelegation>
      <TerritoryOfRightsDelegation>KZ</TerritoryOfRightsDelegation></DelegatedUsageRights>
  </RightsController>
</SoundRecordingDetailsByTerritory>
<LineUpComplete>true</LineUpComplete>
</SoundRecording>"""


def controller(name: str, share: str, territories: str, *, more: str = "", use: str = "Download") -> str:
    """A rights controller without an identifier, holding a share in these territories."""
    stated = "".join(
        f"<TerritoryOfRightsDelegation>{code}</TerritoryOfRightsDelegation>" for code in territories.split()
    )
    return (
        f"<RightsController><PartyName><FullName>{name}</FullName></PartyName>{more}{share}"
        f"<DelegatedUsageRights><UseType>{use}</UseType><PeriodOfRightsDelegation/>{stated}"
        "</DelegatedUsageRights></RightsController>"
    )


def recording(blocks: str, number: int = 1) -> str:
    """A recording with these ``SoundRecordingDetailsByTerritory``."""
    return (
        f"<SoundRecording><SoundRecordingId><ISRC>KZA01250000{number}</ISRC></SoundRecordingId>"
        f"<ResourceReference>A{number}</ResourceReference>"
        "<ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle><Duration>PT3M</Duration>"
        f"{blocks}</SoundRecording>"
    )


def block(code: str, inside: str, tag: str = "TerritoryCode") -> str:
    """A block of details for one territory."""
    return (
        f"<SoundRecordingDetailsByTerritory><{tag}>{code}</{tag}>{inside}</SoundRecordingDetailsByTerritory>"
    )


TEN = "<RightSharePercentage>10</RightSharePercentage>"
HALF_OF_ONE = '<RightSharePercentage HasMaxValueOfOne="true">0.5</RightSharePercentage>'
UNKNOWN = "<RightShareUnknown>true</RightShareUnknown>"

TWO_SPELLINGS = recording(
    block("FR", controller("Left Right", TEN, "FR") + controller("Left Right", HALF_OF_ONE, "JP"))
    + block("JP", controller("Left Right", TEN, "FR") + controller("Left Right", HALF_OF_ONE, "JP"))
)

ROLE = "<RightsControllerRole>{}</RightsControllerRole>"
FOUR_CONTROLLERS = recording(
    block(
        "Worldwide",
        controller("Holder", TEN, "Worldwide", more=ROLE.format("RightsController"), use="Use")
        + controller("Administrator", TEN, "KZ UZ", more=ROLE.format("RoyaltyAdministrator"))
        + controller("Silent", UNKNOWN, "KZ")
        + controller("Shareless", "", "KG"),
    ),
    2,
)

RECORDING_131 = """<SoundRecording>
<SoundRecordingId><ISRC>KZA012500003</ISRC></SoundRecordingId>
<SoundRecordingId IsReplaced="true"><ISRC>KZA012500009</ISRC></SoundRecordingId>
<IndirectSoundRecordingId><ISWC>T9123456780</ISWC></IndirectSoundRecordingId>
<ResourceReference>A3</ResourceReference>
<ReferenceTitle><TitleText>Dala</TitleText><SubTitle>Live</SubTitle></ReferenceTitle>
<Duration>PT4M</Duration>
<SoundRecordingDetailsByTerritory><ExcludedTerritoryCode>US</ExcludedTerritoryCode>
  <Title TitleType="TranslatedTitle"><TitleText>Steppe</TitleText></Title>
  <DisplayArtist><PartyName><FullName>Band</FullName></PartyName><ArtistRole>MainArtist</ArtistRole></DisplayArtist>
  <FeaturedArtist><PartyName><FullName>Aigul</FullName></PartyName></FeaturedArtist>
  <ResourceContributor><PartyName><FullName>Drummer</FullName></PartyName><Role>Musician</Role></ResourceContributor>
  <IndirectResourceContributor><PartyName><FullName>Writer</FullName></PartyName>
    <IndirectResourceContributorRole>Composer</IndirectResourceContributorRole></IndirectResourceContributor>
  <LabelName>Dala</LabelName>
  <RightsController><PartyId><DPID>PADPIDA20250101013</DPID></PartyId>
    <RightSharePercentage>33.333333</RightSharePercentage>
    <DelegatedUsageRights><UseType>OnDemandStream</UseType>
      <PeriodOfRightsDelegation><StartDateTime>2025-01-01T00:00:00</StartDateTime>
        <EndDateTime>2026-01-01T00:00:00</EndDateTime></PeriodOfRightsDelegation>
      <TerritoryOfRightsDelegation>Worldwide</TerritoryOfRightsDelegation></DelegatedUsageRights>
  </RightsController>
</SoundRecordingDetailsByTerritory></SoundRecording>"""

STATUS = """<RightsClaim><ClaimedSoundRecording>
  <SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>
  <Title><TitleText>Song</TitleText></Title></ClaimedSoundRecording>
<MessageId>RDRN-1</MessageId><RegistrationStatus>ResourceRegisteredValid</RegistrationStatus>
<RegistrationError><ErrorType>LogicalError</ErrorType>
<ErrorDescription>no duration</ErrorDescription></RegistrationError>
<ClaimStatus>Conflict</ClaimStatus>
<RightsConflict><ConflictingParty><PartyName><FullName>Other Label</FullName></PartyName></ConflictingParty>
  <UseType>Broadcast</UseType><TerritoryCode>KZ</TerritoryCode></RightsConflict></RightsClaim>"""


def claims(*recordings: str, version: str = "14", attributes: str = "", path: str = "mlc") -> str:
    """A declaration of rights claims in these recordings."""
    return message(CLAIM, f"<ResourceList>{''.join(recordings)}</ResourceList>", version, attributes, path)


VALID = {
    "one producer": claims(ONE_PRODUCER),
    "two spellings": claims(TWO_SPELLINGS),
    "four controllers": claims(ONE_PRODUCER, FOUR_CONTROLLERS),
    "1.3.1": claims(RECORDING_131, version="131"),
    "status": message("RightsClaimStatusUpdateMessage", STATUS),
    "revocation": message(
        "RevokeSoundRecordingRightsClaimMessage",
        "<SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>",
    ),
    "request": message(
        "RequestSoundRecordingInformationMessage",
        "<RequestedSoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>"
        "</RequestedSoundRecording>",
    ),
}
"""Messages that the official schemas of RDR-N 1.3.1 and 1.4 accept."""

STATED_15 = """<SoundRecording><SoundRecordingId><ISRC>KZA012500001</ISRC></SoundRecordingId>
<ResourceReference>A1</ResourceReference><ReferenceTitle><TitleText>Song</TitleText></ReferenceTitle>
<Duration>PT3M</Duration>
<SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
  <DisplayArtistName>Band</DisplayArtistName><LabelName>Dala</LabelName></SoundRecordingDetailsByTerritory>
<PerformingContributor><PartyName><FullName>Aigul</FullName></PartyName>
  <Contribution><Role>LeadVocalist</Role></Contribution></PerformingContributor>
<RightsController><PartyId><DPID>PADPIDA20250101013</DPID></PartyId>
  <RightsControllerRole>RightsHolder</RightsControllerRole>
  <RightSharePercentage>100</RightSharePercentage>
  <RightsStatement><UseType>All</UseType><ExcludedUseType>OnDemandStream</ExcludedUseType>
    <Period><StartDate>2025-06</StartDate></Period>
    <ExcludedTerritory>US</ExcludedTerritory></RightsStatement></RightsController></SoundRecording>"""

FULL_15 = """<SoundRecording IsUpdated="true">
<SoundRecordingType>MusicalWorkSoundRecording</SoundRecordingType>
<SoundRecordingId><ISRC>KZ-A01-25-00001</ISRC>
  <ProprietaryId Namespace="PADPIDA20250101013">DR-1</ProprietaryId></SoundRecordingId>
<MusicalWorkId><ISWC>T9123456780</ISWC></MusicalWorkId>
<ResourceReference>A1</ResourceReference>
<ReferenceTitle LanguageAndScriptCode="kk"><TitleText>Жазғы кеш</TitleText>
  <SubTitle>Live</SubTitle></ReferenceTitle>
<VersionType>LiveVersion</VersionType><LanguageOfPerformance>kk</LanguageOfPerformance>
<Duration>PT3M20.5S</Duration>
<SoundRecordingDetailsByTerritory><TerritoryCode>Worldwide</TerritoryCode>
  <Title LanguageAndScriptCode="en" TitleType="TranslatedTitle"><TitleText>Summer Evening</TitleText></Title>
  <DisplayArtistName>Band</DisplayArtistName>
  <DisplayArtist><PartyName><FullName>Band</FullName></PartyName>
    <PartyId><ISNI>0000000121032683</ISNI></PartyId>
    <DisplayArtistRole>MainArtist</DisplayArtistRole></DisplayArtist>
  <LabelName>Dala</LabelName><PLine><Year>2025</Year><PLineText>2025 Dala</PLineText></PLine>
</SoundRecordingDetailsByTerritory>
<PerformingContributor><PartyName><FullName>Айгүл</FullName></PartyName>
  <PartyName LanguageAndScriptCode="en"><FullName>Aigul</FullName></PartyName>
  <PartyId><IPN>10000002</IPN></PartyId>
  <Contribution><Role>LeadVocalist</Role></Contribution><Contribution><Role>Guitarist</Role></Contribution>
</PerformingContributor>
<RightsController><PartyName><FullName>Dala Records</FullName></PartyName>
  <PartyId><DPID>PADPIDA20250101013</DPID></PartyId>
  <RightsControllerRole>RightsHolder</RightsControllerRole><RightSharePercentage>60</RightSharePercentage>
  <RightsControllerType>OriginalOwner</RightsControllerType>
  <RightsStatement><UseType>Broadcast</UseType><UseType>PlayInPublic</UseType>
    <Period><StartDate>2025-06</StartDate><EndDate>2026</EndDate></Period>
    <Territory>KZ</Territory><Territory>KG</Territory></RightsStatement>
  <RightsStatement><UseType>OnDemandStream</UseType><Period><StartDate>2025-06-15</StartDate></Period>
    <Territory>Worldwide</Territory><ExcludedTerritory>US</ExcludedTerritory></RightsStatement></RightsController>
<RightsController><PartyName><FullName>Co Owner</FullName></PartyName>
  <RightsControllerRole>RightsHolder</RightsControllerRole>
  <RightSharePercentage HasMaxValueOfOne="true">0.4</RightSharePercentage>
  <RightsStatement><UseType>Broadcast</UseType><Period/><Territory>KZ</Territory></RightsStatement>
</RightsController>
</SoundRecording>"""


def full_15(attributes: str = "") -> str:
    """A declaration of 1.5 of one recording with all that it may say; attributes are those of the root."""
    return claims(FULL_15, version="15", attributes=f' AvsVersionId="9"{attributes}', path="rdr-n")


MANDATE_15 = """<CollectionMandateAssertion><CollectionMandateAssigner>
  <PartyId><ISNI>0000000121032683</ISNI></PartyId><PartyName><FullName>Aigul</FullName></PartyName>
  <Gender>Female</Gender></CollectionMandateAssigner>
<AssignedCollectionMandate><MandateId Namespace="PADPIDA20250101021">M-7</MandateId>
  <CollectionMandateAssignee><PartyName><FullName>Oryndaushy</FullName></PartyName>
    <PartyId><CisacSocietyId>777</CisacSocietyId></PartyId></CollectionMandateAssignee>
  <CollectionMandateType>{kind}</CollectionMandateType>
  {territories}
  {uses}
  <CollectionMandateStartDate>{start}</CollectionMandateStartDate>
  <CollectionMandateEndDate>2027</CollectionMandateEndDate>{status}</AssignedCollectionMandate>
</CollectionMandateAssertion>"""


def mandate_15(
    kind: str = "Performer",
    territories: str = "<TerritoryCode>KZ</TerritoryCode><TerritoryCode>KG</TerritoryCode>",
    uses: str = "<UseType>Broadcast</UseType><UseType>CatchUpTV</UseType>",
    start: str = "2024-03",
    status: str = "",
) -> str:
    """An assertion of one collection mandate."""
    body = MANDATE_15.format(kind=kind, territories=territories, uses=uses, start=start, status=status)
    return message("AssertionOfCollectionMandateMessage", body, "15", ' AvsVersionId="9"', "rdr-n")
