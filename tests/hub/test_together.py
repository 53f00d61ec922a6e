"""All recordings looked at together: what linking one by one misses is asked, kept, linked and taken back."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import fresh_hub, send
from invented_recordings import invented
from linked_hubs import RECORDING_HEADER, linked
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
from hub.errors import UsageError
from hub.links import explaining, linking, review, together, together_kept
from hub.links.seen_together import MAYBE_ONE, ONE, RULES
from matching.content import Weighed

SOCIETIES = ("177", "901", "052", "911")
PACKED = "052"
"""Whose title column holds "artist - title" and whose artist column is empty."""


def feeds() -> dict[str, str]:
    """Four societies' lists of the same songs, one of them packed."""
    records, _ = invented(albums=25)
    found = dict.fromkeys(SOCIETIES, RECORDING_HEADER)
    for item in records:
        society = SOCIETIES[int(item.source)]
        title, artist = item.titles[0], item.artists[0]
        if society == PACKED:
            title, artist = f"{artist} - {title}", ""
        found[society] += f"{item.id},,{title},{artist},{item.duration or ''},{item.year or ''},\n"
    return found


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for society, text in feeds().items():
            send(opened, text, society)
        yield opened


def rows(hub: Hub, *, standing: bool = True) -> list[Any]:
    """Judgements that come from looking at recordings together."""
    with reading(hub.engine) as connection:
        found = connection.execute(select(JUDGEMENT).order_by(JUDGEMENT.c.left_id, JUDGEMENT.c.right_id))
        return [row for row in found if row.reason in RULES and (not standing or row.known_to == OPEN)]


def true_pairs(clusters: set[frozenset[Any]]) -> tuple[int, int]:
    """How many pairs of clusters are of one recording, and how many there are."""
    _, truth = invented(albums=25)
    pairs = [
        truth[int(left[1])] == truth[int(right[1])]
        for members in clusters
        for left in members
        for right in members
        if left < right
    ]
    return sum(pairs), len(pairs)


def test_what_no_key_brought_together_is_asked_with_figures_that_add_up(hub: Hub):
    before = linked(hub)[1]
    done = together.look(hub)
    assert done.asked > 30
    assert done.linked == done.moved == done.withdrawn == 0
    assert done.packed[PACKED]["leading"] == "artist"
    assert set(done.packed) == {PACKED}
    assert linked(hub)[1] == before
    mine = [pair for pair in review.queue(hub, limit=1000) if pair["rule"] in RULES]
    assert len(mine) == done.asked == len(rows(hub))
    for pair in mine:
        assert pair["scale"] == "log_odds"
        total = sum(part["weight"] for part in pair["evidence"])
        assert pair["score"] == Weighed(total, ()).score >= 500
        assert pair["rule"] == (ONE if pair["score"] >= 950 else MAYBE_ONE)
        titles = next(part for part in pair["evidence"] if part["feature"] == "title")
        assert " - " not in titles["left"] + titles["right"]
        # The page marks what differs by these.
        assert (titles["score"] == 1000) == (titles["left"] == titles["right"])
    again = together.look(hub)
    assert (again.unchanged, again.asked, again.withdrawn) == (done.asked, 0, 0)


def test_nobody_is_asked_what_follows_from_another_question(hub: Hub):
    together.look(hub)
    groups: dict[Any, Any] = {}

    def name(subject: Any) -> Any:
        while subject in groups:
            subject = groups[subject]
        return subject

    of = {member: min(members) for members in linked(hub)[1] for member in members}
    with reading(hub.engine) as connection:
        judged = connection.execute(select(JUDGEMENT).where(JUDGEMENT.c.known_to == OPEN)).all()
    subjects = {number for row in judged for number in (row.left_id, row.right_id)}
    names = names_of(hub, subjects)
    waiting = [row for row in judged if row.verdict == "unsure" and not row.conflict]
    for row in sorted(waiting, key=lambda row: row.reason in RULES):
        left, right = (name(of.get(names[side], names[side])) for side in (row.left_id, row.right_id))
        assert left != right or row.reason not in RULES
        if left != right:
            groups[left] = right


def names_of(hub: Hub, subjects: set[int]) -> dict[int, Any]:
    with reading(hub.engine) as connection:
        table = review.SUBJECT
        found = connection.execute(select(table).where(table.c.id.in_(subjects)))
        return {row.id: (row.submitter, row.ref) for row in found}


def test_linking_joins_what_is_sure_and_later_runs_leave_it_joined(hub: Hub):
    right, all_pairs = true_pairs(linked(hub)[1])
    done = together.look(hub, link=True)
    assert done.linked > 20
    assert done.moved > 20
    joined = linked(hub)
    more_right, more = true_pairs(joined[1])
    assert more_right > right + 30
    assert more_right >= more - (all_pairs - right) - 2
    together.look(hub)
    assert linked(hub)[1] == joined[1]
    linking.link_everything(hub)
    assert linked(hub) == joined


def test_a_person_is_not_asked_again_and_undo_brings_the_question_back(hub: Hub):
    together.look(hub)
    asked = next(pair for pair in review.queue(hub, limit=1000) if pair["rule"] in RULES)
    left, right = asked["left"]["id"], asked["right"]["id"]
    standing = len(rows(hub))
    review.decide(hub, left, right, "different", "two songs", "911")
    assert len(rows(hub)) == standing - 1
    done = together.look(hub)
    assert (done.unchanged, done.asked) == (standing - 1, 0)
    review.undo(hub, left, right, "911")
    again = [pair for pair in review.queue(hub, limit=1000) if pair["left"]["id"] == left]
    assert asked["evidence"] in [pair["evidence"] for pair in again if pair["right"]["id"] == right]
    assert len(rows(hub)) == standing


def test_a_correction_ends_what_was_found_about_the_statement_before(hub: Hub):
    together.look(hub)
    row = rows(hub)[0]
    ((society, ref),) = names_of(hub, {row.right_id}).values()
    send(hub, RECORDING_HEADER + f"{ref},,Something else altogether,Somebody Else,33,1999,\n", society)
    assert row.right_id not in {number for kept in rows(hub) for number in (kept.left_id, kept.right_id)}
    assert row.id in {ended.id for ended in rows(hub, standing=False)}


def test_what_people_say_and_correct_meanwhile_counts(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    asked = together.look(hub).asked
    first, second = rows(hub)[:2]
    together.give_back(hub, "operator", "to be found again")
    whole = together.link_recordings
    ((society, ref),) = names_of(hub, {second.right_id}).values()

    def slow(*given: Any, **terms: Any) -> Any:
        found = whole(*given, **terms)
        with reading(hub.engine) as connection:
            table = review.SUBJECT
            ids = {row.id: row.public_id for row in connection.execute(select(table))}
        review.decide(hub, ids[first.left_id], ids[first.right_id], "different", "two songs", "911")
        send(hub, RECORDING_HEADER + f"{ref},,Something else altogether,Somebody Else,33,1999,\n", society)
        return found

    monkeypatch.setattr(together, "link_recordings", slow)
    done = together.look(hub)
    assert done.overtaken >= 2
    assert done.asked == asked - done.overtaken
    kept = {(row.left_id, row.right_id) for row in rows(hub)}
    assert len(kept) == done.asked
    assert second.right_id not in {number for pair in kept for number in pair}
    assert (first.left_id, first.right_id) not in kept


def test_two_isrcs_are_never_taken_for_one_recording(database_url: str, tmp_path: Path):
    texts = feeds()
    with fresh_hub(database_url, tmp_path) as opened:
        for place, (society, text) in enumerate(texts.items()):
            # Every society has ISRCs of its own, so that nothing can be one.
            lines = text.splitlines()
            coded = [
                line.replace(",,", f",KZA{place}1{int(line.split(',')[0]):07d},", 1) for line in lines[1:]
            ]
            send(opened, "\n".join([lines[0], *coded]) + "\n", society)
        done = together.look(opened)
        assert done.likely > 30
        assert done.contradicted > 30
        assert [row for row in rows(opened) if not row.conflict] == []


def test_a_look_that_is_killed_is_repeated_to_the_same_end(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(together_kept, "AT_ONCE", 7)
    whole = together_kept.recluster
    calls = []

    def killed(*given: Any) -> int:
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(together_kept, "recluster", killed)
    with pytest.raises(KeyboardInterrupt):
        together.look(hub, link=True)
    kept = len(rows(hub))
    assert kept == 14
    monkeypatch.setattr(together_kept, "recluster", whole)
    done = together.look(hub, link=True)
    broken = linked(hub)
    with fresh_hub(f"sqlite:///{tmp_path / 'whole.db'}", tmp_path) as other:
        for society, text in feeds().items():
            send(other, text, society)
        unbroken = together.look(other, link=True)
        assert {(*item[1], item[2], item[4]) for item in linked(other)[0]} == {
            (*item[1], item[2], item[4]) for item in broken[0]
        }
        assert linked(other)[1] == broken[1]
    assert unbroken.linked + unbroken.asked == done.linked + done.asked + kept


def test_all_of_it_is_taken_back_with_a_reason_and_nothing_is_lost(hub: Hub):
    before = linked(hub)
    done = together.look(hub, link=True)
    with pytest.raises(UsageError, match="needs a reason"):
        together.give_back(hub, "operator", " ")
    back = together.give_back(hub, "operator", "tried out")
    assert back.withdrawn == done.linked + done.asked
    assert back.moved == done.moved
    assert linked(hub) == before
    assert len(rows(hub, standing=False)) == back.withdrawn
    with reading(hub.engine) as connection:
        bodies = connection.scalars(
            select(EVENT.c.body).where(EVENT.c.kind == "linking").order_by(EVENT.c.id)
        )
        found = [json.loads(body) for body in bodies][-2:]
    assert found[0]["together"]["linked"] == done.linked
    assert found[1] == {
        "together": {"moved": back.moved, "withdrawn": back.withdrawn}, "reason": "tried out"
    }  # fmt: skip


def test_the_command_says_what_it_found(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    with fresh_hub(url, tmp_path) as opened:
        for society, text in feeds().items():
            send(opened, text, society)
    told = CliRunner().invoke(app, ["match", "together", "--json", "--db", url])
    assert told.exit_code == 0
    found = json.loads(told.stdout)
    assert found["asked"] > 30
    assert "recordings read" in told.stderr
    shown = CliRunner().invoke(app, ["match", "together", "--db", url])
    assert f"{PACKED} writes several things into one column: the artist in front of titles" in shown.stdout
    back = CliRunner().invoke(
        app, ["match", "together", "--back", "--reason", "no more", "--json", "--db", url]
    )
    assert json.loads(back.stdout)["withdrawn"] == found["asked"]
    assert CliRunner().invoke(app, ["match", "together", "--back", "--link", "--db", url]).exit_code != 0


def test_the_operator_has_a_worker_look(hub: Hub):
    operator, society = (
        {"Authorization": f"Bearer {create(hub, code, role=role)['key']}"}
        for code, role in (("", "operator"), ("177", "society"))
    )
    with TestClient(create_app(hub)) as client:

        def done(asked: dict[str, Any]) -> dict[str, Any]:
            job = client.post("/v1/reviews/together", json=asked, headers=operator)
            assert job.status_code == 202
            for _ in range(600):
                found: dict[str, Any] = client.get(f"/v1/jobs/{job.json()['job']}", headers=operator).json()
                if found["state"] not in ("queued", "running"):
                    break
                time.sleep(0.1)
            assert (found["kind"], found["state"]) == ("together", "done")
            result: dict[str, Any] = found["result"]
            return result

        assert client.post("/v1/reviews/together", json={}, headers=society).status_code == 403
        refused = [{"back": True}, {"back": True, "link": True, "reason": "no more"}]
        for asked in refused:
            assert client.post("/v1/reviews/together", json=asked, headers=operator).status_code == 400
        found = done({"link": True})
        assert found["linked"] > 20
        assert found["packed"][PACKED]["leading"] == "artist"
        back = done({"back": True, "reason": "tried out"})
    assert back["withdrawn"] == found["linked"] + found["asked"]
    with reading(hub.engine) as connection:
        events = connection.execute(select(EVENT).where(EVENT.c.kind == "linking").order_by(EVENT.c.id)).all()
    assert [row.actor for row in events][-2:] == ["matcher/1", "operator"]


def test_a_pair_that_says_nothing_by_itself_is_explained_by_the_whole(hub: Hub):
    before = together.look(hub)
    asked = [pair for pair in review.queue(hub, limit=1000) if pair["rule"] in RULES]
    explained = [explaining.explain(hub, pair["left"]["id"], pair["right"]["id"]) for pair in asked]
    assert len(explained) == before.asked
    by_the_whole = [
        (pair, found) for pair, found in zip(asked, explained, strict=True) if found["rule"] in RULES
    ]
    assert len(by_the_whole) > 30
    for pair, found in by_the_whole:
        assert (found["verdict"], found["score"]) == ("unsure", pair["score"])
        assert (found["evidence"], found["scale"]) == (pair["evidence"], "log_odds")
    together.give_back(hub, "operator", "tried out")
    pair, _ = by_the_whole[0]
    assert explaining.explain(hub, pair["left"]["id"], pair["right"]["id"])["verdict"] == "none"
