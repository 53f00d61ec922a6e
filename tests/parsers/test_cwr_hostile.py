"""Hostile bytes: the reader never raises, stays in bounded memory and says what it could not read."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import pytest
from cwr_cases import SHARES, full, least
from cwr_files import file_of
from hypothesis import given
from hypothesis import strategies as st

from parsers.cwr.reader import read
from parsers.cwr.transaction import RECORD_LIMIT
from parsers.reading import Item
from schemas.cwr.layouts import layouts
from schemas.declarations import Header, Rejection, WorkDeclaration
from schemas.findings import VALUE_LIMIT, Finding

MEGABYTE = 1 << 20
HEAD = b"HDRPB000000199INVENTED\r\nGRHNWR0000102.200000000000\r\n"
WORK = b"NWR0000000000000000SONG".ljust(81) + b"S1".ljust(45) + b"POP000000U      ORI".ljust(40) + b"\r\n"
WRITER = b"OWR0000000000000001".ljust(28) + b"ANNA\r\n"
TAIL = b"GRT000010000000100000003\r\nTRL000010000000100000005\r\n"


class LazyStream(io.RawIOBase):
    """A stream that makes its bytes up while it is read."""

    def __init__(self, head: bytes, filling: bytes, size: int, tail: bytes) -> None:
        self._parts = [io.BytesIO(head), None, io.BytesIO(tail)]
        self._filling = filling
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        assert size > 0, "the reader must never ask for everything"
        while self._parts:
            part = self._parts[0]
            if part is not None:
                data = part.read(size)
            else:
                data = (self._filling * (size // len(self._filling) + 1))[: min(size, self._left)]
                self._left -= len(data)
            if data:
                return data
            self._parts.pop(0)
        return b""


def _measured(stream: LazyStream) -> tuple[list[Item], int]:
    tracemalloc.start()
    try:
        items = list(read(stream))  # type: ignore[arg-type]
        return items, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _codes(items: list[Item]) -> list[str]:
    return [item.code for item in items if isinstance(item, Finding)]


def test_a_line_of_a_hundred_megabytes_costs_no_memory() -> None:
    items, peak = _measured(LazyStream(HEAD + WORK.rstrip(), b"X", 100 * MEGABYTE, b"\r\n" + TAIL))
    assert peak < 8 * MEGABYTE
    (finding,) = (item for item in items if isinstance(item, Finding) and item.code == "cwr.line_too_long")
    assert finding.position == "line:3"
    assert len(finding.value) <= VALUE_LIMIT + 1
    assert sum(isinstance(item, (WorkDeclaration, Rejection)) for item in items) == 1


def test_ten_megabytes_without_line_ends_are_refused() -> None:
    items, peak = _measured(LazyStream(HEAD.replace(b"\r\n", b""), b"NWR0", 10 * MEGABYTE, b""))
    assert peak < 8 * MEGABYTE
    assert _codes(items)[-1] == "cwr.no_group"
    assert "cwr.line_too_long" in _codes(items)
    assert items[-1] == Rejection("file", "line:1")


def test_a_transaction_without_end_is_rejected_in_bounded_memory() -> None:
    titles = b"ALT0000000000000001TITLE".ljust(79) + b"AT\r\n"
    items, peak = _measured(LazyStream(HEAD + WORK, titles, len(titles) * (RECORD_LIMIT + 50), TAIL))
    assert peak < 120 * MEGABYTE
    assert "cwr.too_many_records" in _codes(items)
    assert [item.kind for item in items if isinstance(item, Rejection)] == ["work"]


def test_nul_bytes_are_located_and_the_rest_is_read() -> None:
    data = HEAD + WORK.replace(b"SONG", b"SO\x00G") + WRITER + b"\x00\x00\x00\r\n" + TAIL
    items = list(read(io.BytesIO(data)))
    positions = [item.position for item in items if isinstance(item, Finding) and "control" in item.code]
    assert positions == ["line:3", "line:5"]
    (work,) = (item for item in items if isinstance(item, WorkDeclaration))
    assert work.title == "SO G"


@pytest.mark.parametrize("end", range(0, len(HEAD + WORK + TAIL), 17))
def test_a_file_cut_anywhere_gives_a_header_or_is_refused(end: int) -> None:
    _assert_contract((HEAD + WORK + TAIL)[:end])


RECORDS = ["HDR", "GRH", "GRT", "TRL", "NWR", "REV", "ACK", "AGR", "WRK", "EXC", "MSG", "SPU", "OPU", "SPT"]
RECORDS += [
    "OPT",
    "SWR",
    "OWR",
    "SWT",
    "OWT",
    "PWR",
    "NPN",
    "NWN",
    "ALT",
    "NAT",
    "PER",
    "REC",
    "ORN",
    "XRF",
    "???",
]
LINE = st.builds(
    lambda record, prefix, rest: (record + prefix + rest).encode("utf-8", "replace"),
    st.sampled_from(RECORDS),
    st.sampled_from(["0" * 16, "0000000000000001", "0000000100000000", "²" * 16, ""]),
    st.text(st.sampled_from("0 1²٣NYIEAW\x85\x00Ә"), max_size=300),
)


@given(st.lists(LINE, max_size=25))
def test_records_of_noise_never_raise(lines: list[bytes]) -> None:
    _assert_contract(HEAD + b"\n".join(lines))


@given(st.binary(max_size=2000))
def test_random_bytes_never_raise(data: bytes) -> None:
    _assert_contract(data)
    _assert_contract(b"HDR" + data)
    _assert_contract(HEAD + data)
    _assert_contract(HEAD + WORK.rstrip() + data)


def _assert_contract(data: bytes) -> None:
    items = list(read(io.BytesIO(data)))
    refused = isinstance(items[-1], Rejection) and items[-1].kind == "file"
    assert isinstance(items[0], Header) or refused
    assert sum(isinstance(item, Header) for item in items) <= 1
    for item in items:
        if isinstance(item, Finding):
            assert item.text("en")
            assert item.text("kk")
            assert item.text("ru")
        if isinstance(item, Rejection):
            before = items[: items.index(item)]
            assert any(isinstance(other, Finding) for other in before)


SAMPLES = Path(__file__).resolve().parents[2] / ".." / "shared" / "samples" / "cwr"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of real CWR files beside the repository")
@given(data=st.data())
def test_real_files_with_damage_never_raise(data: st.DataObject) -> None:
    names = sorted(
        path for path in SAMPLES.iterdir() if path.suffix != ".md" and path.stat().st_size < 20_000
    )
    content = bytearray(data.draw(st.sampled_from(names)).read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _assert_contract(bytes(content))


@pytest.mark.parametrize(
    ("head", "repeated"),
    [
        ("PER", "NPR"),
        ("EWT", "NOW"),
        ("COM", "NOW"),
    ],
)
def test_a_heap_of_names_takes_no_longer_than_its_length(head: str, repeated: str) -> None:
    first = {"title": "A", "name": "ANNA", "writer_1_name": "ANNA"}
    known = layouts("2.2")
    fields = {name: value for name, value in first.items() if name in known[head].index}
    name = {"name": "АННА", "first_name": ""}
    records = [(head, fields), *[(repeated, name)] * 5_000]
    work_of_names = full("2.2", "NWR")
    writer = ("SWR", {**least("2.2", "SWR")[1], **dict.fromkeys(SHARES, "10000")})
    data = file_of("2.2", ("NWR", [(work_of_names, writer, *records)]))
    items = list(read(io.BytesIO(data)))
    (work,) = (item for item in items if isinstance(item, WorkDeclaration))
    kept = [len(item.party.other_names) for item in work.performers]
    kept += [len(party.other_names) for item in work.related for party in item.writers]
    assert max(kept) <= 100
    assert sum(kept) + sum(key == repeated for key, _ in work.details) == 5_000
