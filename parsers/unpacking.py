"""Compressed deliveries: gzip and zip archives of one file, unpacked within limits.

Nothing is ever written to disk, so names inside an archive can do no harm.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, BinaryIO

from parsers.reading import FILE
from schemas.findings import Finding

CHUNK = 1 << 16
MAX_SIZE = 16 << 30
DIRECTORY_LIMIT = 1 << 20
"""Most bytes that are read at once from a zip archive; its list of files must fit in."""

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
"""How an archive begins: with a file, with nothing inside, or as a part of several."""

_GZIP_MEMBER = 31
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1
SPREADSHEET = "[Content_Types].xml"
"""A file that archives of spreadsheets have."""


class Unpackable(Exception):
    """The archive cannot be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may come out: ``max_size`` bytes, and past ``floor`` at most ``ratio`` times what went in."""

    max_size: int = MAX_SIZE
    ratio: int = 200
    floor: int = 64 << 20

    def check(self, packed: int, unpacked: int) -> None:
        """Stop at too much.

        Raises:
            Unpackable: the file unpacks to more than it may.
        """
        limit = min(self.max_size, max(self.floor, packed * self.ratio))
        if unpacked > limit:
            raise Unpackable(Finding("archive.bomb", FILE, detail=str(limit)))


def compression_of(head: bytes) -> str:
    """``gzip``, ``zip`` or nothing, by the first bytes."""
    if head.startswith(GZIP):
        return "gzip"
    return "zip" if head.startswith(ZIP) else ""


def begin_gzip(head: bytes, most: int) -> bytes:
    """What the first bytes of a gzip file unpack to, up to ``most`` bytes; nothing when they are broken."""
    try:
        return zlib.decompressobj(wbits=_GZIP_MEMBER).decompress(head, most)
    except zlib.error:
        return b""


def plain(stream: BinaryIO) -> BinaryIO:
    """The bytes of a file, unpacked if it came packed; the stream must be seekable.

    Raises:
        Unpackable: the archive cannot be read, now or while its bytes are.
    """
    head = stream.read(len(ZIP[0]))
    stream.seek(0)
    compression = compression_of(head)
    if compression == "zip":
        return open_zip(stream, Limits())
    return open_gzip(stream, Limits()) if compression else stream


class Unpacked(io.RawIOBase):
    """A stream of the unpacked bytes that ``produce`` gives, up to so many at a time; empty at the end."""

    def __init__(self, produce: Callable[[int], bytes]) -> None:
        self._produce = produce

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there is something."""
        found = self._produce(len(buffer))
        buffer[: len(found)] = found
        return len(found)


def open_gzip(source: BinaryIO, limits: Limits) -> BinaryIO:
    """What a gzip file unpacks to; reading raises ``Unpackable`` for one that is broken or too large."""
    return io.BufferedReader(Unpacked(_GzipMembers(source, limits).produce), CHUNK)


class _GzipMembers:
    """The members of a gzip file, one after the other."""

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._member = zlib.decompressobj(wbits=_GZIP_MEMBER)
        self._packed = b""
        self._consumed = 0
        self._produced = 0

    def produce(self, most: int) -> bytes:
        """Up to ``most`` unpacked bytes, empty at the end.

        Raises:
            Unpackable: too large, or broken.
        """
        while True:
            ended = not (self._packed or self._refill())
            if self._member.eof:
                # Tapes and some tools fill the last block with zeros, which are no member.
                self._packed = self._packed.lstrip(b"\0")
                if ended:
                    return b""
                if not self._packed:
                    continue
                self._member = zlib.decompressobj(wbits=_GZIP_MEMBER)
            try:
                # At the end of the file zlib may still hold bytes back, so it is asked once more.
                found = self._member.decompress(self._packed, most)
            except zlib.error as fault:
                raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None
            self._packed = self._member.unconsumed_tail or self._member.unused_data
            self._produced += len(found)
            self._limits.check(self._consumed, self._produced)
            if found:
                return found
            if ended and not self._member.eof:
                raise Unpackable(Finding("archive.broken", FILE, detail="EOF"))

    def _refill(self) -> bool:
        self._packed = self._source.read(CHUNK)
        self._consumed += len(self._packed)
        return bool(self._packed)


def open_zip(source: BinaryIO, limits: Limits) -> BinaryIO:
    """What the one file of a zip archive unpacks to; reading raises ``Unpackable`` as for gzip.

    Raises:
        Unpackable: broken, encrypted, a spreadsheet, or not exactly one file.
    """
    try:
        archive = zipfile.ZipFile(Cautious(source))
        members = [item for item in archive.infolist() if not item.filename.endswith("/")]
        if any(item.filename == SPREADSHEET for item in members):
            raise Unpackable(Finding("archive.spreadsheet", FILE))
        if len(members) != 1:
            raise Unpackable(Finding("archive.members", FILE, value=str(len(members))))
        (member,) = members
        if member.compress_type not in METHODS or member.flag_bits & _ENCRYPTED:
            raise Unpackable(Finding("archive.method", FILE))
        opened = archive.open(member)
    except ZIP_FAULTS as fault:
        raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None
    return io.BufferedReader(Unpacked(ZipMember(opened, member.compress_size, limits).produce), CHUNK)


ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError)
"""What ``zipfile`` raises for archives that contradict themselves, such as offsets before the file."""


class Cautious(io.RawIOBase):
    """A zip archive of which nothing can be made to read more than ``DIRECTORY_LIMIT`` bytes at once."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be sought in."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """The place."""
        return self._source.tell()

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes.

        Raises:
            zipfile.BadZipFile: more would come than may.
        """
        found = self._source.read(DIRECTORY_LIMIT + 1 if size < 0 else min(size, DIRECTORY_LIMIT + 1))
        if len(found) > DIRECTORY_LIMIT:
            raise zipfile.BadZipFile("too many entries")
        return found


class ZipMember:
    """The bytes of one file in a zip archive."""

    def __init__(self, opened: IO[bytes], packed: int, limits: Limits) -> None:
        self._opened = opened
        self._packed = packed
        self._limits = limits
        self._produced = 0

    def produce(self, most: int) -> bytes:
        """Up to ``most`` unpacked bytes, empty at the end.

        Raises:
            Unpackable: too large, or broken.
        """
        try:
            found = self._opened.read(most)
        except ZIP_FAULTS as fault:
            raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None
        self._produced += len(found)
        self._limits.check(self._packed, self._produced)
        return found
