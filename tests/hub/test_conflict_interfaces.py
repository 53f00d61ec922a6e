"""Conflicts on the command line and over HTTP: the same queue, and each society for itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hubs import MANDATE_HEADER, MANDATES, WORKS, fresh_hub, send
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app
from hub.context import Hub

RIVALS = (
    MANDATE_HEADER
    + "M7,party,90000000109,ӘЛІМОВ ЕРЛАН,901,PR|MR,*,2136,2026-01-01,,Y,declaration,,letter.pdf\n"
    + "M8,party,90000003887,HARTLEY JANE,901,PR,*,KZ,2026-01-01,,Y,declaration,,letter.pdf\n"
)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        send(opened, RIVALS, "901")
        yield opened


def run(hub: Hub, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["conflicts", *words, "--db", hub.settings.database_url])
    assert done.exit_code == code, done.output
    return str(done.stdout)


def told(hub: Hub, *words: str) -> Any:
    return json.loads(run(hub, *words, "--json"))


def test_the_command_line_lists_shows_and_settles(hub: Hub, tmp_path: Path) -> None:
    listed = told(hub, "list")
    assert [{side["name"] for side in item["sides"]} for item in listed] == [{"M1", "M7"}, {"M2", "M8"}]
    assert [item["id"] for item in told(hub, "list", "--limit", "1", "--skip", "1")] == [listed[1]["id"]]
    assert told(hub, "list", "--kind", "overclaim") == []
    assert len(told(hub, "list", "--society", "52")) == 1
    assert told(hub, "list", "--known-at", "2001-01-01") == []
    name = listed[0]["id"]
    assert told(hub, "show", name)["sides"][0]["statement"]["grantor"] == "90000000109"
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"contract")
    done = told(hub, "claim", name, "--as", "901", "--reason", "newer", "--evidence", str(letter))
    assert done["history"][-1]["evidence"].startswith("sha256:")
    assert told(hub, "answer", name, "--as", "177", "--reason", "older")["state"] == "answered"
    words = ("--winner", "M1", "--reason", "ruling", "--evidence", "ruling 12", "--from", "2026-01-01")
    assert told(hub, "settle", name, *words)["state"] == "settled"
    assert [item["id"] for item in told(hub, "list", "--state", "settled")] == [name]
    assert told(hub, "reopen", name, "--reason", "appeal", "--evidence", "ruling 13")["state"] == "reopened"
    assert told(hub, "remark", name, "--as", "177", "--reason", "see you there")["state"] == "reopened"
    assert told(hub, "find", "--full")["found"] == 2


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_people_read_tables_in_their_language(hub: Hub, language: str) -> None:
    name = told(hub, "list")[0]["id"]
    run(hub, "claim", name, "--as", "901", "--reason", "newer", "--language", language)
    shown = run(hub, "show", name, "--language", language) + run(hub, "list", "--language", language)
    said = {
        "en": ("mandate overlap", "claimed"),
        "kk": ("қабаттасуы", "талап"),
        "ru": ("пересечение", "заявлено"),
    }
    assert all(word in shown.replace("\n", " ") for word in said[language])
    assert "conflict_" not in shown
    assert "state_" not in shown


def test_what_cannot_be_is_refused(hub: Hub) -> None:
    from hub.errors import IllegalTransition, NotAllowed, UsageError

    name = told(hub, "list")[0]["id"]
    for words, fault in (
        (["list", "--state", "odd"], UsageError),
        (["list", "--kind", "odd"], UsageError),
        (["list", "--known-at", "soon"], UsageError),
        (["answer", name, "--as", "177", "--reason", "x"], IllegalTransition),
        (["settle", name, "--as", "177", "--reason", "x", "--evidence", "y"], IllegalTransition),
        (["claim", name, "--as", "911", "--reason", "x"], NotAllowed),
    ):
        done = CliRunner().invoke(app, ["conflicts", *words, "--db", hub.settings.database_url])
        assert isinstance(done.exception, fault), words


def test_each_society_acts_for_itself_over_http(hub: Hub) -> None:
    client = TestClient(create_app(hub))

    def key(society: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {create(hub, society)['key']}"}

    own, other, stranger = key("177"), key("901"), key("911")
    first = client.get("/v1/conflicts", params={"limit": 1}, headers=own)
    assert first.status_code == 200
    following = client.get(first.headers["link"].split(";")[0].strip("<>"), headers=own)
    assert len({item["id"] for item in (*first.json(), *following.json())}) == 2
    name = first.json()[0]["id"]
    assert client.get(f"/v1/conflicts/{name}", headers=stranger).json()["state"] == "open"
    said = {"reason": "our contract", "evidence": "sha256:ab"}
    assert client.post(f"/v1/conflicts/{name}/claim", json=said, headers=own).json()["status"] == "done"
    assert client.post(f"/v1/conflicts/{name}/claim", json=said, headers=own).json()["status"] == "unchanged"
    assert client.post(f"/v1/conflicts/{name}/claim", json=said, headers=other).status_code == 409
    assert client.post(f"/v1/conflicts/{name}/answer", json=said, headers=stranger).status_code == 403
    assert client.post(f"/v1/conflicts/{name}/settle", json=said, headers=own).status_code == 409
    assert client.post(f"/v1/conflicts/{name}/answer", json={}, headers=other).status_code == 400
    assert client.post(f"/v1/conflicts/{name}/shout", json=said, headers=other).status_code == 422
    assert client.get("/v1/conflicts/c123", headers=own).status_code == 404
    assert client.get("/v1/conflicts").status_code == 401
    assert client.get("/v1/conflicts", params={"known_at": "soon"}, headers=own).status_code == 400
    done = client.post(f"/v1/conflicts/{name}/concede", json={"reason": "we give way"}, headers=other).json()
    assert (done["state"], done["history"][-1]["author"]) == ("settled", "901")
    asked = {
        "subject": "iswc:T9123456780",
        "right": "PR",
        "use": "radio",
        "territory": "GB",
        "on": "2026-03-15",
    }
    assert client.get("/v1/who-to-pay", params=asked, headers=own).json()["totals"]["disputed"] == "0.00"
