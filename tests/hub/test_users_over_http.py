"""People kept over HTTP by the operator's keys: what they may, what they may not, and what the log keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import fresh_hub
from sqlalchemy import select
from starlette.testclient import TestClient

from hub.access import denials, users
from hub.access.keys import create
from hub.access.permissions import OPERATOR
from hub.access.sessions import resume, sign_in_user
from hub.api.app import create_app
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import EVENT
from hub.errors import NotAuthenticated


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


def caller(hub: Hub, society: str = "", **options: Any) -> TestClient:
    key = create(hub, society, **({"role": OPERATOR} if not society else {}), **options)["key"]
    return TestClient(
        create_app(hub), raise_server_exceptions=False, headers={"Authorization": f"Bearer {key}"}
    )


def logged(hub: Hub, user: str) -> list[tuple[str, str, dict[str, Any]]]:
    with reading(hub.engine) as connection:
        rows = connection.execute(select(EVENT).where(EVENT.c.subject == user).order_by(EVENT.c.id))
        return [(row.kind, row.actor, json.loads(row.body)) for row in rows]


def test_a_person_is_added_and_kept(hub: Hub) -> None:
    client = caller(hub)
    made = client.post("/v1/users", json={"user": "Aigul", "society": "177", "scopes": ["read"]})
    assert (made.status_code, made.json()["user"], made.json()["scopes"]) == (201, "aigul", ["read"])
    cookie = sign_in_user(hub, "aigul", made.json()["password"])
    assert resume(hub, cookie).must_change
    (shown,) = client.get("/v1/users?society=177").json()
    assert (shown["user"], shown["must_change"], "password" in shown) == ("aigul", True, False)
    assert client.get("/v1/users?society=901").json() == []
    assert client.get("/v1/users?format=csv").text.splitlines()[1].startswith("aigul,user-")
    assert client.post("/v1/users/aigul/sign-out").json() == {"user": "aigul", "sessions": 1}
    with pytest.raises(NotAuthenticated):
        resume(hub, cookie)
    given = client.post("/v1/users/aigul/password").json()["password"]
    cookie = sign_in_user(hub, "aigul", given)
    assert client.post("/v1/users/aigul/disable").json()["disabled"]
    with pytest.raises(NotAuthenticated):
        resume(hub, cookie)
    assert client.post("/v1/users/aigul/disable").status_code == 404
    assert client.post("/v1/users/aigul/enable").json()["disabled"] == ""
    entries = logged(hub, shown["id"])
    kinds = [kind for kind, _, _ in entries if kind != "signed_in"]
    assert kinds == [
        "user_added", "signed_out_everywhere", "user_password_reset", "user_disabled", "user_enabled",
    ]  # fmt: skip
    key = client.get("/v1/me").json()["key"]
    assert all(
        (actor, body["key"]) == (OPERATOR, key) for kind, actor, body in entries if kind != "signed_in"
    )


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"user": "x y", "society": "177"}, 400),
        ({"user": "dana", "society": "999"}, 404),
        ({"user": "dana", "society": "177", "role": "king"}, 400),
        ({"user": "dana", "society": "177", "scopes": ["audit"]}, 400),
        ({"user": "dana", "society": "177", "role": OPERATOR}, 403),
        ({"user": "dana", "society": "177", "password": "of the caller's own"}, 422),
    ],
)
def test_who_cannot_be_added(hub: Hub, wanted: dict[str, Any], status: int) -> None:
    answer = caller(hub).post("/v1/users", json=wanted)
    assert answer.status_code == status
    assert users.listing(hub) == []


def test_a_key_makes_itself_no_more_than_it_is(hub: Hub) -> None:
    users.add(hub, "root", "", role=OPERATOR)
    users.add(hub, "aigul", "177")
    client = caller(hub, scopes=["users"])
    for action in ("password", "disable", "enable", "sign-out"):
        refused = client.post(f"/v1/users/root/{action}")
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    for other in (caller(hub, "177"), caller(hub, scopes=["operate", "read"])):
        assert other.get("/v1/users").status_code == 403
        assert other.post("/v1/users/aigul/password").status_code == 403
    assert client.post("/v1/users/nobody/disable").status_code == 404
    assert {(item["route"], item["code"]) for item in denials.listing(hub)} >= {
        ("/v1/users/{name}/password", "not_allowed"), ("/v1/users", "not_allowed"),
    }  # fmt: skip
    assert not users.shown(hub, "root")["disabled"]
