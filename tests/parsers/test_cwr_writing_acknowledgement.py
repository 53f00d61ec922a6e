"""Acknowledgement files: an ACK per transaction, messages before the record they are about; data invented."""

from __future__ import annotations

import io

import pytest

from parsers.cwr.reader import read
from parsers.cwr.records import values_by_name
from parsers.cwr.writing_acknowledgement import (
    Answer,
    Message,
    file_message,
    message,
    write_acknowledgement,
)
from parsers.cwr.writing_received import Origin, origin, received
from parsers.cwr.writing_transmission import Sender
from parsers.unpacking import plain
from schemas.cwr.layouts import layout
from schemas.cwr.validations import edit_exists, validation
from schemas.declarations import AcknowledgementDeclaration
from schemas.findings import Finding

SENDER = Sender("SO", "177", "KAZAK", "2026-02-01T08:00:00")
ORIGIN = Origin("2.1", "20260131", "102030")
NWR = "NWR0000000700000000A SONG                                                        S1"
SPU = "SPU000000070000000101P1       HOUSE"
XYZ = "XYZ0000000700000002?"
PER = "PER0000000700000003ПЕРВЫЙ"


def acknowledged(*answers: Answer, version: str = "2.1") -> list[str]:
    out = io.BytesIO()
    totals = write_acknowledgement(
        out, SENDER, Origin(version, *("20260131", "102030")), answers, "2026-02-01"
    )
    items = list(read(io.BytesIO(out.getvalue())))
    assert [item for item in items if isinstance(item, Finding)] == []
    assert totals.transactions == sum(isinstance(item, AcknowledgementDeclaration) for item in items)
    return out.getvalue().decode().splitlines()


def note(sequence: int, text: str = "X", record: str = "NWR", number: str = "003") -> Message:
    return Message(record, sequence, "F", "F", number, text)


def test_messages_stand_before_the_record_they_are_about() -> None:
    answer = Answer(
        "NWR",
        3,
        7,
        "AS",
        "A SONG",
        "S1",
        "w7",
        (NWR, SPU, XYZ, PER),
        (note(0), note(1, record="SPU"), note(1, record="SPU"), note(2, record="XYZ", number="000"), note(9)),
    )
    lines = acknowledged(answer)
    kinds = [line[:3] for line in lines]
    assert kinds == [
        "HDR", "GRH", "ACK", "MSG", "NWR", "MSG", "MSG", "SPU", "MSG", "PER", "MSG", "GRT", "TRL",
    ]  # fmt: skip
    assert [line[3:19] for line in lines[2:-2]] == [f"{0:08d}{place:08d}" for place in range(9)]
    sent = values_by_name(layout("2.1", "ACK"), lines[2])
    assert sent == {
        "record_type": "ACK",
        "transaction_sequence": "00000000",
        "record_sequence": "00000000",
        "creation_date": "20260131",
        "creation_time": "102030",
        "original_group": "00003",
        "original_sequence": "00000007",
        "original_type": "NWR",
        "title": "A SONG",
        "submitter_number": "S1",
        "recipient_number": "W7",
        "processing_date": "20260201",
        "status": "AS",
    }
    assert lines[3][19:] == f"F00000000NWRF003{'X':150}"
    assert len(lines[4]) == layout("2.1", "NWR").size
    assert "ПЕРВЫЙ" in lines[9]


@pytest.mark.parametrize("status", ["AS", "AC", "RA", "DU", "CO", "NP", "RC", "RJ"])
def test_every_status_of_the_standard_can_be_said(status: str) -> None:
    assert acknowledged(Answer("REV", 1, 0, status, "T", "S1", echo=(NWR.replace("NWR", "REV"),)))


def test_a_long_or_foreign_text_becomes_one_line_of_ascii() -> None:
    lines = acknowledged(Answer("NWR", 1, 0, "RJ", "T", "S1", messages=(note(0, "Қате " + "y" * 200),)))
    text = lines[3][35:]
    assert (len(text), text[:6], text[-4:]) == (150, "QATE Y", " ...")


def test_an_answer_about_the_file_names_its_header() -> None:
    lines = acknowledged(Answer("HDR", 0, 0, "RJ", messages=(Message("HDR", 0, "E", "E", "000", "NO"),)))
    assert lines[2][33:49] == f"{0:013d}HDR"


def test_a_transaction_type_without_a_code_is_answered_as_one_of_the_file() -> None:
    lines = acknowledged(Answer("QQQ", 1, 4, "RJ", messages=(note(0, record="QQQ", number="000"),)))
    assert (lines[2][46:49], lines[3][28:31]) == ("HDR", "QQQ")


def test_no_answers_are_an_empty_group() -> None:
    assert [line[:3] for line in acknowledged()] == ["HDR", "GRH", "GRT", "TRL"]


@pytest.mark.parametrize(
    ("finding", "rejected", "expected"),
    [
        (Finding("cwr.missing.transaction", "line:4", "SWR", "name"), True, ("T", "F", "003")),
        (Finding("cwr.lookup", "line:4", "SWR", "pr_society", "1"), False, ("F", "F", "010")),
        (Finding("cwr.record_left_out", "line:4", "SWR"), False, ("R", "R", "000")),
        (Finding("cwr.share_total", "line:4", "SWR", "PR"), False, ("F", "T", "011")),
        (Finding("cwr.out_of_place.transaction", "line:4", "SWR"), True, ("T", "R", "000")),
        (Finding("cwr.sequence", "line:4", "SWR"), False, ("F", "R", "000")),
    ],
)
def test_a_finding_becomes_the_message_of_the_standards_edit(
    finding: Finding, rejected: bool, expected: tuple[str, str, str]
) -> None:
    found = message(finding, "2.1", "SWR", 4, rejected=rejected)
    assert (found.effect, found.level, found.number) == expected
    assert (found.record, found.sequence, found.text) == ("SWR", 4, finding.text("en"))


def test_findings_on_control_records_are_of_the_group_or_the_file() -> None:
    count = Finding("cwr.count", "line:9", "GRT", "transaction_count", "3", "2")
    assert file_message(count, "2.1", "GRT", rejected=False).level == "F"
    trailer = Finding("cwr.no_group_trailer", "line:9", "GRH", detail="1")
    told = file_message(trailer, "2.1", "GRH", rejected=False)
    assert (told.level, told.number) == ("E", "004")
    conflict = Finding("cwr.version_conflict", "line:9", "GRH")
    assert file_message(conflict, "2.1", "GRH", rejected=False).level == "G"
    broken = file_message(Finding("cwr.no_group", "line:2"), "2.1", "HDR", rejected=True)
    assert (broken.effect, broken.level, broken.number) == ("E", "E", "000")


def test_every_validation_names_a_field_and_a_rule_that_exist() -> None:
    from schemas.cwr.tables import split_cell, table
    from schemas.findings import rules

    for row in table("validations"):
        for record in split_cell(row["record"]):
            for version in ("2.1", "2.2"):
                fields = layout(version, record).index if record not in ("XRF", "OPT", "OWT") else {}
                known = fields or layout("2.2", record).index
                if row["field"] and (record, row["field"]) not in NEWER:
                    assert row["field"] in known, (record, row["field"])
        if row["code"]:
            assert row["code"] in rules()
        assert len(row["number"]) == 3
        for record in split_cell(row["record"]):
            named = (row["version_to"], record, row["level"], row["number"])
            assert edit_exists(*named), named
    assert validation("2.2", "cwr.lookup", "ALT", "title_type").number == "002"


NEWER = {
    ("REC", "isrc_validity"),
    ("REC", "recording_number"),
    ("ORN", "eidr"),
    ("ORN", "isan"),
    ("PWR", "publisher_sequence"),
    ("HDR", "version"),
    ("HDR", "revision"),
}


def test_transactions_are_found_again_as_they_were_sent() -> None:
    lines = [
        "HDRSO000000177X", "GRHNWR0000702.100000000000", NWR, SPU, "", XYZ, "GRT", "GRHREV0000802.10",
        "REVxxxxxxxx00000000", "REV0000000100000000", "GRT", "TRL", "PER",
    ]  # fmt: skip
    data = "\n".join(lines).encode()
    found = list(received(io.BytesIO(data), {3, 9, 10}))
    assert [(item.kind, item.group, item.sequence, item.number) for item in found] == [
        ("NWR", 7, 7, 3),
        ("REV", 8, 0, 9),
        ("REV", 8, 1, 10),
    ]
    assert [number for number, _ in found[0].lines] == [3, 4, 6]


def test_the_origin_is_what_the_header_states_even_of_a_packed_file() -> None:
    import gzip

    header = f"HDRSO000000177{'X':45}01.1020260131102030"
    data = gzip.compress(f"{header}\nGRHNWR0000102.20\n".encode())
    assert origin(plain(io.BytesIO(data))) == Origin("2.2", "20260131", "102030")
    assert origin(io.BytesIO(b"HDR")) == Origin("2.1", "", "")
