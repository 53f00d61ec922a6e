"""The store of submissions: each file under its SHA-256, written once, never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hub.errors import NotFound, Surroundings, TooLarge

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store."""

    sha256: str
    size: int
    path: Path


def keep(folder: Path, stream: BinaryIO, limit: int) -> Kept:
    """Copy a stream into the store while hashing it; the same bytes are kept once.

    Raises:
        TooLarge: over ``limit`` bytes; nothing is kept.
        Surroundings: the store cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix="incoming-")
    except OSError as fault:
        raise Surroundings(f"the store of submissions cannot be written: {fault}") from fault
    incoming = Path(name)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as target:
            while chunk := stream.read(CHUNK):
                size += len(chunk)
                if size > limit:
                    raise TooLarge(f"submissions may have up to {limit // CHUNK} MiB (HUB_MAX_UPLOAD_MIB)")
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        sha256 = digest.hexdigest()
        place = locate(folder, sha256)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            incoming.replace(place)
        return Kept(sha256, size, place)
    except OSError as fault:
        raise Surroundings(f"the store of submissions cannot be written: {fault}") from fault
    finally:
        incoming.unlink(missing_ok=True)


def locate(folder: Path, sha256: str) -> Path:
    """Where the file with this hash lies."""
    return folder / sha256[:2] / sha256


def fetch(folder: Path, sha256: str) -> Path:
    """The stored file.

    Raises:
        NotFound: it is not in this store.
    """
    place = locate(folder, sha256)
    if not place.exists():
        raise NotFound(f"the bytes of {sha256} are not in this hub's store")
    return place
