"""Speed of the ERN reader, rules included, against the least a tree costs: ``lxml.etree.parse`` alone.

Run it as a script; the first argument is the size of the generated ERN 4.3 message in megabytes (20). Both
are measured in turns as processor time of fresh processes, the best of each, with their peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from parsers.ddex.message import read
from schemas.declarations import RecordingDeclaration

MEGABYTES = 20
ROUNDS = 5
PARTIES = 400
GOAL = 0.6

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


def _parse(path: Path) -> int:
    return len(etree.parse(path).getroot().findall("ResourceList/SoundRecording"))


def _read(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(isinstance(item, RecordingDeclaration) for item in read(stream))


MEASURED = {"parse": _parse, "read": _read}


def _measure(name: str, path: Path) -> None:
    """Run one side in this process and print recordings, processor seconds and peak megabytes."""
    work = MEASURED[name]
    start = time.process_time()
    count = work(path)
    taken = time.process_time() - start
    print(count, taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _run(name: str, path: Path) -> tuple[int, float, float]:
    command = [sys.executable, __file__, name, str(path)]
    count, taken, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return int(count), float(taken), float(peak)


def main(megabytes: int) -> None:
    """Print the measurement."""
    expected = recordings_in(megabytes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.xml"
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(pieces(expected))
        size = path.stat().st_size / 1e6
        runs: dict[str, list[tuple[int, float, float]]] = {name: [] for name in MEASURED}
        for _ in range(ROUNDS):
            for name, found in runs.items():
                found.append(_run(name, path))
    for name, found in runs.items():
        if any(count != expected for count, _, _ in found):
            sys.exit(f"{name} found {found[0][0]} of {expected} recordings")
    taken = {name: min(seconds for _, seconds, _ in found) for name, found in runs.items()}
    peak = {name: max(megabytes for _, _, megabytes in found) for name, found in runs.items()}
    print(f"megabytes {size:.1f}  recordings {expected}")
    for name, label in (("parse", "lxml.etree.parse"), ("read", "extraction and rules")):
        speed = expected / taken[name]
        print(
            f"{label:22}{size / taken[name]:8.1f} MB/s {speed:10,.0f} recordings/s {peak[name]:8.0f} MB peak"
        )
    print(f"ratio {taken['parse'] / taken['read']:.2f} of lxml.etree.parse (goal {GOAL})")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else MEGABYTES)
