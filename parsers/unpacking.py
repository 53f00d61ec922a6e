"""Compressed deliveries: gzip and zip archives of one file, unpacked within limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import BinaryIO

from parsers.reading import FILE
from schemas.findings import Finding

CHUNK = 1 << 16
RATIO = 200
"""A file that unpacks to more than this many times its size is refused (from ``FLOOR`` on)."""
FLOOR = 64 << 20
MAX_SIZE = 16 << 30


class Unpackable(Exception):
    """The archive cannot be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class Bounded(io.RawIOBase):
    """A stream of what a compressed one unpacks to, with limits on its size and ratio."""

    def __init__(self, source: BinaryIO, max_size: int = MAX_SIZE) -> None:
        self._source = source
        self._unpack = zlib.decompressobj(wbits=31)
        self._rest = b""
        self._consumed = 0
        self._produced = 0
        self._max_size = max_size

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` unpacked bytes, empty at the end.

        Raises:
            Unpackable: too large, or broken.
        """
        wanted = CHUNK if size < 0 else max(1, size)
        try:
            return self._next(wanted)
        except zlib.error as fault:
            raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None

    def _next(self, wanted: int) -> bytes:
        while True:
            packed = self._rest or self._source.read(CHUNK)
            if not packed:
                if not self._unpack.eof:
                    raise Unpackable(Finding("archive.broken", FILE, detail="it ends too early"))
                return b""
            if not self._rest:
                self._consumed += len(packed)
            if self._unpack.eof:
                # Members of a gzip file follow each other; padding after the last one is no member.
                if not packed.strip(b"\0"):
                    self._rest = b""
                    continue
                self._unpack = zlib.decompressobj(wbits=31)
            found = self._unpack.decompress(packed, wanted)
            self._rest = self._unpack.unconsumed_tail or self._unpack.unused_data
            self._produced += len(found)
            limit = max(FLOOR, self._consumed * RATIO)
            if self._produced > min(limit, self._max_size):
                raise Unpackable(Finding("archive.bomb", FILE, detail=f"{min(limit, self._max_size)} bytes"))
            if found:
                return found


class BoundedMember(io.RawIOBase):
    """The one file of a zip archive, with the same limits."""

    def __init__(self, member: BinaryIO, packed_size: int, max_size: int = MAX_SIZE) -> None:
        self._member = member
        self._limit = min(max(FLOOR, packed_size * RATIO), max_size)
        self._produced = 0

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` unpacked bytes, empty at the end.

        Raises:
            Unpackable: too large, or broken.
        """
        try:
            found = self._member.read(CHUNK if size < 0 else size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
            raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None
        self._produced += len(found)
        if self._produced > self._limit:
            raise Unpackable(Finding("archive.bomb", FILE, detail=f"{self._limit} bytes"))
        return found


def open_zip(source: BinaryIO, max_size: int = MAX_SIZE) -> BoundedMember:
    """The one file of a zip archive; nothing is ever written to disk, so names in it cannot do harm.

    Raises:
        Unpackable: broken, encrypted, a spreadsheet, or not exactly one file.
    """
    try:
        archive = zipfile.ZipFile(source)
        members = [item for item in archive.infolist() if not item.is_dir()]
        if any(item.filename == "[Content_Types].xml" for item in members):
            raise Unpackable(Finding("archive.spreadsheet", FILE))
        if len(members) != 1:
            raise Unpackable(Finding("archive.members", FILE, value=str(len(members))))
        return BoundedMember(archive.open(members[0]), members[0].compress_size, max_size)  # type: ignore[arg-type]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as fault:
        raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None
