"""Money: whatever the amount, the currency and the lines, the parts are exact, fair and always the same."""

from __future__ import annotations

import datetime as dt
import itertools
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from hub.answers.answer import Answer, Line, scaled
from hub.answers.question import Question
from schemas import currencies
from schemas.shares import WHOLE, apportion

CURRENCIES = ("JPY", "KZT", "EUR", "KWD", "CLF")
"""From no decimals to four."""

shares = st.lists(st.integers(0, WHOLE), min_size=1, max_size=12).map(
    lambda weights: apportion(WHOLE, weights if any(weights) else [1] * len(weights))
)
amounts = st.integers(0, 10**16)
currency = st.sampled_from(CURRENCIES)


def answer(parts: list[int], minor: int | None, code: str = "") -> Answer:
    question = Question(
        "iswc", "T9123456780", "PR", "radio", "KZ", dt.date(2026, 3, 15), amount=minor, currency=code
    )
    lines = tuple(Line(None, "", part, "unclaimed", reasons=("no_claims",)) for part in parts)
    return Answer(question, 0, {}, lines)


def split(parts: list[int], minor: int, code: str) -> list[int]:
    priced = answer(parts, minor, code).priced()
    return [currencies.parse_amount(str(line.amount), code) for line in priced.lines]


@given(parts=shares, minor=amounts, code=currency)
def test_the_parts_add_up_and_are_within_one_unit_of_their_due(
    parts: list[int], minor: int, code: str
) -> None:
    got = split(parts, minor, code)
    assert sum(got) == minor
    for part, units in zip(parts, got, strict=True):
        assert abs(Fraction(minor * part, WHOLE) - units) < 1
        assert units or not minor * part // WHOLE
    written = [Decimal(str(line.amount)) for line in answer(parts, minor, code).priced().lines]
    assert sum(written) == Decimal(currencies.format_amount(minor, code))


@given(parts=shares, minor=amounts, code=currency)
def test_the_split_is_stable(parts: list[int], minor: int, code: str) -> None:
    got = split(parts, minor, code)
    assert split(parts, minor, code) == got
    # A line with a larger share never gets less.
    ordered = sorted(zip(parts, got, strict=True))
    assert all(
        earlier[1] <= later[1] for earlier, later in itertools.pairwise(ordered)
        if earlier[0] < later[0]
    )  # fmt: skip
    # A line without a share gets nothing, and takes nothing away from the others.
    assert split([*parts, 0], minor, code) == [*got, 0]


@given(parts=shares, weights=shares)
def test_works_in_a_recording_split_it_exactly(parts: list[int], weights: list[int]) -> None:
    lines = list(answer(parts, None).lines)
    recording = [line for weight in weights for line in scaled(lines, weight)]
    assert sum(line.share for line in recording) == WHOLE
    for number, weight in enumerate(weights):
        own = recording[number * len(parts) : (number + 1) * len(parts)]
        assert sum(line.share for line in own) == weight


def test_without_an_amount_nothing_is_split() -> None:
    assert answer([WHOLE], None).priced().lines[0].amount is None
