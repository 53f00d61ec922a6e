"""A record survives reading and writing: the proof of the layout table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.cwr.records import parse, values_by_name, write
from schemas.cwr.layouts import Layout, layout, layouts

LAYOUTS = [found for version in ("2.0", "2.1", "2.2", "3.0", "3.1") for found in layouts(version).values()]
TEXT = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=700)


@given(st.sampled_from(LAYOUTS), TEXT)
def test_writing_what_was_read_gives_the_line_again(found: Layout, text: str) -> None:
    line = text[: found.size]
    assert write(found, parse(found, line)) == line.ljust(found.size)


@given(st.sampled_from(LAYOUTS), st.data())
def test_reading_what_was_written_gives_the_values_again(found: Layout, data: st.DataObject) -> None:
    letters = st.text("ABCDEFGH", min_size=1)
    values = {
        field.name: data.draw(letters, label=field.name)[: field.size]
        for field in found.fields
        if field.format in "AL" and field.name != "record_type"
    }
    line = write(found, values)
    assert len(line) == found.size
    read = values_by_name(found, line)
    assert {name: read[name] for name in values} == values
    assert read["record_type"] == found.record


def test_numbers_are_filled_with_zeros_and_text_with_blanks() -> None:
    line = write(layout("2.2", "SPT"), {"ip_number": "P1", "pr_share": "5000", "inclusion": "I"})
    assert line.startswith("SPT" + "0" * 16 + "P1       " + " " * 6 + "05000" + "00000" * 2 + "I")


def test_an_optional_number_stays_blank() -> None:
    assert write(layout("2.2", "PWR"), {}).endswith("  ")


def test_values_that_do_not_fit_are_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="holds 60"):
        write(layout("2.1", "NWR"), {"title": "X" * 61})
    with pytest.raises(ValueError, match="no field"):
        write(layout("2.1", "NWR"), {"subtitle": "X"})
    with pytest.raises(ValueError, match="argument 2"):
        write(layout("2.1", "TRL"), ["TRL"])
