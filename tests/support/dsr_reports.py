"""Small sales reports in both variants of DSR, with invented services, works and recordings."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.ddex.dsr import layout

HEADER = {
    "MessageVersion": "dsrf/30", "Profile": "BasicAudioProfile", "ProfileVersion": "1.2", "MessageId": "M1",
    "MessageCreatedDateTime": "2026-04-10T09:00:00Z", "FileNumber": "1", "NumberOfFiles": "1",
    "UsageStartDate": "2026-03-01", "UsageEndDate": "2026-03-31", "SenderPartyId": "PADPIDA2014999999Z",
    "SenderName": "Stream (invented)",
}  # fmt: skip
SUMMARY = {
    "SummaryRecordId": "S1", "CommercialModel": "SubscriptionModel", "UseType": "OnDemandStream",
    "Territory": "KZ", "ServiceDescription": "Premium", "Usages": "100", "CurrencyOfReporting": "KZT",
    "NetRevenue": "1000.00",
}  # fmt: skip


def record(name: str, **cells: str) -> str:
    """One record with its cells at their places."""
    found = layout(name)
    assert found is not None, name
    assert set(cells) <= set(found.cells), (name, set(cells) - set(found.cells))
    return "\t".join([name, *(cells.get(cell, "") for cell in found.cells)])


def block(
    number: int, *, isrc: str = "", iswc: str = "", title: str = "Title", streams: str = "7"
) -> list[str]:
    """A block of one recording with its work and one usage."""
    name = f"B{number}"
    return [
        record("AS01.01", BlockId=name, ResourceReference="A1", DspResourceId=f"R{number}", ISRC=isrc,
               Title=title, DisplayArtistName="Artist", ResourceType="SoundRecording"),
        record("MW01.01", BlockId=name, DspWorkId=f"W{number}", ISWC=iswc, Title=title),
        record("SU02", BlockId=name, SummaryRecordId="S1", SalesTransactionId="T", TransactedResource="A1",
               IsRoyaltyBearing="true", NumberOfStreams=streams),
    ]  # fmt: skip


def report(
    records: Iterable[str], *, blocks: int, foot: str = "", summary: dict[str, str] | None = None
) -> bytes:
    """A whole report: header, summary, records, footer."""
    lines = [record("HEAD", **HEADER), record("SY01.01", **(summary or SUMMARY)), *records]
    counts = {"NumberOfLinesInFile": str(len(lines) + 1), "NumberOfSummaryRecords": "1"}
    lines.append(foot or record("FOOT", **counts, NumberOfBlocksInFile=str(blocks)))
    return ("\n".join(lines) + "\n").encode()


def single(records: Iterable[str]) -> bytes:
    """A report in the single-record variant."""
    lines = [record("SRHE", **HEADER), record("SY01.01", **SUMMARY), *records]
    lines.append(record("SRFO", NumberOfLinesInReport=str(len(lines) + 1), NumberOfSummaryRecords="1"))
    return ("\n".join(lines) + "\n").encode()
