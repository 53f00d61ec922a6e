"""Blocks read by their shape give what the exact reader gives, in ordinary reports and in odd ones."""

from __future__ import annotations

import io

import pytest
from dsr_reports import HEADER, SUMMARY, block, record, report
from hypothesis import given
from hypothesis import strategies as st

from parsers.ddex import dsr, dsr_regular
from parsers.ddex.dsr import Report, UsageLine
from parsers.tabular import lines
from parsers.tabular.lines import Refused
from schemas.findings import Finding

Told = tuple[list[UsageLine | Finding], Report, str]

CODES = ("", "KZA012500001", "KZ-A01-25-00002", "KZA01250000", " KZA012500003 ", "KZA012500004|KZA012500005")
WORKS = ("", "T9123456780", "T-912.345.678-0", "T1", r"T9123456780\|")
TEXTS = (
    "",
    "Dala",
    " ",
    r"A \| B",
    "a|b",
    "ән",
    "\\",
    "7",
    "-3",
    "0.10",
    "2026-03-07",
    "20260308",
    "S1",
    "S2",
    "A1",
)
NAMES = (
    "AS01.01", "AS01", "AS02.03", "AS01.09", " AS01.01", "MW01.01", "SU02", "SU03.02", "SU01", "SU03.01", 
    "SU05", "RU01", "ML01", "LI01.01", "RE01", "SR02", "SY01.01", "CU01", "#SU02", "ZZ", "",
)  # fmt: skip


def told(data: bytes, most: int) -> Told:
    """What is read with blocks of up to so many records read by their shape."""
    found: list[UsageLine | Finding] = []
    about = Report()
    fault = ""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dsr_regular, "MOST", most)
        try:
            found.extend(dsr.read(io.BytesIO(data), about))
        except Refused as refused:
            fault = str(refused.finding)
    return found, about, fault


@st.composite
def blocks(draw: st.DrawFn) -> list[str]:
    number = draw(st.sampled_from(["B1", "B2", "B2 ", "", "B3"]))
    cells = {
        "AS01.01": {"ISRC": draw(st.sampled_from(CODES)), "DspResourceId": draw(st.sampled_from(TEXTS)),
                    "Title": draw(st.sampled_from(TEXTS)), "ResourceReference": "A1"},
        "MW01.01": {"ISWC": draw(st.sampled_from(WORKS)), "DspWorkId": draw(st.sampled_from(TEXTS))},
        "SU03.02": {"SummaryRecordId": draw(st.sampled_from(["S1", "S2", "", " S1"])),
                    "DspResourceId": draw(st.sampled_from(TEXTS)), "Usages": draw(st.sampled_from(TEXTS)),
                    "NetRevenue": draw(st.sampled_from(TEXTS)),
                    "ValidityPeriodStart": draw(st.sampled_from(TEXTS))},
        "SU01": {"SummaryRecordId": "S1", "Usages": draw(st.sampled_from(TEXTS)),
                 "Returns": draw(st.sampled_from(["", "0", "2", "x"]))},
    }  # fmt: skip
    order = draw(
        st.sampled_from(
            [("AS01.01", "SU03.02"), ("AS01.01", "MW01.01", "SU03.02"), ("AS01.01", "SU01"),
             ("MW01.01", "SU03.02"), ("MW01.01", "AS01.01", "SU01"), ("SU03.02",), ("AS01.01",),
             ("AS01.01", "SU03.02", "SU01"), ("SU03.02", "AS01.01")]
        )
    )  # fmt: skip
    shown = [record(name, BlockId=number, **cells[name]) for name in order]
    return [text.rstrip("\t") if draw(st.booleans()) else text for text in shown]


odd = st.builds(
    lambda name, cells: "\t".join([name, *cells]),
    st.sampled_from(NAMES), st.lists(st.sampled_from([*TEXTS, "B1", "B2", *CODES[:2]]), max_size=9),
).map(lambda text: [text])  # fmt: skip


@given(st.lists(blocks() | odd, max_size=8), st.booleans(), st.sampled_from(["\n", "\r\n"]))
def test_the_shape_of_a_block_changes_nothing_but_the_time(
    parts: list[list[str]], headed: bool, end: str
) -> None:
    head = [record("HEAD", **HEADER), record("SY01.01", **SUMMARY)] if headed else []
    data = end.join([*head, *(text for part in parts for text in part)]).encode()
    assert told(data, dsr_regular.MOST) == told(data, 0)


def test_what_blocks_say_is_held_for_those_that_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [
        text
        for number in range(40)
        for text in block(number, isrc=f"KZA0125{number % 7:05d}", iswc="T9123456780", streams=str(number))
    ]
    data = report(texts, blocks=40)
    monkeypatch.setattr(lines, "CHUNK", 50)
    exact = told(data, 0)
    assert [item.usages for item in exact[0] if isinstance(item, UsageLine)] == [str(n) for n in range(40)]
    for held in (1, 3, 100):
        monkeypatch.setattr(dsr_regular, "HELD", held)
        assert told(data, 3) == exact
    assert exact[1].records["SU02"] == 40


def test_what_stands_before_an_unreadable_byte_is_told() -> None:
    data = report(block(1, isrc="nonsense"), blocks=1).replace(b"FOOT", b"ZZ99\nFOOT\xff")
    found, _, fault = told(data, 3)
    assert fault
    assert found == told(data, 0)[0]
