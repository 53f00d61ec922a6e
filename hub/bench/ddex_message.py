"""An invented ERN 4.3 message of any size; nobody issued its identifiers."""

from __future__ import annotations

from collections.abc import Iterator

PARTIES = 400

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ern:NewReleaseMessage xmlns:ern="http://ddex.net/xml/ern/43" ReleaseProfileVersionId="Audio"
 LanguageAndScriptCode="en" AvsVersionId="3">
  <MessageHeader>
    <MessageThreadId>BENCH</MessageThreadId>
    <MessageId>BENCH-1</MessageId>
    <MessageSender><PartyId>PADPIDA2024010101K</PartyId>
      <PartyName><FullName>Bench Records</FullName></PartyName></MessageSender>
    <MessageRecipient><PartyId>PADPIDA2024010102I</PartyId></MessageRecipient>
    <MessageCreatedDateTime>2026-01-01T12:00:00Z</MessageCreatedDateTime>
  </MessageHeader>
  <PartyList>
"""

PARTY = """    <Party>
      <PartyReference>P{0}</PartyReference>
      <PartyName><FullName>Party Number {0}</FullName></PartyName>
    </Party>
"""

RECORDING = """    <SoundRecording>
      <ResourceReference>A{0}</ResourceReference>
      <Type>MusicalWorkSoundRecording</Type>
      <SoundRecordingEdition>
        <ResourceId>
          <ISRC>KZB12{1:07d}</ISRC>
        </ResourceId>
        <PLine>
          <Year>2021</Year>
          <PLineText>(P) 2021 Bench Records</PLineText>
        </PLine>
        <TechnicalDetails>
          <TechnicalResourceDetailsReference>T{0}</TechnicalResourceDetailsReference>
          <DeliveryFile>
            <Type>AudioFile</Type>
            <File>
              <URI>bench_{0}.wav</URI>
            </File>
          </DeliveryFile>
        </TechnicalDetails>
      </SoundRecordingEdition>
      <DisplayTitleText>Song number {0}</DisplayTitleText>
      <DisplayTitle ApplicableTerritoryCode="Worldwide" IsDefault="true">
        <TitleText>Song number {0}</TitleText>
      </DisplayTitle>
      <DisplayArtistName ApplicableTerritoryCode="Worldwide" IsDefault="true">Artist {2}</DisplayArtistName>
      <DisplayArtist SequenceNumber="1">
        <ArtistPartyReference>P{2}</ArtistPartyReference>
        <DisplayArtistRole>MainArtist</DisplayArtistRole>
      </DisplayArtist>
      <Contributor SequenceNumber="1">
        <ContributorPartyReference>P{3}</ContributorPartyReference>
        <Role>Composer</Role>
      </Contributor>
      <ResourceRightsController SequenceNumber="1">
        <RightsControllerPartyReference>P1</RightsControllerPartyReference>
        <RightsControlType>RightsController</RightsControlType>
        <RightSharePercentage>100</RightSharePercentage>
        <DelegatedUsageRights>
          <UseType>Stream</UseType>
          <TerritoryOfRightsDelegation>KZ</TerritoryOfRightsDelegation>
        </DelegatedUsageRights>
      </ResourceRightsController>
      <Duration>PT3M{4:02d}S</Duration>
      <CreationDate>2021-05-01</CreationDate>
      <ParentalWarningType>NotExplicit</ParentalWarningType>
      <IsInstrumental>false</IsInstrumental>
      <LanguageOfPerformance>kk</LanguageOfPerformance>
    </SoundRecording>
"""

TRACK = """    <TrackRelease>
      <ReleaseReference>R{0}</ReleaseReference>
      <ReleaseId>
        <ProprietaryId Namespace="PADPIDA2024010101K">BENCH_{0}</ProprietaryId>
      </ReleaseId>
      <ReleaseResourceReference>A{0}</ReleaseResourceReference>
      <ReleaseLabelReference ApplicableTerritoryCode="Worldwide">P1</ReleaseLabelReference>
      <Genre ApplicableTerritoryCode="Worldwide">
        <GenreText>Pop</GenreText>
      </Genre>
    </TrackRelease>
"""

DEAL = """    <ReleaseDeal>
      <DealReleaseReference>R{0}</DealReleaseReference>
      <Deal>
        <DealTerms>
          <TerritoryCode>Worldwide</TerritoryCode>
          <ValidityPeriod>
            <StartDate>2021-06-01</StartDate>
          </ValidityPeriod>
          <CommercialModelType>SubscriptionModel</CommercialModelType>
          <UseType>OnDemandStream</UseType>
        </DealTerms>
      </Deal>
    </ReleaseDeal>
"""


def pieces(recordings: int) -> Iterator[str]:
    """A whole message of that many recordings, each with a release and a deal."""
    yield HEAD
    for number in range(1, PARTIES + 1):
        yield PARTY.format(number)
    yield "  </PartyList>\n  <ResourceList>\n"
    for number in range(1, recordings + 1):
        artist, writer = number % PARTIES + 1, (number * 7) % PARTIES + 1
        yield RECORDING.format(number, number, artist, writer, number % 60)
    yield "  </ResourceList>\n  <ReleaseList>\n"
    for number in range(1, recordings + 1):
        yield TRACK.format(number)
    yield "  </ReleaseList>\n  <DealList>\n"
    for number in range(1, recordings + 1):
        yield DEAL.format(number)
    yield "  </DealList>\n</ern:NewReleaseMessage>\n"


def recordings_in(megabytes: int) -> int:
    """How many recordings make a message of about that size."""
    each = sum(len(part.format(10_000, 10_000, 100, 100, 30)) for part in (RECORDING, TRACK, DEAL))
    return megabytes * 1_000_000 // each
