"""Changes of one's own repertoire and decisions on the public domain, over HTTP and as known earlier."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, answer, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.answers.public_domain import Decision, decide
from hub.api.app import create_app
from hub.context import Hub
from hub.society_register import Accredited, accredit

TERMS = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def test_what_changed_is_told_to_whom_it_concerns(hub: Hub) -> None:
    since = answer(hub)["question"]["known_at"]
    send(hub, WORKS.replace(",25,50,", ",20,50,"))
    send(hub, WORK_HEADER + "".join(f"N{n},NEW {n * 7919},,W{n},,CA,177,100,100,\n" for n in range(2)))
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:

        def get(society: str, path: str = "/v1/changes", **more: Any) -> Any:
            headers = {"Authorization": f"Bearer {create(hub, society)['key']}"}
            return client.get(path, params={**TERMS, "since": since, **more}, headers=headers)

        found = get("177").json()
        assert [item["subject"]["title"] for item in found] == ["ЖАЗҒЫ КЕШ", "NEW 0", "NEW 7919"]
        assert found[0]["before"]["totals"] == {"payable": "100.00"}
        assert found[0]["after"]["totals"] == {"payable": "95.00", "unclaimed": "5.00"}
        assert found[1]["before"] is None
        assert [item["subject"]["title"] for item in get("052").json()] == ["ЖАЗҒЫ КЕШ"]
        assert get("911").json() == []
        page = get("177", limit=1)
        headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
        rest = client.get(page.links["next"]["url"], headers=headers).json()
        assert [item["subject"]["title"] for item in rest] == ["NEW 0"]
        assert get("177", until=since).json() == []
        assert get("177", since="yesterday").status_code == 400
        assert client.get("/v1/changes", params=TERMS, headers=headers).status_code == 400


def test_registers_as_known_earlier(hub: Hub) -> None:
    then = answer(hub)["question"]["known_at"]
    name = decide(hub, Decision("iswc:T9123456780", "2026-01-01", "term over"))["id"]
    accredit(hub, "177", Accredited("KZ", "PR", "2020-01-01", reason="order 1"))
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:
        headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}

        def get(path: str, **terms: str) -> Any:
            return client.get(path, params=terms, headers=headers).json()

        assert [item["id"] for item in get("/v1/public-domain")] == [name]
        assert get("/v1/public-domain", known_at=then) == []
        kazak = {item["code"]: item["accreditations"] for item in get("/v1/societies")}["177"]
        assert [item["right"] for item in kazak] == ["PR"]
        assert all(not item["accreditations"] for item in get("/v1/societies", known_at=then))
        asked = {**TERMS, "subject": "iswc:T9123456780", "policy": "cisac-counterclaim/1"}
        found = get("/v1/who-to-pay", **asked)
        assert found["policy"]["shares"] == "cisac-counterclaim/1"
        assert found["lines"][0]["decision"]["id"] == name
        assert (
            client.get("/v1/who-to-pay", params={**asked, "policy": "x"}, headers=headers).status_code == 400
        )
