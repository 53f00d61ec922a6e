"""Every score is explained: for works, recordings and their links, points of rule and features add up to it.

Parties, whose table has contributions of its own, are in ``test_parties``.
"""

from __future__ import annotations

import json
from itertools import combinations, islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.bench.works_catalogue import LEVELS, made_up
from matching.compare import FeatureResult
from matching.content import Weighed
from matching.engines.judging import columns
from matching.linking import RULES as LINK_RULES
from matching.linking import WEIGHTS, recording_to_work
from matching.model import CONTENT, RULE, Judgement, decide, judge
from matching.recordings import RECORDINGS
from matching.recordings import RULES as RECORDING_RULES
from matching.works import FEATURES, RULES, WORKS

WORK_WEIGHTS = {feature.name: feature.weight for feature in FEATURES}
SCORE = st.none() | st.integers(0, 1000)


def explained(found: Judgement, weights: dict[str, int]) -> None:
    """The points add up to the score, and only what counts has any."""
    points = dict(found.points)
    assert len(points) == len(found.points)
    assert sum(points.values()) == found.score
    if list(points) == [CONTENT]:
        total = sum(weight for _, weight in found.contributions)
        assert found.score == Weighed(total, ()).score
        return
    spoke = [name for name, result in found.evidence if result.score is not None and weights.get(name)]
    assert list(points) == [RULE, *spoke]
    assert all(points[name] >= 0 for name in spoke)


def table(names: list[str]) -> st.SearchStrategy[tuple[tuple[str, FeatureResult], ...]]:
    return st.tuples(*(SCORE.map(lambda score, name=name: (name, FeatureResult(score))) for name in names))


@given(table(list(WORK_WEIGHTS)))
def test_any_scores_of_works_are_explained(evidence: tuple[tuple[str, FeatureResult], ...]) -> None:
    explained(decide(evidence, WORK_WEIGHTS, RULES), WORK_WEIGHTS)


@given(table(list(WEIGHTS)))
def test_any_scores_of_a_recording_and_a_work_are_explained(
    evidence: tuple[tuple[str, FeatureResult], ...],
) -> None:
    explained(decide(evidence, WEIGHTS, LINK_RULES), WEIGHTS)


@given(table([*(feature.name for feature in RECORDINGS.features), CONTENT]))
def test_any_scores_of_recordings_are_explained_where_no_content_is_weighed(
    evidence: tuple[tuple[str, FeatureResult], ...],
) -> None:
    weights = {**{feature.name: feature.weight for feature in RECORDINGS.features}, CONTENT: 0}
    rules = tuple(rule for rule in RECORDING_RULES if not rule.weighed)
    explained(decide(evidence, weights, rules), weights)


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_stored_of_a_pair_adds_up_to_its_score(level: str) -> None:
    held = made_up(20, level, 7)
    recordings = [record for record, _ in held.recordings]
    judged = [judge(left, right, WORKS) for left, right in combinations(held.work_records[:25], 2)]
    judged += [judge(left, right, RECORDINGS) for left, right in combinations(recordings, 2)]
    judged += [
        recording_to_work(record, hints, work)
        for (record, hints), work in islice(product(held.recordings, held.work_records), 300)
    ]
    for found in judged:
        _, score, evidence = columns(found)
        rows = json.loads(evidence)
        assert sum(row.get("points", 0) for row in rows) == score
        assert len({row["feature"] for row in rows}) == len(rows)
        named = [row["detail"] for row in rows if row["feature"] == RULE]
        assert named == ([] if dict(found.points).get(CONTENT) is not None else [found.rule])
        weights = [row["weight"] for row in rows if "weight" in row]
        assert sum(weights) == sum(weight for _, weight in found.contributions)
    assert len({found.rule for found in judged}) > 5
