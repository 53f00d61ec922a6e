"""Notice periods: how days are counted, which rows speak, and what an operator's own table may say."""

from __future__ import annotations

import calendar
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.db.times import FOREVER
from hub.errors import Surroundings
from hub.mandates.notice_rules import EFFECTS, NoticeRule, NoticeTerms, load, read, shipped, terms

HEADER = "rule,scope,key,months,effect,year_start,ceiling_months,reaction_days,valid_from,valid_to,source\n"
days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1))
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("notice", "months", "effect", "start", "first"),
    [
        ("2025-12-20", 0, "day", (1, 1), "2025-12-20"),
        ("2025-12-20", 6, "day", (1, 1), "2026-06-21"),
        ("2025-12-20", 6, "month", (1, 1), "2026-07-01"),
        ("2025-12-31", 6, "month", (1, 1), "2026-07-01"),
        ("2026-01-01", 6, "month", (1, 1), "2026-08-01"),
        ("2025-08-31", 6, "day", (1, 1), "2026-03-01"),
        ("2024-02-29", 12, "day", (1, 1), "2025-03-01"),
        ("2026-01-15", 3, "quarter", (1, 1), "2026-07-01"),
        ("2025-12-31", 3, "quarter", (1, 1), "2026-04-01"),
        ("2026-03-31", 3, "half-year", (1, 1), "2026-07-01"),
        ("2026-07-01", 6, "year", (1, 1), "2028-01-01"),
        ("2026-06-30", 6, "year", (1, 1), "2027-01-01"),
        ("2025-12-20", 6, "year", (7, 1), "2026-07-01"),
        ("2026-02-10", 3, "quarter", (4, 15), "2026-07-15"),
    ],
)
def test_days_worked_out_by_hand(
    notice: str, months: int, effect: str, start: tuple[int, int], first: str
) -> None:
    assert NoticeTerms(months, effect, start, 30, "r").earliest(day(notice)) == day(first)


@given(
    days,
    st.integers(0, 24),
    st.sampled_from(sorted(EFFECTS)),
    st.tuples(st.integers(1, 12), st.integers(1, 28)),
)
def test_no_notice_runs_shorter_or_much_longer_than_its_rule(
    notice: dt.date, months: int, effect: str, start: tuple[int, int]
) -> None:
    rule = NoticeTerms(months, effect, start, 30, "r")
    first = rule.earliest(notice)
    plain = NoticeTerms(months, "day", start, 30, "r").earliest(notice)
    assert first >= plain >= notice
    # Counting back from the last day: the whole months lie between it and the notice.
    last = plain - DAY
    if months:
        assert (last.year * 12 + last.month) - (notice.year * 12 + notice.month) == months
        assert last.day == min(notice.day, calendar.monthrange(last.year, last.month)[1])
    if EFFECTS[effect]:
        assert first.day == start[1]
        assert (first.month - start[0]) % EFFECTS[effect] == 0
        assert (first - plain).days < 31 * EFFECTS[effect]
    else:
        assert first == plain


@given(days, st.integers(0, 400), st.integers(0, 12), st.sampled_from(sorted(EFFECTS)))
def test_a_later_notice_never_takes_effect_earlier(
    notice: dt.date, later: int, months: int, effect: str
) -> None:
    rule = NoticeTerms(months, effect, (1, 1), 30, "r")
    assert rule.earliest(notice) <= rule.earliest(notice + later * DAY)


@given(days, days, st.integers(0, 400))
def test_the_time_to_react_never_begins_before_one_could_know(
    notice: dt.date, filed: dt.date, reaction: int
) -> None:
    until = NoticeTerms(0, "day", (1, 1), reaction, "r").deadline(notice, filed)
    assert until == max(notice, filed) + reaction * DAY


@given(st.dates(dt.date(9990, 1, 1)), st.integers(0, 120), st.sampled_from(sorted(EFFECTS)))
def test_the_end_of_the_calendar_breaks_nothing(notice: dt.date, months: int, effect: str) -> None:
    rule = NoticeTerms(months, effect, (1, 1), 3650, "r")
    assert notice <= rule.earliest(notice) <= FOREVER
    assert notice <= rule.deadline(notice, notice) <= FOREVER


def rows(text: str) -> tuple[NoticeRule, ...]:
    return (*shipped(), *read(HEADER + text, "own"))


def test_the_society_speaks_before_its_jurisdiction_and_the_default() -> None:
    own = rows("s,society,58,3,quarter,,,14,,,statutes\nlong,society,035,12,year,,,,,,statutes\n")
    sacem = terms(own, "058", "FR", day("2026-01-01"))
    assert (sacem.months, sacem.effect, sacem.reaction_days, sacem.rule) == (3, "quarter", 14, "s")
    # The directive caps what a society asks for, not when its notices take effect.
    gema = terms(own, "035", "DE", day("2026-01-01"))
    assert (gema.months, gema.effect, gema.reaction_days) == (6, "year", 30)
    assert "eea-2014-26" in gema.rule.split("+")
    other = terms(own, "074", "SE", day("2026-01-01"))
    assert (other.months, other.effect) == (6, "day")


def test_a_row_holds_in_its_period_and_the_later_one_of_two_speaks() -> None:
    own = rows(
        "old,society,058,9,,,,,2000-01-01,2010-01-01,s\nnew,society,058,4,,,,,2005-01-01,2010-01-01,s\n"
    )
    assert terms(own, "058", "FR", day("2004-06-01")).months == 9
    assert terms(own, "058", "FR", day("2006-06-01")).months == 4
    assert terms(own, "058", "FR", day("2010-01-01")).months == 0  # before the directive was carried over
    assert terms(own, "052", "GB", day("2021-01-01")).rule.startswith("gb-")


def test_nothing_is_made_up_where_no_period_is_known() -> None:
    for country in ("KZ", "US", ""):
        found = terms(shipped(), "177", country, day("2026-01-01"))
        assert (found.months, found.effect, found.reaction_days, found.rule) == (0, "day", 30, "hub-default")
    assert all(item.source for item in shipped())


def test_an_operators_table_adds_rows_and_replaces_those_of_the_same_name(tmp_path: Path) -> None:
    assert load(tmp_path) == shipped()
    table = tmp_path / "notice_rules.csv"
    table.write_text(HEADER + "kz-6-I,jurisdiction,398,1,month,,,,,,the law as read\n", encoding="utf-8")
    own = load(tmp_path)
    assert len(own) == len(shipped())
    assert terms(own, "177", "KZ", day("2026-01-10")).earliest(day("2026-01-10")) == day("2026-03-01")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule,scope\n", "columns"),
        (HEADER + "r,planet,*,1,,,,,,,s\n", "scope"),
        (HEADER + "r,default,*,1,week,,,,,,s\n", "effect"),
        (HEADER + "r,default,*,-1,,,,,,,s\n", "months"),
        (HEADER + "r,default,*,1,,02-30,,,,,s\n", "line 2"),
        (HEADER + "r,default,*,1,,01-31,,,,,s\n", "year_start"),
        (HEADER + "r,jurisdiction,Narnia,1,,,,,,,s\n", "territories"),
        (HEADER + "r,default,*,1,,,,,,,\n", "source"),
        (HEADER + "r,default,*,1,,,,,soon,,s\n", "line 2"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "notice_rules.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Surroundings, match=said):
        load(tmp_path)
