"""Lines come out of any bytes, numbered, in bounded memory."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.cwr import lines as module
from parsers.cwr.lines import LINE_LIMIT, Line, LineReader


def _lines(data: bytes) -> list[Line]:
    return list(LineReader(io.BytesIO(data)))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_line_end_counts_once(end: str) -> None:
    data = end.join(["HDR1", "", "GRH2", "TRL3", ""]).encode()
    assert [(number, text) for number, text, _ in _lines(data)] == [(1, "HDR1"), (3, "GRH2"), (4, "TRL3")]


@given(
    st.lists(st.text("AB ", max_size=40), max_size=30),
    st.integers(1, 7),
    st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_chunks_do_not_matter(texts: list[str], chunk: int, end: str) -> None:
    data = end.join(texts).encode()
    expected = [(place, text) for place, text in enumerate(texts, 1) if text.strip()]

    class Small(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(chunk)

    assert [(number, text) for number, text, _ in LineReader(Small(data))] == expected


def test_utf8_is_tried_before_latin1_and_remarked_on_once() -> None:
    found = _lines("NWRӘН ҚАЗАҚ\n".encode() * 3 + "NWRCAFÉ\n".encode("latin-1"))
    assert [text for _, text, _ in found] == ["NWRӘН ҚАЗАҚ"] * 3 + ["NWRCAFÉ"]
    remarks = [remark for _, _, more in found for remark in more]
    assert [(item.code, item.position, item.value) for item in remarks] == [
        ("file.encoding", "file", "UTF-8"),
        ("file.encoding", "file", "ISO-8859-1"),
    ]


def test_declared_utf8_needs_no_remark() -> None:
    header = "HDR".ljust(86) + "UTF-8"
    found = _lines(f"{header}\nNWRҚАЗАҚ\n".encode())
    assert found[1] == (2, "NWRҚАЗАҚ", ())


def test_a_byte_order_mark_and_a_final_mark_are_no_content() -> None:
    assert [text for _, text, _ in _lines(b"\xef\xbb\xbfHDR\r\nTRL\r\n\x1a")] == ["HDR", "TRL"]
    assert _lines(b"HDR\r\nTRL\x1a")[1] == (2, "TRL", ())


def test_control_characters_keep_the_columns() -> None:
    (_, text, (remark,)) = _lines(b"NWR\x00A\tB\n")[0]
    assert text == "NWR A B"
    assert (remark.code, remark.position) == ("cwr.control_character", "line:1")


def test_a_long_line_is_cut_and_the_next_one_found() -> None:
    found = _lines(b"HDR" + b"X" * (3 * module.CHUNK) + b"\r\nTRL\r\n")
    assert [(number, text[:3], len(text)) for number, text, _ in found] == [
        (1, "HDR", LINE_LIMIT),
        (2, "TRL", 3),
    ]
    assert [remark.code for remark in found[0][2]] == ["cwr.line_too_long"]


def test_a_long_line_in_utf8_is_cut_between_characters() -> None:
    (_, text, remarks) = _lines(b"N" + "Ә".encode() * LINE_LIMIT)[0]
    assert text == "N" + "Ә" * ((LINE_LIMIT - 1) // 2)
    assert {remark.code for remark in remarks} == {"file.encoding", "cwr.line_too_long"}


def test_remarks_on_blank_lines_come_with_the_next() -> None:
    found = _lines(b"\x00\x00\nHDR\n\x00\n")
    assert [(number, text, len(remarks)) for number, text, remarks in found] == [(2, "HDR", 1), (3, "", 1)]
