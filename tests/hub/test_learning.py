"""Learning from judgements: shown first, adopted by the operator, taken back; what was known stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hubs import fresh_hub, send
from linked_hubs import RECORDING_HEADER
from sqlalchemy import select
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import EVENT, JUDGEMENT
from hub.db.times import OPEN
from hub.errors import NotFound, UsageError
from hub.links import learning, review
from hub.links.clustering import AUTHOR
from matching.forms import recording_forms
from matching.learning import Judged, cross_validated, learned
from matching.mixture import MATCH, shipped
from matching.records import RecordingRecord

FIRST = ("Golden", "Silver", "Winter", "Summer", "Marble", "Candle", "Velvet", "Harbor", "Meadow", "Thunder",
         "Garden", "Mirror", "Copper", "Window", "Desert", "Island", "Forest", "Lantern", "Shadow", "Bridge",
         "Planet", "Orchard", "Feather", "Compass", "Pillow", "Rocket", "Saddle", "Timber")  # fmt: skip
ARTISTS = ("Jane Hartley", "Oleg Northfield", "Dina Castlereagh", "Mark Pemberton")


def songs(start: int, count: int, *, apart: int) -> tuple[str, str]:
    """The same songs as two societies state them: the second with a misspelt title and another length."""
    ours = theirs = ""
    for number in range(start, start + count):
        title, artist = f"{FIRST[number]} Serenade", ARTISTS[number % len(ARTISTS)]
        ours += f"R{number},,{title},{artist},{200 + number},,\n"
        theirs += f"Q{number},,{FIRST[number]} Serinada,{artist},{200 + number + apart},,\n"
    return ours, theirs


@contextmanager
def filled(url: str, folder: Path) -> Iterator[Hub]:
    with fresh_hub(url, folder) as opened:
        near, far = songs(0, 16, apart=5), songs(16, 12, apart=15)
        for submitter, place in (("911", 0), ("052", 1)):
            send(opened, RECORDING_HEADER + near[place] + far[place], submitter)
        yield opened


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with filled(database_url, tmp_path) as opened:
        yield opened


def waiting(hub: Hub) -> dict[str, dict[str, Any]]:
    """The pairs that wait for people, by the number of the song."""
    found = {}
    for item in review.queue(hub, limit=1000):
        sides = {item[side]["ref"][1:] for side in ("left", "right")}
        if len(sides) == 1:
            found[sides.pop()] = item
    return found


def judged(hub: Hub, pairs: dict[str, dict[str, Any]], *, keep: int = 0) -> None:
    for number, item in sorted(pairs.items(), key=lambda pair: int(pair[0])):
        if int(number) < keep:
            continue
        verdict = "same" if int(number) < 16 else "different"
        review.decide(hub, item["left"]["id"], item["right"]["id"], verdict, "listened", "operator")


def verdicts(hub: Hub) -> dict[tuple[int, int], tuple[str, int]]:
    query = select(JUDGEMENT).where(JUDGEMENT.c.known_to == OPEN, JUDGEMENT.c.author == AUTHOR)
    with reading(hub.engine) as connection:
        return {(row.left_id, row.right_id): (row.verdict, row.score) for row in connection.execute(query)}


def test_what_people_judged_is_shown_then_adopted_then_taken_back(hub: Hub) -> None:
    pairs = waiting(hub)
    assert len(pairs) == 28, "the songs have to be unsure, or there is nothing to learn"
    judged(hub, pairs, keep=4)
    left_open = verdicts(hub)
    shown = learning.proposal(hub).effect
    assert (shown["judgements"], shown["same"], shown["enough"], shown["standing"]) == (
        24,
        12,
        True,
        "shipped",
    )
    assert shown["after"]["log_loss"] < shown["before"]["log_loss"]
    assert verdicts(hub) == left_open, "showing changes nothing"
    with pytest.raises(UsageError, match="reason"):
        learning.adopt(hub, "operator", " ")
    learning.adopt(hub, "operator", "two hundred ears agree")
    adopted = verdicts(hub)
    raised = [adopted[pair][1] - score for pair, (_, score) in left_open.items() if pair in adopted]
    assert raised
    assert all(gain > 0 for gain in raised)
    assert learning.proposal(hub).effect["standing"] == "learned"
    learning.give_back(hub, "operator", "they were wrong")
    assert verdicts(hub) == left_open
    with reading(hub.engine) as connection:
        logged = connection.scalars(select(EVENT.c.body).where(EVENT.c.kind == "learning")).all()
    assert [json.loads(body)["reason"] for body in logged] == ["two hundred ears agree", "they were wrong"]


def test_too_few_judgements_teach_nothing(hub: Hub) -> None:
    judged(hub, dict(list(waiting(hub).items())[:3]))
    assert learning.proposal(hub).effect["enough"] is False
    with pytest.raises(UsageError, match="3 judgements are too few"):
        learning.adopt(hub, "operator", "now")
    with pytest.raises(NotFound):
        learning.give_back(hub, "operator", "now")


def test_societies_see_the_effect_over_http_and_adopt_nothing(hub: Hub) -> None:
    judged(hub, waiting(hub))
    headers = {"Authorization": f"Bearer {create(hub, '911')['key']}"}
    with TestClient(create_app(hub)) as client:
        found = client.get("/v1/reviews/learning", headers=headers)
    assert found.status_code == 200
    assert found.json()["judgements"] == 28
    assert found.json()["before"]["unsure"] == 28
    assert "pairs" not in found.json()


def test_the_command_shows_adopts_and_lists(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"

    def run(*options: str) -> Any:
        done = CliRunner().invoke(app, ["match", "learn", *options, "--db", url])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout) if "--json" in options else done.stdout

    with filled(url, tmp_path) as hub:
        judged(hub, waiting(hub), keep=2)
    assert "log_loss" in run()
    assert run("--adopt", "--reason", "heard", "--by", "Aigul", "--json")["judgements"] == 26
    assert [(item["table"], item["author"]) for item in run("--history", "--json")] == [("learned", "Aigul")]
    run("--back", "--reason", "unheard")
    assert [item["table"] for item in run("--history", "--json")] == ["shipped", "learned"]


def test_a_table_learns_from_pairs_and_keeps_the_share_of_matches() -> None:
    song = RecordingRecord(1, "A", titles=("Golden Serenade",), artists=("Jane Hartley",), duration=200)
    other = RecordingRecord(2, "B", titles=("Golden Serinada",), artists=("Jane Hartley",), duration=215)
    pairs = [
        Judged(recording_forms(song), recording_forms(other), same=number % 4 == 0) for number in range(40)
    ]
    table = learned(shipped(), pairs)
    assert table.priors == shipped().priors
    for rows in table.levels.values():
        assert sum(row.chances[MATCH] for row in rows) == pytest.approx(1)
    before, after = cross_validated(shipped(), pairs)
    assert after.log_loss < before.log_loss
