"""Which reader takes these bytes: told by content, never by name.

A compressed file is unpacked on the way and told by what is inside. The marks of the formats exclude each
other, so the order of the questions does not matter.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parsers.deliveries import Delivery, open_delivery
from parsers.reading import FILE, Item, Reader, reject_file
from parsers.unpacking import (
    MAX_SIZE,
    Limits,
    Unpackable,
    begin_gzip,
    compression_of,
    open_gzip,
    open_zip,
    plain,
)
from schemas.declarations import Header
from schemas.findings import Finding, quote

HEAD = 1 << 16
"""So many first bytes are enough to tell a format."""

SHOWN = 40
UNKNOWN = "unknown"
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Detection:
    """What the first bytes are: a format with its reader, or in ``detail`` what was seen instead.

    ``format`` is that of ``Header``, ``ddex`` for any XML (the message says which family it is of),
    ``societies-csv`` for a register and ``dsr`` for a usage report, which are no submissions, ``empty`` or
    ``unknown``. ``compression`` is
    ``gzip``, ``zip`` or empty; the reader takes the unpacked bytes. What a zip archive holds stands at its
    end, so of its first bytes the format is unknown.
    """

    format: str
    reader: Reader | None = None
    detail: str = ""
    compression: str = ""


def detect(head: bytes) -> Detection:
    """Tell the format from the first bytes of a file; 64 KiB are enough, fewer are fine for a short file."""
    compression = compression_of(head)
    if compression == "zip":
        return Detection(UNKNOWN, None, "zip", compression)
    inside = begin_gzip(head, HEAD) if compression else head
    found = _detect_plain(inside)
    return Detection(found.format, found.reader, found.detail, compression)


def _detect_plain(head: bytes) -> Detection:
    # Readers are fetched when needed: whoever reads one format does not load the others.
    import parsers.cwr.detection
    import parsers.ddex.detection
    import parsers.ddex.dsr
    from parsers.tabular.header import table_of

    if not head.removeprefix(_BOM).strip():
        return Detection("empty")
    if parsers.ddex.dsr.looks_like(head):
        return Detection("dsr", None, "dsr")
    if parsers.cwr.detection.looks_like(head):
        return Detection("cwr", _cwr())
    if parsers.ddex.detection.looks_like(head):
        return Detection("ddex", _ddex())
    table = table_of(head)
    if table == "societies":
        return Detection("societies-csv", None, "societies-csv")
    if table:
        return Detection(f"{table}-csv", _tabular(table))
    return Detection(UNKNOWN, None, quote(head[:SHOWN].decode("utf-8", "replace")))


def _cwr() -> Reader:
    import parsers.cwr.reader

    return parsers.cwr.reader.read


def _ddex() -> Reader:
    import parsers.ddex.message

    return parsers.ddex.message.read


def _tabular(table: str) -> Reader:
    from parsers.tabular import mandates, recordings, works

    return {"works": works.read, "recordings": recordings.read, "mandates": mandates.read}[table]


def read(stream: BinaryIO, *, max_size: int = MAX_SIZE) -> Iterator[Item]:
    """Detect and read; a file that nobody reads is refused with a finding that says what was seen.

    ``max_size`` bounds what a compressed file may unpack to, in bytes.
    """
    begun = False
    try:
        for item in _read(stream, Limits(max_size=max_size)):
            begun = True
            yield item
    except Unpackable as fault:
        if not begun:
            yield Header(UNKNOWN)
        yield from reject_file(fault.finding)


def _read(stream: BinaryIO, limits: Limits) -> Iterator[Item]:
    from parsers.ddex import batch, bwarm
    from parsers.tabular import workbook

    head, opened = peek(stream)
    compression = compression_of(head)
    if compression == "zip":
        if not stream.seekable():
            raise Unpackable(Finding("archive.stream", FILE))
        delivery = open_delivery(stream, limits)
        tables = delivery.flat() if delivery is not None else None
        if tables is not None and bwarm.is_delivery(tables.names):
            yield from bwarm.read(tables)
            return
        if delivery is not None and workbook.is_workbook(delivery):
            yield from _sheet(delivery)
            return
        contents = batch.contents_of(delivery) if delivery is not None else None
        if contents is not None:
            yield from batch.read(contents)
            return
        head, opened = peek(open_zip(stream, limits))
    elif compression == "gzip":
        head, opened = peek(open_gzip(opened, limits))
    yield from _read_plain(head, opened)


def _sheet(delivery: Delivery) -> Iterator[Item]:
    """A workbook, read as the text of its table; what is told of its other sheets follows the header."""
    from parsers.tabular import workbook

    text, unread = workbook.as_csv(delivery)
    for item in _read_plain(*peek(text)):
        yield item
        if isinstance(item, Header):
            yield from unread


def _read_plain(head: bytes, opened: BinaryIO) -> Iterator[Item]:
    found = _detect_plain(head)
    if found.reader is not None:
        yield from found.reader(opened)
        return
    yield Header(UNKNOWN)
    if found.format == "dsr":
        yield from reject_file(Finding("file.usage_report", FILE))
    elif found.format == "empty" and len(head) < HEAD:
        yield from reject_file(Finding("file.empty", FILE))
    else:
        seen = found.detail or "…"
        yield from reject_file(Finding("file.unknown_format", FILE, detail=seen))


def as_read(stream: BinaryIO) -> BinaryIO:
    """The bytes that positions such as ``line:12`` count in: unpacked, of a workbook the text of its table.

    The stream must be seekable and stays open.

    Raises:
        Unpackable: the archive cannot be read, now or while its bytes are.
    """
    from parsers.tabular import workbook

    limits = Limits()
    head = stream.read(4)
    stream.seek(0)
    delivery = open_delivery(stream, limits) if compression_of(head) == "zip" else None
    if delivery is not None and workbook.is_workbook(delivery):
        return workbook.as_csv(delivery)[0]
    stream.seek(0)
    return plain(stream)


def peek(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream that need not be seekable, and a stream that still begins with them."""
    head = bytearray()
    while len(head) < HEAD and (chunk := stream.read(HEAD - len(head))):
        head += chunk
    return bytes(head), io.BufferedReader(_Peeked(bytes(head), stream), HEAD)


class _Peeked(io.RawIOBase):
    """First bytes that were read already, and the stream they came from, which stays open."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        found = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(found) :]
        buffer[: len(found)] = found
        return len(found)
