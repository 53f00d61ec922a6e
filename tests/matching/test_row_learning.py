"""What judgements make of a row: it links, asks or joins nothing, and rows for people stay as they are."""

from __future__ import annotations

import pytest

from matching.compare import FeatureResult
from matching.model import Rule, at_least, decide, same, with_rows
from matching.row_learning import JudgedPair, RuleTable, cross_validated, learned

RULES = (
    Rule("clash", "unsure", 500, 600, (same("code"),), "identifier_clash"),
    Rule("alike", "positive", 850, 950, (at_least("title", 900),)),
    Rule("half alike", "unsure", 500, 700, (at_least("title", 500),)),
    Rule("unlike", "negative", 0, 300, ()),
)
TABLE = RuleTable(RULES, {"code": 1, "title": 1})
OF = {"clash": (1000, 500), "alike": (None, 1000), "half alike": (None, 600), "unlike": (None, 0)}


def pairs(rule: str, same: int, different: int) -> list[JudgedPair]:
    code, title = OF[rule]
    evidence = (("code", FeatureResult(code)), ("title", FeatureResult(title)))
    assert decide(evidence, TABLE.weights, RULES).rule == rule
    return [JudgedPair(evidence, said) for said in [True] * same + [False] * different]


@pytest.mark.parametrize(
    ("rule", "same", "different", "verdict", "band"),
    [
        ("half alike", 9, 0, "unsure", (500, 700)),
        ("half alike", 90, 0, "positive", (920, 960)),
        ("half alike", 0, 110, "none", (0, 50)),
        ("half alike", 20, 20, "unsure", (420, 620)),
        ("alike", 90, 2, "positive", (850, 950)),
        ("alike", 20, 20, "unsure", (530, 630)),
        ("clash", 90, 0, "unsure", (500, 600)),
        ("unlike", 90, 0, "negative", (0, 300)),
    ],
)
def test_a_row_becomes_what_people_say_of_its_pairs(
    rule: str, same: int, different: int, verdict: str, band: tuple[int, int]
) -> None:
    content = learned(TABLE, pairs(rule, same, different))
    found = next(row for row in with_rows(RULES, content) if row.name == rule)
    assert (found.verdict, (found.low, found.high)) == (verdict, band)
    before = next(row for row in RULES if row.name == rule)
    assert (found.when, found.conflict) == (before.when, before.conflict)
    assert (content == "") == (found == before)


def test_rows_that_are_gone_are_passed_over_and_no_text_changes_nothing() -> None:
    assert with_rows(RULES, "") is RULES
    assert with_rows(RULES, "rule,same,different,verdict,low,high\ngone,9,9,none,0,1\n") == RULES


def test_what_is_told_of_a_pair_was_not_learned_from_it() -> None:
    judged = pairs("half alike", 12, 0)
    before, after = cross_validated(TABLE, RULES, judged)
    # Of twelve pairs nine or ten are left to learn from: too few, or just enough to raise the score.
    assert (before.same, after.same, before.unsure, after.unsure) == (12, 12, 12, 12)
    assert after.log_loss < before.log_loss
    many = pairs("half alike", 200, 0)
    before, after = cross_validated(TABLE, RULES, many)
    assert (before.right, after.right, after.wrong) == (0, 200, 0)
