"""Batches: several DDEX messages in one zip archive, with or without a manifest and the files that they name.

Each message is taken or refused for itself: a broken one is a rejection of kind ``message``, and nothing of
it is stored. Messages are read in the order of the manifest, else by their paths, which senders begin with
the time. Positions begin with the path of the message in the archive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import BinaryIO, TypeVar

from parsers.ddex import manifest as listing
from parsers.ddex.detection import looks_like
from parsers.ddex.message import read as read_message
from parsers.deliveries import Delivery, open_delivery
from parsers.reading import FILE, Item
from parsers.unpacking import SPREADSHEET, Limits, Unpackable, compression_of, open_gzip, plain
from parsers.xml_stream import Document, Refused
from schemas.ddex.versions import identify
from schemas.declarations import Declaration, Header, RecordingDeclaration, Rejection, WorkDeclaration
from schemas.findings import Finding, quote

FORMAT = "ddex"
"""The format of a batch whose messages are of several families."""
MESSAGE = "message"
HEAD = 4096
MOST_HELD = 5_000
HELD_SIZE, HELD_PACKED = 8 << 20, 64 << 10
"""Items of one message that are kept until it is known whether it is refused, and the bytes of it, or of it
packed once more. A longer one is read twice."""
SHOWN = 20
"""Findings on files that nothing reads are summed up; so many are named."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The files of a batch by what they are; ``roots`` are namespaces of messages, empty where unreadable."""

    delivery: Delivery
    messages: tuple[str, ...]
    roots: tuple[str, ...]
    manifests: tuple[str, ...]
    others: tuple[str, ...]


def contents_of(delivery: Delivery) -> Contents | None:
    """What an archive holds; None where nothing in it is XML, or it is a spreadsheet: it is no batch then."""
    messages, roots, manifests, others = [], [], [], []
    if SPREADSHEET in delivery.members:
        return None
    for name in sorted(delivery.members):
        try:
            with open_member(delivery, name) as stream:
                if not looks_like(stream.read(HEAD)):
                    others.append(name)
                    continue
            with open_member(delivery, name) as stream:
                root = Document(stream, ()).root()
        except Refused:
            messages.append(name)
            roots.append("")
        except Unpackable as fault:
            if fault.finding.code == "archive.bomb":
                messages.append(name)
                roots.append("")
            else:
                others.append(name)
        else:
            if listing.is_manifest(root.local):
                manifests.append(name)
            else:
                messages.append(name)
                roots.append(root.namespace)
    if not messages:
        return None
    return Contents(delivery, tuple(messages), tuple(roots), tuple(manifests), tuple(others))


def open_member(delivery: Delivery, name: str) -> BinaryIO:
    """The bytes of a file of the archive, unpacked once more where it is gzip.

    Raises:
        Unpackable: as ``Delivery.open``.
    """
    stream = delivery.open(name)
    with stream:
        packed = compression_of(stream.read(4)) == "gzip"
    stream = delivery.open(name)
    return open_gzip(stream, delivery.limits) if packed else stream


def read(contents: Contents) -> Iterator[Item]:
    """A header, then the items of every message, and findings on what the manifest says otherwise."""
    found: list[Finding] = []
    entries = _entries(contents, found)
    order = sorted(contents.messages, key=lambda name: _place(entries, name))
    yield _header(contents, order)
    yield from found
    listed = {id(entry) for name in order if (entry := _entry_of(entries, name)) is not None}
    for entry in entries:
        if id(entry) not in listed:
            yield Finding(
                "ddex.manifest_missing", _at(contents.manifests[0], entry.position), "MessageInBatch", "URL",
                quote(entry.path), quote(entry.message_id),
            )  # fmt: skip
    for name in order:
        entry = _entry_of(entries, name)
        if entries and entry is None:
            yield Finding("ddex.manifest_unlisted", name, value=quote(name))
        yield from _message(contents.delivery, name, entry)
    if contents.others:
        shown = ", ".join(contents.others[:SHOWN])
        yield Finding("ddex.files_not_read", FILE, value=quote(shown), detail=str(len(contents.others)))


def _entries(contents: Contents, found: list[Finding]) -> tuple[listing.Entry, ...]:
    """The entries of the manifests; findings where one cannot be read or counts otherwise."""
    entries: list[listing.Entry] = []
    for name in contents.manifests:
        try:
            with open_member(contents.delivery, name) as stream:
                manifest = listing.read_manifest(stream)
        except (Refused, Unpackable) as fault:
            found.append(moved(fault.finding, name))
            continue
        entries += manifest.entries
        if manifest.number and manifest.number != str(len(manifest.entries)):
            found.append(
                Finding(
                    "ddex.manifest_count",
                    name,
                    field="NumberOfMessages",
                    value=quote(manifest.number),
                    detail=str(len(manifest.entries)),
                )
            )
    return tuple(entries)


def _entry_of(entries: tuple[listing.Entry, ...], name: str) -> listing.Entry | None:
    """The entry of a file: by its path, else by its name alone where that is enough."""
    for entry in entries:
        if entry.path.replace("\\", "/").strip("/") == name:
            return entry
    named = [entry for entry in entries if entry.name == name.rpartition("/")[2]]
    return named[0] if len(named) == 1 else None


def _place(entries: tuple[listing.Entry, ...], name: str) -> tuple[int, str]:
    entry = _entry_of(entries, name)
    return (entries.index(entry) if entry is not None else len(entries), name)


def _header(contents: Contents, order: list[str]) -> Header:
    """The header of the first message that has one; family and version as far as all messages share them."""
    identities = {found for root in contents.roots if root and (found := identify(root)) is not None}
    families = {found.family for found in identities}
    versions = {found.version for found in identities}
    first = Header(FORMAT)
    for name in order:
        try:
            with open_member(contents.delivery, name) as stream:
                head = next(read_message(stream), None)
        except Unpackable:
            continue
        if isinstance(head, Header) and (head.sender_id or head.message_id):
            first = head
            break
    return replace(
        first,
        format=families.pop() if len(families) == 1 else FORMAT,
        version=versions.pop() if len(versions) == 1 else "",
        message_id=first.message_id if len(order) == 1 else "",
    )


def _message(delivery: Delivery, name: str, entry: listing.Entry | None) -> Iterator[Item]:
    if entry is not None:
        try:
            with open_member(delivery, name) as stream:
                faults = list(listing.check(entry, stream, name))
        except Unpackable as fault:
            faults = [moved(fault.finding, name)]
        yield from faults
        if any(fault.severity == "error" for fault in faults):
            yield Rejection(MESSAGE, name)
            return
    with open_member(delivery, name) as stream:
        items = _guarded(stream)
        most = MOST_HELD if _may_be_held(delivery, name) else 0
        held = list(islice(items, most))
        whole = len(held) < most
        # The fault that refuses a message stands at its end, just before the rejection.
        ending = deque(held, maxlen=2)
        ending.extend(items)
    if ending and isinstance(ending[-1], Rejection) and ending[-1].kind == FILE:
        yield from (moved(item, name) for item in ending if isinstance(item, Finding))
        yield Finding("ddex.message_refused", name, value=quote(name))
        yield Rejection(MESSAGE, name)
        return
    with open_member(delivery, name) as stream:
        for item in held if whole else _guarded(stream):
            yield replace(item, path=name) if isinstance(item, Header) else moved(item, name)


def _may_be_held(delivery: Delivery, name: str) -> bool:
    """Whether a message is short enough; what its archive says of it is more than it can hold."""
    size = delivery.members[name].file_size
    if size <= HELD_PACKED:
        return True
    with delivery.open(name) as stream:
        return size <= HELD_SIZE and compression_of(stream.read(4)) != "gzip"


def _guarded(stream: BinaryIO) -> Iterator[Item]:
    """The items of a message; an archive that breaks on the way refuses it."""
    try:
        yield from read_message(stream)
    except Unpackable as fault:
        yield fault.finding
        yield Rejection(FILE, fault.finding.position)


def _at(name: str, position: str) -> str:
    if not name:
        return position
    return name if position == FILE else f"{name}:{position}"


def messages_of(stream: BinaryIO) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
    """Each readable message of a seekable file: its path in a batch, and what opens it at its beginning.

    A file that is one message has no path. Opening, and reading what was opened, raises ``Unpackable`` for
    what cannot be unpacked.
    """
    delivery = open_delivery(stream, Limits())
    contents = contents_of(delivery) if delivery is not None else None
    if delivery is None or contents is None:

        def whole() -> BinaryIO:
            stream.seek(0)
            return plain(stream)

        yield "", whole
        return
    for name, root in zip(contents.messages, contents.roots, strict=True):
        if root:
            yield name, partial(open_member, delivery, name)


Placed = TypeVar("Placed", bound=Declaration | Rejection | Finding)


def moved(item: Placed, name: str) -> Placed:
    """The item, and the claims in it, with positions that begin with the path of their message."""
    moved = replace(item, position=_at(name, item.position))
    if isinstance(moved, (RecordingDeclaration, WorkDeclaration)) and moved.claims:
        claims = tuple(replace(claim, position=_at(name, claim.position)) for claim in moved.claims)
        return replace(moved, claims=claims)
    return moved
