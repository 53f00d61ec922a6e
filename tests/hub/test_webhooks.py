"""Webhooks: what is told to whom, signatures, retries, rotation, and addresses that may not be called."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from sqlalchemy import select, update
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hub.access import keys
from hub.api.app import create_app
from hub.cli.app import app
from hub.client import BadSignature, verify
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import CONFLICT, WEBHOOK, WEBHOOK_DELIVERY
from hub.errors import NotFound, UsageError
from hub.jobs import queue
from hub.mandates.withdrawals import Notice, withdraw
from hub.webhooks import courier, deliveries, subscriptions
from hub.webhooks.sending import NotDelivered, Policy, checked, post, resolved


class Receiver:
    """A server that keeps what it gets and answers as it is told."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}/hub?x=1"
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []

    def notices(self, secret: str) -> list[dict[str, Any]]:
        return [verify(secret, headers, body) for _, headers, body in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((self.path, dict(self.headers), body))
            status = receiver.answers.pop(0) if receiver.answers else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", receiver.url)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Tests are silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        yield Hub(replace(opened.settings, webhook_plain=True, webhook_private=True), opened.engine)


def due(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        connection.execute(update(WEBHOOK_DELIVERY).values(next_at=0))


def deliver(hub: Hub) -> int:
    count = 0
    while done := courier.deliver_due(hub):
        count += done
    return count


def test_a_notice_is_signed_as_the_standard_says(hub: Hub, receiver: Receiver) -> None:
    made = subscriptions.add(hub, "177", receiver.url)
    assert made["secret"].startswith("whsec_")
    name = subscriptions.try_out(hub, made["webhook"])
    assert deliver(hub) == 1
    [(path, headers, body)] = receiver.got
    assert path == "/hub?x=1"
    assert headers["webhook-id"] == name
    signed = f"{name}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    notice = verify(made["secret"], headers, body)
    assert (notice["type"], notice["data"]) == ("webhook.test", {"webhook": made["webhook"]})
    for secret, changed, later in (
        (made["secret"], body + b" ", 0),
        (subscriptions.rotate(hub, made["webhook"])["secret"], body, 0),
        (made["secret"], body, 400),
    ):
        with pytest.raises(BadSignature):
            verify(secret, headers, changed, now=int(headers["webhook-timestamp"]) + later)
    with pytest.raises(BadSignature):
        verify(made["secret"], {}, body)


def test_a_rotated_secret_goes_on_for_a_day_beside_the_new_one(hub: Hub, receiver: Receiver) -> None:
    made = subscriptions.add(hub, "177", receiver.url)
    new = subscriptions.rotate(hub, made["webhook"])["secret"]
    for secret in (made["secret"], new):
        receiver.got.clear()
        subscriptions.try_out(hub, made["webhook"])
        deliver(hub)
        assert receiver.notices(secret)[0]["type"] == "webhook.test"
    with writing(hub.engine) as connection:
        connection.execute(update(WEBHOOK).values(old_until=1))
    receiver.got.clear()
    subscriptions.try_out(hub, made["webhook"])
    deliver(hub)
    assert receiver.notices(new)
    with pytest.raises(BadSignature):
        receiver.notices(made["secret"])


def test_each_hears_of_what_concerns_it_and_services_of_what_all_may_read(
    hub: Hub, receiver: Receiver
) -> None:
    hooks = {
        "177": subscriptions.add(hub, "177", receiver.url),
        "052": subscriptions.add(hub, "052", receiver.url),
        "901": subscriptions.add(hub, "901", receiver.url),
        "STREAMER": subscriptions.add(hub, "STREAMER", receiver.url, role="dsp"),
    }
    told = [(hook["webhook"], who) for who, hook in hooks.items()]

    def heard(kind: str) -> dict[str, list[dict[str, Any]]]:
        found = {}
        for name, who in told:
            listed = deliveries.listing(hub, name)
            found[who] = [item["notice"]["data"] for item in listed if item["event"] == kind]
        return {who: data for who, data in found.items() if data}

    send(hub, WORKS)
    report = send(hub, MANDATES)
    recorded = heard("mandate.recorded")
    assert set(recorded) == {"177", "052", "STREAMER"}
    assert recorded["177"][0]["total"] == recorded["STREAMER"][0]["total"] == 4
    assert recorded["052"][0]["total"] == 3
    assert recorded["052"][0]["submission"] == report.submission

    done = withdraw(
        hub, Notice(mandate="M1", notice="2026-01-15", effective="2026-07-01", evidence="x.pdf"), "177"
    )
    acted = heard("withdrawal.acted")
    assert set(acted) == {"177", "STREAMER"}
    assert {item["withdrawal"] for item in acted["177"]} == {done["id"]}
    assert "file" in {item["action"] for item in acted["177"]}

    send(hub, WORK_HEADER + "Z1,ЖАЗҒЫ КЕШ,T9123456780,ӘЛІМОВ ЕРЛАН,90000000109,CA,177,90,90,\n", "901")
    refresh(hub)
    changed = heard("conflict.changed")
    assert {"901", "STREAMER"} <= set(changed)
    with reading(hub.engine) as connection:
        known = set(connection.scalars(select(CONFLICT.c.public_id)))
    named = [name for data in changed["STREAMER"] for name in data.get("find", ())]
    assert sorted(named) == sorted(known)
    mine = next(name for data in changed["901"] for name in data["find"])
    act(hub, mine, Step("remark", reason="we look into it"), "901")
    assert [item["conflict"] for item in heard("conflict.acted")["901"]] == [mine]

    with writing(hub.engine) as connection:
        job = queue.enqueue(connection, "usage", "052", "something")
    queue.cancel(hub, job, "052")
    assert {who: [item["state"] for item in data] for who, data in heard("job.ended").items()} == {
        "052": ["cancelled"]
    }


def test_nothing_is_told_of_what_was_rolled_back(hub: Hub, receiver: Receiver) -> None:
    subscriptions.add(hub, "177", receiver.url)
    with writing(hub.engine) as connection:
        job = queue.enqueue(connection, "usage", "177", "x")
    claimed = queue.claim(hub, "w")
    assert claimed is not None

    def fails() -> None:
        with writing(hub.engine) as connection:
            queue.tell_of(connection, claimed.key)
            raise RuntimeError(job)

    with pytest.raises(RuntimeError):
        fails()
    with reading(hub.engine) as connection:
        assert connection.execute(select(WEBHOOK_DELIVERY)).all() == []
    assert queue.finish(hub, claimed, queue.DONE, result={"read": 1})
    assert deliver(hub) == 1
    assert json.loads(receiver.got[0][2])["data"]["result"] == {"read": 1}


def test_a_failing_receiver_is_tried_again_and_in_the_end_stopped(hub: Hub, receiver: Receiver) -> None:
    made = subscriptions.add(hub, "177", receiver.url)
    name = subscriptions.try_out(hub, made["webhook"])
    receiver.answers = [500, 302]
    assert deliver(hub) == 1
    [found] = deliveries.listing(hub, made["webhook"])
    assert (found["state"], found["attempts"], found["status"]) == ("pending", 1, 500)
    assert deliver(hub) == 0
    due(hub)
    deliver(hub)
    [found] = deliveries.listing(hub, made["webhook"])
    assert "redirects are not followed" in found["error"]
    due(hub)
    deliver(hub)
    [found] = deliveries.listing(hub, made["webhook"])
    assert (found["state"], found["attempts"], found["status"], found["error"]) == ("delivered", 3, 204, "")
    assert {headers["webhook-id"] for _, headers, _ in receiver.got} == {name}
    deliveries.resend(hub, made["webhook"], name)
    receiver.answers = [503] * (len(courier.PAUSES) + 1)
    for _ in range(len(courier.PAUSES) + 1):
        due(hub)
        assert deliver(hub) == 1
    [listed] = subscriptions.listing(hub)
    assert listed["disabled"]
    assert name in listed["why"]
    with pytest.raises(NotFound):
        deliveries.resend(hub, made["webhook"], "msg_none")
    subscriptions.enable(hub, made["webhook"])
    deliveries.resend(hub, made["webhook"], name)
    assert deliver(hub) == 1
    assert deliveries.listing(hub, made["webhook"])[0]["state"] == "delivered"
    receiver.answers = [410]
    subscriptions.try_out(hub, made["webhook"])
    deliver(hub)
    assert subscriptions.listing(hub)[0]["disabled"]


def test_addresses_inside_are_never_called(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    strict, plain = Policy(), Policy(plain=True)
    for url in (
        "http://hub.example/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest",
        "https://10.1.2.3/", "https://[::ffff:10.0.0.1]/", "https://user:pass@hub.example/", "ftp://hub.example",
        "https:///x", "https://hub.example/#x", "https://hub.example/\r\nX: y", "https://hub.example:99999/",
        "https://0.0.0.0/", "https://[fe80::1]/", "https://100.64.0.1/", "https://[64:ff9b::7f00:1]/",
    ):  # fmt: skip
        with pytest.raises(UsageError):
            checked(url, strict)
        with pytest.raises(NotDelivered):
            post(url, b"{}", {}, strict)
    assert checked("https://hub.example/x", strict).hostname == "hub.example"
    # A name that leads inside, even beside an address outside.
    for addresses in (["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["93.184.216.34", "fd00::1"]):
        found = [(0, 0, 0, "", (address, 80)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, found=found, **_k: found)
        with pytest.raises(NotDelivered, match="not an address of the public internet"):
            resolved("hub.example", 80, plain)
        with pytest.raises(NotDelivered):
            post(f"http://hub.example:{receiver.url.split(':')[2].split('/')[0]}/", b"{}", {}, plain)
    assert receiver.got == []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(0, 0, 0, "", ("93.184.216.34", 80))])
    assert resolved("hub.example", 80, plain) == "93.184.216.34"


def test_webhooks_over_http_are_ones_own(hub: Hub, receiver: Receiver) -> None:
    mine, theirs = ({"Authorization": f"Bearer {keys.create(hub, code)['key']}"} for code in ("177", "901"))
    quiet = Hub(replace(hub.settings, jobs_in_server=False), hub.engine)
    with TestClient(create_app(quiet), raise_server_exceptions=False) as client:
        wanted = {"url": receiver.url, "events": ["job.ended"], "label": "x"}
        made = client.post("/v1/webhooks", json=wanted, headers=mine)
        assert made.status_code == 201
        name = made.json()["webhook"]
        assert client.post("/v1/webhooks", json={"url": "gopher://x"}, headers=mine).status_code == 400
        unknown = client.post("/v1/webhooks", json={**wanted, "events": ["x"]}, headers=mine)
        assert unknown.status_code == 400
        [listed] = client.get("/v1/webhooks", headers=mine).json()
        assert (listed["webhook"], listed["events"], listed["waiting"]) == (name, ["job.ended"], 0)
        assert "secret" not in listed
        assert client.get("/v1/webhooks", headers=theirs).json() == []
        for method, path in (
            ("GET", ""), ("DELETE", ""), ("POST", "/rotate"), ("POST", "/enable"), ("POST", "/test"),
            ("GET", "/deliveries"), ("POST", "/deliveries/msg_1/resend"),
        ):  # fmt: skip
            found = client.request(method, f"/v1/webhooks/{name}{path}", headers=theirs)
            assert found.status_code == 404, path
        tried = [client.post(f"/v1/webhooks/{name}/test", headers=mine).json()["delivery"] for _ in "ab"]
        assert deliver(hub) == 2
        page = client.get(f"/v1/webhooks/{name}/deliveries", params={"limit": 1}, headers=mine)
        assert [item["delivery"] for item in page.json()] == tried[1:]
        address = page.headers["Link"].partition(">")[0].lstrip("<")
        assert [item["delivery"] for item in client.get(address, headers=mine).json()] == tried[:1]
        again = client.post(f"/v1/webhooks/{name}/deliveries/{tried[0]}/resend", headers=mine)
        assert (again.status_code, again.json()["state"]) == (202, "pending")
        assert client.delete(f"/v1/webhooks/{name}", headers=mine).status_code == 204
        assert client.get(f"/v1/webhooks/{name}", headers=mine).status_code == 404
    assert deliver(hub) == 0


def test_a_server_delivers_by_itself(hub: Hub, receiver: Receiver) -> None:
    made = subscriptions.add(hub, "177", receiver.url)
    with TestClient(create_app(hub)):
        subscriptions.try_out(hub, made["webhook"])
        waited = threading.Event()
        for _ in range(600):
            if receiver.got:
                break
            waited.wait(0.1)
    assert len(receiver.got) == 1


def test_the_command_keeps_webhooks(
    tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_WEBHOOK_PLAIN", "yes")
    monkeypatch.setenv("HUB_WEBHOOK_PRIVATE", "yes")
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "data"))
    base = ["--db", f"sqlite:///{tmp_path / 'hub.db'}"]

    def run(*words: str) -> Any:
        done = CliRunner().invoke(app, ["webhook", *words, *base, "--json"])
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    made = run("add", receiver.url, "--as", "177", "--events", "job.ended")
    name = made["webhook"]
    sent = run("test", name)["delivery"]
    assert CliRunner().invoke(app, ["worker", "--until-idle", *base]).exit_code == 0
    assert receiver.notices(made["secret"])[0]["type"] == "webhook.test"
    assert [(item["delivery"], item["state"]) for item in run("log", name)] == [(sent, "delivered")]
    assert run("resend", name, sent)["state"] == "pending"
    assert run("rotate", name)["secret"] != made["secret"]
    assert run("enable", name)["disabled"] == ""
    assert [item["webhook"] for item in run("list")] == [name]
    assert run("remove", name)["status"] == "removed"
    assert run("list", "--society", "177") == []
