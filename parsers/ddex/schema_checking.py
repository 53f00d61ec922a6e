"""A message compared with a compiled schema straight from its stream, whatever its size.

The first pass builds no tree, so it takes the same memory for any message. A tree, which the places of faults
come from, is only built of the beginning of a message that has faults, and of no more than ``TREE_SIZE``; in
what lies behind, faults are told by their line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from lxml import etree

TREE_SIZE, TREE_TAGS = 8 << 20, 200_000
"""A tree takes about ten times the bytes, and more where elements are short."""
MAX_ERRORS = 50
CHUNK, FINE = 1 << 16, 1 << 14

Opener = Callable[[], BinaryIO]
"""Opens a message at its beginning; it is asked again for every pass."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault: the XPath of the element, or ``line:N``, and the reason in the words of libxml2."""

    place: str
    reason: str


@dataclass(slots=True)
class Checked:
    """What came out: the faults, and the beginning of the message that holds them if a tree was built of it.

    ``ended`` is the line up to which the message was compared, 0 if that was all of it.
    """

    faults: list[Fault] = field(default_factory=list)
    beginning: bytes = b""
    ended: int = 0


def check(schema: etree.XMLSchema, opened: Opener, *, most_tags: int = 0) -> Checked:
    """Compare a message with a schema; with ``most_tags`` only until so many tags were read.

    Raises:
        etree.LxmlError: it is not well-formed.
    """
    done = Checked()
    faulty = list(_faulty_chunks(schema, opened(), most_tags, done))
    if faulty:
        beginning, cut = _beginning_with_faults(schema, opened())
        if beginning:
            done.beginning = beginning
            root = tree_of(beginning, cut=cut)
            schema.validate(root)
            done.faults = [
                Fault(entry.path or f"line:{entry.line}", str(entry.message))
                for entry in list(schema.error_log)[:MAX_ERRORS]
            ]
        else:
            done.faults = list(_by_line(schema, opened(), set(faulty)))[:MAX_ERRORS]
    return done


def check_syntax(opened: Opener) -> None:
    """Read a message that there is no schema for.

    Raises:
        etree.LxmlError: it is not well-formed.
    """
    scan, stream = _Scan(None), opened()
    while chunk := stream.read(CHUNK):
        scan.feed(chunk)
    scan.feed(b"")


def parser_of(**options: Any) -> Any:
    """A hardened parser; lxml's stubs know no parser with both a target and a schema."""
    make: Any = etree.XMLParser
    return make(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, **options)


def tree_of(message: bytes, *, cut: bool = False) -> etree._Element:
    """The tree of a message, or with ``cut`` of the beginning of one.

    Raises:
        etree.LxmlError: it is not well-formed, or has a DOCTYPE.
    """
    root: etree._Element = etree.fromstring(message, parser_of(recover=cut))
    docinfo = root.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise etree.LxmlError("a DOCTYPE is refused")
    return root


class _Nothing:
    """What a parser builds that only validates: no tree."""

    def close(self) -> None:
        """End."""


class _Scan:
    """A pass without a tree that is fed piece by piece and counts faults."""

    def __init__(self, schema: etree.XMLSchema | None) -> None:
        self._parser = parser_of(target=_Nothing(), schema=schema)
        self._known = 0

    def feed(self, piece: bytes) -> list[str]:
        """The reasons of the faults that this piece brought; the end of the message is an empty one.

        Raises:
            etree.LxmlError: the message is not well-formed.
        """
        if piece:
            self._parser.feed(piece)
        else:
            self._parser.close()
        entries = list(self._parser.feed_error_log)
        new, self._known = entries[self._known :], len(entries)
        if any(entry.domain != etree.ErrorDomains.SCHEMASV for entry in new):
            raise etree.LxmlError(str(new[-1].message))
        return [str(entry.message) for entry in new]


def _faulty_chunks(schema: etree.XMLSchema, stream: BinaryIO, most_tags: int, done: Checked) -> Iterator[int]:
    """Where chunks begin that bring faults, until there are more faults than are told."""
    scan = _Scan(schema)
    begins = faults = tags = lines = 0
    while True:
        chunk = stream.read(CHUNK)
        found = scan.feed(chunk)
        if found:
            yield begins
            faults += len(found)
        if not chunk or faults > MAX_ERRORS:
            return
        begins += len(chunk)
        if most_tags:
            tags += chunk.count(b"<")
            lines += chunk.count(b"\n")
            if tags > most_tags:
                done.ended = lines + 1
                return


def _beginning_with_faults(schema: etree.XMLSchema, stream: BinaryIO) -> tuple[bytes, bool]:
    """As much of a message as holds all faults that are told, and whether it is cut; nothing if that is much.

    To find the place of a fault costs as much as the elements before it, so that nobody may have it found for
    a million of them.
    """
    parser = etree.XMLPullParser(
        events=("pi",), schema=schema, resolve_entities=False, no_network=True, load_dtd=False
    )
    read, tags = bytearray(), 0
    while piece := stream.read(FINE):
        read += piece
        tags += piece.count(b"<")
        if len(read) > TREE_SIZE or tags > TREE_TAGS:
            return b"", True
        parser.feed(piece)
        if len(parser.feed_error_log) > MAX_ERRORS:
            return bytes(read), True
    return bytes(read), False


def _by_line(schema: etree.XMLSchema, stream: BinaryIO, faulty: set[int]) -> Iterator[Fault]:
    """The faults with the lines in which they show, from chunks of which is known that they bring some."""
    scan = _Scan(schema)
    begins, line = 0, 1
    while faulty:
        chunk = stream.read(CHUNK)
        pieces = chunk.splitlines(keepends=True) if begins in faulty and chunk else [chunk]
        for piece in pieces:
            for reason in scan.feed(piece):
                yield Fault(f"line:{line}", reason)
            line += piece.count(b"\n")
        faulty.discard(begins)
        begins += len(chunk)
        if not chunk:
            return
