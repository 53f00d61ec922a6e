"""Workbooks (``.xlsx``, ECMA-376) as the CSV text that their first table would be saved as.

The sheet is read row by row, so that row 12 of it is line 12 of the text and findings say where to look.
Cells say what a person sees in them: a share shown as ``50%`` is 50, a day is an ISO date in whatever form,
a number has the fifteen digits that spreadsheet programs count with, and what is true or false is ``Y`` or
``N`` as columns of such a meaning have it. A cell with a formula says what was computed when the workbook was
saved.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from parsers.deliveries import Delivery
from parsers.tabular.header import table_of
from parsers.tabular.rows import MOST_COLUMNS
from parsers.tabular.workbook_cells import Styles, plain_number, printable
from parsers.unpacking import CHUNK, SPREADSHEET, Unpackable, Unpacked
from parsers.xml_stream import Document, Path, Refused
from schemas.findings import Finding, quote

WORKBOOK = "xl/workbook.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"

MOST_ROWS = 1 << 20
"""Rows of a sheet, as the programs that write them have it."""

MOST_TEXT = 256 << 20
"""Bytes, about, that the texts which cells share may take: all are held, as any row may point at any."""

TEXT_OVERHEAD = 64
"""Bytes that a text takes beside its letters."""

MOST_SHEETS = 256
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that people see: its name and its file in the archive."""

    name: str
    file: str


def is_workbook(delivery: Delivery) -> bool:
    """Whether an archive is a workbook that can be read."""
    return SPREADSHEET in delivery.names and WORKBOOK in delivery.names


def as_csv(delivery: Delivery) -> tuple[BinaryIO, tuple[Finding, ...]]:
    """UTF-8 text of the first sheet that begins with the header of a table, and findings about the others.

    Where no sheet does, the first one with anything in it is given: its reader says what was seen.

    Raises:
        Unpackable: no workbook, a broken one, or one that is too large; reading the text may raise it too.
    """
    strings = _strings(delivery)
    styles = _styles(delivery)
    filled: list[tuple[Sheet, bytes]] = []
    for sheet in _sheets(delivery):
        first = next((line for line in _Rows(delivery, sheet, strings, styles) if line.strip()), b"")
        if first:
            filled.append((sheet, first))
    if not filled:
        raise Unpackable(Finding("file.empty", "file"))
    chosen = next((sheet for sheet, line in filled if table_of(line)), filled[0][0])
    unread = tuple(
        Finding("workbook.sheet_unread", "file", value=quote(sheet.name), detail=quote(chosen.name))
        for sheet, _ in filled
        if sheet is not chosen
    )
    rows = iter(_Rows(delivery, chosen, strings, styles))
    return io.BufferedReader(Unpacked(_Buffered(rows).produce), CHUNK), unread


class _Buffered:
    """Lines of any length as pieces of a wanted one."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = b""

    def produce(self, most: int) -> bytes:
        """Up to ``most`` bytes, empty at the end."""
        gathered = [self._rest]
        size = len(self._rest)
        while size < most and (line := next(self._lines, b"")):
            gathered.append(line)
            size += len(line)
        found = b"".join(gathered)
        self._rest = found[most:]
        return found[:most]


def _elements(delivery: Delivery, file: str, wanted: list[Path]) -> Iterator[etree._Element]:
    """The wanted elements of a part, with XML that is hostile or broken refused in words of the workbook."""
    document = Document(delivery.open(file), wanted)
    try:
        for found in document.subtrees(document.root()):
            yield found.element
    except Refused as fault:
        raise Unpackable(
            Finding("workbook.broken", "file", value=quote(file), detail=fault.finding.code)
        ) from None


def _sheets(delivery: Delivery) -> list[Sheet]:
    """The sheets that are not hidden, in the order of their tabs."""
    named: list[tuple[str, str]] = []
    for element in _elements(delivery, WORKBOOK, [("sheets", "sheet")]):
        said = _attributes(element)
        if said.get("state", "visible") == "visible":
            named.append((said.get("name", ""), said.get("id", "")))
        if len(named) > MOST_SHEETS:
            raise Unpackable(Finding("workbook.too_large", "file", detail=f"{MOST_SHEETS} sheets"))
    relations = "xl/_rels/workbook.xml.rels"
    targets: dict[str, str] = {}
    if relations in delivery.names:
        for element in _elements(delivery, relations, [("Relationship",)]):
            said = _attributes(element)
            # A target is relative to the workbook's folder unless it begins at the root.
            targets[said.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", said.get("Target", ""))
            ).lstrip("/")
    found = [Sheet(name, targets.get(relation, "")) for name, relation in named]
    return [sheet for sheet in found if sheet.file in delivery.names]


def _strings(delivery: Delivery) -> list[str]:
    found: list[str] = []
    if STRINGS not in delivery.names:
        return found
    held = 0
    for element in _elements(delivery, STRINGS, [("si",)]):
        text = _text(element)
        held += TEXT_OVERHEAD + 2 * len(text)
        if held > MOST_TEXT:
            raise Unpackable(Finding("workbook.too_large", "file", detail=f"{MOST_TEXT >> 20} MiB"))
        found.append(text)
    return found


def _styles(delivery: Delivery) -> Styles:
    """How numbers are shown, by the number of a cell's style."""
    formats: dict[int, str] = {}
    used: list[int] = []
    if STYLES in delivery.names:
        for element in _elements(delivery, STYLES, [("numFmts", "numFmt"), ("cellXfs", "xf")]):
            said = _attributes(element)
            number = said.get("numFmtId", "")
            number_of = int(number) if number.isdecimal() and len(number) < 6 else 0
            if _local(element) == "numFmt":
                formats[number_of] = said.get("formatCode", "")
            else:
                used.append(number_of)
    early = False
    for element in _elements(delivery, WORKBOOK, [("workbookPr",)]):
        early = _attributes(element).get("date1904", "") in ("1", "true")
    return Styles.of(formats, used, from_1904=early)


class _Rows:
    """The rows of a sheet as lines of CSV, blank lines for those that the file leaves out."""

    def __init__(self, delivery: Delivery, sheet: Sheet, strings: list[str], styles: Styles) -> None:
        self._delivery = delivery
        self._sheet = sheet
        self._strings = strings
        self._styles = styles
        self._width = 0

    def __iter__(self) -> Iterator[bytes]:
        line = 0
        for row in _elements(self._delivery, self._sheet.file, [("sheetData", "row")]):
            stated = row.get("r", "")
            number = int(stated) if stated.isdecimal() and len(stated) < 8 else line + 1
            if not line < number <= MOST_ROWS:
                detail = f"row {quote(stated)}"
                raise Unpackable(
                    Finding("workbook.broken", "file", value=quote(self._sheet.file), detail=detail)
                )
            yield from (b"\n" for _ in range(number - line - 1))
            line = number
            yield self._line(row, number)

    def _line(self, row: etree._Element, number: int) -> bytes:
        cells: list[str] = []
        for cell in row:
            if not isinstance(cell.tag, str) or _local(cell) != "c":
                continue
            text = self._said(cell, number)
            column = _column(cell.get("r", ""), len(cells))
            if not text or column < len(cells):
                continue
            if column >= MOST_COLUMNS * 2:
                # Beyond what any table has: one cell tells the reader that there are too many.
                column = max(len(cells), MOST_COLUMNS * 2)
            cells.extend([""] * (column - len(cells)))
            cells.append(text)
        if not cells:
            return b"\n"
        # The header says how many cells a row has; the file leaves out those that nothing stands in.
        self._width = self._width or len(cells)
        cells.extend([""] * (self._width - len(cells)))
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerow(cells)
        return written.getvalue().encode()

    def _said(self, cell: etree._Element, number: int) -> str:
        """What a person sees in a cell, as far as a table needs it."""
        kind = cell.get("t", "n")
        value = next((child.text or "" for child in cell if _is(child, "v")), "")
        if kind == "inlineStr":
            return printable("".join(_text(child) for child in cell if _is(child, "is")))
        if not value:
            if any(_is(child, "f") for child in cell) and kind != "str":
                named = quote(cell.get("r", "")) or f"row {number}"
                raise Unpackable(Finding("workbook.formula", f"line:{number}", value=named))
            return ""
        if kind == "s":
            place = int(value) if value.isdecimal() and len(value) < 10 else -1
            if not 0 <= place < len(self._strings):
                raise Unpackable(
                    Finding(
                        "workbook.broken", f"line:{number}", value=quote(self._sheet.file), detail=value[:20]
                    )
                )
            return printable(self._strings[place])
        if kind == "n":
            return self._styles.shown(cell.get("s", ""), value) or plain_number(value)
        if kind == "b":
            return {"1": "Y", "0": "N"}.get(value, value)
        return printable(value)


def _text(element: etree._Element) -> str:
    """The text of a string with its runs; how it is pronounced is no part of it."""
    parts: list[str] = []
    for child in element:
        if _is(child, "t"):
            parts.append(child.text or "")
        elif _is(child, "r"):
            parts.extend(run.text or "" for run in child if _is(run, "t"))
    return "".join(parts)


def _column(place: str, otherwise: int) -> int:
    """The number of a column from 0, from a place such as ``C12``."""
    found = _PLACE.fullmatch(place)
    if found is None:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _attributes(element: etree._Element) -> dict[str, str]:
    return {etree.QName(str(name)).localname: str(value) for name, value in element.items()}


def _is(node: etree._Element, name: str) -> bool:
    return isinstance(node.tag, str) and _local(node) == name


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
