"""How features become a verdict: one readable table per kind.

``features`` say what is looked at and what it weighs; ``rules`` are read from top to bottom and the first
whose conditions all hold decides. The score is the weighted mean of the features that had evidence, laid
into the band of that rule, so that it grows with the evidence and never contradicts the verdict; where the
content of a pair is weighed by a mixture and decides, the score is the probability of a match.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from matching.compare import FeatureResult
from matching.content import THOUSANDTHS, Weights, weigh

CONTENT = "content"
"""The feature under which rules see the probability that the content gives."""
RULE = "rule"
"""The name of what the row that decided gives by itself."""

Verdict = Literal["positive", "negative", "unsure", "none"]
Record = TypeVar("Record")
Forms = TypeVar("Forms")


@dataclass(frozen=True, slots=True)
class Feature(Generic[Forms]):
    """One row of a model: a feature, its weight in the score and what kind of evidence it is.

    ``qualifier``: ``identifier`` is strong and not truth, ``content`` is what the subject is,
    ``context`` only supports, ``contradiction`` has no weight and can only stop a match.
    """

    name: str
    function: Callable[[Forms, Forms], FeatureResult]
    weight: int
    qualifier: Literal["identifier", "content", "context", "contradiction"]


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where a feature scored ``low``..``high``, or had no evidence if ``silent`` allows that."""

    feature: str
    low: int = 0
    high: int = 1000
    silent: bool = False


def same(feature: str) -> Condition:
    """The feature scored 1000."""
    return Condition(feature, 1000)


def differs(feature: str) -> Condition:
    """The feature scored 0."""
    return Condition(feature, 0, 0)


def at_least(feature: str, score: int) -> Condition:
    """The feature scored ``score`` or more."""
    return Condition(feature, score)


def below(feature: str, score: int) -> Condition:
    """The feature scored less than ``score``."""
    return Condition(feature, 0, score - 1)


def silent(feature: str) -> Condition:
    """The feature had no evidence."""
    return Condition(feature, 1, 0, silent=True)


def unless_below(feature: str, score: int) -> Condition:
    """The feature scored ``score`` or more, or had no evidence."""
    return Condition(feature, score, silent=True)


def unless_at_least(feature: str, score: int) -> Condition:
    """The feature scored less than ``score``, or had no evidence."""
    return Condition(feature, 0, score - 1, silent=True)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of a decision table: all conditions must hold; scores fall into ``low``..``high``.

    ``weighed``: the score is the probability that the content gives, which the conditions keep in the band.
    """

    name: str
    verdict: Verdict
    low: int
    high: int
    when: tuple[Condition, ...]
    conflict: str = ""
    weighed: bool = False


@dataclass(frozen=True, slots=True)
class Model(Generic[Record, Forms]):
    """A kind's preparation, features and decision table.

    ``measure`` gives, for a kind whose content is weighed by a mixture, what the mixture's table wants to
    know about a pair; rules then see the probability as the feature ``content``. ``table`` is the mixture's,
    the shipped one by default.
    """

    kind: str
    prepare: Callable[[Record], Forms]
    features: tuple[Feature[Forms], ...]
    rules: tuple[Rule, ...]
    measure: Callable[[Forms, Forms, Mapping[str, FeatureResult]], Mapping[str, float]] | None = None
    table: Weights | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the features that made it; ``rule`` names the row that decided.

    ``conflict`` is empty, ``identifier_clash`` (an identifier says the same, everything else different)
    or ``identifier_differs`` (the identifiers differ, everything else is the same). ``points`` add up to the
    score: what the row gives by itself (``RULE``) and what each feature adds to it. ``contributions`` are
    what each field adds to the logarithm of the odds, in thousandths, where the content was weighed.
    """

    verdict: Verdict
    score: int
    evidence: tuple[tuple[str, FeatureResult], ...]
    conflict: str = ""
    rule: str = ""
    contributions: tuple[tuple[str, int], ...] = ()
    points: tuple[tuple[str, int], ...] = ()


def judge(left: Record, right: Record, model: Model[Record, Forms]) -> Judgement:
    """Judge two records; the order of the two does not matter for verdict and score."""
    return judge_forms(model.prepare(left), model.prepare(right), model)


def judge_forms(left: Forms, right: Forms, model: Model[Record, Forms]) -> Judgement:
    """Judge two prepared records."""
    functions = {feature.name: feature.function for feature in model.features}
    return _whole(Measured(functions, left, right), model)


def judge_telling(left: Forms, right: Forms, model: Model[Record, Forms]) -> Judgement | None:
    """The judgement that ``judge_forms`` makes, or None where its verdict is ``none``.

    Most pairs that meet are nothing to each other, and the first rows of a table say so: features that
    none of its rows came to ask for are not measured.
    """
    functions = {feature.name: feature.function for feature in model.features}
    measured = Measured(functions, left, right)
    if model.measure is not None:
        functions[CONTENT] = lambda *_: _weighed(measured, model)[0]
    rule = first_that_holds(model.rules, measured)
    return None if rule is None or rule.verdict == "none" else _whole(measured, model)


def _whole(measured: Measured, model: Model[Any, Any]) -> Judgement:
    names = [feature.name for feature in model.features]
    weights = {feature.name: feature.weight for feature in model.features}
    if model.measure is None:
        return decide(measured.evidence(names), weights, model.rules)
    content, parts = _weighed(measured, model)
    evidence = (*measured.evidence(names), (CONTENT, content))
    return replace(decide(evidence, {**weights, CONTENT: 0}, model.rules), contributions=parts)


def _weighed(measured: Measured, model: Model[Any, Any]) -> tuple[FeatureResult, tuple[tuple[str, int], ...]]:
    """What the content of a pair says, and what each field adds to it."""
    assert model.measure is not None
    evidence = measured.evidence([feature.name for feature in model.features])
    weighed = weigh(model.measure(measured.left, measured.right, dict(evidence)), model.table)
    return FeatureResult(weighed.score, f"log odds {weighed.total / THOUSANDTHS:+.3f}"), weighed.parts


class Measured(dict[str, int | None]):
    """The scores of a pair by feature, each measured when it is asked for the first time."""

    def __init__(self, functions: Mapping[str, Callable[[Any, Any], FeatureResult]], left: Any, right: Any):
        """Nothing is measured yet."""
        super().__init__()
        self.left, self.right = left, right
        self._functions = functions
        self._results: dict[str, FeatureResult] = {}

    def __missing__(self, name: str) -> int | None:
        """Measure a feature."""
        result = self._functions[name](self.left, self.right)
        self._results[name] = result
        self[name] = result.score
        return result.score

    def evidence(self, names: Iterable[str]) -> tuple[tuple[str, FeatureResult], ...]:
        """Names and results of these features, whether they were asked for before or not."""
        for name in names:
            if name not in self:
                self[name]  # measures it
        return tuple((name, self._results[name]) for name in names)


def decide(
    evidence: tuple[tuple[str, FeatureResult], ...], weights: Mapping[str, int], rules: tuple[Rule, ...]
) -> Judgement:
    """The first rule that holds, with its score; no rule: ``none``."""
    scores = {name: result.score for name, result in evidence}
    total = sum(weights[name] for name, score in scores.items() if score is not None)
    mean = sum(weights[name] * score for name, score in scores.items() if score is not None) // (total or 1)
    rule = first_that_holds(rules, scores)
    if rule is None:
        score = min(mean, NOTHING)
        points = ((RULE, score - mean), *_points(scores, weights, total, 1000))
        return Judgement("none", score, evidence, rule="no rule holds", points=points)
    if rule.weighed:
        score = scores[CONTENT] or 0
        points = ((CONTENT, score),)
    else:
        score = rule.low + (rule.high - rule.low) * mean // 1000
        points = ((RULE, rule.low), *_points(scores, weights, total, rule.high - rule.low))
    return Judgement(rule.verdict, score, evidence, rule.conflict, rule.name, points=points)


def _points(
    scores: Mapping[str, int | None], weights: Mapping[str, int], total: int, span: int
) -> tuple[tuple[str, int], ...]:
    """How many of ``span`` points each feature that counts has brought: they add up to its share of them."""
    found = []
    weighted = before = 0
    for name, score in scores.items():
        if score is None or not weights[name]:
            continue
        weighted += weights[name] * score
        after = span * (weighted // total) // 1000
        found.append((name, after - before))
        before = after
    return tuple(found)


def first_that_holds(rules: tuple[Rule, ...], scores: Mapping[str, int | None]) -> Rule | None:
    """The first row of a table of which all conditions hold."""
    for rule in rules:
        if _holds(rule.when, scores):
            return rule
    return None


def _holds(conditions: tuple[Condition, ...], scores: Mapping[str, int | None]) -> bool:
    # A plain loop: this is the innermost line of a batch run.
    for condition in conditions:
        score = scores[condition.feature]
        if score is None:
            if not condition.silent:
                return False
        elif not condition.low <= score <= condition.high:
            return False
    return True


def with_rows(rules: tuple[Rule, ...], content: str) -> tuple[Rule, ...]:
    """The rules with the learned rows of a CSV in place of their own; rows that are gone are passed over."""
    rows = {row["rule"]: row for row in csv.DictReader(io.StringIO(content))}

    def exchanged(rule: Rule) -> Rule:
        row = rows.get(rule.name)
        if row is None:
            return rule
        verdict: Verdict = row["verdict"]  # type: ignore[assignment]
        return replace(rule, verdict=verdict, low=int(row["low"]), high=int(row["high"]))

    return tuple(map(exchanged, rules)) if rows else rules


NOTHING = 399
"""The highest score of a pair that no rule speaks about."""
