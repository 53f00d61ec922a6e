"""The HTTP interface: keys, isolation between societies, one shape of errors, the contract's answers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORK_HEADER, WORKS, answer, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create, listing, revoke
from hub.api.app import create_app
from hub.context import Hub
from hub.errors import NotFound, UsageError

QUESTION = {
    "subject": "iswc:T9123456780",
    "right": "PR",
    "use": "radio",
    "territory": "KZ",
    "on": "2026-03-15",
}
PROBLEM = {"type", "title", "status", "detail", "instance", "code", "error", "errors"}


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


def key(hub: Hub, society: str = "177", **options: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {create(hub, society, **options)['key']}"}


def finished(client: TestClient, submission: str, headers: dict[str, str]) -> dict[str, Any]:
    for _ in range(200):
        found = client.get(f"/v1/submissions/{submission}", headers=headers).json()
        if found["status"] != "staging":
            break
        time.sleep(0.05)
    return found  # type: ignore[no-any-return]


def test_the_answer_over_http_is_the_answer(client: TestClient, hub: Hub) -> None:
    found = client.get("/v1/who-to-pay", params=QUESTION, headers=key(hub))
    assert found.status_code == 200
    assert found.json() == answer(hub)


def test_a_file_is_sent_followed_and_repeated(client: TestClient, hub: Hub) -> None:
    headers = key(hub)
    feed = (WORK_HEADER + "N1,NEW,,W,90000000109,CA,177,x,100,\n").encode()
    sent = client.post("/v1/submissions", content=feed, headers=headers)
    assert sent.status_code == 202
    name = sent.json()["submission"]
    assert sent.headers["Location"] == f"/v1/submissions/{name}"
    final = finished(client, name, headers)
    assert (final["status"], final["counts"]["rejected"]) == ("rejected", 1)
    findings = client.get(
        f"/v1/submissions/{name}/findings", params={"language": "ru"}, headers=headers
    ).json()
    assert [(item["code"], item["position"], item["severity"]) for item in findings] == [
        ("tabular.number", "line:2", "error")
    ]
    again = client.post("/v1/submissions", files={"file": ("works.csv", feed)}, headers=headers)
    assert (again.status_code, again.json()["status"]) == (202, "unchanged")


def test_an_old_file_sent_again_keeps_the_id_that_it_is_given(client: TestClient, hub: Hub) -> None:
    headers = key(hub)
    feeds = [(WORK_HEADER + f"N{n},NEW {n},,W,90000000109,CA,177,10,100,\n").encode() for n in (1, 2)]
    for feed in feeds:
        finished(
            client,
            client.post("/v1/submissions", content=feed, headers=headers).json()["submission"],
            headers,
        )
    first, second, third = (
        client.post("/v1/submissions", content=feeds[number], headers=headers).json()["submission"]
        for number in (1, 0, 0)
    )
    # Nothing else was said since the second file; since the first one it was, and so it is a new statement.
    told = finished(client, second, headers)
    counts = told["counts"]
    assert (told["submission"], told["status"]) == (second, "unchanged")
    assert (counts["read"], counts["stored"], counts["unchanged"]) == (1, 0, 1)
    assert first != second == third
    again = client.post("/v1/submissions", content=feeds[0], headers=headers).json()
    assert (again["submission"], again["status"]) == (second, "unchanged")
    for _ in range(200):
        # A job ends a little after its submission has.
        states = {item["state"] for item in client.get("/v1/jobs", headers=headers).json()}
        if states == {"done"}:
            break
        time.sleep(0.05)
    assert states == {"done"}


def test_pages_of_findings_are_linked(client: TestClient, hub: Hub) -> None:
    rows = "".join(f"N{n},NEW,,W,90000000109,CA,177,x,100,\n" for n in range(5))
    found = send(hub, WORK_HEADER + rows)
    headers = key(hub)
    url: str | None = f"/v1/submissions/{found.submission}/findings?limit=2"
    seen = []
    while url:
        page = client.get(url, headers=headers)
        seen += [item["position"] for item in page.json()]
        url = page.links["next"]["url"] if "next" in page.links else None
    assert seen == [f"line:{n}" for n in range(2, 7)]


def test_a_society_sees_its_own_submissions_only(client: TestClient, hub: Hub) -> None:
    found = send(hub, WORK_HEADER + "N1,MINE,,W,90000000109,CA,177,100,100,\n", "177")
    mine, theirs = key(hub, "177"), key(hub, "901")
    assert client.get(f"/v1/submissions/{found.submission}", headers=mine).status_code == 200
    for path in ("", "/findings"):
        assert client.get(f"/v1/submissions/{found.submission}{path}", headers=theirs).status_code == 404
    assert client.get("/v1/submissions", headers=theirs).json() == []
    assert found.submission in {
        item["submission"] for item in client.get("/v1/submissions", headers=mine).json()
    }


def test_a_society_withdraws_as_itself_only(client: TestClient, hub: Hub) -> None:
    mandates = client.get("/v1/mandates", params={"holder": "177"}, headers=key(hub)).json()
    agreement = next(item for item in mandates if item["mandate_ref"] == "R1")
    notice = {"notice": "2025-12-20", "effective": "2026-07-01"}
    url = f"/v1/mandates/{agreement['id']}/withdrawals"
    assert client.post(url, json=notice, headers=key(hub, "901")).status_code == 403
    filed = client.post(url, json=notice, headers=key(hub, "052"))
    assert (filed.status_code, filed.json()["status"], filed.json()["filed_by"]) == (201, "filed", "052")
    assert client.post(url, json=notice, headers=key(hub, "052")).json()["status"] == "unchanged"
    shown = client.get(f"/v1/mandates/{agreement['id']}", headers=key(hub)).json()
    assert [item["effective"] for item in shown["withdrawals"]] == ["2026-07-01"]


def test_the_catalogue_is_found_and_shown(client: TestClient, hub: Hub) -> None:
    headers = key(hub)
    for text in ("жазғы кеш", "Jazgy kesh", "T-912.345.678-0", "90000003887", "hartley"):
        hits = client.get("/v1/search", params={"q": text}, headers=headers).json()
        assert [hit["title"] for hit in hits] == ["ЖАЗҒЫ КЕШ"], text
    work = client.get(f"/v1/works/{hits[0]['id']}", headers=headers).json()
    assert work["identifiers"]["iswc"] == ["T9123456780"]
    assert work["statements"][0]["content"]["title"] == "ЖАЗҒЫ КЕШ"
    assert work["statements"][0]["source"]["submitter"] == "177"
    assert client.get("/v1/recordings", params={"q": "кеш"}, headers=headers).json() == []
    assert len(client.get("/v1/societies", headers=headers).json()) == 4


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/who-to-pay?right=PR", 422, "invalid_request"),
        ("GET", "/v1/who-to-pay?subject=x&right=PR&use=radio&territory=KZ&on=2026-03-15", 400, "usage"),
        (
            "GET",
            "/v1/who-to-pay?subject=iswc:T9000000000&right=PR&use=radio&territory=KZ&on=2026-03-15",
            404,
            "unknown_subject",
        ),
        ("GET", "/v1/works/nothing", 404, "unknown_subject"),
        ("GET", "/v1/mandates/nothing", 404, "not_found"),
        ("GET", "/v1/submissions/nothing", 404, "not_found"),
        ("GET", "/v1/mandates?cursor=99999999999999999999999", 422, "invalid_request"),
        ("GET", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/who-to-pay", 405, "method_not_allowed"),
        ("POST", "/v1/submissions", 400, "usage"),
    ],
)
def test_every_error_has_one_shape(
    client: TestClient, hub: Hub, method: str, path: str, status: int, code: str
) -> None:
    found = client.request(method, path, headers=key(hub))
    assert (found.status_code, found.headers["content-type"]) == (status, "application/problem+json")
    body = found.json()
    assert set(body) == PROBLEM
    assert (body["status"], body["code"], body["error"]) == (status, code, code)
    assert body["detail"]
    if status == 405:
        assert found.headers["Allow"]


def test_a_call_without_a_valid_key_is_refused(client: TestClient, hub: Hub) -> None:
    bearer = key(hub)
    revoked = key(hub)
    revoke(hub, listing(hub)[-1]["prefix"])
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}, revoked):
        found = client.get("/v1/societies", headers=headers)
        assert (found.status_code, found.json()["code"]) == (401, "not_authenticated")
        assert found.headers["WWW-Authenticate"] == "Bearer"
    assert client.get("/v1/societies", headers=bearer).status_code == 200


def test_a_key_has_only_its_scopes(client: TestClient, hub: Hub) -> None:
    reader = key(hub, scopes=["read"])
    assert client.get("/v1/societies", headers=reader).status_code == 200
    refused = client.post("/v1/submissions", content=b"x", headers=reader)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_keys_are_made_with_care(hub: Hub) -> None:
    with pytest.raises(UsageError):
        create(hub, "177", scopes=["everything"])
    with pytest.raises(UsageError):
        create(hub, "177", days=0)
    with pytest.raises(NotFound):
        create(hub, "555")
    with pytest.raises(NotFound):
        revoke(hub, "hub_none")
    secret = create(hub, "177", label="bot")["key"]
    listed = listing(hub)[-1]
    assert (listed["society"], listed["label"]) == ("177", "bot")
    assert secret not in str(listed)


def test_an_upload_over_the_limit_is_refused(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        object.__setattr__(hub.settings, "max_upload", 1000)
        with TestClient(create_app(hub)) as client:
            found = client.post("/v1/submissions", content=b"x" * 5000, headers=key(hub))
            assert (found.status_code, found.json()["code"]) == (413, "too_large")


def test_health_needs_no_key(client: TestClient) -> None:
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ok"


def test_a_wrong_method_names_every_right_one(client: TestClient) -> None:
    found = client.options("/v1/submissions")
    assert (found.status_code, found.headers["Allow"]) == (405, "GET, POST")
    assert found.json()["detail"] == "this address answers GET, POST"


def test_the_documentation_pages_load_nothing_from_other_hosts(client: TestClient) -> None:
    for page in ("/docs", "/redoc"):
        text = client.get(page).text
        loaded = re.findall(r'(?:src|href)="([^"]+)"', text)
        assert loaded
        assert all(address.startswith("/") and client.get(address).status_code == 200 for address in loaded)


def test_further_fields_of_a_registration_are_for_its_sender_only(client: TestClient, hub: Hub) -> None:
    with as_file(files("hub.demo").joinpath("feeds", "02-kazak.V21")) as path:
        send(hub, path.read_bytes(), "177")
    found = client.get("/v1/search", params={"q": "Lanterns over the Steppe"}, headers=key(hub)).json()[0]
    own = client.get(f"/v1/works/{found['id']}", headers=key(hub)).json()
    other = client.get(f"/v1/works/{found['id']}", headers=key(hub, "052")).json()
    assert any("details" in item["content"] for item in own["statements"])
    assert not any("details" in item["content"] for item in other["statements"])
    assert len(own["statements"]) == len(other["statements"])


ASKED = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
DATED = {
    "who-to-pay": {"subject": "iswc:T9123456780", **ASKED, "paid_on": "2026-03-20"},
    "changes": {**ASKED, "since": "2026-01-01T00:00:00Z"},
    "withdrawals": {"on": "2026-03-15"},
}


@pytest.mark.parametrize("day", ["0", "86400", "-86400", "20260315", "2026-03-15T00:00:00", "15.03.2026", ""])
@pytest.mark.parametrize(
    ("path", "name"),
    [("who-to-pay", "on"), ("who-to-pay", "paid_on"), ("changes", "on"), ("withdrawals", "on")],
)
def test_a_day_is_taken_as_it_is_written_only(
    client: TestClient, hub: Hub, path: str, name: str, day: str
) -> None:
    terms = DATED[path]
    assert client.get(f"/v1/{path}", params=terms, headers=key(hub)).status_code == 200
    found = client.get(f"/v1/{path}", params={**terms, name: day}, headers=key(hub))
    assert found.status_code == 422
    assert name in found.text
