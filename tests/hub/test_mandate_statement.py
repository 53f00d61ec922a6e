"""Mandates stated one by one, through the use case and over HTTP: the same checks as a file's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import WORKS, answer, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub
from hub.errors import NotFound, UsageError
from hub.mandates.statement import state

TERMS = {
    "mandate_ref": "A1", "grantor_type": "party", "grantor_id": "90000003887", "grantor_name": "HARTLEY JANE",
    "holder": "901", "rights": "PR|-OB", "uses": "*|-tv", "territories": "2136|-US",
    "valid_from": "2020-01-01", "basis": "declaration", "evidence": "sha256:1",
}  # fmt: skip


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        yield opened


def payee(hub: Hub, **terms: str) -> str:
    (line,) = [
        item for item in answer(hub, **terms)["lines"] if (item["party"] or {}).get("ipi") == "90000003887"
    ]  # fmt: skip
    return line["payee"]["society"] if line["payee"] else line["status"]


def test_a_stated_mandate_is_a_mandate_like_any_other(hub: Hub) -> None:
    assert payee(hub) == "052"
    made = state(hub, TERMS, "901")
    assert (made["status"], made["declarant"], made["exclusive"]) == ("created", "901", "Y")
    assert made["source"]["position"] == "line:2"
    assert payee(hub) == "901"
    assert [payee(hub, use="tv"), payee(hub, territory="US")] == ["unrepresented"] * 2
    assert state(hub, TERMS, "901")["status"] == "unchanged"
    again = state(hub, {**TERMS, "uses": ""}, "901")
    assert (again["status"], again["id"]) == ("corrected", made["id"])
    assert payee(hub, use="tv") == "901"
    # The same reference of another society is another mandate.
    other = state(hub, {**TERMS, "holder": "177"}, "177")
    assert (other["status"], other["id"] != made["id"]) == ("created", True)


REFUSED = [
    ({"rights": "XX"}, "rights XX"),
    ({"territories": "ZZ"}, "territories ZZ"),
    ({"valid_to": "2019-01-01"}, "valid_to 2019-01-01"),
    ({"basis": "wish"}, "basis wish"),
    ({"grantor_type": "any"}, "grantor_type any"),
    ({"works": "iswc:T0"}, "works iswc:T0"),
    ({"mandate_ref": ""}, "mandate_ref"),
    ({"colour": "blue"}, "a mandate has no colour"),
]


def test_what_is_wrong_is_told_by_column(hub: Hub) -> None:
    for wrong, message in REFUSED:
        with pytest.raises(UsageError, match=message):
            state(hub, {**TERMS, **wrong}, "901")
    assert payee(hub) == "052"
    with pytest.raises(NotFound):
        state(hub, TERMS, "999")


def test_over_http_a_society_states_its_own(hub: Hub) -> None:
    with TestClient(create_app(hub), raise_server_exceptions=False) as client:
        writer = {"Authorization": f"Bearer {create(hub, '901')['key']}"}
        reader = {"Authorization": f"Bearer {create(hub, '901', scopes=['read'])['key']}"}
        assert client.post("/v1/mandates", json=TERMS, headers=reader).status_code == 403
        made = client.post("/v1/mandates", json=TERMS, headers=writer)
        assert (made.status_code, made.json()["status"]) == (201, "created")
        assert client.get(made.headers["Location"], headers=reader).json()["mandate_ref"] == "A1"
        assert client.post("/v1/mandates", json=TERMS, headers=writer).status_code == 200
        documented = client.get("/openapi.json").json()["paths"]["/v1/mandates"]["post"]["responses"]
        assert {"200", "201"} <= documented.keys()
        fixed = client.post("/v1/mandates", json={**TERMS, "uses": ""}, headers=writer)
        assert (fixed.status_code, fixed.json()["status"]) == (200, "corrected")
        then = {"known_at": made.json()["known_from"]}
        assert client.get("/v1/mandates/A1", params=then, headers=reader).json()["uses"] == "*|-tv"
        listed = client.get("/v1/mandates", params=then, headers=reader).json()
        assert [item["uses"] for item in listed] == ["*|-tv"]
        wrong = client.post("/v1/mandates", json={**TERMS, "rights": "XX"}, headers=writer)
        assert (wrong.status_code, "XX" in wrong.json()["detail"]) == (400, True)
        assert client.post("/v1/mandates", json={**TERMS, "more": 1}, headers=writer).status_code == 422
        nowhere = {**then, "known_at": "yesterday"}
        assert client.get("/v1/mandates", params=nowhere, headers=reader).status_code == 400
