"""Zip archives of several files that belong together: the tables of BWARM, or a batch of DDEX messages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from parsers.reading import FILE
from parsers.unpacking import CHUNK, METHODS, ZIP_FAULTS, Cautious, Limits, Unpackable, Unpacked, ZipMember
from schemas.findings import Finding

_ENCRYPTED = 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """The files of an archive by their paths in it, in their order."""

    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    limits: Limits = field(default_factory=Limits)

    @property
    def names(self) -> frozenset[str]:
        """The names of the files."""
        return frozenset(self.members)

    def flat(self) -> Delivery | None:
        """The same by names without folders in lower case; None where two files have one name."""
        named = {name.rpartition("/")[2].casefold(): item for name, item in self.members.items()}
        return Delivery(self.archive, named, self.limits) if len(named) == len(self.members) else None

    def open(self, name: str) -> BinaryIO:
        """The unpacked bytes of a file; reading raises ``Unpackable`` for one that is broken or too large.

        Raises:
            Unpackable: the file is encrypted or packed in a way that is not read.
        """
        member = self.members[name]
        if member.compress_type not in METHODS or member.flag_bits & _ENCRYPTED:
            raise Unpackable(Finding("archive.method", FILE))
        try:
            opened = self.archive.open(member)
        except ZIP_FAULTS as fault:
            raise Unpackable(Finding("archive.broken", FILE, detail=str(fault))) from None
        produce = ZipMember(opened, member.compress_size, self.limits).produce
        return io.BufferedReader(Unpacked(produce), CHUNK)


def open_delivery(source: BinaryIO, limits: Limits) -> Delivery | None:
    """The archive, or None where it has a single file or cannot be opened: then it is no delivery."""
    try:
        archive = zipfile.ZipFile(Cautious(source))
        # Python's own is_dir() fails for a damaged entry without a name.
        members = [item for item in archive.infolist() if not item.filename.endswith("/")]
    except ZIP_FAULTS:
        return None
    named = {item.filename: item for item in members}
    # Of two files with one path nobody could say which of them was meant.
    return Delivery(archive, named, limits) if len(named) == len(members) > 1 else None
