"""Formats are told by content, never by name."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.detect import HEAD, detect, peek, read
from parsers.reading import FILE
from schemas.declarations import Header, Rejection
from schemas.findings import Finding, quote


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"HDRPB000000123NAME", "cwr"),
        (b"\xef\xbb\xbfHDRSO000000052NAME", "cwr"),
        (b'<?xml version="1.0"?>\n<NewReleaseMessage xmlns="http://ddex.net/xml/ern/43">', "ddex"),
        (b"\n  <!-- a --><x/>", "ddex"),
        (b"work_ref,title\n", "works-csv"),
        ("\ufeffRecording_Ref;Title\n".encode(), "recordings-csv"),
        (
            b"mandate_ref\tgrantor_type\tgrantor_id\tholder\trights\tvalid_from\tbasis\n",
            "mandates-csv",
        ),
        (b"code,name,country\n", "societies-csv"),
        ("work_ref,title\n".encode("utf-16"), "works-csv"),
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7", "unknown"),
        (b"hello, world", "unknown"),
        (bytes(range(256)), "unknown"),
    ],
)
def test_the_first_bytes_tell_the_format(head: bytes, name: str) -> None:
    assert detect(head).format == name


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_whole(data: bytes) -> None:
    items = list(read(io.BytesIO(data)))
    assert isinstance(items[0], Header)
    refused = items[-1] == Rejection(FILE, getattr(items[-1], "position", ""))
    assert refused or detect(data).reader is not None
    if refused:
        assert any(isinstance(item, Finding) and item.severity == "error" for item in items)


def test_what_was_seen_is_shown_when_nothing_is_recognised() -> None:
    _, finding, _ = read(io.BytesIO(b"Dear Sir or Madam,\n"))
    assert isinstance(finding, Finding)
    assert (finding.code, finding.detail) == ("file.unknown_format", quote("Dear Sir or Madam,\n"))


@given(st.integers(0, 3), st.integers(1, 700))
def test_a_stream_that_was_looked_at_still_begins_at_its_beginning(heads: int, more: int) -> None:
    data = bytes(i % 251 for i in range(heads * HEAD // 2 + more))
    head, stream = peek(io.BytesIO(data))
    assert head == data[:HEAD]
    assert stream.read() == data
