"""Why two are judged as they are: rule, points and parties, for people and programs, in three languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from linked_hubs import RECORDING_HEADER
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app
from hub.cli.words import table
from hub.context import Hub
from hub.errors import NotFound, UsageError
from hub.links import review
from hub.links.explaining import explain, scale_of
from matching.linking import RULES as LINK_RULES
from matching.recordings import FEATURES as RECORDING_FEATURES
from matching.recordings import RULES as RECORDING_RULES
from matching.works import FEATURES as WORK_FEATURES
from matching.works import RULES as WORK_RULES

OURS = """W1,ҚАРА КӨЗ,,ҚҰНАНБАЙҰЛЫ АБАЙ,,CA,177,50,50,
W1,ҚАРА КӨЗ,,БАҒЛАНОВА РОЗА,,CA,177,50,50,
"""
THEIRS = """V1,Qara köz,,Kunanbayev Abay,,CA,901,60,60,
V1,Qara köz,,НУРПЕИСОВА ДИНА,,CA,901,40,40,
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORK_HEADER + OURS, "177")
        send(opened, WORK_HEADER + THEIRS, "901")
        send(opened, RECORDING_HEADER + "R1,,Golden Serenade,Jane Hartley,200,,\n", "911")
        send(opened, RECORDING_HEADER + "Q1,,Golden Serinada,Jane Hartley,205,,\n", "052")
        yield opened


def waiting(hub: Hub, kind: str) -> dict[str, Any]:
    return next(item for item in review.queue(hub) if item["kind"] == kind)


def test_points_and_parties_of_two_works_add_up(hub: Hub) -> None:
    found = waiting(hub, "work")
    assert found["rule"] == "same title, some writers"
    assert found["scale"] == "points"
    assert sum(part.get("points", 0) for part in found["evidence"]) == found["score"]
    (pair,) = found["parties"]
    assert {pair["left"], pair["right"]} == {"ҚҰНАНБАЙҰЛЫ АБАЙ", "Kunanbayev Abay"}
    assert sum(pair["contributions"].values()) == pair["score"] == 1000


def test_weights_of_two_recordings_make_their_score(hub: Hub) -> None:
    found = waiting(hub, "recording")
    assert found["scale"] == "log_odds"
    assert found["parties"] == []
    assert sum(part.get("points", 0) for part in found["evidence"]) == found["score"]


def test_what_waits_is_explained_as_it_was_judged_and_what_does_not_is_explained_too(hub: Hub) -> None:
    found = waiting(hub, "work")
    left, right = found["left"]["id"], found["right"]["id"]
    told = explain(hub, right, left)
    assert {name: told[name] for name in ("score", "rule", "evidence", "parties")} == {
        name: found[name] for name in ("score", "rule", "evidence", "parties")
    }
    song = waiting(hub, "recording")["left"]["id"]
    apart = explain(hub, left, song)
    assert (apart["kind"], apart["verdict"], apart["left"]) == ("embodiment", "none", song)
    assert sum(part.get("points", 0) for part in apart["evidence"]) == apart["score"]
    with pytest.raises(NotFound):
        explain(hub, left, "wnothing")
    with pytest.raises(UsageError, match="itself"):
        explain(hub, left, left)


def test_what_an_earlier_version_kept_has_no_points() -> None:
    assert scale_of([]) == ""
    assert scale_of([{"feature": "title", "score": 1000}]) == ""
    assert scale_of([{"feature": "title", "score": 1000, "weight": 3}]) == "log_odds"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "the same or not, 753 of 1000: same title, some writers"),
        ("kk", "бірдей ме, белгісіз, 1000-нан 753: атауы бірдей, кейбір авторлары ортақ"),
        ("ru", "одно ли это, неясно, 753 из 1000: то же название, часть авторов общая"),
    ],
)
def test_the_commands_explain_in_three_languages(
    hub: Hub, tmp_path: Path, language: str, sentence: str
) -> None:
    def run(*arguments: str) -> str:
        options = ("--db", f"sqlite:///{tmp_path / 'hub.db'}", "--language", language)
        done = CliRunner().invoke(app, [*arguments, *options], env={"COLUMNS": "300"})
        assert done.exit_code == 0, done.output
        return done.stdout

    found = waiting(hub, "work")
    told = run("match", "explain", found["left"]["id"], found["right"]["id"])
    assert sentence in told
    # The table breaks the rule into lines.
    assert sentence.partition(": ")[2].partition(",")[0] in run("review", "list")
    parts = json.loads(run("match", "explain", found["left"]["id"], found["right"]["id"], "--json"))
    assert parts["score"] == found["score"]


def test_explanations_go_over_http(hub: Hub) -> None:
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    with TestClient(create_app(hub)) as client:
        (found,) = client.get("/v1/reviews", headers=headers).json()
    assert found == waiting(hub, "work")


def test_every_rule_and_feature_has_words() -> None:
    for rule in (*WORK_RULES, *RECORDING_RULES, *LINK_RULES):
        assert table()[rule.name]["en"] == rule.name
    for feature in (*WORK_FEATURES, *RECORDING_FEATURES):
        assert f"feature_{feature.name}" in table()
