"""How features become a verdict: one readable table per kind.

``features`` say what is looked at and what it weighs; ``rules`` are read from top to bottom and the first
whose conditions all hold decides. The score is the weighted mean of the features that had evidence, laid
into the band of that rule, so that it grows with the evidence and never contradicts the verdict; where the
content of a pair is weighed by a mixture and decides, the score is the probability of a match.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

from matching.compare import FeatureResult
from matching.content import THOUSANDTHS, weigh

CONTENT = "content"
"""The feature under which rules see the probability that the content gives."""

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
    know about a pair; rules then see the probability as the feature ``content``.
    """

    kind: str
    prepare: Callable[[Record], Forms]
    features: tuple[Feature[Forms], ...]
    rules: tuple[Rule, ...]
    measure: Callable[[Forms, Forms, Mapping[str, FeatureResult]], Mapping[str, float]] | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the features that made it; ``rule`` names the row that decided.

    ``conflict`` is empty, ``identifier_clash`` (an identifier says the same, everything else different)
    or ``identifier_differs`` (the identifiers differ, everything else is the same). ``contributions`` are
    what each field adds to the logarithm of the odds, in thousandths, where the content was weighed.
    """

    verdict: Verdict
    score: int
    evidence: tuple[tuple[str, FeatureResult], ...]
    conflict: str = ""
    rule: str = ""
    contributions: tuple[tuple[str, int], ...] = ()


def judge(left: Record, right: Record, model: Model[Record, Forms]) -> Judgement:
    """Judge two records; the order of the two does not matter for verdict and score."""
    return judge_forms(model.prepare(left), model.prepare(right), model)


def judge_forms(left: Forms, right: Forms, model: Model[Record, Forms]) -> Judgement:
    """Judge two prepared records."""
    evidence = tuple([(feature.name, feature.function(left, right)) for feature in model.features])
    weights = {feature.name: feature.weight for feature in model.features}
    if model.measure is None:
        return decide(evidence, weights, model.rules)
    weighed = weigh(model.measure(left, right, dict(evidence)))
    content = FeatureResult(weighed.score, f"log odds {weighed.total / THOUSANDTHS:+.3f}")
    judgement = decide((*evidence, (CONTENT, content)), {**weights, CONTENT: 0}, model.rules)
    return replace(judgement, contributions=weighed.parts)


def decide(
    evidence: tuple[tuple[str, FeatureResult], ...], weights: Mapping[str, int], rules: tuple[Rule, ...]
) -> Judgement:
    """The first rule that holds, with its score; no rule: ``none``."""
    scores: dict[str, int | None] = {}
    total = weighted = 0
    for name, result in evidence:
        score = result.score
        scores[name] = score
        if score is not None:
            total += weights[name]
            weighted += weights[name] * score
    mean = weighted // total if total else 0
    for rule in rules:
        if _holds(rule.when, scores):
            score = rule.low + (rule.high - rule.low) * mean // 1000
            if rule.weighed:
                score = scores[CONTENT] or 0
            return Judgement(rule.verdict, score, evidence, rule.conflict, rule.name)
    return Judgement("none", min(mean, NOTHING), evidence, "", "no rule holds")


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


NOTHING = 399
"""The highest score of a pair that no rule speaks about."""
