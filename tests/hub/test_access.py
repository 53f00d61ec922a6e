"""Roles and scopes: every route as every role, keys and their ends, and what is kept of refusals."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import fresh_hub
from sqlalchemy import update
from starlette.testclient import TestClient

from hub.access import denials, keys
from hub.access.permissions import ROLES, SCOPES, Caller, granted
from hub.api.access_table import Fence, fences, rendered
from hub.api.app import create_app
from hub.context import Hub
from hub.db.engine import writing
from hub.db.tables import API_KEY, DENIAL
from hub.errors import NotAllowed, NotFound, UsageError

MEMBERS = {"society": "177", "dsp": "STREAMER", "auditor": "AUTHORITY", "operator": ""}
REGISTER = (
    "code,name,country,kind,accreditations\n177,KAZAK,KZ,cmo,\n901,Altyn Dala (invented),KZ,cmo,\n"
    "STREAMER,Streamer (invented),KZ,dsp,\nAUTHORITY,Authority (invented),KZ,regulator,\n"
)
NEVER_HERE = ("/openapi.json",)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as opened:
        yield opened


@pytest.fixture
def client(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub), raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


def key(hub: Hub, role: str, **options: Any) -> dict[str, Any]:
    return keys.create(hub, MEMBERS[role], role=role, **options)


def bearer(made: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {made['key']}"}


def address(fence: Fence) -> str:
    """The route with something in its place that nobody has; actions are ones that there are."""
    actions = {"/conflicts/": "remark", "/withdrawals/": "remark"}
    action = next((word for part, word in actions.items() if part in fence.path), "x")
    return re.sub(r"\{\w+\}", "nothing", fence.path.replace("{action}", action).replace("{number}", "1"))


def test_every_route_lets_in_the_roles_of_the_table_and_nobody_else(hub: Hub, client: TestClient) -> None:
    made = {role: bearer(key(hub, role)) for role in ROLES}
    found = [item for item in fences(client.app) if item.kind == "key"]
    assert len(found) > 35
    for fence in found:
        call = {"method": fence.method, "url": address(fence), "json": {}}
        assert client.request(**call).status_code == 401, fence
        for role, headers in made.items():
            refused = client.request(**call, headers=headers).status_code == 403
            assert refused is not fence.lets(role), (fence, role)


def test_every_page_lets_in_the_roles_of_the_table_and_nobody_else(hub: Hub, client: TestClient) -> None:
    found = [item for item in fences(client.app) if item.kind == "session"]
    assert len(found) > 20
    secrets = {role: key(hub, role)["key"] for role in ROLES}
    for fence in sorted(found, key=lambda item: item.path == "/logout"):
        client.cookies.clear()
        answer = client.request(fence.method, address(fence))
        assert (answer.status_code, answer.headers.get("location", "")[:6]) == (303, "/login"), fence
    for role, secret in secrets.items():
        client.cookies.clear()
        assert client.post("/login", data={"key": secret}).status_code == 303
        for fence in found:
            if fence.path != "/logout":
                # Forms have no token here: that is refused with 403 too, but behind the fence.
                answer = client.request(fence.method, address(fence))
                refused = answer.status_code == 403 and "this needs the scope" in answer.text
                assert refused is not fence.lets(role), (fence, role, answer.status_code)


def test_what_needs_no_key_is_a_short_list(client: TestClient) -> None:
    found = {f"{item.method} {item.path}" for item in fences(client.app) if item.kind == "open"}
    assert found - {"GET /docs", "GET /docs/oauth2-redirect", "GET /redoc"} == {
        "GET /healthz", "GET /readyz", "GET /metrics", "GET /login", "POST /login", "GET /static/{name}",
        "GET /login/provider", "GET /login/provider/return",
    }  # fmt: skip


def test_the_document_is_the_table(client: TestClient) -> None:
    document = Path(__file__).resolve().parents[2] / "docs" / "access.md"
    assert document.read_text(encoding="utf-8") == rendered(client.app), (
        "run: python -m hub.api.access_table > docs/access.md"
    )


def test_every_scope_belongs_to_a_role_and_opens_something(client: TestClient) -> None:
    demanded = {scope for item in fences(client.app) for scope in item.scopes} | {"audit"}
    assert demanded == set(SCOPES) == {scope for role in ROLES.values() for scope in role.scopes}


def test_a_key_has_at_most_what_its_role_may(hub: Hub) -> None:
    assert set(key(hub, "dsp")["scopes"]) == set(ROLES["dsp"].scopes)
    for role, scopes in (("dsp", ["submit"]), ("auditor", ["mandates"]), ("operator", ["submit"])):
        with pytest.raises(UsageError):
            key(hub, role, scopes=scopes)
    with pytest.raises(UsageError):
        granted("king", [])
    with pytest.raises(NotFound):
        keys.create(hub, "NOBODY", role="dsp")


def test_keys_of_ones_own_over_http(hub: Hub, client: TestClient) -> None:
    mine, theirs = key(hub, "society"), keys.create(hub, "901")
    me = client.get("/v1/me", headers=bearer(mine)).json()
    assert (me["society"], me["role"], me["key"]) == ("177", "society", mine["prefix"])
    narrow = client.post(
        "/v1/keys", json={"scopes": ["read", "keys"], "days": 9}, headers=bearer(mine)
    ).json()
    assert (narrow["society"], narrow["scopes"]) == ("177", ["keys", "read"])
    more = client.post("/v1/keys", json={"scopes": ["submit"]}, headers=bearer(narrow))
    assert (more.status_code, more.json()["code"]) == (400, "usage")
    assert client.post(f"/v1/keys/{mine['prefix']}/rotate", headers=bearer(narrow)).status_code == 403
    for method, path in (("DELETE", ""), ("POST", "/rotate")):
        other = client.request(method, f"/v1/keys/{theirs['prefix']}{path}", headers=bearer(mine))
        assert other.status_code == 404
    listed = client.get("/v1/keys", headers=bearer(mine)).json()
    assert {item["prefix"] for item in listed} == {mine["prefix"], narrow["prefix"]}
    assert all("key" not in item for item in listed)
    assert client.delete(f"/v1/keys/{narrow['prefix']}", headers=bearer(mine)).status_code == 204
    assert client.get("/v1/me", headers=bearer(narrow)).status_code == 401
    operator = bearer(key(hub, "operator"))
    assert len(client.get("/v1/keys", headers=operator).json()) == 4
    assert client.delete(f"/v1/keys/{theirs['prefix']}", headers=operator).status_code == 204


def test_a_rotated_key_goes_on_for_the_overlap(hub: Hub, client: TestClient) -> None:
    old = key(hub, "dsp", scopes=["read", "keys"], days=30)
    new = client.post(f"/v1/keys/{old['prefix']}/rotate", headers=bearer(old)).json()
    assert (new["scopes"], new["society"], new["role"]) == (["keys", "read"], "STREAMER", "dsp")
    assert new["instead_of"] == old["prefix"]
    for made in (old, new):
        assert client.get("/v1/me", headers=bearer(made)).status_code == 200
    with writing(hub.engine) as connection:
        connection.execute(
            update(API_KEY).where(API_KEY.c.prefix == old["prefix"]).values(expires_at=API_KEY.c.created_at)
        )
    assert client.get("/v1/me", headers=bearer(old)).status_code == 401
    again = keys.rotate(hub, new["prefix"], overlap_hours=0)
    time.sleep(0.001)
    assert client.get("/v1/me", headers=bearer(new)).status_code == 401
    assert client.get("/v1/me", headers=bearer(again)).status_code == 200
    with pytest.raises(UsageError):
        keys.rotate(hub, again["prefix"], overlap_hours=10_000)


def test_refused_attempts_are_kept_and_counted(hub: Hub, client: TestClient) -> None:
    service, society = key(hub, "dsp"), key(hub, "society")
    for _ in range(3):
        client.post("/v1/submissions", content=b"x", headers=bearer(service))
    keys.revoke(hub, society["prefix"])
    client.get("/v1/works", params={"q": "a secret title"}, headers=bearer(society))
    client.get("/v1/works", headers={"Authorization": "Bearer hub_00000000_made-up"})
    found = denials.listing(hub)
    told = {(item["who"], item["society"], item["method"], item["route"], item["code"]) for item in found}
    assert told == {
        (service["prefix"], "STREAMER", "POST", "/v1/submissions", "not_allowed"),
        (society["prefix"], "177", "GET", "/v1/works", "not_authenticated"),
        ("", "", "GET", "/v1/works", "not_authenticated"),
    }
    counted = [item["attempts"] for item in found if item["who"] == service["prefix"]]
    assert sum(counted) == 3
    assert "secret title" not in repr(found)
    own = client.get("/v1/audit/denials", headers=bearer(service)).json()
    assert {item["society"] for item in own} == {"STREAMER"}
    for role in ("auditor", "operator"):
        everything = client.get("/v1/audit/denials", headers=bearer(key(hub, role))).json()
        assert len(everything) == len(found)


def test_refused_attempts_are_forgotten_in_the_end(hub: Hub, client: TestClient) -> None:
    client.get("/v1/works", headers={"Authorization": "Bearer hub_00000000_made-up"})
    assert denials.prune(hub) == 0
    with writing(hub.engine) as connection:
        connection.execute(update(DENIAL).values(minute=DENIAL.c.minute - denials.KEPT - 1))
    assert denials.prune(hub) == 1
    assert denials.listing(hub) == []


def test_an_auditor_sees_the_whole_log_and_a_service_its_own(hub: Hub, client: TestClient) -> None:
    made = {role: bearer(key(hub, role)) for role in ("auditor", "dsp")}
    kinds = {
        role: {item["kind"] for item in client.get("/v1/audit", headers=headers).json()}
        for role, headers in made.items()
    }
    assert "key_created" in kinds["auditor"]
    assert "key_created" not in kinds["dsp"]
    assert Caller("X", frozenset({"read"}), "k").viewer == "X"
    with pytest.raises(NotAllowed):
        Caller("X", frozenset(), "k").need("read")
