"""Transactions, groups, versions and what is rejected; all data invented."""

from __future__ import annotations

import io

import pytest

from parsers.cwr.reader import read
from parsers.cwr.records import write
from parsers.reading import Item
from schemas.cwr.layouts import layout
from schemas.declarations import Header, Rejection, WorkDeclaration
from schemas.findings import Finding

VERSION = "2.2"
WORK = {
    "title": "FIRST SONG",
    "work_number": "S1",
    "distribution_category": "POP",
    "version_type": "ORI",
    "recorded_indicator": "U",
}
HEADER = {
    "sender_type": "PB",
    "sender_id": "000000199",
    "sender_name": "INVENTED MUSIC",
    "edi_version": "01.10",
    "creation_date": "20260102",
    "creation_time": "030405",
    "transmission_date": "20260102",
}
Record = tuple[str, dict[str, str]]


def transaction(sequence: int, *records: Record, version: str = VERSION) -> list[str]:
    return [
        write(
            layout(version, record),
            {"transaction_sequence": str(sequence), "record_sequence": str(place), **values},
        )
        for place, (record, values) in enumerate(records)
    ]


def work(
    sequence: int = 0, *more: Record, record: str = "NWR", version: str = VERSION, **changes: str
) -> list[str]:
    values = {**WORK, "work_number": f"S{sequence}", **changes}
    writer = {"ip_number": "W1", "name": "WRITER", "writer_type": "CA", "pr_share": "10000"}
    return transaction(sequence, (record, values), ("SWR", writer), *more, version=version)


def group(kind: str, transactions: list[list[str]], number: int = 1, version: str = "02.20") -> list[str]:
    lines = [line for lines in transactions for line in lines]
    header = {"transaction_type": kind, "group_id": str(number), "version": version}
    trailer = {
        "group_id": str(number),
        "transaction_count": str(len(transactions)),
        "record_count": str(len(lines) + 2),
    }
    return [write(layout("2.2", "GRH"), header), *lines, write(layout("2.2", "GRT"), trailer)]


def file_of(*groups: list[str], version: str = VERSION, header: dict[str, str] | None = None) -> bytes:
    lines = [line for lines in groups for line in lines]
    works = sum(int(line[8:16]) for line in lines if line.startswith("GRT"))
    trailer = {
        "group_count": str(len(groups)),
        "transaction_count": str(works),
        "record_count": str(len(lines) + 2),
    }
    hdr = write(layout(version, "HDR"), {**HEADER, **(header or {})})
    return "\r\n".join([hdr, *lines, write(layout("2.2", "TRL"), trailer), ""]).encode()


def items_of(data: bytes) -> list[Item]:
    return list(read(io.BytesIO(data)))


def findings_of(items: list[Item]) -> list[tuple[str, str, str]]:
    return [(item.code, item.position, item.field) for item in items if isinstance(item, Finding)]


def works_of(items: list[Item]) -> list[WorkDeclaration]:
    return [item for item in items if isinstance(item, WorkDeclaration)]


def rejections_of(items: list[Item]) -> list[Rejection]:
    return [item for item in items if isinstance(item, Rejection)]


def test_a_faultless_file_gives_its_header_and_works_and_nothing_else() -> None:
    items = items_of(file_of(group("NWR", [work(0), work(1)]), header={"version": "2.2"}))
    assert items[0] == Header(
        format="cwr",
        version="2.2",
        sender_id="000000199",
        sender_name="INVENTED MUSIC",
        created="2026-01-02T03:04:05",
    )
    assert [type(item) for item in items[1:]] == [WorkDeclaration, WorkDeclaration]
    assert [(item.ref, item.title, item.position) for item in works_of(items)] == [
        ("S0", "FIRST SONG", "line:3"),
        ("S1", "FIRST SONG", "line:5"),
    ]


@pytest.mark.parametrize(
    ("group_text", "header_text", "version"),
    [
        ("02.10", "", "2.1"),
        ("02.20", "", "2.2"),
        ("02.10", "2.2", "2.2"),
        ("XX.XX", "", "2.1"),
        ("02.00", "", "2.0"),
    ],
)
def test_the_content_names_the_version(group_text: str, header_text: str, version: str) -> None:
    data = file_of(group("NWR", [work(version="2.1")], version=group_text), header={"version": header_text})
    items = items_of(data)
    assert isinstance(items[0], Header)
    assert items[0].version == version
    assert len(works_of(items)) == 1


def test_a_group_that_contradicts_the_header_is_remarked_on() -> None:
    items = items_of(file_of(group("NWR", [work()], version="02.10"), header={"version": "2.2"}))
    assert findings_of(items) == [("cwr.version_conflict", "line:2", "version")]


@pytest.mark.parametrize("version", ["00.50", "01.10", "02.70", "09.90"])
def test_versions_without_tables_are_counted_and_rejected(version: str) -> None:
    items = items_of(file_of(group("NWR", [work(0), work(1)], version=version)))
    assert [item.kind for item in rejections_of(items)] == ["work", "work"]
    assert [code for code, _, _ in findings_of(items)] == ["cwr.version_unsupported"] * 2


def test_a_transaction_of_another_version_is_rejected() -> None:
    data = file_of(group("NWR", [work(0), ["WRK0000000100000000SONG"], work(2)]))
    items = items_of(data)
    assert [item.ref for item in works_of(items)] == ["S0", "S2"]
    assert rejections_of(items) == [Rejection("work", "line:5")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"work_number": ""}, "work_number"),
        ({"distribution_category": "QQQ"}, "distribution_category"),
        ({"version_type": ""}, "version_type"),
    ],
)
def test_what_the_standard_rejects_is_rejected_and_its_neighbours_stay(
    changes: dict[str, str], field: str
) -> None:
    items = items_of(file_of(group("NWR", [work(0), work(1, **changes), work(2)])))
    assert [item.ref for item in works_of(items)] == ["S0", "S2"]
    assert [(item.kind, item.position) for item in rejections_of(items)] == [("work", "line:5")]
    (finding,) = (item for item in items if isinstance(item, Finding))
    assert (finding.severity, finding.position, finding.record, finding.field) == (
        "error",
        "line:5",
        "NWR",
        field,
    )
    assert items.index(finding) == items.index(rejections_of(items)[0]) - 1


def test_a_fault_in_a_detail_is_located_there_and_explained_at_the_header() -> None:
    publisher = {"publisher_sequence": "1", "ip_number": "P1", "name": "P", "publisher_type": "ZZ"}
    items = items_of(file_of(group("NWR", [work(0, ("SPU", publisher))])))
    assert findings_of(items) == [
        ("cwr.record_order", "line:5", ""),
        ("cwr.lookup.transaction", "line:5", "publisher_type"),
        ("cwr.transaction_rejected", "line:3", ""),
    ]
    assert rejections_of(items) == [Rejection("work", "line:3", "S0")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("copyright_date", "20261345", "cwr.date"),
        ("duration", "009900", "cwr.time"),
        ("grand_rights", "X", "cwr.flag"),
        ("work_type", "??", "cwr.lookup"),
        ("text_music_relationship", "??", "cwr.lookup"),
        ("iswc", "T1234567890", "identifier.iswc"),
    ],
)
def test_other_faults_are_warnings(field: str, value: str, code: str) -> None:
    items = items_of(file_of(group("NWR", [work(**{field: value})])))
    (finding,) = (item for item in items if isinstance(item, Finding))
    assert (finding.code, finding.severity, finding.position, finding.field) == (
        code,
        "warning",
        "line:3",
        field,
    )
    assert finding.value.endswith(value)
    assert len(works_of(items)) == 1


def test_territories_out_of_place_reject_the_work() -> None:
    territory = {"ip_number": "P1", "inclusion": "I", "territory": "2136", "pr_share": "05000"}
    items = items_of(file_of(group("NWR", [work(0, ("SPT", territory)), work(1)])))
    assert findings_of(items)[0] == ("cwr.out_of_place.transaction", "line:5", "")
    assert [item.ref for item in rejections_of(items)] == ["S0"]


def test_territories_of_another_party_reject_the_work() -> None:
    territory = {"ip_number": "W9", "inclusion": "I", "territory": "2136", "pr_share": "05000"}
    territory["territory_sequence"] = "1"
    items = items_of(file_of(group("NWR", [work(0, ("SWT", territory))])))
    assert findings_of(items)[0] == ("cwr.party_mismatch", "line:5", "ip_number")
    assert len(rejections_of(items)) == 1


def test_records_that_cannot_be_used_are_kept_as_details() -> None:
    records: list[Record] = [("NET", {"title": "LOST"}), ("ALT", {"title_type": "AT"})]
    items = items_of(file_of(group("NWR", [work(0, *records)])))
    assert [code for code, _, _ in findings_of(items)] == [
        "cwr.out_of_place",
        "cwr.missing",
        "cwr.record_left_out",
    ]
    details = dict(works_of(items)[0].details)
    assert (details["NET"], details["ALT"].strip()) == ("LOST", "AT")


def test_records_of_a_later_version_and_unknown_ones_are_remarked_on() -> None:
    lines = work(0, version="2.1")
    lines += ["XRF0000000000000002177KZ1           WY", "ZZZ0000000000000003"]
    items = items_of(file_of(group("NWR", [lines], version="02.10"), version="2.1"))
    assert [code for code, _, _ in findings_of(items)] == ["cwr.record_not_allowed", "cwr.unknown_record"]
    assert works_of(items)[0].other_refs == ()
    assert ("XRF", "177KZ1           WY") in works_of(items)[0].details


def test_short_lines_are_normal() -> None:
    data = b"\n".join(line.rstrip() for line in file_of(group("NWR", [work(0)])).splitlines())
    items = items_of(data)
    assert findings_of(items) == []
    assert len(works_of(items)) == 1


def test_content_behind_the_last_field_is_mentioned() -> None:
    lines = work(0)
    lines[1] += "EXTRA"
    items = items_of(file_of(group("NWR", [lines])))
    assert findings_of(items) == [("cwr.line_excess", "line:4", "")]


def test_sequence_slips_give_one_remark_for_each_transaction() -> None:
    lines = work(0, ("ALT", {"title": "A", "title_type": "AT"}), ("ALT", {"title": "B", "title_type": "AT"}))
    slipped = [lines[0], *(line[:11] + "00000009" + line[19:] for line in lines[1:])]
    items = items_of(file_of(group("NWR", [slipped, work(5), work(6)])))
    assert findings_of(items) == [("cwr.sequence", "line:4", ""), ("cwr.sequence", "line:7", "")]
    assert len(works_of(items)) == 3


def test_wrong_totals_are_remarked_on() -> None:
    data = file_of(group("NWR", [work(0)])).replace(b"GRT000010000000100000004", b"GRT000020000000200000009")
    assert (
        findings_of(items_of(data))
        == [
            ("cwr.count", "line:5", "group_id"),
            ("cwr.count", "line:5", "transaction_count"),
            ("cwr.count", "line:5", "record_count"),
            ("cwr.count", "line:6", "transaction_count"),
        ][:3]
    )


def test_groups_and_strays() -> None:
    lines = ["ALT000000000000000", *group("REV", [work(0)])[:-1], *group("NWR", [work(0)], 2)]
    items = items_of(file_of(lines))
    codes = [code for code, _, _ in findings_of(items)]
    assert codes[:3] == ["cwr.stray_record", "cwr.group_type", "cwr.no_group_trailer"]
    assert codes[3:] == ["file.duplicate_ref", "cwr.count", "cwr.count"]
    assert len(works_of(items)) == 2


def test_a_transaction_without_a_group_is_read() -> None:
    items = items_of(file_of(work(0)))
    assert ("cwr.no_group_header", "line:2", "") in findings_of(items)
    assert len(works_of(items)) == 1


def test_a_file_that_breaks_off_keeps_what_is_complete() -> None:
    data = file_of(group("NWR", [work(0), work(1)]))
    cut = data[: data.index(b"WRITER", data.index(b"WRITER") + 1) + 3]
    items = items_of(cut)
    assert [item.ref for item in works_of(items)] == ["S0"]
    assert [item.ref for item in rejections_of(items)] == ["S1"]
    assert ("cwr.truncated", "line:6", "") in findings_of(items)


def test_a_missing_file_trailer_alone_costs_nothing() -> None:
    data = file_of(group("NWR", [work(0)]))
    items = items_of(data[: data.index(b"TRL")])
    assert findings_of(items) == [("cwr.no_trailer", "line:5", "")]
    assert len(works_of(items)) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b"\r\n \r\n\x1a", "file.empty"),
        (b"NWR0000000000000000SONG", "cwr.no_header"),
        ("HDRPB000000199".encode("utf-16"), "cwr.utf16"),
        (b"HDRPB000000199INVENTED", "cwr.no_group"),
        (file_of(group("NWR", [work(0)])) * 2, "cwr.second_header"),
    ],
)
def test_files_that_are_refused_whole(data: bytes, code: str) -> None:
    items = items_of(data)
    assert isinstance(items[-1], Rejection)
    assert items[-1].kind == "file"
    assert isinstance(items[-2], Finding)
    assert (items[-2].code, items[-2].severity) == (code, "error")


@pytest.mark.parametrize(
    ("sender_type", "sender_id", "expected"),
    [("PB", "000000199", "000000199"), ("SO", "000000052", "052"), ("01", "234567891", "01234567891")],
)
def test_the_sender(sender_type: str, sender_id: str, expected: str) -> None:
    items = items_of(
        file_of(group("NWR", [work(0)]), header={"sender_type": sender_type, "sender_id": sender_id})
    )
    assert isinstance(items[0], Header)
    assert items[0].sender_id == expected
    overflow = [("cwr.sender_id_overflow", "line:1", "sender_id")] if sender_type == "01" else []
    assert findings_of(items) == overflow
