from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workbooks import Cell, packed, sheet_xml, workbook

from parsers.detect import as_read, read
from parsers.reading import Item
from parsers.tabular.workbook_cells import plain_number
from schemas.declarations import Header, Rejection, WorkDeclaration
from schemas.findings import Finding

HEADER = ["work_ref", "title", "party_name", "role", "society", "pr_share", "duration", "territories"]
ONE = ["A", "Дала", "Абай", "CA", "177", "100", "3:25", "KZ"]


def text_of(data: bytes) -> str:
    return as_read(io.BytesIO(data)).read().decode()


def told(data: bytes) -> list[Item]:
    return list(read(io.BytesIO(data)))


def refused(data: bytes) -> Finding:
    *_, finding, rejection = told(data)
    assert isinstance(rejection, Rejection)
    assert rejection.kind == "file"
    assert isinstance(finding, Finding)
    return finding


def one_sheet(rows: Mapping[int, Sequence[Cell]], **more: object) -> bytes:
    return workbook({"Works": sheet_xml(rows)}, **more)  # type: ignore[arg-type]


def test_a_workbook_says_what_its_sheet_would_say_as_csv() -> None:
    data = one_sheet({1: HEADER, 2: ONE})
    plain = (",".join(HEADER) + "\n" + ",".join(ONE) + "\n").encode()
    assert told(data) == told(plain)
    (work,) = [item for item in told(data) if isinstance(item, WorkDeclaration)]
    assert (work.ref, work.title, work.duration) == ("A", "Дала", 205)


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("0.00%", "0.1667", "16.67"),
        ("0%", "0.5", "50"),
        ("General", "16.670000000000002", "16.67"),
        ("General", "1.2E+3", "1200"),
        ("dd.mm.yyyy", "45000", "2023-03-15"),
        ('d" кк "mmmm yyyy', "45000", "2023-03-15"),
        ("[$-43F]dd/mm/yy", "45000.5", "2023-03-15T12:00:00"),
        ("mmm", "60", "1900-03-01"),
        ("yyyy", "1", "1900-01-01"),
        ("yyyy", "0", "0"),
        ("yyyy", "-3", "-3"),
        ("yyyy", "2958465", "9999-12-31"),
        ("yyyy", "2958466", "2958466"),
        ("[mm]:ss", "0.002372685185", "3:25"),
        ("h:mm:ss", "0.142361111111", "3:25:00"),
        ("h:mm", "0.142361111111", "3:25"),
        ("[h]:mm:ss", "1.5", "36:00:00"),
        ("[Red]#,##0.00", "1234.5", "1234.5"),
        ('0.0"%"', "50", "50"),
        ("General", "0007", "7"),
        ("General", "n/a", "n/a"),
    ],
)
def test_a_number_is_read_as_people_see_it(code: str, value: str, said: str) -> None:
    data = one_sheet(
        {1: ["work_ref", "title"], 2: ["A", ("n", "1", value)]}, formats={164: code}, styles=(0, 164)
    )
    assert text_of(data).splitlines()[1] == f"A,{said}"


def test_days_may_be_counted_from_1904() -> None:
    rows = {1: ["work_ref", "title"], 2: ["A", ("n", "1", "0")]}
    assert text_of(one_sheet(rows, styles=(0, 14), early=True)).endswith("A,1904-01-01\n")


@given(st.decimals(min_value=0, max_value=100, places=6))
def test_a_share_of_six_decimals_comes_through_the_binary_number_that_a_workbook_holds(share: object) -> None:
    # Programs write seventeen digits of the binary number nearest to what was typed.
    assert plain_number(f"{float(str(share)):.17g}") == plain_number(str(share))


def test_shared_texts_have_their_runs_and_not_their_pronunciation() -> None:
    strings = ["<r><t>Да</t></r><r><t>ла</t></r><rPh><t>x</t></rPh>", "<t>a_x000D_\nb</t>", "<t>work_ref</t>"]
    shared = {1: [("s", "0", "2"), "title", "party_name"], 2: ["A", ("s", "0", "0"), ("s", "0", "1")]}
    assert text_of(one_sheet(shared, strings=strings)) == "work_ref,title,party_name\nA,Дала,a b\n"


def test_rows_that_the_file_leaves_out_are_counted_so_that_findings_name_the_row_of_the_sheet() -> None:
    data = one_sheet({3: HEADER, 7: [*ONE[:5], "many", *ONE[6:]]})
    found = [item for item in told(data) if isinstance(item, Finding)]
    assert [(item.code, item.position, item.field) for item in found] == [
        ("tabular.number", "line:7", "pr_share")
    ]


def test_cells_stand_where_they_say_and_too_many_are_told() -> None:
    sheet = (
        '<worksheet><sheetData><row><c r="A1" t="inlineStr"><is><t>work_ref</t></is></c>'
        '<c r="B1" t="str"><v>title</v></c></row>'
        '<row r="2"><c t="str"><v>A</v></c><c r="B2" t="str"><v>T</v></c>'
        '<c r="XFD2" t="str"><v>beyond</v></c></row></sheetData></worksheet>'
    )
    found = told(workbook({"x": sheet}))
    assert [item.code for item in found if isinstance(item, Finding)] == ["tabular.cells"]
    assert isinstance(found[-1], Rejection)


def test_the_first_visible_sheet_with_a_table_is_read_and_the_others_are_named() -> None:
    note = sheet_xml({1: ["How to fill this in"]})
    works = sheet_xml({1: HEADER, 2: ONE})
    sheets = {"Read me": note, "Hidden": works, "Works": works, "More": works, "Blank": sheet_xml({})}
    header, *others = told(workbook(sheets, hidden=["Hidden"]))
    assert isinstance(header, Header)
    assert header.format == "works-csv"
    unread = [item for item in others if isinstance(item, Finding)]
    assert [(item.code, item.value, item.detail) for item in unread] == [
        ("workbook.sheet_unread", "Read me", "Works"),
        ("workbook.sheet_unread", "More", "Works"),
    ]


def test_a_workbook_without_a_table_says_what_was_seen() -> None:
    found = refused(one_sheet({2: ["Invoice", "KZT"]}))
    assert found.code == "file.unknown_format"
    assert "Invoice" in found.detail


def test_what_is_true_stands_as_the_columns_have_it() -> None:
    data = one_sheet({1: ["work_ref", "title"], 2: [("b", "0", "1"), ("b", "0", "0")]})
    assert text_of(data).splitlines()[1] == "Y,N"


CONTENTS = "[Content_Types].xml"
FORMULA = '<worksheet><sheetData><row r="4"><c r="B4"><f>A1</f></c></row></sheetData></worksheet>'
AGAIN = '<worksheet><sheetData><row r="4"/><row r="4"/></sheetData></worksheet>'
DOCTYPE = '<!DOCTYPE x [<!ENTITY e "x">]><worksheet><sheetData/></worksheet>'


@pytest.mark.parametrize(
    ("data", "code", "position"),
    [
        (workbook({"x": FORMULA}), "workbook.formula", "line:4"),
        (workbook({"x": AGAIN}), "workbook.broken", "file"),
        (workbook({"x": DOCTYPE}), "workbook.broken", "file"),
        (workbook({"x": "<worksheet><sheetData><row>"}), "workbook.broken", "file"),
        (one_sheet({1: [("s", "0", "9")]}), "workbook.broken", "line:1"),
        (one_sheet({1: [("s", "0", "-1")]}), "workbook.broken", "line:1"),
        (one_sheet({1_048_577: ["work_ref"]}), "workbook.broken", "file"),
        (one_sheet({}), "file.empty", "file"),
        (workbook({}), "file.empty", "file"),
        (packed({CONTENTS: b"<x/>", "word/document.xml": b"<x/>"}), "archive.spreadsheet", "file"),
        (packed({CONTENTS: b"<x/>", "xl/workbook.xml": b"x"}), "workbook.broken", "file"),
    ],
    ids=[
        "formula without result", "row twice", "doctype", "cut", "no such text", "negative text",
        "row too far", "empty sheet", "no sheet", "document", "no xml",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(data: bytes, code: str, position: str) -> None:
    found = refused(data)
    assert (found.code, found.position) == (code, position)


def test_texts_are_held_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.tabular.workbook.MOST_TEXT", 500)
    assert refused(one_sheet({1: HEADER}, strings=["<t/>"] * 8)).code == "workbook.too_large"


@given(st.binary(max_size=40), st.integers(min_value=0, max_value=3000))
def test_a_damaged_workbook_is_told_of_and_breaks_nothing(noise: bytes, place: int) -> None:
    data = bytearray(one_sheet({1: HEADER, 2: ONE}))
    place %= len(data)
    data[place : place + len(noise)] = noise
    items = told(bytes(data))
    assert isinstance(items[0], Header)
