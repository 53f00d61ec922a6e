"""Acknowledgements own the registrations that they repeat; all data invented."""

from __future__ import annotations

import io

from parsers.cwr.reader import read
from parsers.cwr.records import write
from parsers.reading import Item
from schemas.cwr.layouts import layout
from schemas.declarations import AcknowledgementDeclaration, Rejection, WorkDeclaration
from schemas.findings import Finding

Record = tuple[str, dict[str, str]]
WORK = {
    "title": "FIRST SONG",
    "work_number": "S1",
    "distribution_category": "POP",
    "version_type": "ORI",
    "recorded_indicator": "U",
}


def transaction(sequence: int, *records: Record) -> list[str]:
    return [
        write(
            layout("2.2", record),
            {"transaction_sequence": str(sequence), "record_sequence": str(place), **values},
        )
        for place, (record, values) in enumerate(records)
    ]


def items_of(kind: str, *transactions: list[str]) -> list[Item]:
    header = {"sender_type": "SO", "sender_id": "177", "sender_name": "SOCIETY", "edi_version": "01.10"}
    dates = dict.fromkeys(("creation_date", "transmission_date"), "20260102")
    lines = [write(layout("2.2", "HDR"), {**header, **dates, "creation_time": "120000"})]
    lines.append(write(layout("2.2", "GRH"), {"transaction_type": kind, "group_id": "1", "version": "02.20"}))
    lines += [line for records in transactions for line in records]
    totals = {"transaction_count": str(len(transactions))}
    size = {"record_count": str(len(lines))}
    lines.append(write(layout("2.2", "GRT"), {"group_id": "1", **totals, **size}))
    size = {"record_count": str(len(lines) + 1)}
    lines.append(write(layout("2.2", "TRL"), {"group_count": "1", **totals, **size}))
    return list(read(io.BytesIO("\n".join(lines).encode())))


def findings_of(items: list[Item]) -> list[tuple[str, str, str]]:
    return [(item.code, item.position, item.field) for item in items if isinstance(item, Finding)]


def works_of(items: list[Item]) -> list[WorkDeclaration]:
    return [item for item in items if isinstance(item, WorkDeclaration)]


def rejections_of(items: list[Item]) -> list[Rejection]:
    return [item for item in items if isinstance(item, Rejection)]


ANSWER = {
    "creation_date": "20260101",
    "creation_time": "120000",
    "original_group": "1",
    "original_sequence": "7",
    "original_type": "NWR",
    "title": "FIRST SONG",
    "submitter_number": "S7",
    "recipient_number": "KZ77",
    "processing_date": "20260201",
    "status": "RA",
}


def test_an_acknowledgement_owns_the_works_inside_it() -> None:
    message = {
        "message_type": "F",
        "original_record_sequence": "0",
        "original_record_type": "NWR",
        "message_level": "F",
        "validation_number": "005",
        "text": "DATE REPLACED",
    }
    first = transaction(
        0,
        ("ACK", ANSWER),
        ("MSG", message),
        ("NWR", {**WORK, "title": ""}),
        ("ALT", {"title": "X"}),
        ("EXC", WORK),
    )
    echoed = {**WORK, "iswc": "T9300000015"}
    second = transaction(1, ("ACK", {**ANSWER, "original_sequence": "8", "status": "AS"}), ("NWR", echoed))
    items = items_of("ACK", first, second)
    assert findings_of(items) == []
    answers = [item for item in items if isinstance(item, AcknowledgementDeclaration)]
    assert len(items) == 1 + len(answers) == 3
    assert answers[0] == AcknowledgementDeclaration(
        ref="NWR:S7:00001:00000007",
        original_ref="S7",
        title="FIRST SONG",
        status="RA",
        original_type="NWR",
        recipient_ref="KZ77",
        processed="2026-02-01",
        messages=(("F:NWRF005:00000000", "DATE REPLACED"),),
        society="177",
        sent="2026-01-01T12:00:00",
    )
    assert (answers[1].iswc, answers[1].status) == ("T9300000015", "AS")


def test_an_acknowledgement_without_a_known_status_is_rejected() -> None:
    items = items_of("ACK", transaction(0, ("ACK", {**ANSWER, "status": "??"})))
    assert findings_of(items) == [("cwr.lookup.transaction", "line:3", "status")]
    assert [item.kind for item in rejections_of(items)] == ["acknowledgement"]


def test_an_echo_without_its_acknowledgement_registers_nothing() -> None:
    echo = transaction(0, ("ACK", ANSWER), ("NWR", WORK))
    items = items_of("ACK", echo, transaction(1, ("NWR", WORK)))
    assert works_of(items) == []
    assert [(item.kind, item.ref) for item in rejections_of(items)] == [("work", "S1")]
    assert findings_of(items) == [("cwr.outside_acknowledgement", "line:5", "")]


def test_a_registration_after_an_acknowledgement_in_a_group_of_works_is_one() -> None:
    items = items_of(
        "REV", transaction(0, ("ACK", ANSWER)), transaction(1, ("REV", WORK), ("OWR", {"name": "W"}))
    )
    assert [item.ref for item in works_of(items)] == ["S1"]
    assert findings_of(items) == [("cwr.group_type", "line:3", "")]


def test_what_an_answer_repeats_is_judged_only_where_it_is_used() -> None:
    wrong = transaction(0, ("ACK", ANSWER), ("NWR", {**WORK, "title": "", "iswc": "T9300000016"}))
    assert [code for code, _, _ in findings_of(items_of("ACK", wrong))] == ["identifier.iswc"]
    cut = [wrong[0], wrong[1][:90]]
    found = findings_of(items_of("ACK", cut))
    assert {code for code, _, _ in found} == {"cwr.missing"}
    assert {field for _, _, field in found} >= {"distribution_category", "version_type"}
