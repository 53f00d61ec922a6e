"""Territory algebra: order, dates and groups, and the facts that answers about Kazakhstan rest on."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import territories
from schemas.territories import WORLD, canonical, covers, evaluate, members, name, parse, table

TODAY = dt.date(2026, 1, 31)
SOVIET = dt.date(1991, 12, 31)
CODES = sorted(table())
COUNTRIES = [code for code in CODES if table()[code].is_country]
BY_NUMBER = {territory.tis: territory for territory in table().values()}
GROUPS = [code for code in CODES if not table()[code].is_country]

days = st.dates(dt.date(1945, 1, 1), dt.date(2040, 12, 31))
terms = st.builds(str.__add__, st.sampled_from(["", "-"]), st.sampled_from(CODES))
expressions = st.lists(terms, max_size=6).map(tuple)


@given(expression=expressions, on=days)
def test_evaluation_is_membership_by_covers(expression: tuple[str, ...], on: dt.date) -> None:
    assert evaluate(expression, on) == {code for code in COUNTRIES if covers(expression, code, on)}


@given(expression=expressions, group=st.sampled_from(GROUPS), on=days)
def test_a_group_is_covered_when_all_its_countries_are(
    expression: tuple[str, ...], group: str, on: dt.date
) -> None:
    countries = members(group, on)
    assert covers(expression, group, on) == (bool(countries) and countries <= evaluate(expression, on))


def reaches(tis: str, group: str, on: dt.date) -> bool:
    """Whether a climb over the rows valid on the day leads from a territory to a group."""
    territory = BY_NUMBER[tis]
    return territory.exists_from <= on < territory.exists_to and (
        tis == group
        or any(
            reaches(membership.group, group, on)
            for membership in territory.memberships
            if membership.valid_from <= on < membership.valid_to
        )
    )


@given(group=st.sampled_from(GROUPS), on=days)
def test_members_are_those_whose_rows_lead_to_the_group_on_the_day(group: str, on: dt.date) -> None:
    climbed = {code for code in COUNTRIES if reaches(table()[code].tis, group, on)}
    if group == WORLD:
        assert climbed <= members(WORLD, on)
        assert members(WORLD, on) == {code for code in COUNTRIES if members(code, on)}
    else:
        assert members(group, on) == climbed


@given(expression=expressions.filter(bool), code=st.sampled_from(CODES), on=days)
def test_the_last_term_decides(expression: tuple[str, ...], code: str, on: dt.date) -> None:
    before, inside = evaluate(expression, on), members(code, on)
    assert evaluate((*expression, code), on) == before | inside
    assert evaluate((*expression, f"-{code}"), on) == before - inside
    assert evaluate((*expression, f"-{code}", code), on) == before | inside


@given(expression=expressions, on=days)
def test_nothing_lies_outside_the_world(expression: tuple[str, ...], on: dt.date) -> None:
    world = evaluate((), on)
    assert evaluate(expression, on) <= world
    assert world == evaluate((WORLD,), on) == evaluate(("*",), on) == members(WORLD, on)


@given(expression=expressions, on=days)
def test_an_expression_that_begins_with_an_exclusion_starts_from_the_world(
    expression: tuple[str, ...], on: dt.date
) -> None:
    if expression and expression[0].startswith("-"):
        assert evaluate(expression, on) == evaluate((WORLD, *expression), on)
    else:
        assert evaluate(("-KZ", *expression), on) == evaluate((WORLD, "-KZ", *expression), on)


@given(expression=expressions)
def test_parsing_returns_what_was_written(expression: tuple[str, ...]) -> None:
    assert parse("|".join(expression)) == (expression, ())


@given(code=st.sampled_from(CODES), zeros=st.integers(0, 3))
def test_every_spelling_leads_to_one_code(code: str, zeros: int) -> None:
    assert canonical(code) == code
    assert canonical("0" * zeros + table()[code].tis) == code
    assert canonical(f" {code.lower()} ") == code
    assert name(code)


@given(text=st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    expression, unknown = parse(text)
    assert all(canonical(term.removeprefix("-")) == term.removeprefix("-") for term in expression)
    assert all(canonical(term.removeprefix("-")) is None for term in unknown)
    assert len(expression) + len(unknown) == sum(bool(part.strip()) for part in text.split("|"))


def test_order_counts() -> None:
    assert not covers((WORLD, "-KZ"), "KZ", TODAY)
    assert covers(("-KZ", WORLD), "KZ", TODAY)
    assert evaluate((WORLD, "-2106", "KZ"), TODAY) & {"KZ", "CN"} == {"KZ"}
    assert evaluate(("2106", "-KZ"), TODAY) & {"KZ", "CN", "FR"} == {"CN"}


def test_codes_are_read_as_files_write_them() -> None:
    assert [canonical(text) for text in ("398", "0398", "KZ", "kz")] == ["KZ"] * 4
    assert [canonical(text) for text in ("*", "Worldwide", "2136", "2WL")] == [WORLD] * 4
    assert canonical("0056") == "BE"
    assert canonical("810") == "SU"
    assert [canonical(text) for text in ("", "-", "ZZ", "KAZ", "9999", "-KZ")] == [None] * 6
    assert parse(" 2136 |-0398||Nowhere") == ((WORLD, "-KZ"), ("Nowhere",))
    assert parse("") == ((), ())


def test_kazakhstan_begins_when_the_union_ends() -> None:
    first = dt.date(1992, 1, 1)
    assert covers((), "KZ", first)
    assert not covers((), "KZ", SOVIET)
    assert covers(("810",), "SU", SOVIET)
    assert not covers(("810",), "SU", first)
    assert not covers(("810",), "KZ", first), "a mandate for the union says nothing of what came after"
    assert covers(("2106",), "KZ", TODAY)
    assert covers(("2118",), "KZ", TODAY)
    assert not covers(("2120",), "KZ", TODAY)
    assert name("KZ") == "Kazakhstan"
    assert canonical("417") == "KG", "an often repeated mistake gives Kazakhstan this number"


@pytest.mark.parametrize(
    ("group", "country", "first", "end"),
    [
        ("2123", "GB", dt.date(1973, 1, 1), dt.date(2020, 2, 1)),
        ("2123", "HR", dt.date(2013, 7, 1), None),
        ("2123", "AT", dt.date(1995, 1, 1), None),
        ("2118", "GE", dt.date(1994, 1, 1), dt.date(2009, 8, 18)),
        ("2118", "UA", dt.date(1992, 1, 1), dt.date(2018, 5, 19)),
        ("2105", "TL", dt.date(2025, 10, 26), None),
        ("2106", "MO", dt.date(1999, 12, 20), None),
    ],
)
def test_membership_has_a_first_and_a_last_day(
    group: str, country: str, first: dt.date, end: dt.date | None
) -> None:
    one = dt.timedelta(days=1)
    assert not covers((group,), country, first - one)
    assert covers((group,), country, first)
    if end is None:
        assert covers((group,), country, TODAY)
    else:
        assert covers((group,), country, end - one)
        assert not covers((group,), country, end)


def test_membership_changes_what_a_group_needs() -> None:
    union_of_27 = tuple(sorted(members("2123", TODAY)))
    assert len(union_of_27) == 27
    assert covers(union_of_27, "2123", TODAY)
    assert not covers(union_of_27, "2123", dt.date(2019, 1, 1)), "one more member then"
    assert evaluate(("2118",), SOVIET) == frozenset()
    assert not covers((WORLD,), "2118", SOVIET), "a group that does not exist is covered by nothing"


@pytest.mark.parametrize(
    ("group", "countries"),
    [
        ("2131", "DK NO SE"),
        ("2110", "BE LU NL"),
        ("2109", "EE LT LV"),
        ("2111", "GB IE"),
        ("2127", "DK FI IS NO SE"),
        ("2129", "CA MX US"),
        ("2118", "AM AZ BY KG KZ MD RU TJ TM UZ"),
    ],
)
def test_small_groups_have_the_members_everybody_knows(group: str, countries: str) -> None:
    assert evaluate((group,), TODAY) == set(countries.split())


def test_continents_are_parts_of_the_world_and_do_not_overlap() -> None:
    continents = ["2100", "2101", "2106", "2120", "2130"]
    for one in continents:
        assert len(members(one, TODAY)) > 10
        for other in continents:
            if one < other:
                both = members(one, TODAY) & members(other, TODAY)
                assert not both, (name(one), name(other), both)


@pytest.mark.parametrize("code", ["200", "230", "278", "280", "720", "736", "886", "890", "891"])
def test_former_countries_keep_their_number(code: str) -> None:
    known = canonical(code)
    assert known is not None
    assert not covers((), known, TODAY)
    assert covers((), known, table()[known].exists_to - dt.timedelta(days=1))


def test_an_iso_code_belongs_to_the_country_of_today() -> None:
    assert (canonical("DE"), canonical("276"), canonical("280")) == ("DE", "DE", "280")
    assert (canonical("SD"), canonical("729"), canonical("736")) == ("SD", "SD", "736")
    assert (canonical("YE"), canonical("887"), canonical("886")) == ("YE", "YE", "886")
    numbers = [territory.tis for territory in table().values()]
    assert len(numbers) == len(set(numbers))


def test_the_table_is_closed_and_sound() -> None:
    numbers = {territory.tis: territory for territory in table().values()}
    for territory in table().values():
        assert territory.exists_from < territory.exists_to, territory.code
        assert territory.tis.isdecimal()
        assert not territory.tis.startswith("0")
        for membership in territory.memberships:
            group = numbers[membership.group]
            assert not group.is_country, territory.code
            assert membership.valid_from < membership.valid_to, territory.code
            assert membership.valid_from >= territory.exists_from or territory.is_country is False
    today = [code for code in COUNTRIES if covers((), code, TODAY)]
    assert len(today) == 249, "the countries of ISO 3166-1"


def test_an_unknown_code_is_covered_by_nothing_and_covers_nothing() -> None:
    assert not covers((), "ZZ", TODAY)
    assert evaluate(("ZZ",), TODAY) == frozenset()
    assert evaluate(("KZ", "-ZZ"), TODAY) == {"KZ"}
    with pytest.raises(KeyError):
        name("ZZ")
    with pytest.raises(KeyError):
        members("ZZ", TODAY)


def test_days_between_two_changes_share_one_evaluation() -> None:
    first = evaluate(("2136", "-KZ"), dt.date(2026, 3, 1))
    assert evaluate(("2136", "-KZ"), dt.date(2026, 9, 30)) is first
    assert evaluate(("2136",), dt.date.min) <= set(COUNTRIES)
    assert evaluate(("2136",), dt.date.max) == evaluate((), TODAY)
    assert territories.covers((), "KZ", dt.date.max)
