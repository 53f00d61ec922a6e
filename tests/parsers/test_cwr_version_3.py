"""CWR 3.0 and 3.1: what is known of their records, and what is not; all data invented."""

from __future__ import annotations

import io

import pytest
from cwr_files import Record, file_of, items_of, rejected_in, remarks_in

from parsers.cwr.writing import RecordWriter
from parsers.cwr.writing_transmission import Sender, TransmissionWriter
from parsers.cwr.writing_works import write_work
from schemas.declarations import (
    AcknowledgementDeclaration,
    Affiliation,
    Claim,
    Header,
    PartyName,
    Rejection,
    RightShare,
    WorkDeclaration,
)
from schemas.shares import parse_percent

WRK: Record = (
    "WRK",
    {
        "title": "ÇA VA, ҚЫЗЫМ",
        "work_number": "K1",
        "iswc": "T9123456780",
        "distribution_category": "POP",
        "version_type": "ORI",
        "recorded_indicator": "U",
    },
)
PUBLISHER: Record = (
    "SPU",
    {"publisher_sequence": "01", "ip_number": "P1", "name": "HOUSE", "publisher_type": "E"},
)
SHARES = {"pr_share": "05000", "mr_share": "10000", "inclusion": "I", "territory": "2136"}
SPT: Record = ("SPT", {"ip_number": "P1", **SHARES, "pr_society": "52", "mr_society": "044"})
WRITER: Record = ("SWR", {"ip_number": "W1", "name": "WRITER", "writer_type": "CA"})
SWT: Record = ("SWT", {"ip_number": "W1", **SHARES, "mr_share": "00000", "pr_society": "177"})
LINK: Record = (
    "PWR",
    {"publisher_sequence": "01", "publisher_ip_number": "P1", "writer_ip_number": "W1"},
)
MAN: Record = ("MAN", {"ip_number": "W1", "pr_share": "10000", "mr_share": "10000", "sr_share": "10000"})
PARTIES = (PUBLISHER, SPT, WRITER, SWT)


def works_in(data: bytes) -> list[WorkDeclaration]:
    return [item for item in items_of(data) if isinstance(item, WorkDeclaration)]


def sent(version: str, *records: Record, group: str = "WRK") -> bytes:
    return file_of(version, (group, [records]), sender_id="INV")


@pytest.mark.parametrize("version", ["3.0", "3.1"])
def test_a_registration(version: str) -> None:
    data = sent(version, WRK, *PARTIES, LINK)
    items = items_of(data)
    assert isinstance(items[0], Header)
    assert (items[0].version, items[0].sender_id) == (version, "INV")
    assert remarks_in(items) == []
    (work,) = works_in(data)
    assert (work.ref, work.title, work.iswc) == ("K1", "ÇA VA, ҚЫЗЫМ", "T9123456780")
    publisher, writer = work.claims
    assert publisher.ownership == ()
    assert [item.share for item in publisher.collection[0].shares] == [
        parse_percent("50"),
        parse_percent("100"),
        0,
    ]
    assert publisher.affiliations == (Affiliation("PR", "052"), Affiliation("MR", "044"))
    assert (writer.chain, writer.affiliations) == (1, (Affiliation("PR", "177"),))


def test_manuscript_shares_came_with_3_1() -> None:
    (work,) = works_in(sent("3.1", WRK, *PARTIES, MAN, LINK))
    assert ("MAN.pr_share:W1", "10000") in work.details
    lines = sent("3.0", WRK, *PARTIES, LINK).decode().splitlines()
    lines.insert(7, "MAN" + "0" * 15 + "5W1       100001000010000")
    items = items_of("\n".join(lines).encode())
    assert "cwr.record_not_allowed" in {code for code, _, _ in remarks_in(items)}


@pytest.mark.parametrize("kind", ["ISR", "ISA"])
def test_an_iswc_request_and_its_answer_are_other_statements_than_the_registration(kind: str) -> None:
    request: Record = (kind, {"title": "A SONG", "work_number": "K1", "request_indicator": "U"})
    known: Record = (kind, {"title": "A SONG", "iswc": "T9123456780"})
    asker: Record = (
        "WRI",
        {"ip_number": "W1", "ipi_name": "00000000199", "name": "WRITER", "writer_type": "CA"},
    )
    data = sent("3.0", request, asker, group=kind)
    assert remarks_in(items_of(data)) == []
    (work,) = works_in(data)
    assert (work.ref, work.title) == (f"{kind}:K1", "A SONG")
    assert [(claim.party.name, claim.ownership, claim.collection) for claim in work.claims] == [
        ("WRITER", (), ())
    ]
    assert [item.ref for item in works_in(sent("3.0", known, asker, group=kind))] == [f"{kind}:T9123456780"]
    for original in (data, sent("3.0", known, asker, group=kind)):
        (work,) = works_in(original)
        writer = RecordWriter("3.0")
        written = write_work(work, writer, source_version="3.0")
        assert (written.kind, written.findings) == (kind, ())
        out = io.BytesIO()
        transmission = TransmissionWriter(out, writer, Sender("SO", "177", "K", "2026-01-31T10:20:30"))
        transmission.transaction(written.kind, written.lines)
        transmission.close()
        assert works_in(out.getvalue()) == [work]


def test_what_version_2_states_as_ownership_is_collected_everywhere() -> None:
    owned = tuple(RightShare(right, parse_percent("25")) for right in ("PR", "MR", "SR"))
    other = Claim(PartyName("OTHER"), "CA", ownership=owned)
    own = Claim(PartyName("HOUSE"), "E", ownership=owned, controlled=True, own_ref="P1", chain=1)
    writer = RecordWriter("3.0")
    written = write_work(WorkDeclaration("K1", "A SONG", claims=(own, other)), writer, source_version="2.1")
    assert [line[:3] for line in written.lines] == ["WRK", "SPU", "OWR", "OWT"]
    assert written.lines[-1][31:51] == "025000250002500I2136"
    assert [(item.code, item.record, item.field) for item in written.findings] == [
        ("cwr.write_no_place", "SPU", "ownership"),
        ("cwr.chain_without_territory", "SPU", ""),
    ]


def test_an_acknowledgement_with_its_echo() -> None:
    answer: Record = (
        "ACK",
        {
            "creation_date": "20260101",
            "creation_time": "010203",
            "original_group": "1",
            "original_type": "WRK",
            "title": "A SONG",
            "submitter_number": "K1",
            "recipient_number": "R9",
            "processing_date": "20260103",
            "status": "AS",
        },
    )
    data = sent("3.0", answer, WRK, *PARTIES, LINK, group="ACK")
    items = items_of(data)
    assert remarks_in(items) == []
    (found,) = (item for item in items if isinstance(item, AcknowledgementDeclaration))
    assert (found.original_ref, found.recipient_ref, found.status) == ("K1", "R9", "AS")
    assert (found.original_type, found.processed) == ("WRK", "2026-01-03")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("DRW", "cwr.layout_unknown"),
        ("LIC", "cwr.layout_unknown"),
        ("EXC", "cwr.layout_unknown"),
        ("AGR", "cwr.transaction_unknown"),
    ],
)
def test_a_transaction_whose_layout_is_not_public_is_rejected(kind: str, code: str) -> None:
    data = sent("3.0", WRK, *PARTIES)
    lines = data.decode().splitlines()
    other = [lines[0], lines[1].replace("WRK", kind), f"{kind}{'0' * 16}ANYTHING"]
    items = items_of("\n".join([*other, *lines[-2:]]).encode())
    assert (code, "line:3", "") in remarks_in(items)
    assert [(item.position) for item in rejected_in(items)] == ["line:3"]
    assert isinstance(rejected_in(items)[0], Rejection)


def test_a_record_whose_layout_is_not_public_is_kept_as_sent() -> None:
    data = sent("3.0", WRK, *PARTIES, LINK)
    lines = data.decode().splitlines()
    lines.insert(-2, "XYZ" + "0" * 15 + "6SOMETHING NEW")
    items = items_of("\n".join(lines).encode())
    assert ("cwr.record_layout_unknown", "line:9", "") in remarks_in(items)
    (work,) = (item for item in items if isinstance(item, WorkDeclaration))
    assert ("XYZ", "SOMETHING NEW") in work.details
    assert len(work.claims) == 2


def test_undeclared_latin_1_is_remarked_on() -> None:
    data = sent("3.0", WRK, *PARTIES, LINK).replace("ÇA VA, ҚЫЗЫМ".encode(), "ÇA VA       ".encode("latin-1"))
    assert remarks_in(items_of(data)) == [("file.encoding", "file", "")]
    assert works_in(data)[0].title == "ÇA VA"
