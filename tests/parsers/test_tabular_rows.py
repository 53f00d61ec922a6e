"""Rows of CSV files: every row is told once, whatever quotation marks, encodings and lengths come."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.detect import read
from parsers.reading import FILE
from parsers.tabular import lines, rows
from parsers.tabular.rows import Row, read_rows
from schemas.declarations import Header, Rejection, WorkDeclaration
from schemas.findings import Finding

HEADER = "work_ref,title,party_name,pr_share\n"


def taken(data: bytes | str, table: str = "works") -> list[Any]:
    return list(read_rows(io.BytesIO(data.encode() if isinstance(data, str) else data), table))


def told(items: list[Any]) -> list[tuple[str, str]]:
    """Findings anywhere among items, with where they are."""
    found = [item for item in items if isinstance(item, Finding)]
    found += [remark for item in items if isinstance(item, Row) for remark in item.findings]
    return [(item.code, item.position) for item in found]


def refused(data: bytes | str) -> Finding:
    """The finding with which the whole file is refused."""
    items = list(read(io.BytesIO(data.encode() if isinstance(data, str) else data)))
    *others, finding, rejection = items
    assert rejection == Rejection(FILE, finding.position)
    assert isinstance(others[0], Header)
    return finding


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=("Cs",)), max_size=12
).map(str.strip)


@given(st.lists(st.tuples(CELL.filter(bool), CELL, CELL, CELL), max_size=8))
def test_what_the_csv_module_writes_is_read_back(table: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER.strip().split(","), *table])
    found = [item for item in taken(text.getvalue()) if isinstance(item, Row)]
    assert [tuple(row.cells.values()) for row in found] == table


@given(st.text(st.sampled_from('a",;\n\r\t\0 é'), max_size=60))
def test_every_line_of_any_text_is_within_a_row_or_a_finding(body: str) -> None:
    items = taken(HEADER + body)
    assert all(isinstance(item, Row | Finding) for item in items)
    for row in (item for item in items if isinstance(item, Row)):
        assert row.broken == any(remark.severity == "error" for remark in row.findings)
    # A line without quotation marks and blanks is a row of its own wherever it stands.
    marked = HEADER + body.replace('"', "") + "\nlast,B,C,1\n"
    assert [item.ref for item in taken(marked) if isinstance(item, Row)][-1] == "last"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_count_lines(ending: str) -> None:
    text = (HEADER + "A,T,P,50\n\nB,T,P,x,y\n").replace("\n", ending)
    assert [item.position for item in taken(text)] == ["line:2", "line:4"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_of_spreadsheet_programs_are_read_with_a_remark(mark: str, separator: str) -> None:
    text = mark + (HEADER + "A,Жазғы кеш,P,50\n").replace(",", separator)
    *findings, row = taken(text)
    assert row.cells["title"] == "Жазғы кеш"
    assert [item.code for item in findings] == ([] if separator == "," else ["tabular.delimiter"])


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_other_rows() -> None:
    text = HEADER + 'A,"open,P,50\nB,fine,P,50\nC,fine,P,50\n'
    items = taken(text)
    assert told(items) == [("tabular.unclosed_quote", "line:2")]
    assert [(item.ref, item.broken) for item in items] == [("A", True), ("B", False), ("C", False)]


def test_two_stray_quotation_marks_that_meet_are_told() -> None:
    items = taken(HEADER + 'A,"one\nB,two",P,50\n')
    assert told(items) == [("tabular.line_break", "line:2")]
    assert items[0].cells["title"] == "one\nB,two"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('A,"x"y,P,50', "tabular.quoting"),
        ("A,x,P", "tabular.cells"),
        ("A,x,P,50,more", "tabular.cells"),
        ("A,x\0,P,50", "tabular.nul"),
        ("A," + "x" * (rows.CELL_LIMIT + 1) + ",P,50", "tabular.row_too_long"),
        ("A," + "x" * (lines.LINE_LIMIT + 99) + ",P,50", "tabular.row_too_long"),
    ],
)
def test_a_row_that_cannot_be_split_is_told_with_its_reference(row: str, code: str) -> None:
    items = taken(f"{HEADER}{row}\nB,fine,P,50\n")
    assert told(items) == [(code, "line:2")]
    assert [(item.ref, item.broken) for item in items] == [("A", True), ("B", False)]


def test_blank_cells_after_the_last_column_and_blank_rows_say_nothing() -> None:
    items = taken(HEADER + "A,x,P,50,, \n,,,\n   \n")
    assert told(items) == []
    assert [item.ref for item in items] == ["A"]


def test_columns_that_are_not_known_are_kept_and_told() -> None:
    remark, row = taken("work_ref,title,Shelf,\nA,x,9,note\n")
    assert (remark.code, remark.field) == ("tabular.unknown_column", "shelf")
    assert row.extra == (("shelf", "9"), ("column 4", "note"))


@pytest.mark.parametrize(
    ("data", "code", "position"),
    [
        ("work_ref,title,title\n", "tabular.duplicate_column", "line:1"),
        ("\n\nwork_ref,party_name,pr_share\nA,P,50\n", "tabular.missing_column", "line:3"),
        ((HEADER + "A,Жаз,P,50\n").encode("cp1251"), "tabular.encoding", "line:2"),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), "tabular.encoding", "line:1"),
        (HEADER.encode() + b"A,\xff,P,50\n", "tabular.encoding", "line:2"),
        (HEADER.encode() + b"A,x,P,50\nB,\xd0", "tabular.encoding", "line:3"),
        ("work_ref,title," + ",".join(f"c{n}" for n in range(300)) + "\n", "tabular.header", "line:1"),
    ],
)
def test_a_file_that_cannot_be_the_table_is_refused_whole(
    data: bytes | str, code: str, position: str
) -> None:
    found = refused(data)
    assert (found.code, found.position) == (code, position)


def test_a_trap_of_quotation_marks_is_refused_before_it_costs_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROW_LIMIT", 4096)
    monkeypatch.setattr(rows, "REREAD_LIMIT", 1 << 16)
    found = refused(HEADER + 'A,"\n' * 20_000)
    assert found.code == "tabular.unclosed_quote"


def test_a_statement_without_one_of_its_rows_is_no_statement() -> None:
    text = HEADER + 'A,x,P,50\nA,"x,Q,50\nA,x,R,50\nB,y,P,100\n'
    found = [item for item in read(io.BytesIO(text.encode())) if not isinstance(item, Header)]
    assert [type(item) for item in found] == [Finding, Rejection, WorkDeclaration]
    assert (found[1].kind, found[1].position, found[1].ref) == ("work", "line:2", "A")
    assert found[2].ref == "B"


def test_a_broken_row_without_reference_belongs_to_the_statement_around_it() -> None:
    text = HEADER + 'A,x,P,50\n"A"z,x,Q,50\nA,x,R,50\nB,y,P,100\n'
    found = [
        item for item in read(io.BytesIO(text.encode())) if isinstance(item, Rejection | WorkDeclaration)
    ]
    assert [(type(item).__name__, item.ref) for item in found] == [
        ("Rejection", "A"),
        ("WorkDeclaration", "B"),
    ]


def test_a_statement_has_a_limit_of_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    from parsers.tabular import grouping

    monkeypatch.setattr(grouping, "GROUP_ROWS", 10)
    text = HEADER + "".join(f"A,x,P{n},1\n" for n in range(11)) + "B,y,P,100\n"
    found = [item for item in read(io.BytesIO(text.encode())) if not isinstance(item, Header)]
    assert [getattr(item, "code", item.ref if not isinstance(item, Finding) else "") for item in found] == [
        "tabular.too_many_rows",
        "A",
        "B",
    ]


def test_a_reference_that_comes_again_later_is_told() -> None:
    text = HEADER + "A,x,P,100\nB,y,P,100\nA,z,P,100\n"
    found = [item for item in read(io.BytesIO(text.encode())) if isinstance(item, Finding)]
    assert [(item.code, item.position, item.value) for item in found] == [
        ("file.duplicate_ref", "line:4", "A")
    ]
