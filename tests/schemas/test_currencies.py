"""Money: exact minor units there and back, and every text that is no amount is refused as such."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.currencies import EXPONENTS, LIMIT, exponent, format_amount, parse_amount

codes = st.sampled_from(sorted(EXPONENTS))


@given(minor=st.integers(0, LIMIT - 1), code=codes)
def test_amounts_survive_writing_and_reading(minor: int, code: str) -> None:
    assert parse_amount(format_amount(minor, code), code) == minor


@given(minor=st.integers(0, 10**20), code=codes)
def test_the_written_amount_is_the_exact_number(minor: int, code: str) -> None:
    assert Decimal(format_amount(minor, code)).scaleb(EXPONENTS[code]) == minor
    assert format_amount(-minor, code) == (f"-{format_amount(minor, code)}" if minor else "0" + _zeros(code))


def _zeros(code: str) -> str:
    return f".{'0' * EXPONENTS[code]}" if EXPONENTS[code] else ""


@given(text=st.text(), code=codes)
def test_only_value_errors_leave(text: str, code: str) -> None:
    try:
        minor = parse_amount(text, code)
    except ValueError:
        return
    assert 0 <= minor < LIMIT


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("KZT", 2),
        ("RUB", 2),
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("KWD", 3),
        ("TND", 3),
        ("CLF", 4),
        ("BGN", 2),
    ],
)
def test_decimals_of_currencies(code: str, decimals: int) -> None:
    assert exponent(code) == exponent(code.lower()) == decimals


def test_unknown_currencies_are_unknown() -> None:
    assert exponent("XXX") is None
    with pytest.raises(ValueError, match="unknown currency XXX"):
        parse_amount("1", "XXX")
    with pytest.raises(ValueError, match="unknown currency XXX"):
        format_amount(1, "XXX")


def test_the_table_has_the_currencies_in_use() -> None:
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in EXPONENTS)
    assert len(EXPONENTS) > 170


@pytest.mark.parametrize(
    ("text", "code", "minor"),
    [
        ("1000", "KZT", 100000),
        ("0.01", "KZT", 1),
        ("12.", "EUR", 1200),
        ("1.000", "JPY", 1),
        (" +7.5 ", "KWD", 7500),
    ],
)
def test_amounts_are_read(text: str, code: str, minor: int) -> None:
    assert parse_amount(text, code) == minor


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a number"),
        ("1,000.00", "not a number"),
        ("1e3", "not a number"),
        ("1E+999999", "not a number"),
        ("NaN", "not a number"),
        ("1_000", "not a number"),
        ("١٢", "not a number"),
        ("-1", "negative"),
        ("0.001", "KZT has 2 decimals"),
        ("1." + "0" * 40 + "1", "KZT has 2 decimals"),
        ("1" + "0" * 22, "too large"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_amount(text, "KZT")
