"""Society codes: the spellings of files, and a table whose facts hold together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.societies import known, normalise_code
from schemas.territories import canonical

CODES = [f"{number:03d}" for number in range(1000) if known(f"{number:03d}")]
BEYOND_ISO = {"XK"}
"""Kosovo's code is in common use, but ISO 3166-1 leaves it to its users."""


@given(number=st.integers(0, 999), width=st.integers(3, 9))
def test_a_number_has_one_code_however_many_zeros_stand_before_it(number: int, width: int) -> None:
    code = f"{number:03d}"
    assert normalise_code(f"{number:0{width}d}") == normalise_code(str(number)) == code
    assert normalise_code(code) == code


@given(text=st.text())
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise_code(normalise_code(text)) == normalise_code(text)


def test_codes_that_are_no_numbers_stay_words() -> None:
    assert normalise_code(" hub-1 ") == "HUB-1"
    assert normalise_code("052a") == "052A"
    assert normalise_code("٠٥٢") == "٠٥٢"
    assert normalise_code("") == ""


@pytest.mark.parametrize(
    ("code", "name", "country"),
    [
        ("177", "KazAK", "KZ"),
        ("288", "Abyroy", "KZ"),
        ("94", "RAO", "RU"),
        ("052", "PRS", "GB"),
        ("10", "ASCAP", "US"),
        ("128", "IMRO", "IE"),
    ],
)
def test_well_known_codes(code: str, name: str, country: str) -> None:
    society = known(code)
    assert society is not None
    assert society.name.casefold() == name.casefold()
    assert (society.country, society.kind) == (country, "cmo")


def test_unknown_codes_are_unknown() -> None:
    assert known("999") is None
    assert known("") is None


def test_every_row_is_a_fact() -> None:
    assert len(CODES) > 380
    for code in CODES:
        society = known(code)
        assert society is not None
        assert society.code == code
        assert society.name == society.name.strip() != ""
        assert society.kind in {"cmo", "hub", "secretariat"}
        assert (
            not society.country
            or canonical(society.country) == society.country
            or (society.country in BEYOND_ISO)
        ), society


@pytest.mark.parametrize(("code", "kind"), [("319", "hub"), ("777", "hub"), ("312", "secretariat")])
def test_nodes_that_hold_no_mandate_are_told_apart(code: str, kind: str) -> None:
    society = known(code)
    assert society is not None
    assert society.kind == kind
