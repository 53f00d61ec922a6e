"""A place of a stored file as people read it: the lines around it, or the element of an XML message."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from lxml import etree

from parsers.detect import as_read
from parsers.unpacking import Unpackable
from schemas.cwr.layouts import layouts

AROUND = 2
"""Lines that are shown before and after the one that is asked for."""

LONGEST_TRANSACTION = 60
WIDEST = 2000
LARGEST_MESSAGE = 64 << 20
"""XML messages over so many bytes are not looked into by a page."""

LINE = re.compile(r"line:(\d+)")
STEP = re.compile(r"([^/\[\]]+)(?:\[(\d+)\])?")
CWR_HEADS = ("AGR", "NWR", "REV", "ISW", "EXC", "ACK")
CWR_ENDS = (*CWR_HEADS, "GRH", "GRT", "TRL", "HDR")


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in three parts of which the middle one is marked; ``here`` is the one that is meant."""

    number: int
    before: str
    marked: str
    after: str
    here: bool

    @property
    def blank(self) -> bool:
        """Whether what is marked cannot be seen: nothing but spaces stands there."""
        return bool(self.marked) and not self.marked.strip()


def line_of(position: str) -> int:
    """The line that a position names, 0 for none."""
    found = LINE.fullmatch(position.partition(":col")[0])
    return int(found[1]) if found else 0


def lines(
    path: Path, number: int, *, version: str = "", record: str = "", field: str = "", whole: bool = False
) -> list[Shown]:
    """The lines around one, with the field that a finding is about marked; none if the file is shorter.

    ``version`` is that of a CWR file, whose records have fixed columns; other files are read as CSV.
    ``whole`` shows a CWR transaction to its end. Of a packed file or a workbook the lines are those it was
    read as.
    """
    first = ""
    raw: list[tuple[int, str]] = []
    with path.open("rb") as source:
        try:
            for at, line in enumerate(islice(as_read(source), number + LONGEST_TRANSACTION), start=1):
                first = first or _text(line[: 1 << 16])
                if at >= number - AROUND:
                    raw.append((at, _text(line[:WIDEST])))
        except Unpackable:
            return []
    shown = []
    for at, text in raw:
        beyond = at - number
        if beyond > AROUND and not (whole and version):
            break
        if whole and version and beyond > 0 and text[:3] in CWR_ENDS:
            break
        span = _span(text, first, version, record, field) if at == number else None
        start, end = span or (0, 0)
        shown.append(Shown(at, text[:start], text[start:end], text[end:], at == number))
    return shown if any(item.here for item in shown) else []


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        return raw.decode("cp1251", "replace").rstrip("\r\n")


def _span(text: str, head: str, version: str, record: str, field: str) -> tuple[int, int] | None:
    """Where a field stands in a line."""
    if not field:
        return None
    if version:
        layout = layouts(version).get(text[:3] if text[:3].strip() else record)
        found = next((item for item in layout.fields if item.name == field), None) if layout else None
        return (found.start - 1, found.start - 1 + found.size) if found else None
    separator = ";" if head.count(";") > head.count(",") else ","
    names = next(csv.reader(io.StringIO(head), delimiter=separator), [])
    if field not in names:
        return None
    return _cell(text, separator, names.index(field))


def _cell(text: str, separator: str, wanted: int) -> tuple[int, int] | None:
    """The span of a cell of a CSV line that does not go on in the next line."""
    start, place, quoted = 0, 0, False
    for at, letter in enumerate(text + separator):
        if letter == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            if place == wanted:
                return start, at
            start, place = at + 1, place + 1
    return None


def element(path: Path, position: str) -> str:
    """The XML of the element at an XPath such as the readers give; empty where there is none to show."""
    if not position.startswith("/") or path.stat().st_size > LARGEST_MESSAGE:
        return ""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        with path.open("rb") as source:
            message = as_read(source).read(LARGEST_MESSAGE + 1)
        if len(message) > LARGEST_MESSAGE:
            return ""
        root = etree.fromstring(message, parser)
    except (etree.XMLSyntaxError, Unpackable):
        return ""
    steps = [STEP.fullmatch(part) for part in position.strip("/").split("/")]
    if None in steps:
        return ""
    named = [(step[1], int(step[2] or 1)) for step in steps if step]
    found = root
    if named and _name(root) == named[0][0]:
        named = named[1:]
    for name, count in named:
        children = [child for child in found if isinstance(child.tag, str) and _name(child) == name]
        if len(children) < count:
            return ""
        found = children[count - 1]
    etree.cleanup_namespaces(found)
    written = etree.tostring(found, encoding="unicode", with_tail=False)
    return written[: WIDEST * 10]


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname
