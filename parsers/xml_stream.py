"""XML as a stream of chosen subtrees: hardened, namespace-strict, in bounded memory.

A message never needs a DTD, so a document with a DOCTYPE is refused before its first element is looked at;
entities are never resolved and nothing is fetched. Depth, total size and the size of one subtree are
limited, and subtrees are freed as soon as they have been handed over.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal, NamedTuple

from lxml import etree

from parsers.reading import FILE
from schemas.findings import Finding, quote

CHUNK = 1 << 16
MAX_DEPTH = 256
"""The limit of libxml2 itself. To look for a lower one costs a thirtieth of reading, and for nothing: readers
follow the paths that they know, and freeing is no recursion."""
MAX_SIZE = 16 << 30
MAX_NODES = 200_000
"""Elements in one subtree: a recording with more is an attack, not a recording."""
MOST_PIECES = 3 * MAX_NODES
"""Elements, texts and instructions in one subtree."""
MAX_ELEMENT = 16 << 20
"""Bytes of one subtree; the longest that is sent is a notice that names 200,000 shares."""
MOST_KINDS = 10_000
"""So many names of elements are remembered; a document with more is not read faster for it."""
MAX_TEXT = 100_000
"""Characters of one text in a subtree; shorter ones are not looked at."""
PROLOGUE = 1 << 20
"""A document that has not begun its first element by then will not be waited for."""

ENCODINGS = re.compile(
    r"utf-?8|utf-?(16|32)([bl]e)?|(us-)?ascii|iso-?8859-?\d+|windows-125\d|koi8-[ru]", re.IGNORECASE
)
"""Encodings that are read; UTF-7 is none of them."""

_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)""")

_DECLARATION = re.compile(rb"<\?xml\s[^>]*?\?>")
MARK = b"<?root?>"
"""An instruction that only this module sees: from it lxml leads to the root while it is still open."""

Path = tuple[str, ...]


class Refused(Exception):
    """The document is refused as a whole; carries the finding that says why and where."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Name:
    """An element's namespace (empty: none) and local name."""

    namespace: str
    local: str


def split(tag: str) -> Name:
    """The name behind lxml's ``{namespace}local``."""
    if tag.startswith("{"):
        namespace, _, local = tag[1:].partition("}")
        return Name(namespace, local)
    return Name("", tag)


class Subtree(NamedTuple):
    """A chosen element with its place; valid until the next one is asked for."""

    path: Path
    position: str
    element: etree._Element


_SUBTREE = tuple.__new__
"""What a named tuple does when it is made, without the function in between: there are millions of them."""


class _Kind(NamedTuple):
    """What a child of a given name is: its own name and path, whether it is chosen or leads to what is."""

    name: str
    path: Path
    wanted: bool
    leads: bool


class Document:
    """One pass over a document: the root's name first, then the chosen subtrees in order.

    ``wanted`` are paths of local names below the root, such as ``("ResourceList", "SoundRecording")``;
    ``*`` stands for any name. ``attributes`` are the root's by local name. ``qualified`` becomes true when
    a chosen element, or one that leads to it, is in a namespace.

    The parser is fed chunk by chunk and asked for no events of elements: to be asked for each costs a
    twentieth of reading, so a processing instruction of our own before the root leads to it. After each
    chunk the tree is walked along its open edge only; on every level all children but the last are complete,
    so they are handed over if chosen, and freed.

    Raises, from ``root`` and ``subtrees``:
        Refused: not well-formed, hostile, or over a limit.
    """

    def __init__(self, stream: BinaryIO, wanted: Collection[Path], *, max_size: int = MAX_SIZE) -> None:
        self._stream = stream
        self._wanted = frozenset(wanted)
        self._leading = frozenset(path[:depth] for path in wanted for depth in range(len(path)))
        self._max_size = max_size
        self._read = 0
        self._head = b""
        self._counts: list[dict[str, int]] = []
        self._kinds: dict[Path, dict[str, _Kind]] = {}
        self._remembered = 0
        self._growing = 0
        self._instructed = False
        self.qualified = False
        self.attributes: dict[str, str] = {}

    def root(self) -> Name:
        """The root element's name.

        Raises:
            Refused: there is none, or the document begins with a DOCTYPE.
        """
        # The tree is built by a parser of its own: this one, which reports elements, is given up at the root.
        scout = _parser(("start",))
        while True:
            chunk = self._chunk()
            self._head += chunk
            fault = _feed(scout, chunk)
            for _, element in scout.read_events():
                _check_doctype(element)
                _check_encoding(self._head)
                self.attributes = {split(str(name)).local: str(value) for name, value in element.items()}
                return split(str(element.tag))
            if fault is not None:
                raise Refused(_malformed(fault))
            if not chunk or self._read > PROLOGUE:
                raise Refused(Finding("xml.malformed", FILE, detail="there is no element"))

    def subtrees(self, root: Name) -> Iterator[Subtree]:
        """The wanted subtrees; call it once, after ``root``."""
        top: etree._Element | None = None
        chunk, self._head = self._head, b""
        begins, begun = _after_declaration(chunk), 0
        if begins is None:
            parser = _parser(
                ("start",), tag=f"{{{root.namespace}}}{root.local}" if root.namespace else root.local
            )
        else:
            parser = _parser(("pi",), remove_pis=False)
            begun = chunk.count(b"\n", 0, begins) + 1
            chunk = chunk[:begins] + MARK + chunk[begins:]
        while True:
            fault = _feed(parser, chunk)
            for event, element in parser.read_events():
                if top is None:
                    top = element if event == "start" else element.getroottree().getroot()
                elif event == "pi" and element.getparent() is not None:
                    self._instructed = True
            if fault is not None:
                # What was complete before the fault is of no use: the message is refused whole.
                raise Refused(_malformed(fault, begun))
            if top is not None:
                yield from self._sweep(top, (), f"/{root.local}", finished=not chunk)
            if not chunk:
                return
            chunk = self._chunk()

    def _sweep(self, parent: etree._Element, path: Path, place: str, *, finished: bool) -> Iterator[Subtree]:
        """Hand over and free the complete children of an element, then go on in the open one."""
        while True:
            depth = len(path)
            while len(self._counts) <= depth:
                self._counts.append({})
            counts = self._counts[depth]
            complete = len(parent) - (not finished)
            leading = path in self._leading
            if leading:
                known = self._kinds.get(path) or {}
                for child in parent[: max(complete, 0)]:
                    kind = known.get(child.tag)  # type: ignore[arg-type]
                    if kind is None and not isinstance(child.tag, str):
                        continue
                    name, below, wanted, leads = kind if kind is not None else self._kind(child, path)
                    number = counts[name] = counts.get(name, 0) + 1
                    if wanted:
                        if self._growing > 1:
                            _check_texts(child)
                        self._growing = 0
                        if self._instructed:
                            # Otherwise a text would end where an instruction stands in it.
                            etree.strip_tags(child, etree.ProcessingInstruction)
                        yield _SUBTREE(Subtree, (below, f"{place}/{name}[{number}]", child))
                    elif leads:
                        yield from self._sweep(child, below, f"{place}/{name}[{number}]", finished=True)
                    if len(self._counts) > depth + 1:
                        del self._counts[depth + 1 :]
            if complete > 0:
                del parent[:complete]
            if finished or not len(parent):
                return
            child = parent[0]
            if not isinstance(child.tag, str):
                return
            name, below, wanted, _ = self._kind(child, path)
            if wanted and leading:
                # An element that is open over several chunks is watched: it may never end.
                if self._growing:
                    _check_growth(child, self._growing * CHUNK)
                self._growing += 1
                return
            parent, path, place = child, below, f"{place}/{name}[{counts.get(name, 0) + 1}]"

    def _kind(self, child: etree._Element, path: Path) -> _Kind:
        key = tag = str(child.tag)
        kind = self._kinds.get(path, {}).get(key)
        if kind is None:
            if tag.startswith("{"):
                self.qualified = self.qualified or path in self._leading
                tag = split(tag).local
            below = (*path, tag)
            wanted = below in self._wanted or (*path, "*") in self._wanted
            kind = _Kind(tag, below, wanted, below in self._leading)
            if self._remembered < MOST_KINDS:
                self._remembered += 1
                self._kinds.setdefault(path, {})[key] = kind
        return kind

    def _chunk(self) -> bytes:
        chunk = self._stream.read(CHUNK)
        self._read += len(chunk)
        if self._read > self._max_size:
            raise Refused(Finding("xml.too_large", FILE, detail=f"{self._max_size} bytes"))
        return chunk


_LONG_TEXTS = etree.XPath("descendant::text()[string-length(.) > $most]")
_NODES, _PIECES = etree.XPath("count(descendant::*)"), etree.XPath("count(descendant::node())")


def _check_growth(element: etree._Element, size: int) -> None:
    """Refuse an open element that holds too much already; ``size`` is what it has taken at least.

    Raises:
        Refused: it does.
    """
    for count, most in ((_NODES, MAX_NODES), (_PIECES, MOST_PIECES)):
        if int(str(count(element)).partition(".")[0]) > most:
            raise Refused(Finding("xml.element_too_large", _line(element), detail=str(MAX_NODES)))
    if size > MAX_ELEMENT:
        raise Refused(Finding("xml.element_too_long", _line(element), detail=str(MAX_ELEMENT)))


def _check_texts(element: etree._Element) -> None:
    """Refuse an element with a text that nobody would read.

    Raises:
        Refused: it has one.
    """
    for text in _LONG_TEXTS(element, most=MAX_TEXT):
        place = text.getparent()
        raise Refused(Finding("xml.text_too_long", _line(place), detail=str(MAX_TEXT)))


def _parser(
    events: tuple[Literal["start", "pi"]], *, tag: str | None = None, remove_pis: bool = True
) -> etree.XMLPullParser:
    """A hardened parser that reports these events, of elements with this tag alone if one is given."""
    return etree.XMLPullParser(
        events=events,
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=remove_pis,
    )


def _after_declaration(head: bytes) -> int | None:
    """Where the prologue goes on after the XML declaration; None where ASCII is not written as such."""
    begins = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if b"\0" in head[:4] or not head[begins:].lstrip().startswith(b"<"):
        return None
    declared = _DECLARATION.match(head, begins)
    return declared.end() if declared else begins


def _feed(parser: etree.XMLPullParser, chunk: bytes) -> etree.XMLSyntaxError | None:
    """Give the parser a chunk, or the end of the document where it is empty; the fault if there is one."""
    try:
        if chunk:
            parser.feed(chunk)
        else:
            parser.close()
    except etree.XMLSyntaxError as fault:
        return fault
    return None


def _line(element: etree._Element) -> str:
    return f"line:{element.sourceline or 0}"


def _check_encoding(head: bytes) -> None:
    """Refuse encodings that no message needs and in which markup can hide from whoever looks at the bytes."""
    # Without their zeros the first characters of UTF-16 and UTF-32 are ASCII as well.
    declared = _DECLARED.match(head.replace(b"\0", b""))
    encoding = declared[1].decode("ascii", "replace") if declared else ""
    if encoding and not ENCODINGS.fullmatch(encoding):
        raise Refused(Finding("xml.encoding", FILE, value=quote(encoding)))


def _check_doctype(element: etree._Element) -> None:
    docinfo = element.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise Refused(Finding("xml.doctype", "line:1", value=quote(docinfo.doctype or "")))


def _malformed(fault: etree.XMLSyntaxError, marked: int = 0) -> Finding:
    """What is wrong where; ``marked`` is the line that our mark has made longer."""
    line, column = fault.position
    column -= len(MARK) * (line == marked)
    if "depth" in fault.msg.lower():
        return Finding("xml.depth", f"line:{line}", detail=str(MAX_DEPTH))
    return Finding("xml.malformed", f"line:{line}", detail=quote(f"{fault.msg} (column {column})"))
