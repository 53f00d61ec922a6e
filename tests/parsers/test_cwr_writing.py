"""Records and files are written from the tables, and nothing is lost without a finding; all data invented."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.cwr.reader import read
from parsers.cwr.records import values_by_name
from parsers.cwr.writing import Record, RecordWriter, Written
from parsers.cwr.writing_transmission import Sender, TransmissionWriter
from schemas.cwr.characters import fold
from schemas.cwr.layouts import layout
from schemas.declarations import Header
from schemas.findings import Finding

SOCIETY = Sender("SO", "177", "KAZAK", "2026-01-31T10:20:30")
NWR = {"title": "A SONG", "work_number": "S1"}


def codes(written: Written) -> list[tuple[str, str]]:
    return [(item.code, item.field) for item in written.findings]


def value(written: Written, name: str, version: str = "2.2") -> str:
    return values_by_name(layout(version, written.line[:3]), written.line)[name]


def test_formats_are_filled_as_the_standard_wants_and_blanks_get_their_values() -> None:
    written = RecordWriter("2.1").write(Record("NWR", {**NWR, "language": "KK"}))
    assert written.findings == ()
    assert written.line == (
        f"NWR{'0' * 16}{'A SONG':60}KK{'S1':14}{'':11}{'0' * 8}{'':12}UNC000000N{'':6}ORI"
        f"{'':9}{'':40}{'':3}{'000'}{'0' * 8}{'':52}"
    )


def test_codes_of_digits_get_the_zeros_their_list_has() -> None:
    values = {"ip_number": "W1", "name": "X", "writer_type": "CA", "pr_society": "52", "pr_share": "5000"}
    written = RecordWriter("2.2").write(Record("SWR", values))
    assert (value(written, "pr_society"), value(written, "pr_share"), codes(written)) == ("052", "05000", [])
    written = RecordWriter("2.2").write(
        Record("SWT", {"ip_number": "W1", "inclusion": "I", "territory": "398"})
    )
    assert value(written, "territory") == "0398"


def test_prose_that_is_too_long_is_cut_and_said() -> None:
    written = RecordWriter("2.2").write(Record("NWR", {**NWR, "title": "X" * 61}))
    assert (value(written, "title"), codes(written)) == ("X" * 60, [("cwr.write_cut", "title")])
    assert written.rule == ""


def test_a_number_that_is_too_long_is_never_cut() -> None:
    written = RecordWriter("2.2").write(Record("NWR", {**NWR, "work_number": "A" * 15}))
    assert value(written, "work_number") == ""
    assert codes(written) == [
        ("cwr.write_too_long", "work_number"),
        ("cwr.missing.transaction", "work_number"),
    ]
    assert written.rule == "TR"


def test_a_record_that_recipients_would_leave_out_says_so() -> None:
    written = RecordWriter("2.2").write(Record("PER", {"first_name": "ANN"}))
    assert (written.rule, codes(written)) == (
        "RR",
        [("cwr.missing", "name"), ("cwr.write_record_left_out", "name")],
    )


def test_what_a_version_has_no_field_or_record_for_is_reported() -> None:
    writer = RecordWriter("2.1")
    assert codes(writer.write(Record("REC", {"display_artist": "X", "duration": "000330"}))) == [
        ("cwr.write_no_place", "display_artist")
    ]
    lost = writer.write(Record("XRF", {"organisation": "052", "identifier": "A1"}))
    assert (lost.line, codes(lost)) == ("", [("cwr.write_no_place", "XRF")])


@pytest.mark.parametrize(
    ("encoding", "record", "written", "folded"),
    [
        ("UTF-8", "NWR", "ZHAZGHY KESH, CAFE", True),
        ("UTF-8", "NAT", "ЖАЗҒЫ КЕШ, CAFÉ", False),
        ("ISO-8859-1", "NWR", "ZHAZGHY KESH, CAFÉ", True),
        ("ISO-8859-1", "NAT", "ZHAZGHY KESH, CAFÉ", True),
        ("ASCII", "NAT", "ZHAZGHY KESH, CAFE", True),
    ],
)
def test_characters_are_folded_into_the_set_of_the_record(
    encoding: str, record: str, written: str, folded: bool
) -> None:
    found = RecordWriter("2.2", encoding).write(Record(record, {**NWR, "title": "Жазғы кеш, Café"}))
    found_codes = [code for code, _ in codes(found) if code == "cwr.write_folded"]
    assert (value(found, "title"), bool(found_codes)) == (written, folded)


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(LookupError, match="KOI8-R"):
        RecordWriter("2.2", "KOI8-R")


@given(st.text(max_size=80))
def test_folding_gives_ascii_and_leaves_ascii_alone(text: str) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.sampled_from(["2.1", "2.2"]))
def test_any_text_gives_a_line_of_the_right_length_that_one_line_holds(text: str, version: str) -> None:
    for encoding, codec in (("ASCII", "ascii"), ("ISO-8859-1", "latin-1"), ("UTF-8", "utf-8")):
        found = RecordWriter(version, encoding).write(Record("NAT", {"title": text, "language": text}))
        assert len(found.line) == layout(version, "NAT").size
        assert len(found.line.encode(codec).splitlines()) == 1


def transmission(version: str, *titles: str, sender: Sender = SOCIETY) -> bytes:
    out = io.BytesIO()
    writer = RecordWriter(version)
    written = TransmissionWriter(out, writer, sender)
    for place, title in enumerate(titles):
        records = [
            Record("NWR", {**NWR, "work_number": f"S{place}"}),
            Record("OWR", {"name": "X"}),
            Record("NAT", {"title": title, "title_type": "AT"}),
        ]
        kind = "NWR" if place < 2 else "REV"
        records[0] = Record(kind, records[0].values)
        written.transaction(kind, [writer.write(record).line for record in records])
    totals = written.close("NWR")
    assert totals.records == len(out.getvalue().splitlines())
    return out.getvalue()


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_a_written_file_reads_back_without_a_finding(version: str) -> None:
    data = transmission(version, "ONE", "TWO", "THREE")
    items = list(read(io.BytesIO(data)))
    assert [item for item in items if isinstance(item, Finding)] == []
    header = items[0]
    assert isinstance(header, Header)
    assert (header.version, header.sender_id, header.created) == (version, "177", "2026-01-31T10:20:30")
    assert [item.ref for item in items[1:]] == ["S0", "S1", "S2"]
    assert data.endswith(b"\r\n")
    assert [line[:3] for line in data.decode().splitlines() if line[:2] == "GR"] == ["GRH", "GRT"] * 2


def test_the_header_names_utf_8_only_where_the_file_needs_it() -> None:
    plain, other = transmission("2.2", "ONE"), transmission("2.2", "БІР")
    assert b"UTF-8" not in plain
    assert other.startswith(b"HDRSO000000177KAZAK")
    assert other.splitlines()[0][86:101] == b"UTF-8          "
    assert [item for item in read(io.BytesIO(other)) if isinstance(item, Finding)] == []


def test_an_empty_file_has_one_group_and_right_counts() -> None:
    items = list(read(io.BytesIO(transmission("2.2"))))
    assert [type(item) for item in items] == [Header, Finding]
    assert [item.code for item in items if isinstance(item, Finding)] == ["cwr.group_empty"]


def test_a_long_ipi_number_begins_in_the_sender_type() -> None:
    data = transmission("2.1", "ONE", sender=Sender("PB", "01234567890", "LONG", "2026-01-31T10:20:30"))
    assert data.startswith(b"HDR01234567890LONG")
    header = next(iter(read(io.BytesIO(data))))
    assert isinstance(header, Header)
    assert header.sender_id == "01234567890"
