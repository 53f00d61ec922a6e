"""Sales reports: usages with their resources, works and summaries; everything else is told."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from dsr_reports import HEADER, SUMMARY, block, record, report, single
from hypothesis import given
from hypothesis import strategies as st

from parsers.ddex import dsr
from parsers.ddex.dsr import Report, UsageLine
from parsers.tabular.lines import Refused
from schemas.ddex.dsr import layouts
from schemas.findings import Finding


def taken(data: bytes) -> tuple[list[UsageLine], list[tuple[str, str, str]], Report]:
    told = Report()
    items = list(dsr.read(io.BytesIO(data), told))
    findings = [(item.code, item.position, item.field) for item in items if isinstance(item, Finding)]
    return [item for item in items if isinstance(item, UsageLine)], findings, told


def test_a_block_is_a_use_of_a_recording_with_its_work() -> None:
    lines, findings, told = taken(report(block(1, isrc="KZA012500001", iswc="T9123456780"), blocks=1))
    assert findings == []
    assert lines == [
        UsageLine(
            5, "R1", "KZA012500001", "T9123456780", "Title", "Artist", "OnDemandStream", "KZ", "2026-03-01",
            "2026-03-31", "7",
        )
    ]  # fmt: skip
    assert (told.message, told.sender, told.version) == ("M1", "PADPIDA2014999999Z", "dsrf/30")
    assert dict(told.records) == {
        "HEAD": 1, "SY01.01": 1, "AS01.01": 1, "MW01.01": 1, "SU02": 1, "FOOT": 1,
    }  # fmt: skip


def test_the_single_record_variant_has_it_all_in_one() -> None:
    sale = record(
        "SR02", SummaryRecordId="S1", DspResourceId="R1", ISRC="KZA012500001", ResourceTitle=r"A \| B \\ C",
        ISWC="T-912.345.678-0", NumberOfStreams="12",
    )  # fmt: skip
    (line,), findings, _ = taken(single([sale]))
    assert findings == []
    assert (line.isrc, line.iswc, line.title, line.usages) == (
        "KZA012500001",
        "T9123456780",
        r"A | B \ C",
        "12",
    )


def test_a_use_of_a_release_is_a_use_of_its_recordings() -> None:
    name = {"BlockId": "B1"}
    records = [
        record("RE01", **name, ReleaseReference="L1", DspReleaseId="D1", Title="Album"),
        record("RE02", **name, ReleaseReference="L1", DspSubReleaseId="D2", UsedResources="A1|A3"),
        *(
            record("AS01.01", **name, ResourceReference=f"A{n}", DspResourceId=f"R{n}", Title="T")
            for n in (1, 2, 3)
        ),
        record("SU01", **name, SummaryRecordId="S1", TransactedRelease="L1", Usages="4"),
        record("SU01", **name, SummaryRecordId="S1", TransactedResource="A2", Usages="5"),
    ]
    lines, findings, _ = taken(report(records, blocks=1))
    assert [(line.ref, line.usages) for line in lines] == [("R1", "4"), ("R3", "4"), ("R2", "5")]
    assert findings == []


def test_usages_of_several_releases_are_added_where_nothing_else_tells_them() -> None:
    name = {"BlockId": "B1"}
    records = [
        record("AS01", **name, ResourceReference="A1", DspResourceId="R1", Title="T"),
        record("RU01", **name, SummaryRecordId="S1", DspReleaseId="x|y|z", Usages="10|5|1"),
    ]
    (line,), _, _ = taken(report(records, blocks=1))
    assert line.usages == "16"


@pytest.mark.parametrize(
    ("usages", "returned", "net", "found"),
    [
        ("5", "2", "3", []),
        ("5", "", "5", []),
        ("5.5", "0", "5.5", []),
        ("1", "3", "-2", []),
        ("5", "two", "5", [("dsr.returns", "line:4", "Returns")]),
        ("5.5", "2", "5.5", [("dsr.returns", "line:4", "Returns")]),
    ],
)
def test_what_was_returned_was_not_used(
    usages: str, returned: str, net: str, found: list[tuple[str, str, str]]
) -> None:
    name = {"BlockId": "B1"}
    records = [
        record("AS01", **name, ResourceReference="A1", DspResourceId="R1", Title="T"),
        record(
            "SU01", **name, SummaryRecordId="S1", TransactedResource="A1", Usages=usages, Returns=returned
        ),
    ]
    (line,), findings, _ = taken(report(records, blocks=1))
    assert (line.usages, findings) == (net, found)


def test_the_period_of_a_use_may_be_its_own() -> None:
    name = {"BlockId": "B1"}
    records = [
        record("AS01", **name, ResourceReference="A1", DspResourceId="R1", Title="T"),
        record(
            "SU03.01", **name, SummaryRecordId="S1", DspReleaseId="R1", Usages="3",
            ValidityPeriodStart="20260310", ValidityPeriodEnd="20260312",
        ),
    ]  # fmt: skip
    (line,), _, _ = taken(report(records, blocks=1))
    assert (line.first, line.last) == ("2026-03-10", "2026-03-12")


def test_headings_name_the_columns_of_records_that_the_table_lacks() -> None:
    heading = "#SU09.07\tBlockId\tSummaryRecordId\tTransactedResource\tUsages"
    use = "SU09.07\tB1\tS1\tA1\t9"
    resource = block(1, isrc="KZA012500001")[0]
    lines, findings, _ = taken(report([heading, resource, use], blocks=1))
    assert [line.usages for line in lines] == ["9"]
    assert findings == []
    _, findings, told = taken(report([resource, use, use], blocks=1))
    assert [code for code, _, _ in findings] == ["dsr.unknown_record", "dsr.no_usage"]
    assert told.records["(unknown)"] == 2


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (report(block(1, isrc="KZA01250000"), blocks=1), ("identifier.isrc", "line:3", "ISRC")),
        (report(block(1, iswc="T9123456781"), blocks=1), ("identifier.iswc", "line:4", "ISWC")),
        (report(block(1), blocks=2), ("dsr.count", "line:6", "NumberOfBlocksInFile")),
        (report(block(1), blocks=1, foot="# the end"), ("dsr.no_footer", "line:6", "")),
        (report(block(1)[:2], blocks=1), ("dsr.no_usage", "line:3", "BlockId")),
        (
            report(block(1), blocks=1, summary={**SUMMARY, "SummaryRecordId": "S2"}),
            ("dsr.summary", "line:5", "SummaryRecordId"),
        ),
        (
            report(block(1), blocks=1).replace(b"2026-03-01", b"March"),
            ("dsr.date", "line:1", "UsageStartDate"),
        ),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(data: bytes, expected: tuple[str, str, str]) -> None:
    _, findings, _ = taken(data)
    assert findings == [expected]


def test_what_cannot_be_held_or_decoded_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dsr, "MOST_RECORDS", 2)
    with pytest.raises(Refused) as caught:
        taken(report(block(1), blocks=1))
    assert caught.value.finding.code == "dsr.too_large"
    with pytest.raises(Refused):
        taken(report(block(1, title="Ж"), blocks=1).decode().encode("cp1251"))


@given(st.integers(0, 10**9))
def test_damage_is_told_or_harmless_and_other_blocks_stay(seed: int) -> None:
    chance = random.Random(seed)
    whole = report(
        [line for n in range(6) for line in block(n, isrc="KZA012500001", streams=str(n))], blocks=6
    )
    lines = whole.decode().split("\n")
    place = chance.randrange(2, len(lines) - 2)
    cells = lines[place].split("\t")
    cells[chance.randrange(len(cells))] = chance.choice(
        ["", "x", "\\", "|", "KZA012500001", "B3", "S1", "S9"]
    )
    lines[place] = "\t".join(cells)
    found, findings, told = taken("\n".join(lines).encode())
    assert sum(told.records.values()) == 21
    own = (place - 2) // 3
    expected, _, _ = taken(whole)
    # A record that claims to belong to another block may end that one early; all others are untouched.
    near = {own - 1, own, own + 1, 3}
    assert {int(line.ref[1:]) for line in expected} - near <= {
        int(line.ref[1:]) for line in found if line.ref[1:].isdigit()
    }
    assert findings or len(found) >= 5


def test_a_report_is_told_from_other_files_by_its_first_record() -> None:
    assert dsr.looks_like(b"#comment\n\n" + record("HEAD", **HEADER).encode())
    assert dsr.looks_like(b"\xef\xbb\xbfSRHE\tx")
    assert not dsr.looks_like(b"HEADER,x\n")
    assert not dsr.looks_like(b"HDRPB000")


def test_every_record_names_each_of_its_cells_once() -> None:
    for name, found in layouts().items():
        assert len(set(found.cells)) == len(found.cells), name


def test_real_reports_are_read_and_every_record_is_counted(shared_folder: Path) -> None:
    files = sorted((shared_folder / "samples" / "ddex" / "dsr-flat-3.0").glob("DSR_*.tsv"))
    assert files
    for path in files:
        data = path.read_bytes()
        lines, _, told = taken(data)
        records = [line for line in data.splitlines() if line.strip() and not line.startswith(b"#")]
        assert sum(told.records.values()) == len(records), path.name
        if "YouTube" in path.name:
            assert len(lines) == told.records["SU03.01"] > 0
            assert {line.territory for line in lines} == {"IS"}
            assert all(line.isrc or line.title for line in lines)


def test_rights_and_revenue_are_those_of_the_use_and_of_its_summary() -> None:
    name = {"BlockId": "B1"}
    records = [
        record("AS01", **name, ResourceReference="A1", DspResourceId="R1", Title="T"),
        record("SU03.01", **name, SummaryRecordId="S1", DspReleaseId="R1", Usages="3", NetRevenue="2.5"),
        record("LI01.01", **name, SummaryRecordId="S1", RightsController="X", RightsType="MechanicalRight"),
        record("SU03.01", **name, SummaryRecordId="S1", DspReleaseId="R1", Usages="4"),
    ]
    (first, second), findings, _ = taken(report(records, blocks=1))
    assert (first.amount, first.currency, first.rights) == ("2.5", "KZT", ("MechanicalRight",))
    assert (second.amount, second.currency, second.rights) == ("", "", ())
    assert findings == []
    summary = record(
        "SY02.02", SummaryRecordId="S1", UseType="Stream", Territory="KZ", RightsType="PerformingRight"
    )
    lines, findings, _ = taken(report([summary, *block(1)], blocks=1))
    assert [line.rights for line in lines] == [("PerformingRight",)]
    assert findings == [("dsr.count", "line:7", "NumberOfSummaryRecords")]


def test_a_master_list_names_uses_to_come() -> None:
    records = [
        record("AS02.03", BlockId="B1", ResourceReference="A1", DspResourceId="R1", ISRC="KZA012500001",
               Title="T", ResourceType="SoundRecording"),
        record("ML01", BlockId="B1", SummaryRecordId="S1", ResourceReference="A1",
               UsageForPrioritisation="12"),
    ]  # fmt: skip
    (line,), findings, _ = taken(report(records, blocks=1))
    assert (line.isrc, line.usages, findings) == ("KZA012500001", "12", [])


def test_a_version_without_a_table_is_read_by_the_nearest_one() -> None:
    resource = block(1, isrc="KZA012500001")[0].replace("AS01.01", "AS01.07")
    lines, findings, told = taken(report([resource, *block(1)[1:]], blocks=1))
    assert [line.isrc for line in lines] == ["KZA012500001"]
    assert findings == [("dsr.record_version", "line:3", "")]
    assert told.records["AS01.07"] == 1


def test_a_real_report_says_line_by_line_what_a_person_reads_in_it(shared_folder: Path) -> None:
    folder = shared_folder / "samples" / "ddex" / "dsr-flat-3.0"
    (path,) = folder.glob("DSR_TEST_YouTube_*.tsv")
    lines, _, told = taken(path.read_bytes())
    marvin = ("A935917475088049", "USSM19803037", "", "Sexual Healing", "Marvin Gaye")
    justin = (
        "A726198037646795",
        "USUV71101875",
        "T9109247316",
        "All I Want Is You Audio Only",
        "Justin Bieber",
    )
    dinah = (
        "XMhY7hsbhs4",
        "USRH10903879",
        "T0702472794",
        "This Bitter Earth / On The Nature Of Daylight",
        "Dinah Washington / Max Richter",
    )
    quarter = ("2015-10-01", "2015-12-31")
    read_by_hand = [
        (17, marvin, quarter, "7810", "2.0"),
        (22, justin, quarter, "2045", "2.0"),
        (27, dinah, ("2015-10-01", "2015-10-02"), "18", "0.0"),
        (29, dinah, ("2015-10-03", "2015-10-03"), "4", "0.0"),
        (31, dinah, ("2015-10-04", "2015-12-03"), "258", "0.0"),
        (33, dinah, ("2015-12-04", "2015-12-30"), "75", "3.0"),
    ]
    assert lines == [
        UsageLine(line, *who, "Stream", "IS", *period, usages, amount, "USD", ("PerformingRight",))
        for line, who, period, usages, amount in read_by_hand
    ]
    assert (told.version, told.profile, told.message) == ("dsrf/30", "UGCProfile", "1453417766009915")
    assert told.sender == "PADPIDA2013020802I"
