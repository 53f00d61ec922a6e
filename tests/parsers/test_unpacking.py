"""Compressed deliveries: unpacked on the way within limits; broken and lying archives become findings."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.detect import detect, read
from parsers.reading import FILE
from parsers.unpacking import Limits, Unpackable, open_gzip, open_zip
from schemas.declarations import Header, Rejection, WorkDeclaration
from schemas.findings import Finding

WORKS = b"work_ref,title\nA,One\nB,Two\n"
GENEROUS = Limits()
NARROW = Limits(max_size=1 << 20, ratio=10, floor=1 << 16)


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def told(data: bytes) -> list[Any]:
    return list(read(io.BytesIO(data)))


def refused(data: bytes) -> str:
    """The code with which the whole file is refused."""
    *_, finding, rejection = told(data)
    assert isinstance(finding, Finding)
    assert rejection == Rejection(FILE, finding.position)
    return finding.code


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(WORKS),
        gzip.compress(WORKS[:20]) + gzip.compress(WORKS[20:]),
        gzip.compress(WORKS) + b"\0" * 1000,
        zipped({"works.csv": WORKS}),
        zipped({"works.csv": WORKS}, zipfile.ZIP_STORED),
        zipped({"folder/": b"", "folder/works.csv": WORKS}),
        zipped({"../../../etc/passwd": WORKS}),
    ],
    # Named, because archives hold the time at which they were made, and names must not.
    ids=["gzip", "two members", "padded", "zip", "stored", "in a folder", "hostile name"],
)
def test_one_file_is_read_as_if_it_were_not_packed(packed: bytes) -> None:
    assert told(packed) == told(WORKS)
    assert [item.ref for item in told(packed) if isinstance(item, WorkDeclaration)] == ["A", "B"]


def test_the_name_of_a_packed_file_is_never_looked_at() -> None:
    assert detect(gzip.compress(WORKS)).format == "works-csv"
    assert detect(gzip.compress(WORKS)).compression == "gzip"
    assert detect(zipped({"x": WORKS})).compression == "zip"


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (zipped({"a.csv": WORKS, "b.csv": WORKS}), "archive.members"),
        (zipped({}), "archive.members"),
        (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "archive.spreadsheet"),
        (zipped({"a.csv": WORKS}, zipfile.ZIP_BZIP2), "archive.method"),
        (zipped({"a.csv": WORKS}, zipfile.ZIP_LZMA), "archive.method"),
        (zipped({"a.csv": WORKS})[:-30], "archive.broken"),
        (b"PK\x03\x04" + b"x" * 500, "archive.broken"),
        (gzip.compress(WORKS)[:-9], "archive.broken"),
        (gzip.compress(WORKS)[:-1] + b"\xff", "archive.broken"),
        (gzip.compress(WORKS) + b"and more", "archive.broken"),
        (gzip.compress(b""), "file.empty"),
        (gzip.compress(gzip.compress(WORKS)), "file.unknown_format"),
        (zipped({"inner.zip": zipped({"a.csv": WORKS})}), "file.unknown_format"),
        (bz2.compress(WORKS), "file.unknown_format"),
    ],
    ids=[
        "two files",
        "no file",
        "document",
        "bzip2",
        "lzma",
        "cut zip",
        "no zip",
        "cut gzip",
        "wrong length",
        "more after",
        "empty inside",
        "twice packed",
        "zip in zip",
        "bzip2 file",
    ],
)
def test_what_cannot_be_unpacked_is_refused_with_the_reason(packed: bytes, code: str) -> None:
    assert refused(packed) == code


def test_an_encrypted_file_is_refused() -> None:
    packed = bytearray(zipped({"a.csv": WORKS}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = packed.index(mark) + offset
        (flags,) = struct.unpack_from("<H", packed, place)
        struct.pack_into("<H", packed, place, flags | 1)
    assert refused(bytes(packed)) == "archive.method"


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zipped({"a.csv": data})])
def test_a_bomb_stops_at_the_limit_and_not_after_it(pack: Any) -> None:
    bomb = pack(bytes(8 << 20))
    opener = open_gzip if bomb.startswith(b"\x1f\x8b") else open_zip
    stream = opener(io.BytesIO(bomb), NARROW)
    pieces: list[bytes] = []
    with pytest.raises(Unpackable) as caught:
        pieces.extend(iter(lambda: stream.read(4096), b""))
    assert caught.value.finding.code == "archive.bomb"
    limit = int(caught.value.finding.detail)
    assert sum(map(len, pieces)) <= limit <= max(NARROW.floor, len(bomb) * NARROW.ratio)


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_says() -> None:
    packed = bytearray(zipped({"a.csv": WORKS + b"C,Three\n" * 1000}))
    (directory,) = struct.unpack_from("<I", packed, packed.rindex(b"PK\x05\x06") + 16)
    struct.pack_into("<I", packed, directory + 24, len(WORKS))
    assert refused(bytes(packed)) in ("archive.broken", "archive.bomb")


def test_a_stream_that_cannot_be_searched_is_read_as_gzip_and_refused_as_zip() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self._rest = io.BytesIO(data)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            return self._rest.readinto(buffer)

    def through(data: bytes) -> list[Any]:
        return list(read(io.BufferedReader(Pipe(data))))

    assert through(gzip.compress(WORKS)) == told(WORKS)
    assert [item.code for item in through(zipped({"a": WORKS})) if isinstance(item, Finding)] == [
        "archive.stream"
    ]


@given(st.binary(max_size=3000), st.integers(0, 3))
def test_gzip_is_unpacked_byte_for_byte_in_any_number_of_members(data: bytes, cuts: int) -> None:
    size = len(data) // (cuts + 1) + 1
    packed = b"".join(gzip.compress(data[start : start + size]) for start in range(0, len(data) or 1, size))
    assert open_gzip(io.BytesIO(packed), GENEROUS).read() == data


@given(st.integers(0, 10**9), st.booleans())
def test_damage_anywhere_is_a_finding_and_never_a_crash(seed: int, as_zip: bool) -> None:
    chance = random.Random(seed)
    works = WORKS + b"".join(b"%d,Title\n" % number for number in range(38))
    packed = bytearray(zipped({"a.csv": works}) if as_zip else gzip.compress(works))
    for _ in range(chance.randint(1, 4)):
        packed[chance.randrange(2, len(packed))] = chance.randrange(256)
    items = told(bytes(packed))
    assert isinstance(items[0], Header)
    rejected = [item for item in items if isinstance(item, Rejection) and item.kind == FILE]
    kept = [item for item in items if isinstance(item, WorkDeclaration)]
    # Either the damage was found, or it hit what is not the content: names and times.
    assert rejected or len(kept) == 40


def test_raw_deflate_is_not_taken_for_gzip() -> None:
    assert refused(zlib.compress(WORKS)) == "file.unknown_format"


def test_a_file_without_a_name_in_a_zip_is_a_finding_and_never_a_crash() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x", "HDR")
        archive.writestr("y", "HDR")
    nameless = packed.getvalue().replace(b"x", b"\0")
    assert told(nameless)
