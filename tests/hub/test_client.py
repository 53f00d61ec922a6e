"""The client against a real server: what it reads, sends, waits for, and how it says that something is
wrong."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, answer, fresh_hub, send
from live_server import serving

import hub.calling
from hub.access.keys import create
from hub.client import Client, Refused, Unreachable
from hub.errors import UsageError

QUESTION = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Any, str]]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        with serving(opened) as url:
            yield opened, url


def test_the_client_does_what_the_interface_does(served: tuple[Any, str], tmp_path: Path) -> None:
    opened, url = served
    client = Client(url + "/", create(opened, "177")["key"])
    assert (client.me()["society"], client.me()["role"]) == ("177", "society")
    assert client.who_to_pay("iswc:T9123456780", **QUESTION) == answer(opened)
    told = client.who_to_pay_batch([{"subject": "iswc:T9123456780", **QUESTION}] * 2)
    again = client.who_to_pay_batch([{"subject": "iswc:T9123456780", **QUESTION}] * 2, told["known_at"])
    assert (len(told["answers"]), told) == (2, again)
    file = tmp_path / "new works.csv"
    file.write_text(WORK_HEADER + "".join(f"N{n},NEW {n},,W,,CA,177,x,100,\n" for n in range(1_200)))
    sent = client.submit(file, repeat_key="once")
    assert client.submit(file, repeat_key="once")["submission"] == sent["submission"]
    assert client.wait(sent["job"])["state"] == "done"
    assert client.submission(sent["submission"])["counts"]["rejected"] == 1_200
    assert sum(1 for _ in client.findings(sent["submission"])) >= 1_200
    assert [item["mandate_ref"] for item in client.mandates(holder="177")] == ["M1", "R1"]
    assert client.search("ЖАЗҒЫ КЕШ")[0]["kind"] == "work"
    report = b"line_ref,subject,right,use,territory,on\na,iswc:T9123456780,PR,radio,KZ,2026-03-15\n"
    job = client.wait(client.send_usage(report)["job"])
    assert b"iswc:T9123456780" in client.usage_result(job["job"])
    saved = tmp_path / "result.csv"
    client.save_usage_result(job["job"], saved)
    assert saved.read_bytes() == client.usage_result(job["job"])


def test_half_a_result_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.calling, "PAUSES", ())
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer_half() -> None:
            called, _ = listening.accept()
            with called:
                called.recv(65_536)
                called.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nline,")

        answering = threading.Thread(target=answer_half)
        answering.start()
        client = Client(f"http://127.0.0.1:{listening.getsockname()[1]}", "k", timeout=20)
        with pytest.raises(Unreachable, match="5 more expected"):
            client.save_usage_result("job", tmp_path / "result.csv")
        answering.join()
    assert list(tmp_path.iterdir()) == []


def test_the_client_says_what_is_wrong(served: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    opened, url = served
    with pytest.raises(Refused) as refused:
        Client(url, "hub_none").me()
    assert (refused.value.status, refused.value.code, refused.value.exit_code) == (
        401,
        "not_authenticated",
        2,
    )
    client = Client(url, create(opened, "177", scopes=["read"])["key"])
    with pytest.raises(Refused) as refused:
        client.submission("../nothing?x=1")
    assert (refused.value.status, refused.value.exit_code) == (404, 1)
    with pytest.raises(Refused, match="scope 'submit'"):
        client.submit(b"x")
    with pytest.raises(UsageError):
        client.who_to_pay_batch([{}] * 10_001)
    with pytest.raises(UsageError):
        Client("file:///etc", "k")
    monkeypatch.setattr(hub.calling, "PAUSES", (0.0,))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = Client(f"http://127.0.0.1:{closed.getsockname()[1]}", "k", timeout=1)
        with pytest.raises(Unreachable):
            nowhere.me()
