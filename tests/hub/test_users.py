"""People with passwords: what is kept of them, signing in, guessing, and every way a session ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from argon2 import extract_parameters
from hubs import fresh_hub
from sqlalchemy import select, update
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access import denials, guessing, keys, passwords, sessions, users
from hub.api.app import create_app
from hub.cli.app import app
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import EVENT, SIGN_IN_ATTEMPT, USER_ACCOUNT, WEB_SESSION
from hub.errors import NotAuthenticated, NotFound, TooManyAttempts, UsageError

GOOD, BETTER = "seven pale lanterns", "eight green lanterns"


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        yield opened


@pytest.fixture
def client(local: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(local), raise_server_exceptions=False, follow_redirects=False) as opened:
        yield opened


def enter(client: TestClient, password: str = GOOD, name: str = "aigul", **headers: str) -> Any:
    return client.post("/login", data={"name": name, "password": password}, headers=headers)


def token(client: TestClient, page: str = "/account") -> str:
    match = re.search(r'name="token" value="([^"]+)"', client.get(page).text)
    assert match is not None
    return match[1]


def test_what_is_kept_of_a_password_is_argon2id_with_the_stated_cost(hub: Hub) -> None:
    made = users.add(hub, " Aigul ", "177", password=GOOD)
    assert made == {
        "user": "aigul", "id": "user-1", "society": "177", "role": "society",
        "scopes": sorted(keys.create(hub, "177")["scopes"]),
    }  # fmt: skip
    with reading(hub.engine) as connection:
        stored = connection.scalar(select(USER_ACCOUNT.c.password)) or ""
        log = repr(connection.execute(select(EVENT)).all())
    found = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert (found.time_cost, found.memory_cost, found.parallelism) == (3, 64 * 1024, 4)
    assert GOOD not in stored
    assert "user-1" in log
    assert "aigul" not in log
    assert passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, BETTER)
    # The same letter as one code point and as two.
    assert passwords.matches(passwords.kept("ёжик в тумане"), "е\u0308жик в тумане")
    for name, password in (
        ("aigul", GOOD),
        ("ab cd", GOOD),
        ("x", GOOD),
        ("bek", "short"),
        ("lantern", GOOD),
    ):
        with pytest.raises(UsageError):
            users.add(hub, name, "177", password=password)
    with pytest.raises(NotFound):
        users.add(hub, "bek", "NOBODY", password=GOOD)


def test_a_person_acts_with_role_and_scopes_until_the_session_ends(hub: Hub) -> None:
    users.add(hub, "aigul", "177", password=GOOD, scopes=["read", "keys"])
    cookie = sessions.sign_in_user(hub, "AIGUL", GOOD)
    session = sessions.resume(hub, cookie)
    caller = session.caller
    assert (caller.society, caller.role, caller.key) == ("177", "society", "user-1")
    assert (caller.scopes, session.user, session.must_change) == ({"read", "keys"}, "aigul", False)
    ways: tuple[Callable[[str], object], ...] = (
        lambda _: users.change_role(hub, "aigul", "society", ["read"]),
        lambda _: users.set_password(hub, "aigul", BETTER),
        lambda _: users.sign_out_everywhere(hub, "aigul"),
        lambda open_one: sessions.sign_out_everywhere(hub, sessions.resume(hub, open_one)),
        lambda open_one: sessions.sign_out(hub, open_one),
        lambda _: _expire(hub),
        lambda _: users.disable(hub, "aigul"),
    )
    for ends in ways:
        ends(cookie)
        with pytest.raises(NotAuthenticated):
            sessions.resume(hub, cookie)
        password = BETTER if passwords.matches(_stored(hub), BETTER) else GOOD
        if users.listing(hub)[0]["disabled"]:
            break
        cookie = sessions.sign_in_user(hub, "aigul", password)
    with pytest.raises(NotAuthenticated):
        sessions.sign_in_user(hub, "aigul", BETTER)
    users.enable(hub, "aigul")
    assert sessions.resume(hub, sessions.sign_in_user(hub, "aigul", BETTER)).caller.scopes == {"read"}
    with pytest.raises(UsageError):
        users.change_role(hub, "aigul", "operator")


def _stored(hub: Hub) -> str:
    with reading(hub.engine) as connection:
        return connection.scalar(select(USER_ACCOUNT.c.password)) or ""


def _expire(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        connection.execute(update(WEB_SESSION).values(expires_at=WEB_SESSION.c.created_at))


def test_guessing_waits_longer_each_time_and_counts_what_comes_at_once(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def guess(number: int) -> str:
        try:
            guessing.admit(hub, "aigul", f"10.0.0.{number}")
        except TooManyAttempts as fault:
            return fault.code
        return "admitted"

    with monkeypatch.context() as slowly, ThreadPoolExecutor(4) as pool:
        slowly.setattr(guessing, "FIRST", guessing.LONGEST)
        told = list(pool.map(guess, range(12)))
    assert told.count("admitted") == guessing.FREE
    with writing(hub.engine) as connection:
        connection.execute(update(SIGN_IN_ATTEMPT).values(locked_until=0))
    waits = []
    assert guess(99) == "admitted"
    for _ in range(10):
        with reading(hub.engine) as connection:
            row = connection.execute(select(SIGN_IN_ATTEMPT).where(SIGN_IN_ATTEMPT.c.locked_until > 0)).one()
        waits.append((row.locked_until - row.last_at) // guessing.SECOND)
        with writing(hub.engine) as connection:
            connection.execute(update(SIGN_IN_ATTEMPT).values(locked_until=0))
        assert guess(99) == "admitted"
    assert waits == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    assert "aigul" not in repr(row)
    assert guess(99) == "too_many_attempts"
    guessing.admit(hub, "somebody else", "10.0.0.99")
    guessing.forgive(hub, "aigul")
    assert guess(99) == "admitted"


def test_an_address_that_tries_many_names_waits_too(hub: Hub) -> None:
    for number in range(guessing.FREE_OF_ADDRESS):
        guessing.admit(hub, f"name{number}", "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        guessing.admit(hub, "another", "10.0.0.1")
    guessing.admit(hub, "another", "10.0.0.2")


def test_an_office_that_signs_in_all_day_does_not_wait(hub: Hub) -> None:
    for number in range(guessing.FREE_OF_ADDRESS + 5):
        guessing.admit(hub, f"name{number}", "10.0.0.1")
        guessing.forgive(hub, f"name{number}", "10.0.0.1")
    with reading(hub.engine) as connection:
        [row] = connection.execute(select(SIGN_IN_ATTEMPT)).all()
    assert (row.failures, row.locked_until) == (0, 0)


def test_signing_in_at_the_pages(local: Hub, client: TestClient) -> None:
    users.add(local, "aigul", "177", password=GOOD)
    assert enter(client, name="nobody").status_code == enter(client, BETTER).status_code == 401
    assert "wrong" in enter(client, BETTER).text
    assert enter(client, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    first = enter(client)
    assert (first.status_code, first.headers["Location"]) == (303, "/find")
    cookie = first.headers["Set-Cookie"]
    assert re.search(r"HttpOnly.*SameSite=strict", cookie)
    assert "Secure" not in cookie
    before = client.cookies["hub_session"]
    assert "As aigul of 177" in client.get("/account").text
    assert enter(client).status_code == 303
    assert client.cookies["hub_session"] != before
    with pytest.raises(NotAuthenticated):
        sessions.resume(local, before)
    secure = TestClient(client.app, base_url="https://hub.example", follow_redirects=False)
    assert "Secure" in enter(secure).headers["Set-Cookie"]
    told = {(item["who"], item["society"], item["route"], item["code"]) for item in denials.listing(local)}
    assert ("user-1", "177", "/login", "not_authenticated") in told
    assert ("", "", "/login", "not_authenticated") in told
    assert client.post("/logout/everywhere").status_code == 403
    assert client.post("/logout/everywhere", data={"token": token(client)}).status_code == 303
    assert client.get("/account").headers["Location"].startswith("/login")
    assert secure.get("/account").headers["Location"].startswith("/login")


def test_too_many_guesses_at_the_pages_are_told_when_to_come_again(
    local: Hub, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guessing, "FIRST", guessing.LONGEST)
    users.add(local, "aigul", "177", password=GOOD)
    for _ in range(guessing.FREE):
        assert enter(client, BETTER).status_code == 401
    refused = enter(client)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert "Too many attempts" in refused.text
    # A key is no guess: it still lets in.
    assert client.post("/login", data={"key": keys.create(local, "177")["key"]}).status_code == 303


def test_a_password_that_was_given_out_is_changed_first(local: Hub, client: TestClient) -> None:
    given = users.add(local, "aigul", "177")["password"]
    assert enter(client, given).status_code == 303
    for page in ("/find", "/account", "/submissions"):
        assert client.get(page).headers["Location"] == "/account/password"
    fields = {"token": token(client, "/account/password"), "current": given, "new": GOOD, "again": GOOD}
    for wrong, sentence in (
        ({"new": "short", "again": "short"}, "too short"),
        ({"new": "aigul is my name", "again": "aigul is my name"}, "your name"),
        ({"again": BETTER}, "not the same"),
        ({"current": BETTER}, "current password is another"),
        ({"new": given, "again": given}, "is the old one"),
    ):
        answer = client.post("/account/password", data={**fields, **wrong})
        assert answer.status_code in (400, 401)
        assert sentence in answer.text
    assert client.post("/account/password", data={**fields, "token": "x"}).status_code == 403
    done = client.post("/account/password", data=fields)
    assert (done.status_code, done.headers["Location"]) == (303, "/login?changed=1")
    assert "password is changed" in client.get("/login?changed=1").text
    assert enter(client, given).status_code == 401
    assert enter(client).status_code == 303
    assert client.get("/find").status_code == 200


def test_a_session_of_a_key_has_no_password(local: Hub, client: TestClient) -> None:
    client.post("/login", data={"key": keys.create(local, "177")["key"]})
    assert client.get("/account/password").status_code == 400
    other = TestClient(client.app, follow_redirects=False)
    other.cookies.set("hub_session", client.cookies["hub_session"])
    client.post("/logout/everywhere", data={"token": token(client)})
    assert other.get("/find").headers["Location"].startswith("/login")


def test_the_command_keeps_people(tmp_path: Path) -> None:
    base = ["--db", f"sqlite:///{tmp_path / 'hub.db'}", "--json"]

    def hub(*words: str, stdin: str = "", exit_code: int = 0) -> Any:
        done = CliRunner().invoke(app, ["user", *words, *base], input=stdin)
        assert done.exit_code == exit_code, done.output
        return json.loads(done.stdout) if done.stdout else None

    made = hub("add", "Aigul", "--as", "177")
    assert (made["user"], made["role"], len(made["password"])) == ("aigul", "society", 27)
    assert "password" not in hub("add", "bek", "--as", "177", "--password-stdin", stdin=GOOD + "\n")
    assert hub("role", "bek", "society", "--scopes", "read")["scopes"] == ["read"]
    assert hub("disable", "bek") == {"user": "bek", "status": "disabled"}
    listed = hub("list")
    assert [item["user"] for item in listed] == ["aigul", "bek"]
    assert [bool(item["disabled"]) for item in listed] == [False, True]
    assert [item["must_change"] for item in listed] == [True, False]
    assert hub("enable", "bek")["status"] == "enabled"
    assert "password" in hub("password", "bek")
    assert hub("sign-out", "bek") == {"user": "bek", "sessions": 0}
    missing = CliRunner().invoke(app, ["user", "disable", "nobody", *base])
    assert isinstance(missing.exception, NotFound)
    assert isinstance(CliRunner().invoke(app, ["user", "add", "x1", *base]).exception, UsageError)
