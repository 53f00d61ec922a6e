"""The share policy: worked examples of the design, and laws that hold for any claims."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.answers.agreement import TOLERANCE, Source, completed, least_agreed
from schemas.shares import UNITS_PER_PERCENT, WHOLE


def source(name: str, **percent: int) -> Source:
    return Source(name, {party: share * UNITS_PER_PERCENT for party, share in percent.items()})


def shares(*sources: Source) -> tuple[dict[str, int], int, int]:
    outcome = least_agreed(sources)
    agreed = {item.party: item.share // UNITS_PER_PERCENT for item in outcome.agreed if item.share}
    return agreed, outcome.contested // UNITS_PER_PERCENT, outcome.unclaimed // UNITS_PER_PERCENT


def test_two_whole_sources_that_disagree_leave_the_difference_contested() -> None:
    assert shares(source("s", a=60, b=40), source("t", a=40, b=60)) == ({"a": 40, "b": 40}, 20, 0)


def test_partial_sources_that_claim_too_much_yield_the_excess() -> None:
    assert shares(source("s", a=60), source("t", b=60)) == ({"a": 40, "b": 40}, 20, 0)


def test_partial_sources_leave_a_rest_unclaimed() -> None:
    assert shares(source("s", a=30), source("t", b=40)) == ({"a": 30, "b": 40}, 0, 30)


def test_a_whole_source_denies_a_party_it_leaves_out() -> None:
    assert shares(source("s", a=50, b=50), source("t", a=50, c=50)) == ({"a": 50}, 50, 0)


def test_a_partial_source_does_not_deny_whom_it_leaves_out() -> None:
    assert shares(source("s", a=50, b=50), source("t", a=50)) == ({"a": 50, "b": 50}, 0, 0)


def test_no_source_leaves_everything_unclaimed() -> None:
    assert shares() == ({}, 0, 100)


def test_the_rounding_rest_goes_to_the_largest_share_and_is_told() -> None:
    thirds = Source("s", {"a": 33_330_000, "b": 33_330_000, "c": 33_330_000})
    filled, took = completed(thirds)
    assert took == "a"
    assert sum(filled.values()) == WHOLE
    outcome = least_agreed([thirds])
    assert [item.rounded for item in outcome.agreed] == [True, False, False]
    assert outcome.contested == outcome.unclaimed == 0


def test_a_source_over_the_whole_is_named() -> None:
    assert least_agreed([source("s", a=80, b=60)]).overclaims == ("s",)


claims = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, WHOLE), max_size=5)


@given(st.lists(claims, max_size=5))
def test_everything_adds_up_to_the_whole(said: list[dict[str, int]]) -> None:
    outcome = least_agreed([Source(str(number), shares) for number, shares in enumerate(said)])
    assert sum(item.share for item in outcome.agreed) + outcome.contested + outcome.unclaimed == WHOLE
    assert all(0 <= item.share <= item.low <= item.high <= WHOLE for item in outcome.agreed)
    assert outcome.contested >= 0
    assert outcome.unclaimed >= 0


@given(claims)
def test_a_source_agrees_with_itself(said: dict[str, int]) -> None:
    one, two = Source("s", said), Source("t", said)
    assert least_agreed([one, two]).agreed == least_agreed([one]).agreed


@given(st.lists(claims, min_size=1, max_size=4), claims)
def test_another_voice_never_raises_what_is_certain(said: list[dict[str, int]], more: dict[str, int]) -> None:
    first = [Source(str(number), shares) for number, shares in enumerate(said)]
    before = {item.party: item.low for item in least_agreed(first).agreed}
    after = {item.party: item.low for item in least_agreed([*first, Source("x", more)]).agreed}
    # A whole newcomer may fill its largest share up by the rounding rest, never beyond the tolerance.
    assert all(after[party] <= low + TOLERANCE for party, low in before.items())
