"""Parties over HTTP, the log over HTTP, and judgements by societies of their own repertoire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.catalogue.parties import parse_identifier, party
from hub.context import Hub
from hub.db import times
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.errors import NotFound, UsageError

MORE = (
    WORK_HEADER
    + "Z1,ҚЫСҚЫ ТҮН,,ALIMOV ERLAN,90000000109,CA,901,100,100,\n"
    + "Z2,ҚЫСҚЫ ТАҢ,,ӘЛІМОВ ЕРЛАН,90000000109,C,,100,100,\n"
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


@pytest.fixture
def client(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub), raise_server_exceptions=False) as opened:
        yield opened


def key(hub: Hub, society: str = "177", **options: list[str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {create(hub, society, **options)['key']}"}


def test_a_party_is_what_its_mentions_say(hub: Hub) -> None:
    with reading(hub.engine) as connection:
        before = times.text(horizon(connection))
    send(hub, MORE, "901")
    found = party(hub, "ipi:90000000109").as_json()
    assert found["identifiers"] == {"ipi_name": ["90000000109"]}
    assert [item["name"] for item in found["names"]] == ["ӘЛІМОВ ЕРЛАН", "ALIMOV ERLAN"]
    assert {(item["society"], item["said_by"]) for item in found["societies"]} == {
        ("177", "177"),
        ("901", "901"),
    }
    assert [item["mandate_ref"] for item in found["mandates"]] == ["M1"]
    assert found["total_subjects"] == 3
    assert {item["title"] for item in found["subjects"]} == {"ЖАЗҒЫ КЕШ", "ҚЫСҚЫ ТҮН", "ҚЫСҚЫ ТАҢ"}
    earlier = party(hub, "90000000109", before).as_json()
    assert (earlier["total_subjects"], earlier["known_at"]) == (1, before)


def test_only_identifiers_with_a_valid_number_are_looked_up(hub: Hub) -> None:
    with pytest.raises(NotFound):
        party(hub, "00000000199")
    for text in ("ӘЛІМОВ", "90000000108", "ipn:x", "isrc:KZA012500001"):
        with pytest.raises(UsageError):
            parse_identifier(text)
    with pytest.raises(UsageError, match="instant"):
        party(hub, "90000000109", "soon")


def test_a_party_over_http(hub: Hub, client: TestClient) -> None:
    headers = key(hub)
    found = client.get("/v1/parties/90000000109", headers=headers)
    assert (found.status_code, found.json()["total_subjects"]) == (200, 1)
    assert client.get("/v1/parties/00000000199", headers=headers).status_code == 404
    assert client.get("/v1/parties/nobody", headers=headers).status_code == 400


def test_the_log_over_http_shows_own_and_public_entries(hub: Hub, client: TestClient) -> None:
    mine, theirs = key(hub), key(hub, "901")
    own = [item["kind"] for item in client.get("/v1/audit", headers=mine).json()]
    assert own.count("submission") == 2
    assert "submission" not in [item["kind"] for item in client.get("/v1/audit", headers=theirs).json()]
    page = client.get("/v1/audit", params={"limit": 1}, headers=mine)
    following = client.get(page.links["next"]["url"], headers=mine).json()
    assert following[0]["id"] > page.json()[0]["id"]
    root = client.get("/v1/audit/root", headers=mine).json()
    proof = client.get(f"/v1/audit/proofs/{page.json()[0]['id']}", headers=mine).json()
    assert (proof["size"], proof["root"]) == (root["size"], root["root"])
    params = {"size": root["size"], "root": root["root"]}
    assert client.get("/v1/audit/continuation", params=params, headers=theirs).json()["holds"] is True


def test_a_society_judges_its_own_repertoire_only(hub: Hub, client: TestClient) -> None:
    send(hub, MORE, "901")
    mine, theirs, neither = key(hub), key(hub, "901"), key(hub, "052")
    works = {
        item["title"]: item["id"]
        for item in client.get("/v1/parties/90000000109", headers=mine).json()["subjects"]
    }
    decision = {
        "left": works["ҚЫСҚЫ ТҮН"], "right": works["ҚЫСҚЫ ТАҢ"], "verdict": "same", "reason": "one song",
    }  # fmt: skip
    refused = client.post("/v1/reviews/decisions", json=decision, headers=neither)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    reader = key(hub, "901", scopes=["read"])
    assert client.post("/v1/reviews/decisions", json=decision, headers=reader).status_code == 403
    done = client.post("/v1/reviews/decisions", json=decision, headers=theirs)
    assert (done.status_code, done.json()["author"], done.json()["verdict"]) == (201, "901", "positive")
    assert client.get("/v1/parties/90000000109", headers=mine).json()["total_subjects"] == 2
    assert client.get("/v1/reviews", headers=neither).json() == []
    blank = {**decision, "reason": "  "}
    assert client.post("/v1/reviews/decisions", json=blank, headers=theirs).status_code == 400
    pair = {"left": decision["left"], "right": decision["right"]}
    assert client.post("/v1/reviews/undo", json=pair, headers=neither).status_code == 403
    undone = client.post("/v1/reviews/undo", json=pair, headers=theirs)
    assert (undone.status_code, undone.json()["verdict"], undone.json()["undone"]) == (200, "positive", True)
    again = client.get("/v1/parties/90000000109", headers=mine).json()["subjects"]
    assert {item["id"] for item in again} >= {works["ҚЫСҚЫ ТҮН"], works["ҚЫСҚЫ ТАҢ"]}
    assert client.post("/v1/reviews/undo", json=pair, headers=theirs).status_code == 404


def test_a_text_that_no_database_keeps_is_no_fault_of_the_hub(hub: Hub, client: TestClient) -> None:
    decision = {"left": "w\0", "right": "w1", "verdict": "same", "reason": "one song"}
    answer = client.post("/v1/reviews/decisions", json=decision, headers=key(hub))
    # PostgreSQL refuses the character, SQLite looks and finds nothing.
    assert answer.status_code == (400 if hub.engine.dialect.name == "postgresql" else 404)
    assert answer.headers["content-type"] == "application/problem+json"
