"""What people's judgements teach a table of rules: which of its rows are right, and how often.

Weights order the pairs of one row only; whether a pair is linked is what its row says. So each row counts
how often people said that pairs which it decided are the same, beside ``SEEN_BEFORE`` pairs of the share that
its band stands for. A row that is nearly always right links, one that is nearly always wrong joins nothing,
one in between asks people. Conditions never change, nor do rows about identifiers that clash: those are for
people.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from matching.compare import FeatureResult
from matching.learning import FOLDS, LEAST_CHANCE, Quality
from matching.model import Rule, decide, with_rows

SEEN_BEFORE = 10
"""The row as it was counts as so many judged pairs."""
LEAST_OF_ROW = 10
"""Judgements of a row's pairs, from which on it learns."""
LINKS, JOINS_NOTHING, ASKS = 950, 50, 800
"""Per mille of the same: from here on a row that asked links, up to here it joins nothing, below here a row
that linked asks."""
SAFE = 900
"""So many per mille at least of the pairs of a row that links are taken to be the same beforehand."""
UNSURE = (JOINS_NOTHING, LINKS - 1)
"""The band in which scores of rows that ask may lie."""
COLUMNS = ("rule", "same", "different", "verdict", "low", "high")

Evidence = tuple[tuple[str, FeatureResult], ...]


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What was measured of a pair, and what people said of it."""

    evidence: Evidence
    same: bool


@dataclass(frozen=True, slots=True)
class RuleTable:
    """The rules and weights of a model whose rows learn."""

    rules: tuple[Rule, ...]
    weights: Mapping[str, int]


def learned(table: RuleTable, pairs: Sequence[JudgedPair]) -> str:
    """The rows that these judgements change, as CSV; empty where they change none."""
    counts: dict[str, list[int]] = {}
    for pair in pairs:
        decided = decide(pair.evidence, table.weights, table.rules).rule
        counts.setdefault(decided, [0, 0])[not pair.same] += 1
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for rule in table.rules:
        same, different = counts.get(rule.name, (0, 0))
        found = _learned(rule, same, different)
        if found != rule:
            writer.writerow((rule.name, same, different, found.verdict, found.low, found.high))
    return f"{','.join(COLUMNS)}\n{written.getvalue()}" if written.getvalue() else ""


def cross_validated(
    table: RuleTable, standing: tuple[Rule, ...], pairs: Sequence[JudgedPair]
) -> tuple[Quality, Quality]:
    """How the rules that stand judge the pairs, and how rules do that were learned without the pairs."""
    after = []
    for fold in range(FOLDS):
        others = [pair for place, pair in enumerate(pairs) if place % FOLDS != fold]
        rules = with_rows(table.rules, learned(table, others))
        after += [(pair, rules) for pair in pairs[fold::FOLDS]]
    return _quality(table, [(pair, standing) for pair in pairs]), _quality(table, after)


def _quality(table: RuleTable, judged: Sequence[tuple[JudgedPair, tuple[Rule, ...]]]) -> Quality:
    right = wrong = unsure = 0
    log_loss = 0.0
    for pair, rules in judged:
        found = decide(pair.evidence, table.weights, rules)
        right += found.verdict == "positive" and pair.same
        wrong += found.verdict == "positive" and not pair.same
        unsure += found.verdict == "unsure"
        chance = found.score / 1000
        log_loss -= math.log(max(chance if pair.same else 1 - chance, LEAST_CHANCE))
    same = sum(pair.same for pair, _ in judged)
    return Quality(right, wrong, same, unsure, log_loss / max(len(judged), 1))


def _learned(rule: Rule, same: int, different: int) -> Rule:
    """The row with these judgements of its pairs counted in."""
    judged = same + different
    if judged < LEAST_OF_ROW or rule.conflict or rule.verdict not in ("positive", "unsure"):
        return rule
    before = (rule.low + rule.high) // 2
    if rule.verdict == "positive":
        before = max(before, SAFE)
    share = (1000 * same + SEEN_BEFORE * before) // (judged + SEEN_BEFORE)
    width = rule.high - rule.low
    if rule.verdict == "positive":
        return rule if share >= ASKS else _asking(rule, share, width)
    if share >= LINKS:
        return replace(rule, verdict="positive", low=share - (1000 - share), high=share)
    if share <= JOINS_NOTHING:
        return replace(rule, verdict="none", low=0, high=share)
    return _asking(rule, share, width)


def _asking(rule: Rule, share: int, width: int) -> Rule:
    low = min(max(share - width // 2, UNSURE[0]), UNSURE[1] - width)
    return replace(rule, verdict="unsure", low=low, high=low + width)
