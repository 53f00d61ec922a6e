"""Signing in through an OpenID Connect provider: a real one over HTTP, with honest and forged answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hubs import fresh_hub
from joserfc import jwt
from joserfc.jwk import RSAKey
from oidc_provider import CLIENT, SECRET, Provider, providing
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access import identities, provider, users
from hub.access.denials import listing as denied
from hub.access.permissions import Caller
from hub.api.app import create_app
from hub.audit.log import verify
from hub.cli.app import app
from hub.context import Hub
from hub.db.engine import reading
from hub.errors import NotFound, Surroundings, UsageError
from hub.settings import load

RETURN = "/login/provider/return"


@pytest.fixture
def there() -> Iterator[Provider]:
    with providing() as running:
        yield running


@pytest.fixture
def hub(database_url: str, tmp_path: Path, there: Provider) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        named = {"oidc_issuer": there.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        known = Hub(replace(opened.settings, **named), opened.engine)  # type: ignore[arg-type]
        users.add(known, "aigul", "177")
        identities.link(known, "aigul", there.issuer, "person-1")
        yield known


def visitor(hub: Hub, **settings: str) -> TestClient:
    changed = Hub(replace(hub.settings, **settings), hub.engine)  # type: ignore[arg-type]
    return TestClient(create_app(changed), follow_redirects=False, base_url="https://hub.example")


def sent_there(client: TestClient, back: str = "/mandates") -> str:
    answer = client.get(f"/login/provider?next={back}")
    assert answer.status_code == 303
    return str(answer.headers["location"])


def came_back(client: TestClient, there: Provider, address: str) -> Any:
    code, state = there.visited(address)
    return client.get(RETURN, params={"code": code, "state": state})


def test_a_linked_person_signs_in_and_out(hub: Hub, there: Provider) -> None:
    client = visitor(hub, oidc_label="KazAK account")
    assert "Sign in with KazAK account" in client.get("/login?next=/mandates").text
    address = sent_there(client)
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == [f"https://hub.example{RETURN}"]
    answer = came_back(client, there, address)
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0; url=/mandates"' in answer.text
    cookie = next(item for item in answer.headers.get_list("set-cookie") if item.startswith("hub_session"))
    assert all(word in cookie for word in ("HttpOnly", "Secure", "SameSite=strict"))
    page = client.get("/account")
    assert page.status_code == 200
    assert "aigul" in page.text
    # The password that the operator gave out and that was never changed is gone.
    assert users.listing(hub)[0]["must_change"] is False
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    assert client.post("/logout", data={"token": token}).status_code == 303
    assert client.get("/account").headers["location"].startswith("/login")
    with reading(hub.engine) as connection:
        assert verify(connection).broken_at == 0


def none_signed(claims: dict[str, Any]) -> str:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(claims)}."


def forged_with_public_key(there: Provider) -> Callable[[dict[str, Any]], str]:
    secret = there.key.as_pem(private=False)

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    def sign(claims: dict[str, Any]) -> str:
        signed = (
            f"{part(json.dumps({'alg': 'HS256', 'kid': 'k1'}).encode())}.{part(json.dumps(claims).encode())}"
        )
        return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"

    return sign


def foreign(claims: dict[str, Any]) -> str:
    key = RSAKey.generate_key(2048, {"kid": "k1"})
    return str(jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key))


HOSTILE: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "other"},
    "another audience": {"aud": "somebody-else"},
    "an audience beside us, for another": {"aud": [CLIENT, "x"], "azp": "x"},
    "several audiences, for nobody": {"aud": [CLIENT, "x"]},
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": int(time.time()) - 3600},
    "issued in the future": {"iat": int(time.time()) + 3600},
    "nobody": {"sub": ""},
    "a number for a name": {"sub": 7},
    "no nonce": {"nonce": None},
}


@pytest.mark.parametrize("case", [*HOSTILE, "no signature", "a shared secret", "another key", "no token"])
def test_a_token_that_does_not_hold_lets_nobody_in(hub: Hub, there: Provider, case: str) -> None:
    there.changed = lambda claims: claims.update(HOSTILE.get(case, {}))
    if case == "no signature":
        there.sign = none_signed
    elif case == "a shared secret":
        there.sign = forged_with_public_key(there)
    elif case == "another key":
        there.sign = foreign
    elif case == "no token":
        there.sign = lambda claims: 7  # type: ignore[return-value,assignment]
    client = visitor(hub)
    answer = came_back(client, there, sent_there(client))
    assert answer.status_code == 401, case
    assert "Signing in did not work" in answer.text
    assert "hub_session" not in answer.headers.get("set-cookie", "")
    refused = denied(hub, Caller("operator", frozenset({"audit"}), "k", "operator"))
    assert [(item["route"], item["code"]) for item in refused] == [(RETURN, "sign_in_failed")]
    assert "Войти не получилось" in client.get(RETURN, headers={"Accept-Language": "ru"}).text


def test_a_way_back_is_good_once_and_in_its_browser(hub: Hub, there: Provider) -> None:
    client, other = visitor(hub), visitor(hub)
    code, state = there.visited(sent_there(client))
    sent_there(other)
    assert other.get(RETURN, params={"code": code, "state": state}).status_code == 401
    assert client.get(RETURN, params={"code": code, "state": state}).status_code == 200
    client.cookies.set("hub_way", state)
    again = client.get(RETURN, params={"code": code, "state": state})
    assert (again.status_code, "is used up" in again.text) == (401, True)
    # A state that nobody gave out, and a sign-in that the person broke off.
    client.cookies.set("hub_way", "made-up")
    assert client.get(RETURN, params={"code": "c", "state": "made-up"}).status_code == 401
    fresh = visitor(hub)
    state = parse_qs(urlsplit(sent_there(fresh)).query)["state"][0]
    broken = fresh.get(RETURN, params={"error": "access_denied<b>", "state": state})
    assert (broken.status_code, "access_denied&lt;b&gt;" in broken.text) == (401, True)
    mixed = visitor(hub)
    code, state = there.visited(sent_there(mixed))
    answer = mixed.get(RETURN, params={"code": code, "state": state, "iss": "https://evil.example"})
    assert answer.status_code == 401


def test_a_way_that_takes_too_long_ends(hub: Hub, there: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor(hub)
    address = sent_there(client)
    monkeypatch.setattr(identities, "WAITS", -1)
    assert came_back(client, there, address).status_code == 401
    monkeypatch.setattr(identities, "MOST_WAITING", 0)
    assert client.get("/login/provider").status_code == 429


def test_only_whom_the_settings_let_in_gets_in(hub: Hub, there: Provider) -> None:
    there.subject, there.more = "person-2", {"email": "Dana@kazak.example", "email_verified": True}
    stranger = visitor(hub)
    answer = came_back(stranger, there, sent_there(stranger))
    assert (answer.status_code, "person-2" in answer.text) == (401, True)
    named = visitor(hub, oidc_name_claim="email")
    assert came_back(named, there, sent_there(named)).status_code == 401
    users.add(hub, "dana@kazak.example", "901", scopes=["read"])
    there.more["email_verified"] = False
    assert came_back(named, there, sent_there(named)).status_code == 401
    there.more["email_verified"] = True
    assert came_back(named, there, sent_there(named)).status_code == 200
    assert "dana@kazak.example" in named.get("/account").text
    # The name is taken: whoever comes with it later is somebody else.
    there.subject = "person-3"
    assert came_back(named, there, sent_there(named)).status_code == 401
    there.subject, there.more = "person-4", {"preferred_username": "new.one"}
    adding = visitor(hub, oidc_name_claim="preferred_username", oidc_new_users="177")
    assert came_back(adding, there, sent_there(adding)).status_code == 200
    (made,) = [item for item in users.listing(hub) if item["user"] == "new.one"]
    assert (made["society"], made["role"], made["scopes"]) == ("177", "society", ["read"])
    users.disable(hub, "new.one")
    assert came_back(adding, there, sent_there(adding)).status_code == 401


def test_keys_are_kept_and_a_new_one_is_looked_for(
    hub: Hub, there: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        client = visitor(hub)
        assert came_back(client, there, sent_there(client)).status_code == 200
    assert there.fetched == ["/.well-known/openid-configuration", "/keys"]
    there.key = RSAKey.generate_key(2048, {"kid": "k2", "use": "sig"})
    client = visitor(hub)
    assert came_back(client, there, sent_there(client)).status_code == 401  # looked a moment ago
    monkeypatch.setattr(provider, "AGAIN", -1.0)
    assert came_back(client, there, sent_there(client)).status_code == 200


def test_addresses_that_are_not_safe_are_not_called(hub: Hub, there: Provider) -> None:
    for metadata in (
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": ""},
    ):
        there.metadata = metadata
        provider._made.cache_clear()
        client = visitor(hub)
        assert client.get("/login/provider").status_code == 503
    there.metadata = {"token_endpoint": "https://10.0.0.1/token"}
    provider._made.cache_clear()
    client = visitor(hub)
    answer = came_back(client, there, sent_there(client))
    assert (answer.status_code, "10.0.0.1" in answer.text) == (503, True)
    gone = provider.Provider("http://127.0.0.1:9", CLIENT, SECRET)
    with pytest.raises(Surroundings, match="cannot be reached"):
        gone.metadata()


def test_without_a_provider_there_is_no_way(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor(hub, oidc_issuer="")
    assert "/login/provider" not in client.get("/login").text
    assert client.get("/login/provider").status_code == 404
    provider._made.cache_clear()
    monkeypatch.setitem(sys.modules, "joserfc", None)
    answer = visitor(hub).get("/login/provider")
    assert (answer.status_code, "repertoire-hub[oidc]" in answer.text) == (503, True)


@pytest.fixture
def own_hub(tmp_path: Path, there: Provider) -> Iterator[Hub]:
    """On SQLite: commands open the database by themselves."""
    with fresh_hub(f"sqlite:///{tmp_path / 'own.db'}", tmp_path) as opened:
        named = {"oidc_issuer": there.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        users.add(opened, "aigul", "177")
        identities.link(opened, "aigul", there.issuer, "person-1")
        yield Hub(replace(opened.settings, **named), opened.engine)  # type: ignore[arg-type]


def test_the_operator_links_and_unlinks(own_hub: Hub, there: Provider) -> None:
    hub = own_hub

    def run(*words: str) -> Any:
        done = CliRunner().invoke(app, ["user", *words, "--json", "--db", hub.settings.database_url])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return json.loads(done.stdout)

    client = visitor(hub)
    assert came_back(client, there, sent_there(client)).status_code == 200
    issuer = ("--issuer", there.issuer)
    assert run("unlink", "aigul", *issuer) == {"user": "aigul", "links": 1}
    assert client.get("/account").status_code == 303
    assert came_back(client, there, sent_there(client)).status_code == 401
    users.add(hub, "dana", "901")
    assert run("link", "dana", "person-1", *issuer)["subject"] == "person-1"
    with pytest.raises(UsageError, match="another user"):
        run("link", "aigul", "person-1", *issuer)
    with pytest.raises(NotFound):
        run("link", "nobody", "person-1", *issuer)
    with pytest.raises(UsageError, match="HUB_OIDC_ISSUER"):
        run("link", "dana", "person-1")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"HUB_OIDC_ISSUER": "https://id.example"}, "go together"),
        ({"HUB_OIDC_ISSUER": "http://id.example", "HUB_OIDC_CLIENT_ID": "x"}, "HTTPS"),
        ({"HUB_OIDC_ISSUER": "id.example", "HUB_OIDC_CLIENT_ID": "x"}, "HTTPS"),
        ({"HUB_OIDC_NEW_USERS": "177"}, "HUB_OIDC_NAME_CLAIM"),
    ],
)
def test_settings_that_do_not_fit_are_refused(values: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        load(values)
