"""Uploads in parts: a large file that a broken line does not begin again.

An upload is a file of its own in ``HUB_DATA_DIR/uploads`` with a note of whose it is beside it. What was
written is the offset, so nothing else has to be kept in step with it, and a server that is killed loses at
most the part that was on its way.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hub.context import Hub
from hub.errors import IllegalTransition, NotFound, Surroundings, TooLarge, UsageError
from hub.intake.submissions import Received, receive

if sys.platform == "win32":
    import msvcrt

    def _lock(body: BinaryIO) -> None:
        msvcrt.locking(body.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(body: BinaryIO) -> None:
        fcntl.flock(body, fcntl.LOCK_EX | fcntl.LOCK_NB)


KEPT = 7 * 86_400
"""Seconds for which an upload without new parts is kept."""

MOST = 50
"""Uploads that a society may have begun and not ended: each may grow to the largest size."""

_ID = re.compile(r"u[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that arrives in parts; ``offset`` is how many of its ``size`` bytes are here."""

    id: str
    society: str
    size: int
    offset: int
    filename: str


def begin(hub: Hub, society: str, size: int, filename: str = "") -> Upload:
    """Make room for a file of this many bytes.

    Raises:
        UsageError: an empty file.
        IllegalTransition: the society has too many uploads that it has not ended.
        TooLarge: over the limit.
        Surroundings: the disk failed.
    """
    if size < 1:
        raise UsageError("a file has at least one byte")
    if size > hub.settings.max_upload:
        raise TooLarge(f"files may have up to {hub.settings.max_upload >> 20} MiB")
    name = "u" + secrets.token_hex(12)
    note = {"society": society, "size": size, "filename": filename}
    try:
        _folder(hub).mkdir(parents=True, exist_ok=True)
        _forget_old(hub)
        if sum(_owner(path) == society for path in _folder(hub).glob("*.json")) >= MOST:
            raise IllegalTransition(
                f"a society has at most {MOST} uploads at once; hand one in or delete it first"
            )
        _bytes(hub, name).touch(exist_ok=False)
        _note(hub, name).write_text(json.dumps(note), encoding="utf-8")
    except OSError as fault:
        raise Surroundings(f"the upload cannot be kept: {fault}") from fault
    return Upload(name, society, size, 0, filename)


def find(hub: Hub, name: str, society: str) -> Upload:
    """A society's own upload as far as it is.

    Raises:
        NotFound: it has none of this id, or it was forgotten.
    """
    try:
        if not _ID.fullmatch(name):
            raise FileNotFoundError(name)
        note = json.loads(_note(hub, name).read_text(encoding="utf-8"))
        offset = _bytes(hub, name).stat().st_size
    except (OSError, ValueError):
        note, offset = {}, 0
    if note.get("society") != society:
        raise NotFound(f"there is no upload {name!r}; one without new parts is forgotten after a week")
    return Upload(name, society, note["size"], offset, note["filename"])


def append(hub: Hub, upload: Upload, offset: int, part: BinaryIO, length: int) -> Upload:
    """Add a part that begins at ``offset``, which must be where the file ends now.

    Raises:
        IllegalTransition: it begins elsewhere, or another part is being written.
        TooLarge: the file would be longer than was said.
        Surroundings: the disk failed.
    """
    with _held(hub, upload) as target:
        here = os.fstat(target.fileno()).st_size
        if offset != here:
            raise IllegalTransition(f"this part begins at {offset}, but {here} bytes are here: go on there")
        if here + length > upload.size:
            raise TooLarge(f"the file was said to have {upload.size} bytes; this part goes beyond")
        try:
            while chunk := part.read(1 << 20):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        except OSError as fault:
            raise Surroundings(f"the part cannot be written: {fault}") from fault
    return find(hub, upload.id, upload.society)


def submit(hub: Hub, upload: Upload) -> Received:
    """Hand the whole file in as a submission and forget the upload.

    Raises:
        IllegalTransition: parts are missing.
        NotFound: the submitter is no registered society.
    """
    with _held(hub, upload) as body:
        if os.fstat(body.fileno()).st_size != upload.size:
            raise IllegalTransition(f"upload {upload.id} has {upload.offset} of {upload.size} bytes")
        body.seek(0)
        received = receive(hub, body, upload.society, filename=upload.filename, queued=True)
    discard(hub, upload)
    return received


def discard(hub: Hub, upload: Upload) -> None:
    """Forget an upload; a submission made of it stays."""
    _note(hub, upload.id).unlink(missing_ok=True)
    _bytes(hub, upload.id).unlink(missing_ok=True)


@contextmanager
def _held(hub: Hub, upload: Upload) -> Iterator[BinaryIO]:
    """The file, for one writer at a time: processes of several servers may share the folder."""
    try:
        body = _bytes(hub, upload.id).open("r+b")
    except OSError:
        raise NotFound(f"there is no upload {upload.id!r}") from None
    with body:
        try:
            _lock(body)
        except OSError:
            raise IllegalTransition(
                f"another part of {upload.id} is being written; ask how far it is"
            ) from None
        body.seek(0, os.SEEK_END)
        yield body


def _owner(note: Path) -> str:
    """Whose an upload is; empty for one that was forgotten meanwhile."""
    try:
        return str(json.loads(note.read_text(encoding="utf-8"))["society"])
    except (OSError, ValueError, KeyError):
        return ""


def _forget_old(hub: Hub) -> None:
    """Forget uploads that got no part for long; their notes are as old as the upload itself."""
    before = time.time() - KEPT
    for note in _folder(hub).glob("*.json"):
        body = note.with_suffix(".part")
        try:
            last = max(note.stat().st_mtime, body.stat().st_mtime if body.exists() else 0)
        except FileNotFoundError:
            continue  # another server forgot it just now
        if last < before:
            note.unlink(missing_ok=True)
            body.unlink(missing_ok=True)


def _folder(hub: Hub) -> Path:
    return hub.settings.data_dir / "uploads"


def _bytes(hub: Hub, name: str) -> Path:
    return _folder(hub) / f"{name}.part"


def _note(hub: Hub, name: str) -> Path:
    return _folder(hub) / f"{name}.json"
