"""CWR is recognised by its first record, whatever stands before it."""

from __future__ import annotations

import pytest

from parsers.cwr.detection import looks_like


@pytest.mark.parametrize(
    "head",
    [
        b"HDRPB000000199THE SENDER",
        b"HDRSO000000052",
        b"HDR01234567890LONG IPI NUMBER",
        b"\xef\xbb\xbfHDRPB000000199",
        b"\r\n\r\n  HDRPB000000199",
        "HDRPB000000199".encode("utf-16"),
        "\ufeffHDRPB0000001".encode("utf-16-be")[:-1],
        b"HDRPB",
    ],
)
def test_transmission_headers_are_recognised(head: bytes) -> None:
    assert looks_like(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"work_ref,title",
        b"<?xml version='1.0'?>",
        b"HDR,title,iswc",
        b"HDRXX000",
        b"NWR0000",
        b"\xff\xfe",
        b"PK\x03\x04",
    ],
)
def test_other_content_is_not(head: bytes) -> None:
    assert not looks_like(head)
