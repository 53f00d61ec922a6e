"""Shares: exact in and out, and nothing but plain decimal numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.shares import WHOLE, ShareError, apportion, format_percent, parse_percent


@given(st.integers(0, WHOLE))
def test_every_share_is_written_and_read_back(units: int) -> None:
    assert parse_percent(format_percent(units)) == units


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("100", WHOLE),
        (" 33.33 ", 33_330_000),
        ("+.5", 500_000),
        ("5.", 5_000_000),
        ("-0", 0),
        ("0.0000010000000", 1),
        ("000000000050", 50_000_000),
    ],
)
def test_plain_decimals_are_read(text: str, units: int) -> None:
    assert parse_percent(text) == units


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a number"),
        (".", "not a number"),
        ("1e2", "not a number"),
        ("1E+999999999", "not a number"),
        ("1_0", "not a number"),
        ("٥٠", "not a number"),
        ("NaN", "not a number"),
        ("Infinity", "not a number"),
        ("50%", "not a number"),
        ("50,5", "not a number"),
        ("9" * 5000, "not a number"),
        ("0." + "0" * 5000, "not a number"),
        ("0.0000001", "more than six decimals"),
        ("50." + "0" * 29 + "1", "more than six decimals"),
        ("-1", "negative"),
        ("-0.000001", "negative"),
        ("100.000001", "above 100"),
    ],
)
def test_everything_else_is_refused_and_named(text: str, message: str) -> None:
    with pytest.raises(ShareError, match=message):
        parse_percent(text)


def test_a_limit_may_be_another_or_none() -> None:
    assert parse_percent("250", limit=None) == 250_000_000
    with pytest.raises(ShareError, match="above 1"):
        parse_percent("1.5", limit=1_000_000)


@given(st.integers(0, 10**15), st.lists(st.integers(0, WHOLE), min_size=1, max_size=40).filter(any))
def test_parts_add_up_and_are_within_one_of_their_due(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total * weight) < sum(weights)


def test_nothing_is_split_over_nothing() -> None:
    assert apportion(0, [0, 0]) == [0, 0]
    with pytest.raises(ValueError, match="nothing"):
        apportion(1, [])
