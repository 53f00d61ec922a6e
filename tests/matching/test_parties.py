"""Parties by the table: each row decides what it says, and contributions add up to the score."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import parties
from matching.forms import PartyForm
from matching.normalize.names import name_key
from matching.parties import ANY, RULES, Rule, judge_parties, party_alike


def party(name: str = "", number: str = "", base: str = "") -> PartyForm:
    key = name_key(name)
    return PartyForm(name, key, key.replace(" ", ""), number, base)


CASES = [
    (party("Абай Құнанбайұлы", base="I1"), party("Someone Else", base="I1"), 1000, "IPI"),
    (party("Erlan Alimov", "1", "I1"), party("Erlan Alimov", "1", "I2"), 0, "IPI"),
    (party("Erlan Alimov", "1"), party("Pseudonym", "1"), 1000, "IPI"),
    (party(), party("Erlan Alimov"), 0, "name"),
    (party("Роза Бағланова"), party("Роза Рымбаева"), 0, "name"),
    (party("Ерлан Әлімов", "1"), party("Erlan Alimov", "2"), 600, "name"),
    (party("Ulytau"), party("Ұлытау"), 700, "name"),
    (party("А. Құнанбайұлы"), party("Abay Kunanbayev", "2"), 900, "name"),
]


@pytest.mark.parametrize(("place", "case"), list(enumerate(CASES)))
def test_each_row_of_the_table_decides(place: int, case: tuple[PartyForm, PartyForm, int, str]) -> None:
    left, right, score, reason = case
    for one, other in ((left, right), (right, left)):
        assert party_alike(one, other) == (score, reason)
        assert judge_parties(one, other).meaning == RULES[place].meaning


def test_every_row_has_a_case_and_every_feature_explains_itself() -> None:
    assert len(CASES) == len(RULES)
    for name in {rule.by for rule in RULES}:
        assert inspect.getdoc(getattr(parties, name))


NAMES = st.sampled_from(
    ["", "Abai", "Абай Құнанбайұлы", "Abay Kunanbayev", "A. Kunanbayev", "Роза Бағланова"]
)
PARTIES = st.builds(party, NAMES, st.sampled_from(["", "1", "2"]), st.sampled_from(["", "I1", "I2"]))


@given(PARTIES, PARTIES)
def test_contributions_add_up_to_the_score_that_links(left: PartyForm, right: PartyForm) -> None:
    told = judge_parties(left, right)
    assert (told.score, told.reason) == party_alike(left, right)
    assert sum(told.contributions.values()) == told.score


ANOTHER = {
    "same": "other", "other": "same", "silent": "alike", "unlike": "alike", "alike": "unlike",
    "one": "several", "several": "one",
}  # fmt: skip


def broken() -> Iterator[tuple[str, tuple[Rule, ...]]]:
    """The table with one thing broken, and what that is."""
    for place, rule in enumerate(RULES):
        before, after = RULES[:place], RULES[place + 1 :]
        yield f"{place} left out", (*before, *after)
        changes: dict[str, dict[str, Any]] = {
            level: {level: ANOTHER[getattr(rule, level)]}
            for level in ("ipi_base", "ipi_name", "name", "words")
            if getattr(rule, level) != ANY
        }
        changes["score"] = {"least": 500, "most": 500}
        changes["by"] = {"by": "ipi_base" if rule.by != "ipi_base" else "words"}
        changes["reason"] = {"reason": "other"}
        for name, change in changes.items():
            yield f"{place} {name}", (*before, replace(rule, **change), *after)


@pytest.mark.parametrize(
    ("what", "table"), list(broken()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_nothing_in_the_table_can_be_broken_unnoticed(
    what: str, table: tuple[Rule, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [judge_parties(left, right) for left, right, *_ in CASES]
    monkeypatch.setattr(parties, "RULES", table)
    parties._by_all.cache_clear()
    try:
        found = [judge_parties(left, right) for left, right, *_ in CASES]
    except StopIteration:
        # No row is left for one of them.
        found = []
    finally:
        parties._by_all.cache_clear()
    assert found != told, what
