"""Whole sales reports of four profiles, line by line as a person reads them; all invented."""

from __future__ import annotations

import io

import pytest
from dsr_reports import HEADER, record

from parsers.ddex import dsr
from parsers.ddex.dsr import Report, UsageLine
from schemas.findings import Finding

KZ = {"CommercialModel": "SubscriptionModel", "ServiceDescription": "Premium", "Territory": "KZ"}
SONG = {"ISRC": "KZA012500001", "DisplayArtistName": "Ерлан", "Duration": "PT3M20S",
        "ResourceType": "SoundRecording"}  # fmt: skip
FIRST, SECOND, THIRD = {"BlockId": "B1"}, {"BlockId": "B2"}, {"BlockId": "B3"}
MARCH = ("2026-03-01", "2026-03-31")


def head(name: str, profile: str) -> str:
    return record(name, **{**HEADER, "Profile": profile, "RecipientPartyId": "PADPIDA20250101021"})


BASIC_AUDIO = [
    head("HEAD", "BasicAudioProfile"),
    "#SY01.01\tSummaryRecordId\tDistributionChannel\tand so on",
    record("SY01.01", SummaryRecordId="S1", UseType="OnDemandStream", **KZ, Usages="20", NetRevenue="9.50",
           CurrencyOfReporting="KZT"),
    record("SY02.02", SummaryRecordId="S2", UseType="PermanentDownload", **{**KZ, "Territory": "UZ"},
           Usages="4", NetRevenue="8", CurrencyOfReporting="UZS", RightsType="PerformingRight"),
    record("SY02.02", SummaryRecordId="S2", UseType="PermanentDownload", **{**KZ, "Territory": "UZ"},
           Usages="4", NetRevenue="8", CurrencyOfReporting="UZS", RightsType="MechanicalRight"),
    record("RE01", **FIRST, ReleaseReference="L1", DspReleaseId="D1", ICPN="4870000000015", Title="Кеш",
           DisplayArtistName="Ерлан", ReleaseType="Album"),
    record("RE02", **FIRST, ReleaseReference="L1", DspSubReleaseId="D2", UsedResources="A1|A2"),
    record("AS02.02", **FIRST, **{**SONG, "ISRC": "KZ-A01-25-00001|KZA012500002"}, ResourceReference="A1",
           DspResourceId="R1", Title=r"Жазғы кеш \| Live \\ 2025", ISWC="T-912.345.678-0",
           ComposerAuthor="Әлия Сапар|Бек Омар", ComposerAuthorPartyId="IPI::90000000109|"),
    record("AS01.01", **FIRST, ResourceReference="A2", DspResourceId="R2", Title="Dala", Duration="PT2M",
           DisplayArtistName="Band", ResourceType="SoundRecording"),
    record("AS01.01", **FIRST, **{**SONG, "ISRC": "KZA012500003"}, ResourceReference="A3",
           DspResourceId="R3", Title="Intro"),
    record("SU01", **FIRST, SummaryRecordId="S2", SalesTransactionId="T1", TransactedRelease="L1",
           IsRoyaltyBearing="true", SalesUpgrade="false", Usages="4", Returns="0"),
    record("SU02", **FIRST, SummaryRecordId="S1", SalesTransactionId="T2", TransactedResource="A3",
           NumberOfStreams="12"),
    "",
    record("AS01.01", **SECOND, **{**SONG, "ISRC": "KZA01250000"}, ResourceReference="A1",
           DspResourceId="R9", Title="Medley"),
    record("MW01.01", **SECOND, DspWorkId="W1", Title="One", ISWC="T9123456780"),
    record("MW01.01", **SECOND, DspWorkId="W2", Title="Two"),
    record("SU02", **SECOND, SummaryRecordId="S1", SalesTransactionId="T3", TransactedResource="A1",
           NumberOfStreams="8"),
    record("SU02", **SECOND, SummaryRecordId="S3", SalesTransactionId="T4", TransactedResource="A1",
           NumberOfStreams="5"),
    record("FOOT", NumberOfLinesInFile="19", NumberOfSummaryRecords="3", NumberOfBlocksInFile="2"),
]  # fmt: skip
BASIC_AUDIO_LINES = [
    UsageLine(11, "R1", "KZA012500001", "T9123456780", r"Жазғы кеш | Live \ 2025", "Ерлан",
              "PermanentDownload", "UZ", *MARCH, "4", rights=("PerformingRight", "MechanicalRight")),
    UsageLine(11, "R2", "", "", "Dala", "Band", "PermanentDownload", "UZ", *MARCH, "4",
              rights=("PerformingRight", "MechanicalRight")),
    UsageLine(12, "R3", "KZA012500003", "", "Intro", "Ерлан", "OnDemandStream", "KZ", *MARCH, "12"),
    # A recording of two works is a use of neither alone.
    UsageLine(17, "R9", "", "", "Medley", "Ерлан", "OnDemandStream", "KZ", *MARCH, "8"),
    UsageLine(18, "R9", "", "", "Medley", "Ерлан", "", "", *MARCH, "5"),
]  # fmt: skip
BASIC_AUDIO_FINDINGS = [
    ("identifier.isrc", "line:14", "AS01.01", "ISRC", "KZA01250000"),
    ("dsr.summary", "line:18", "SU02", "SummaryRecordId", "S3"),
]

ROYALTIES = [
    head("HEAD", "RoyaltyReportingProfile"),
    record("SY07", SummaryRecordId="S1", UseType="Stream", **KZ, RightsType="PerformingRight", Usages="30",
           Currency="USD", NetRevenue="2.0000", RightsController="Qoltanba",
           RightsControllerPartyId="PADPIDA20250101021", AllocatedRevenue="1"),
    record("AS02.01", **FIRST, **SONG, ResourceReference="A1", DspResourceId="V1", Title="Жазғы кеш",
           MusicPublisher="Dala Music"),
    record("MW01.01", **FIRST, DspWorkId="W1", ISWC="T9123456780", Title="Жазғы кеш",
           ComposerAuthor="Әлия Сапар"),
    record("RU01", **FIRST, SummaryRecordId="S1", DspReleaseId="V1|V2", Usages="10|5"),
    record("SU03.01", **FIRST, SalesTransactionId="T1", SummaryRecordId="S1", DspReleaseId="V1", Usages="10",
           NetRevenue="1.25", ValidityPeriodStart="20260301", ValidityPeriodEnd="20260315"),
    record("LI01.01", **FIRST, SummaryRecordId="S1", RightsController="Dala Music", RightSharePercentage="50",
           RightsType="MechanicalRight", AllocatedNetRevenue="0.625", AllocatedAmount="0.06"),
    record("SU03.01", **FIRST, SalesTransactionId="T2", DspReleaseId="V2", Usages="5", NetRevenue="0.75"),
    record("AS02.01", **SECOND, ResourceReference="A1", DspResourceId="V3", Title="Untitled",
           DisplayArtistName="User", Duration="PT10S", ResourceType="UserGeneratedContent"),
    record("RU02", **SECOND, SummaryRecordId="S1", DspReleaseId="V3", ReleaseTitle="Upload",
           ReleaseURL="https://service.example/v3", Usages="15"),
    record("FOOT", NumberOfLinesInFile="11", NumberOfSummaryRecords="1", NumberOfBlocksInFile="2"),
]  # fmt: skip
ROYALTIES_LINES = [
    UsageLine(6, "V1", "KZA012500001", "T9123456780", "Жазғы кеш", "Ерлан", "Stream", "KZ", "2026-03-01",
              "2026-03-15", "10", "1.25", "USD", ("MechanicalRight",)),
    # It names no summary, but there is only one.
    UsageLine(8, "V1", "KZA012500001", "T9123456780", "Жазғы кеш", "Ерлан", "Stream", "KZ", *MARCH, "5",
              "0.75", "USD", ("PerformingRight",)),
    UsageLine(10, "V3", "", "", "Untitled", "User", "Stream", "KZ", *MARCH, "15",
              rights=("PerformingRight",)),
]  # fmt: skip

RADIO = [
    head("HEAD", "RadioBroadcastProfile"),
    record("SY08", SummaryRecordId="S1", UseType="Broadcast", **KZ, BroadcastStationOrChannel="Dala FM",
           NumberOfBroadcasts="4", ListenerHours="1000", Currency="KZT", NetRevenue="500",
           RightsType="MakeAvailableRight"),
    record("RE01", **FIRST, ReleaseReference="L1", DspReleaseId="D1", DisplayArtistName="Ерлан", Title="Кеш"),
    record("AS02.01", **FIRST, **SONG, ResourceReference="A1", DspResourceId="R1", Title="Жазғы кеш",
           SubTitle="Live", ISWC="T9123456780"),
    record("SU05", **FIRST, SummaryRecordId="S1", SalesTransactionId="T1", TransactedResource="A1",
           IsRoyaltyBearing="true", NumberOfBroadcasts="3", NumberOfBroadcastListeners="120000"),
    record("MW01.01", **SECOND, DspWorkId="W7", ISWC="T9123456780", Title="Live from the studio"),
    record("SU05", **SECOND, SummaryRecordId="S1", SalesTransactionId="T2", IsRoyaltyBearing="true",
           NumberOfBroadcasts="1"),
    record("RE01", **THIRD, ReleaseReference="L1", DspReleaseId="D3", DisplayArtistName="Band",
           Title="Unplayed"),
    record("FOOT", NumberOfLinesInFile="9", NumberOfSummaryRecords="1", NumberOfBlocksInFile="3"),
]  # fmt: skip
RADIO_LINES = [
    UsageLine(5, "R1", "KZA012500001", "T9123456780", "Жазғы кеш", "Ерлан", "Broadcast", "KZ", *MARCH, "3",
              rights=("MakeAvailableRight",)),
    UsageLine(7, "W7", "", "T9123456780", "Live from the studio", "", "Broadcast", "KZ", *MARCH, "1",
              rights=("MakeAvailableRight",)),
]  # fmt: skip

SINGLE = [
    head("SRHE", "UGCProfile"),
    record("SY09", SummaryRecordId="S1", UseType="OnDemandStream", **KZ, RightsType="PerformingRight",
           CurrencyOfReporting="KZT", NetRevenue="10"),
    record("SY01.01", SummaryRecordId="S2", UseType="PermanentDownload", **KZ, Usages="7", NetRevenue="70",
           CurrencyOfReporting="KZT"),
    record("SR03", SummaryRecordId="S1", DspResourceId="R1", ISRC="KZA012500001", ResourceTitle="Жазғы кеш",
           ResourceDisplayArtistName="Ерлан", ResourceType="SoundRecording", WorkTitle="Жазғы кеш (шығарма)",
           DspWorkId="W1", ISWC="T9123456780", SalesTransactionId="T1", Usages="41", NetRevenue="3.141",
           ValidityPeriodStart="2026-03-10", ValidityPeriodEnd="2026-03-12", ContentCategory="Audio",
           RightsController="Dala Music", RightSharePercentage="30", RightsType="MechanicalRight"),
    record("SR06", SummaryRecordId="S1", DspResourceId="R2", ResourceTitle="Cover", DspWorkId="W2",
           WorkTitle="Dala", Usages="2", ValidityPeriodStart="20260331", ValidityPeriodEnd="20260331",
           ContentCategory="Audio"),
    record("SR01", SummaryRecordId="S2", DspResourceId="R3", ISRC="KZA012500003", ResourceTitle="Intro",
           ResourceDisplayArtistName="Ерлан", ResourceType="SoundRecording", ISWC="T0000000001",
           ReleaseDisplayArtistName="Ерлан", ReleaseTitle="Кеш", NumberOfTransactedResources="1",
           SalesTransactionId="T2", IsRoyaltyBearing="true", SalesUpgrade="false", Downloads="7",
           Returns="1"),
    record("SR08", SalesTransactionId="T3", DspReleaseId="D9", ResourceISRC="KZA012500004",
           ResourceTitle="Outro", ResourceDisplayArtistName="Band", SummaryRecordId="S2",
           SalesTransactionDate="2026-03-05", TotalUsages="6", Returns="2", NetUsage="4"),
    record("SRFO", NumberOfLinesInReport="8", NumberOfSummaryRecords="2"),
]  # fmt: skip
SINGLE_LINES = [
    UsageLine(4, "R1", "KZA012500001", "T9123456780", "Жазғы кеш", "Ерлан", "OnDemandStream", "KZ",
              "2026-03-10", "2026-03-12", "41", "3.141", "KZT", ("MechanicalRight",)),
    UsageLine(5, "R2", "", "", "Cover", "", "OnDemandStream", "KZ", "2026-03-31", "2026-03-31", "2",
              rights=("PerformingRight",)),
    UsageLine(6, "R3", "KZA012500003", "", "Intro", "Ерлан", "PermanentDownload", "KZ", *MARCH, "6"),
    UsageLine(7, "", "KZA012500004", "", "Outro", "Band", "PermanentDownload", "KZ", "2026-03-05",
              "2026-03-05", "4"),
]  # fmt: skip
SINGLE_FINDINGS = [("identifier.iswc", "line:6", "SR01", "ISWC", "T0000000001")]


@pytest.mark.parametrize(
    ("records", "profile", "lines", "findings"),
    [
        (BASIC_AUDIO, "BasicAudioProfile", BASIC_AUDIO_LINES, BASIC_AUDIO_FINDINGS),
        (ROYALTIES, "RoyaltyReportingProfile", ROYALTIES_LINES, []),
        (RADIO, "RadioBroadcastProfile", RADIO_LINES, []),
        (SINGLE, "UGCProfile", SINGLE_LINES, SINGLE_FINDINGS),
    ],
)
def test_a_report_says_line_by_line_what_a_person_reads_in_it(
    records: list[str], profile: str, lines: list[UsageLine], findings: list[tuple[str, ...]]
) -> None:
    told = Report()
    found = list(dsr.read(io.BytesIO("\r\n".join(records).encode()), told))
    assert [item for item in found if isinstance(item, UsageLine)] == lines
    remarks = [item for item in found if isinstance(item, Finding)]
    assert [(item.code, item.position, item.record, item.field, item.value) for item in remarks] == findings
    assert (told.version, told.profile, told.message, told.sender, told.first, told.last, told.lines) == (
        "dsrf/30", profile, "M1", "PADPIDA2014999999Z", *MARCH, len(records),
    )  # fmt: skip
    assert sum(told.records.values()) == sum(not line.startswith("#") and line != "" for line in records)
