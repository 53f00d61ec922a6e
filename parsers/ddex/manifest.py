"""The manifest of a batch: which messages it should hold, and whether these are the bytes that were sent.

Every standard has a ``ManifestMessage`` of its own namespace, alike in what is read here.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parsers.ddex import elements as read
from parsers.ddex.gathering import Element
from parsers.unpacking import CHUNK
from parsers.xml_stream import Document
from schemas.findings import Finding, quote

MANIFEST = "ManifestMessage"
NUMBER, MESSAGE = ("NumberOfMessages",), ("MessageInBatch",)
MOST = 100_000
"""Entries of a manifest that are read."""
ALGORITHMS = {
    "md5": "md5", "sha": "sha1", "sha1": "sha1", "sha2": "sha256", "sha224": "sha224", "sha256": "sha256",
    "sha384": "sha384", "sha512": "sha512", "sha3": "sha3_256",
}  # fmt: skip
"""DDEX's names of hash sums, in lower case without signs, and those of ``hashlib``."""
CRC32 = "crc32"


@dataclass(frozen=True, slots=True)
class Entry:
    """A message that the manifest lists: where it stands, its id, and its hash sum as hexadecimal digits."""

    position: str
    path: str
    message_id: str = ""
    algorithm: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The name of the file without folders."""
        return self.path.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says: its entries in their order, and how many it says there are (None: nothing)."""

    entries: tuple[Entry, ...]
    number: str = ""


def is_manifest(name: str) -> bool:
    """Whether the root of this local name is a manifest."""
    return name == MANIFEST


def read_manifest(stream: BinaryIO) -> Manifest:
    """The manifest.

    Raises:
        Refused: it is not well-formed, hostile, or over a limit.
    """
    document = Document(stream, (NUMBER, MESSAGE))
    root = document.root()
    entries: list[Entry] = []
    number = ""
    for subtree in document.subtrees(root):
        if subtree.path == NUMBER:
            number = read.text(subtree.element)
        elif len(entries) < MOST:
            entries.append(_entry(subtree.element, subtree.position))
    return Manifest(tuple(entries), number)


def _entry(element: Element, position: str) -> Entry:
    return Entry(
        position,
        read.first_text(element, ("URL", "FilePath", "URI")),
        read.first_text(element, ("MessageId",)),
        read.first_text(element, ("HashSum/HashSumAlgorithmType", "HashSum/Algorithm")),
        read.first_text(element, ("HashSum/HashSum", "HashSum/HashSumValue")),
    )


def check(entry: Entry, content: BinaryIO, place: str) -> Iterator[Finding]:
    """Whether the bytes of a message have the hash sum of the manifest; nothing where it states none."""
    if not entry.digest:
        return
    algorithm = re.sub(r"[^a-z0-9]", "", entry.algorithm.lower())
    if algorithm not in ALGORITHMS and algorithm != CRC32:
        yield Finding("ddex.manifest_algorithm", place, field="HashSum", value=quote(entry.algorithm))
        return
    found = _digest(algorithm, content)
    if found != re.sub(r"\s", "", entry.digest).lower():
        yield Finding("ddex.manifest_hash", place, "MessageInBatch", "HashSum", quote(entry.digest), found)


def _digest(algorithm: str, content: BinaryIO) -> str:
    if algorithm == CRC32:
        sum_ = 0
        while chunk := content.read(CHUNK):
            sum_ = zlib.crc32(chunk, sum_)
        return f"{sum_:08x}"
    # Whether the sum is strong is the sender's business: it tells accidents, and nobody is trusted for it.
    digest = hashlib.new(ALGORITHMS[algorithm], usedforsecurity=False)
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
