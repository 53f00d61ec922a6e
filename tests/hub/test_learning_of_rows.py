"""Rules of works and of recordings to works learn: shown first, adopted by the operator, taken back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from linked_hubs import RECORDING_HEADER
from sqlalchemy import select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app
from hub.context import Hub
from hub.db.counters import Instant
from hub.db.engine import reading, writing
from hub.db.tables import JUDGEMENT
from hub.db.times import OPEN
from hub.errors import NotFound, UsageError
from hub.links import explaining, learned_tables, learning, review
from hub.links.clustering import AUTHOR
from hub.links.linking import link_everything
from matching.linking import RULES as LINKS

PAIRS, OPEN_PAIRS = 64, 4
RULE = "same title, some writers"


def titles() -> list[str]:
    """Titles of one word that resemble each other in nothing."""
    random = Random(1)
    return [
        "".join(random.choice("bdgklmnrst") + random.choice("aeiou") for _ in range(5)) for _ in range(PAIRS)
    ]


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    ours = theirs = ""
    for number, title in enumerate(titles()):
        ours += f"W{number},{title},,ALIMOV ERLAN,,CA,,50,50,\nW{number},{title},,HARTLEY JANE,,CA,,50,50,\n"
        theirs += f"V{number},{title},,ALIMOV ERLAN,,CA,,50,50,\nV{number},{title},,PEMBERTON M,,CA,,50,50,\n"
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORK_HEADER + ours, "177")
        send(opened, WORK_HEADER + theirs, "901")
        yield opened


def judged(hub: Hub, verdict: str = "same", *, keep: int = OPEN_PAIRS) -> None:
    for item in review.queue(hub, limit=1000)[keep:]:
        review.decide(hub, item["left"]["id"], item["right"]["id"], verdict, "compared", "operator")


def verdicts(hub: Hub) -> set[tuple[str, int]]:
    query = select(JUDGEMENT.c.verdict, JUDGEMENT.c.score).where(
        JUDGEMENT.c.known_to == OPEN, JUDGEMENT.c.author == AUTHOR, JUDGEMENT.c.reason == RULE
    )
    with reading(hub.engine) as connection:
        return {(row.verdict, row.score) for row in connection.execute(query)}


def test_a_rule_that_people_always_confirm_links_once_it_is_adopted(hub: Hub) -> None:
    assert len(review.queue(hub, limit=1000)) == PAIRS
    judged(hub)
    before = verdicts(hub)
    assert {verdict for verdict, _ in before} == {"unsure"}
    shown = learning.proposal(hub, "work").effect
    (row,) = shown["rows"]
    assert (row["rule"], row["same"], row["different"]) == (RULE, PAIRS - OPEN_PAIRS, 0)
    assert (row["before"], row["after"]) == ("unsure", "positive")
    assert shown["changes"] == {"unsure -> positive": OPEN_PAIRS}
    assert shown["after"]["log_loss"] < shown["before"]["log_loss"]
    assert verdicts(hub) == before, "showing changes nothing"
    learning.adopt(hub, "operator", "sixty of sixty", "work")
    assert {verdict for verdict, _ in verdicts(hub)} == {"positive"}
    assert all(row["low"] <= score <= row["high"] for _, score in verdicts(hub))
    assert review.queue(hub) == []
    assert learning.proposal(hub, "work").effect["standing"] == "learned"
    assert learning.proposal(hub, "recording").effect["standing"] == "shipped"
    learning.give_back(hub, "operator", "they were wrong", "work")
    assert verdicts(hub) == before
    assert [item["table"] for item in learning.history(hub, "work")] == ["shipped", "learned"]


def test_a_rule_that_people_always_refuse_asks_with_a_low_score(hub: Hub) -> None:
    judged(hub, "different", keep=0)
    # Its band stood for seven of ten pairs, which sixty refusals do not outweigh altogether.
    (row,) = learning.proposal(hub, "work").effect["rows"]
    assert (row["after"], row["low"]) == ("unsure", 50)
    with pytest.raises(UsageError, match="too few"):
        learning.adopt(hub, "operator", "now", "embodiment")
    with pytest.raises(NotFound):
        learning.give_back(hub, "operator", "now", "work")
    with pytest.raises(UsageError, match="kind"):
        learning.proposal(hub, "party")


@pytest.mark.parametrize("kind", ["work", "embodiment"])
def test_the_table_that_stands_judges_whatever_is_linked(hub: Hub, kind: str) -> None:
    send(hub, RECORDING_HEADER + f"R1,,{titles()[0]},Erlan Alimov,200,,\n", "911")
    rule = RULE if kind == "work" else "same title, performed by a writer"
    table = f'rule,same,different,verdict,low,high\n"{rule}",0,30,none,0,20\na rule of old,1,1,none,0,1\n'
    with writing(hub.engine) as connection:
        learned_tables.put(connection, kind, table, 30, "operator", "tried", Instant(connection))
    of_kind = select(JUDGEMENT).where(JUDGEMENT.c.kind == kind, JUDGEMENT.c.known_to == OPEN)
    with reading(hub.engine) as connection:
        rows = connection.execute(of_kind).all()
        ids = {row.id: row.public_id for row in connection.execute(select(learning.SUBJECT))}
    assert rows
    link_everything(hub)
    with reading(hub.engine) as connection:
        assert connection.execute(of_kind).all() == []
        assert learned_tables.standing_models(connection).links == (
            LINKS if kind == "work" else learned_tables.models({"embodiment": table}).links
        )
    told = explaining.explain(hub, ids[rows[0].left_id], ids[rows[0].right_id])
    assert (told["rule"], told["verdict"]) == (rule, "none")
    assert told["score"] <= 20


def test_the_operator_adopts_over_http_and_nobody_else(hub: Hub) -> None:
    judged(hub)
    operator, society = (
        {"Authorization": f"Bearer {create(hub, code, role=role)['key']}"}
        for code, role in (("", "operator"), ("177", "society"))
    )
    asked = {"kind": "work", "action": "adopt", "reason": "sixty of sixty"}
    with TestClient(create_app(hub)) as client:
        found = client.get("/v1/reviews/learning", params={"kind": "work"}, headers=society).json()
        assert found["rows"][0]["after"] == "positive"
        assert client.post("/v1/reviews/learning", json=asked, headers=society).status_code == 403
        few = client.post("/v1/reviews/learning", json={**asked, "kind": "recording"}, headers=operator)
        assert few.status_code == 400
        nothing = client.post("/v1/reviews/learning", json={**asked, "action": "back"}, headers=operator)
        assert nothing.status_code == 404
        job = client.post("/v1/reviews/learning", json=asked, headers=operator)
        assert job.status_code == 202
        for _ in range(600):
            done = client.get(f"/v1/jobs/{job.json()['job']}", headers=operator).json()
            if done["state"] not in ("queued", "running"):
                break
            time.sleep(0.1)
        assert (done["kind"], done["state"]) == ("learning", "done")
        assert done["result"]["judgements"] > 0
        stood = client.get("/v1/reviews/learning/history", params={"kind": "work"}, headers=society).json()
    assert [(item["table"], item["author"], item["reason"]) for item in stood] == [
        ("learned", "operator", "sixty of sixty")
    ]
    assert {verdict for verdict, _ in verdicts(hub)} == {"positive"}


def test_the_command_shows_the_rows_of_a_kind(hub: Hub, tmp_path: Path) -> None:
    judged(hub)
    options = ["match", "learn", "--kind", "work", "--db", f"sqlite:///{tmp_path / 'hub.db'}"]
    shown = CliRunner().invoke(app, options, env={"COLUMNS": "200"})
    assert shown.exit_code == 0, shown.output
    assert RULE in shown.stdout
    done = CliRunner().invoke(app, [*options, "--adopt", "--reason", "sixty", "--json"])
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["rows"][0]["after"] == "positive"
    assert found["judgements_changed"] >= OPEN_PAIRS
