"""Acknowledgements of what was received: each transaction once, as the hub decided it; data invented."""

from __future__ import annotations

import datetime as dt
import gzip
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hubs import WORKS, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub
from hub.errors import NotFound, UsageError
from hub.intake.acknowledging import SUMMARY, Acknowledged, acknowledge
from hub.intake.report import Report
from parsers.cwr.reader import read
from parsers.cwr.writing import Record, RecordWriter
from parsers.cwr.writing_transmission import Sender, TransmissionWriter
from schemas.declarations import AcknowledgementDeclaration
from schemas.findings import Finding

FEEDS = Path(__file__).resolve().parents[2] / "hub" / "demo" / "feeds"
NOON = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)
PUBLISHER = Sender("PB", "199", "THE SENDER", "2026-01-31T10:20:30")

Transaction = tuple[str, str, dict[str, str]]


def feed(*transactions: Transaction, version: str = "2.1") -> bytes:
    """Transactions as (header, work number, changes to the writer record)."""
    out = io.BytesIO()
    records = RecordWriter(version)
    written = TransmissionWriter(out, records, PUBLISHER)
    for kind, number, changes in transactions:
        writer = {"name": "WRITER", "writer_type": "CA", "ip_number": "W1", "pr_share": "10000", **changes}
        lines = [
            records.write(Record(kind, {"title": f"SONG {number}", "work_number": number})).line,
            records.write(Record("SWR", {**writer, "mr_share": "10000", "sr_share": "10000"})).line,
            records.write(Record("PER", {"name": "ANN"})).line,
        ]
        written.transaction(kind, lines)
    written.close()
    return out.getvalue()


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


def answers(hub: Hub, report: Report) -> tuple[list[AcknowledgementDeclaration], Acknowledged, bytes]:
    """The acknowledgement as read back, which must be without a finding."""
    out = io.BytesIO()
    done = acknowledge(hub, report.submission, out, moment=NOON)
    items = list(read(io.BytesIO(out.getvalue())))
    assert [item for item in items if isinstance(item, Finding)] == []
    found = [item for item in items if isinstance(item, AcknowledgementDeclaration)]
    assert len(items) == len(found) + 1
    assert done.totals.transactions == len(found)
    return found, done, out.getvalue()


def said(found: list[AcknowledgementDeclaration]) -> list[tuple[str, str, bool]]:
    return [(item.ref, item.status, bool(item.recipient_ref)) for item in found]


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2", "3.0", "3.1"])
def test_every_version_is_answered_in_itself(hub: Hub, version: str) -> None:
    kind = "WRK" if version >= "3" else "NWR"
    report = send(hub, feed((kind, "S1", {}), (kind, "S2", {"writer_type": ""}), version=version))
    found, done, _ = answers(hub, report)
    assert [(item.original_ref, item.original_type, item.status) for item in found] == [
        ("S1", kind, "AS"),
        ("S2", kind, "RJ"),
    ]
    assert found[1].messages
    ending = f"_V{version[0]}-{version[2]}-0.ACK" if version >= "3" else f".V{version[0]}{version[2]}"
    assert done.file_name.endswith(ending)


def test_stored_rejected_and_repeated_transactions_are_each_answered_once(hub: Hub) -> None:
    send(hub, feed(("NWR", "S1", {}), ("REV", "S9", {})))
    second = send(
        hub,
        feed(
            ("NWR", "S1", {}),
            ("NWR", "S2", {"name": ""}),
            ("NWR", "S3", {"pr_society": "ZZZ"}),
            ("REV", "S1", {"name": "OTHER"}),
            ("REV", "S9", {}),
        ),
    )
    found, done, data = answers(hub, second)
    assert (second.stored, second.rejected, second.unchanged) == (2, 1, 2)
    assert said(found) == [
        ("NWR:S1:00001:00000000", "DU", True),
        ("NWR:S2:00001:00000001", "RJ", False),
        ("NWR:S3:00001:00000002", "AS", True),
        ("REV:S1:00002:00000000", "AS", True),
        ("REV:S9:00002:00000001", "AS", True),
    ]
    assert [item.messages for item in found if item.status == "RJ"] == [
        (("T:SWRF003:00000001", "NAME OF SWR MUST NOT BE BLANK; THE TRANSACTION IS REJECTED."),)
    ]
    assert dict(found[2].messages).keys() == {"F:SWRF010:00000001"}
    assert done.file_name == "CW260002000_177.V21"
    lines = data.decode().splitlines()
    assert [line[:3] for line in lines[2:7]] == ["ACK", "NWR", "SWR", "PER", "ACK"]
    assert lines[2][19:33] == "20260131102030"


def test_a_work_that_is_accepted_with_a_record_left_out_says_so(hub: Hub) -> None:
    data = feed(("NWR", "S1", {})).replace(b"PER0000000000000002ANN", b"PER0000000000000002   ")
    found, _, written = answers(hub, send(hub, data))
    assert [item.status for item in found] == ["AC"]
    assert b"MSG0000000000000004R00000002PER" in written


def test_the_answer_stays_the_same_when_the_work_changes_later(hub: Hub) -> None:
    first = send(hub, feed(("NWR", "S1", {})))
    before = answers(hub, first)[2]
    send(hub, feed(("REV", "S1", {"name": "OTHER"})))
    assert answers(hub, first)[2] == before


def test_a_refused_file_gets_one_answer_about_itself(hub: Hub) -> None:
    data = feed(("NWR", "S1", {}))
    found, _, written = answers(hub, send(hub, data + data))
    assert said(found) == [("HDR::00000:00000000", "RJ", False)]
    assert "A SECOND TRANSMISSION HEADER" in found[0].messages[0][1]
    assert b"S1" not in written


def test_counts_that_are_wrong_are_told_about_the_trailer(hub: Hub) -> None:
    data = feed(("NWR", "S1", {})).replace(b"TRL0000100000001", b"TRL0000100000002")
    found, _, _ = answers(hub, send(hub, data))
    assert [(item.original_type, item.status) for item in found] == [("NWR", "AS"), ("TRL", "RA")]
    assert found[1].messages[0][0] == "F:TRLF002:00000000"


@pytest.mark.parametrize("name", ["02-kazak.V21", "03-altyn-dala.v22"])
def test_the_demo_feeds_are_acknowledged_with_their_letters(hub: Hub, name: str) -> None:
    data = (FEEDS / name).read_bytes()
    report = send(hub, gzip.compress(data, mtime=0))
    found, done, written = answers(hub, report)
    works = [item for item in found if item.original_type != "HDR"]
    # Societies that are not in CISAC's list are remarked on, in the header as well.
    assert len(found) - len(works) == ("altyn-dala" in name)
    assert len(works) == report.read
    assert {item.status for item in works} == {"AS"}
    assert done.totals.records == len(written.splitlines())
    sent = [line for line in data.decode().splitlines() if line.startswith(("NAT", "NWN", "NPN"))]
    echoed = written.decode()
    assert sent
    assert all(line[19:].rstrip() in echoed for line in sent)


@pytest.mark.parametrize("name", ["nwrexample2.V21", "demo_cwr_cleaned.v22"])
def test_real_files_are_acknowledged(hub: Hub, shared_folder: Path, name: str) -> None:
    data = (shared_folder / "samples" / "cwr" / name).read_bytes()
    report = send(hub, data)
    found, _, _ = answers(hub, report)
    of_works = [item for item in found if item.original_type in ("NWR", "REV")]
    assert len(of_works) == report.by_kind["work"]
    assert sum(len(item.messages) for item in found) == len(remarks_on_works(data))


def remarks_on_works(data: bytes) -> list[Finding]:
    """Remarks of weight, without those on acknowledgements in the file: those are not answered."""
    inside = {
        f"line:{number}"
        for number, line in enumerate(data.decode().splitlines(), start=1)
        if line.startswith(("ACK", "MSG"))
    }
    found = [item for item in read(io.BytesIO(data)) if isinstance(item, Finding)]
    told = [item for item in found if item.severity != "info" and item.code != SUMMARY]
    return [item for item in told if item.position not in inside]


def test_a_submission_with_more_findings_than_are_kept_is_answered_in_full(
    database_url: str, tmp_path: Path
) -> None:
    bad = {"pr_society": "ZZZ"}
    data = feed(*(("NWR", f"S{number}", bad) for number in range(5)))
    with fresh_hub(database_url, tmp_path) as opened:
        short = replace(opened, settings=replace(opened.settings, max_findings=2))
        found, _, _ = answers(short, send(short, data))
    assert [len(item.messages) for item in found] == [1] * 5


def test_the_hubs_own_society_signs(hub: Hub) -> None:
    report = send(hub, feed(("NWR", "S1", {})), "901")
    own = replace(hub, settings=replace(hub.settings, society="177"))
    _, done, written = answers(own, report)
    assert written.startswith(b"HDRSO000000177KAZAK")
    assert done.file_name == "CW260001177_901.V21"
    stranger = replace(hub, settings=replace(hub.settings, society="999"))
    with pytest.raises(UsageError, match="HUB_SOCIETY"):
        acknowledge(stranger, report.submission, io.BytesIO())


def test_what_cannot_be_acknowledged_is_refused_with_the_reason(hub: Hub) -> None:
    with pytest.raises(NotFound):
        acknowledge(hub, "nothing", io.BytesIO())
    csv = send(hub, WORKS)
    with pytest.raises(UsageError, match="only CWR and DDEX"):
        acknowledge(hub, csv.submission, io.BytesIO())
    sent = send(hub, feed(("NWR", "S1", {})))
    only_answers = send(hub, answers(hub, sent)[2], "052")
    with pytest.raises(UsageError, match="nothing that is acknowledged"):
        acknowledge(hub, only_answers.submission, io.BytesIO())


def test_a_society_reads_its_own_acknowledgements_only(hub: Hub) -> None:
    report = send(hub, feed(("NWR", "S1", {})))
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:
        address = f"/v1/submissions/{report.submission}/acknowledgement"
        headers = {name: {"Authorization": f"Bearer {create(hub, name)['key']}"} for name in ("177", "052")}
        found = client.get(address, headers=headers["177"])
        assert (found.status_code, found.content[:14]) == (200, b"HDRSO000000000")
        assert 'filename="CW' in found.headers["content-disposition"]
        short = client.get(f"/v1/submissions/{report.submission}/ack", headers=headers["177"])
        assert short.content.splitlines()[1:] == found.content.splitlines()[1:]
        assert client.get(address, headers=headers["052"]).json()["code"] == "not_found"
        assert client.get(address).status_code == 401
        csv = send(hub, WORKS)
        refused = client.get(f"/v1/submissions/{csv.submission}/acknowledgement", headers=headers["177"])
        assert (refused.status_code, refused.json()["code"]) == (400, "usage")
