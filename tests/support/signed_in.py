"""Somebody signed in at the pages, without a browser."""

from __future__ import annotations

import re
from typing import Any

from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub


class Browser:
    """A signed-in society: follows redirects, and sends forms with the token that the page shows."""

    def __init__(self, hub: Hub, client: TestClient, society: str, **options: Any) -> None:
        self.client = client
        self.key = create(hub, society, **options)
        done = client.post("/login", data={"key": self.key["key"], "back": "/find"}, follow_redirects=False)
        assert (done.status_code, done.headers["Location"]) == (303, "/find")
        self.token = found(r'name="token" value="([^"]+)"', self.page("/find"))

    def page(self, address: str, status: int = 200) -> str:
        answer = self.client.get(address)
        assert answer.status_code == status, (address, answer.text[-500:])
        return answer.text

    def form(self, address: str, status: int = 200, file: bytes = b"", **fields: str) -> str:
        data = {"token": self.token, **fields}
        answer = self.client.post(address, data=data, files={"file": ("a.csv", file)} if file else None)
        assert answer.status_code == status, (address, answer.text[-500:])
        return answer.text


def other(hub: Hub, society: str, **options: Any) -> Browser:
    return Browser(hub, TestClient(create_app(hub), raise_server_exceptions=False), society, **options)


def found(pattern: str, page: str) -> str:
    match = re.search(pattern, page)
    assert match is not None, pattern
    return match[1]
