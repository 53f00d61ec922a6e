"""Small workbooks for tests, written part by part, so that every oddity of the format can be had."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = "http://schemas.openxmlformats.org/package/2006/relationships"

Cell = str | tuple[str, str, str]
"""A text, or the type, style and value of a cell as the file has them."""


def cell_xml(place: str, cell: Cell) -> str:
    """A ``c`` element: texts stand inline, others as given."""
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>' if cell else ""
    kind, style, value = cell
    said = "" if value == "" else f"<v>{escape(value)}</v>"
    return f'<c r="{place}" t="{kind}" s="{style}">{said}</c>'


def sheet_xml(rows: Mapping[int, Sequence[Cell]]) -> str:
    """A sheet with its rows by number."""
    written = "".join(
        f'<row r="{number}">'
        + "".join(cell_xml(f"{chr(65 + place)}{number}", cell) for place, cell in enumerate(cells))
        + "</row>"
        for number, cells in rows.items()
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{written}</sheetData></worksheet>'


def workbook(
    sheets: Mapping[str, str],
    *,
    strings: Sequence[str] = (),
    formats: Mapping[int, str] | None = None,
    styles: Sequence[int] = (0,),
    hidden: Sequence[str] = (),
    early: bool = False,
) -> bytes:
    """A workbook of sheets given as XML, shared strings as the inside of ``si`` elements."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for place, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="rId{place}" Type="x/worksheet" Target="worksheets/sheet{place}.xml"/>'
        for place, _ in enumerate(sheets, 1)
    )
    shown = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for number, code in (formats or {}).items()
    )
    used = "".join(f'<xf numFmtId="{number}"/>' for number in styles)
    texts = "".join(f"<si>{item}</si>" for item in strings)
    dated = ' date1904="1"' if early else ""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><workbookPr{dated}/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PARTS}">{related}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{shown}</numFmts>'
        f"<cellXfs>{used}</cellXfs></styleSheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>',
    }
    parts |= {f"xl/worksheets/sheet{place}.xml": text for place, text in enumerate(sheets.values(), 1)}
    return packed({name: text.encode() for name, text in parts.items()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip archive of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()
