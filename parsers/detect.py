"""Which reader takes these bytes: told by content, never by name.

The order matters only for speed: the marks exclude each other. A compressed file is unpacked on the way and
detected by what is inside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, cast

import parsers.cwr.detection
import parsers.cwr.reader
import parsers.ddex.detection
import parsers.ddex.ern
from parsers.reading import FILE, Item, Reader, reject_file
from parsers.tabular import mandates, recordings, works
from parsers.unpacking import Bounded, Unpackable, open_zip
from schemas.declarations import Header
from schemas.findings import Finding, quote
from schemas.tables.columns import recognise

HEAD = 1 << 16
GZIP, ZIP = b"\x1f\x8b", b"PK"
TABULAR: dict[str, tuple[str, Reader]] = {
    "works": ("works-csv", works.read),
    "recordings": ("recordings-csv", recordings.read),
    "mandates": ("mandates-csv", mandates.read),
}


@dataclass(frozen=True, slots=True)
class Detection:
    """What the first bytes are: a format with its reader, or what was seen instead."""

    format: str
    reader: Reader | None = None
    detail: str = ""


def detect(head: bytes) -> Detection:
    """Tell the format from the first bytes of an uncompressed file."""
    if parsers.cwr.detection.looks_like(head):
        return Detection("cwr", parsers.cwr.reader.read)
    if parsers.ddex.detection.looks_like(head):
        return Detection("ddex", parsers.ddex.ern.read)
    table = recognise(_header_cells(head))
    if table in TABULAR:
        name, reader = TABULAR[table]
        return Detection(name, reader)
    if table == "societies":
        return Detection("societies-csv", None, "a societies register; use `hub societies import`")
    return Detection("unknown", None, f"it begins with {quote(head[:40].decode('utf-8', 'replace'))!r}")


def _header_cells(head: bytes) -> list[str]:
    lines = head.decode("utf-8-sig", "replace").lstrip("\r\n").splitlines()
    if not lines or len(lines[0]) > 4096:
        return []
    delimiter = max(",;\t", key=lines[0].count)
    try:
        return next(csv.reader([lines[0]], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Peeked(io.RawIOBase):
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._rest.read(size)
        found, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
        return found + self._rest.read() if size < 0 else found


def read(stream: BinaryIO) -> Iterator[Item]:
    """Detect and read; a file that nobody reads is refused with a finding that says what it seems to be."""
    try:
        yield from _read(stream)
    except Unpackable as fault:
        yield from reject_file(fault.finding)


def _read(stream: BinaryIO) -> Iterator[Item]:
    head = _fill(stream)
    if head.startswith(ZIP) and stream.seekable():
        stream.seek(0)
        stream = cast(BinaryIO, open_zip(stream))
        head = _fill(stream)
    elif head.startswith(GZIP):
        stream = cast(BinaryIO, Bounded(cast(BinaryIO, _Peeked(head, stream))))
        head = _fill(stream)
    if not head.strip():
        yield Header("unknown")
        yield from reject_file(Finding("file.empty", FILE))
        return
    found = detect(head)
    if found.reader is None:
        yield Header("unknown")
        yield from reject_file(Finding("file.unknown_format", FILE, detail=found.detail))
        return
    yield from found.reader(cast(BinaryIO, _Peeked(head, stream)))


def _fill(stream: BinaryIO) -> bytes:
    """The first bytes; a short read is not yet the end."""
    head = b""
    while len(head) < HEAD and (chunk := stream.read(HEAD - len(head))):
        head += chunk
    return head
