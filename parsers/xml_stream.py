"""XML as a stream of chosen subtrees: hardened, namespace-strict, in bounded memory.

A message never needs a DTD, so a document with a DOCTYPE is refused before its first element is looked at;
entities are never resolved and nothing is fetched. Depth, total size and the size of one subtree are
limited, and subtrees are freed as soon as they have been handed over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from parsers.reading import FILE
from schemas.findings import Finding, quote

CHUNK = 1 << 16
MAX_DEPTH = 64
MAX_SIZE = 16 << 30
MAX_NODES = 200_000
"""Elements in one subtree: a recording with more is an attack, not a recording."""
PROLOGUE = 1 << 20
"""A document that has not begun its first element by then will not be waited for."""

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


@dataclass(frozen=True, slots=True)
class Subtree:
    """A chosen element with its place; valid until the next one is asked for."""

    path: Path
    position: str
    element: etree._Element


class Document:
    """One pass over a document: the root's name first, then the chosen subtrees in order.

    ``wanted`` are paths of local names below the root, such as ``("ResourceList", "SoundRecording")``;
    ``*`` stands for any name. ``qualified`` becomes true when an element below the root is in a namespace.

    Raises, from ``root`` and ``subtrees``:
        Refused: not well-formed, hostile, or over a limit.
    """

    def __init__(self, stream: BinaryIO, wanted: Collection[Path], *, max_size: int = MAX_SIZE) -> None:
        self._stream = stream
        self._wanted = frozenset(wanted)
        self._depths = {len(path) for path in wanted}
        self._max_size = max_size
        self._read = 0
        self._parser = etree.XMLPullParser(
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        self._events = self._pull()
        self.qualified = False

    def root(self) -> Name:
        """The root element's name.

        Raises:
            Refused: there is none, or the document begins with a DOCTYPE.
        """
        for _, element in self._events:
            return split(str(element.tag))
        raise Refused(Finding("xml.malformed", FILE, detail="there is no element"))

    def subtrees(self, root: Name) -> Iterator[Subtree]:
        """The wanted subtrees; call it once, after ``root``."""
        path: list[str] = []
        counts: list[dict[str, int]] = [{}]
        holding = 0
        nodes = 0
        for event, element in self._events:
            if event == "start":
                name = split(str(element.tag))
                self.qualified = self.qualified or bool(name.namespace)
                path.append(name.local)
                counts[-1][name.local] = counts[-1].get(name.local, 0) + 1
                counts.append({})
                if len(path) >= MAX_DEPTH:
                    raise Refused(Finding("xml.depth", self._line(element), detail=str(MAX_DEPTH)))
                if holding:
                    nodes += 1
                    if nodes > MAX_NODES:
                        raise Refused(
                            Finding("xml.element_too_large", self._line(element), detail=str(MAX_NODES))
                        )
                elif len(path) in self._depths and self._is_wanted(path):
                    holding, nodes = len(path), 1
                continue
            if not path:
                continue
            if holding == len(path):
                steps = (f"{name}[{count[name]}]" for name, count in zip(path, counts, strict=False))
                position = f"/{root.local}/" + "/".join(steps)
                yield Subtree(tuple(path), position, element)
                holding = 0
            path.pop()
            counts.pop()
            if not holding:
                _free(element)

    def _is_wanted(self, path: list[str]) -> bool:
        here = tuple(path)
        return here in self._wanted or (*here[:-1], "*") in self._wanted

    def _pull(self) -> Iterator[tuple[str, etree._Element]]:
        begun = False
        while True:
            chunk = self._stream.read(CHUNK)
            self._read += len(chunk)
            if self._read > self._max_size:
                raise Refused(Finding("xml.too_large", FILE, detail=f"{self._max_size} bytes"))
            try:
                if chunk:
                    self._parser.feed(chunk)
                else:
                    self._parser.close()
            except etree.XMLSyntaxError as fault:
                # What was complete before the fault is of no use: the message is refused whole.
                self._refuse_doctype()
                raise Refused(_malformed(fault)) from None
            for event, element in self._parser.read_events():
                if not begun:
                    begun = True
                    _check_doctype(element)
                yield event, element
            if not begun and self._read > PROLOGUE:
                raise Refused(Finding("xml.malformed", FILE, detail="there is no element"))
            if not chunk:
                return

    def _refuse_doctype(self) -> None:
        for _, element in self._parser.read_events():
            _check_doctype(element)
            return

    @staticmethod
    def _line(element: etree._Element) -> str:
        return f"line:{element.sourceline or 0}"


def _check_doctype(element: etree._Element) -> None:
    docinfo = element.getroottree().docinfo
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise Refused(Finding("xml.doctype", "line:1", value=quote(docinfo.doctype or "")))


def _malformed(fault: etree.XMLSyntaxError) -> Finding:
    line, column = fault.position
    return Finding("xml.malformed", f"line:{line}", detail=quote(f"{fault.msg} (column {column})"))


def _free(element: etree._Element) -> None:
    """Let go of a finished element and of everything before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
