"""Names of CWR files: both families, and what in them contradicts the header; all data invented."""

from __future__ import annotations

import pytest

from parsers.cwr.file_name import FileName, name_findings, parse_file_name
from parsers.cwr.writing_file_name import file_name
from schemas.declarations import Header


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.2", "3.0", "3.1"])
@pytest.mark.parametrize("transaction", ["NWR", "ACK", "ISR"])
@pytest.mark.parametrize(("sender", "receiver"), [("177", "052"), ("ABC", "177"), ("AB", "0")])
def test_every_written_name_is_understood(version: str, transaction: str, sender: str, receiver: str) -> None:
    name = file_name(version, year=2026, number=12, sender=sender, receiver=receiver, transaction=transaction)
    said = parse_file_name(name)
    assert said is not None
    assert (said.version, said.sender.lstrip("0")) == (version, sender)
    assert said.receiver.lstrip("0") == receiver.lstrip("0")
    code = sender if sender.isalpha() and version >= "3" else ""
    assert list(name_findings(name, Header("cwr", version, sender_id=code, message_id=name))) == []


@pytest.mark.parametrize(
    "name", ["works.V22", "CW26177_052.V21", "CW260007177_052.V2", "CW260007177_052.V21.bak", ""]
)
def test_other_names_are_none_of_the_standard(name: str) -> None:
    assert parse_file_name(name) is None


def test_names_of_before_2006_have_two_digits() -> None:
    assert parse_file_name("CW0601052_044.V20") == FileName("2.0", "052", "044")


@pytest.mark.parametrize(
    ("name", "header", "expected"),
    [
        ("CW260007177_052.V21", Header("cwr", "2.1", sender_id="177"), []),
        ("CW260007177_052.V21", Header("cwr", "2.1", sender_id="00000000199"), []),
        ("CW260007177_052.V21", Header("cwr", "2.2", sender_id="177"), ["version"]),
        ("CW260007052_177.V21", Header("cwr", "2.1", sender_id="177"), ["sender_id"]),
        ("CW260007INV_0000_V3-0-0.SUB", Header("cwr", "3.1", sender_id="ABC"), ["version", "sender_id"]),
        ("CW260007INV_0000_V3-0-0.SUB", Header("cwr", "3.0", sender_id="INV"), []),
        ("CW260007177_052.V21.gz", Header("cwr", "2.2", sender_id="177"), ["version"]),
        ("CW260007177_052.zip", Header("cwr", "2.2", sender_id="177"), []),
        ("works.txt", Header("cwr", "2.2", sender_id="177"), [""]),
        (
            "CW260008INV_0000_V3-0-0.SUB",
            Header("cwr", "3.0", sender_id="INV", message_id="CW260007INV_0000_V3-0-0.SUB"),
            ["file_name"],
        ),
    ],
)
def test_what_contradicts_the_header_is_told(name: str, header: Header, expected: list[str]) -> None:
    found = list(name_findings(name, header))
    assert [item.field for item in found] == expected
    codes = {"cwr.file_name" if field == "" else "cwr.file_name_conflict" for field in expected}
    assert {item.code for item in found} == codes
    assert {item.severity for item in found} <= {"info", "warning"}
