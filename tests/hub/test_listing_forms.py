"""Listings as NDJSON, CSV and Parquet: the same entries as in JSON, all pages, no formula in a cell."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, MANDATES, WORKS, fresh_hub, send
from pyarrow import parquet
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api import listings
from hub.api.app import create_app
from hub.api.exports import MEDIA, cells, columns
from hub.api.models import MandateOut
from hub.context import Hub
from hub.mandates.withdrawals import Notice, withdraw

MANY = MANDATE_HEADER + "".join(
    f"X{number},party,90000000109,=HYPERLINK(1),901,PR|MR,*,KZ|-US,2026-01-01,,N,declaration,,\n"
    for number in range(7)
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        send(opened, MANY, "901")
        withdraw(opened, Notice("M1", "2025-12-20", uses="on-demand-stream", draft=False), "177")
        yield opened


@pytest.fixture
def client(hub: Hub) -> Iterator[TestClient]:
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    with TestClient(create_app(hub), headers=headers) as opened:
        yield opened


def everything(client: TestClient, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        found += answer.json()
        following = answer.links.get("next", {}).get("url")
    return found


def lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_form_has_the_same_entries(
    client: TestClient, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An export of several steps.
    monkeypatch.setattr(listings, "EXPORTED_TOGETHER", 3)
    faulty = send(hub, WORKS.replace("K1", "K2").replace("50,50", "=1+1,50"))
    rivals = ("M9", "N1")
    for ref, society in zip(rivals, ("177", "901"), strict=True):
        row = MANDATES.splitlines()[1].replace("M1", ref).replace(",177,", f",{society},")
        send(hub, MANDATE_HEADER + row + "\n", society)
    for path in (
        "/v1/mandates", "/v1/withdrawals", "/v1/conflicts", f"/v1/submissions/{faulty.submission}/findings",
        "/v1/submissions", "/v1/audit", "/v1/works?q=ЖАЗҒЫ", "/v1/search?q=ЖАЗҒЫ", "/v1/societies",
        "/v1/keys",
    ):  # fmt: skip
        joined = "&" if "?" in path else "?"
        told = everything(
            client, path if joined == "&" or "societies" in path or "keys" in path else f"{path}?limit=2"
        )
        assert told, path
        as_lines = client.get(f"{path}{joined}format=ndjson")
        assert as_lines.headers["content-type"] == "application/x-ndjson"
        if path == "/v1/keys":  # each call is a use of the key
            told = [{**item, "last_used": ""} for item in told]
            assert [{**item, "last_used": ""} for item in lines(as_lines.text)] == told
            continue
        assert lines(as_lines.text) == told, path
        table = list(csv.DictReader(io.StringIO(client.get(f"{path}{joined}format=csv").text, newline="")))
        columnar = parquet.read_table(io.BytesIO(client.get(f"{path}{joined}format=parquet").content))
        assert len(table) == columnar.num_rows == len(told)
        assert list(table[0]) == columnar.column_names
        for row, wide, entry in zip(table, columnar.to_pylist(), told, strict=True):
            assert list(wide.values()) == cells(entry, wide)
            assert [cell.removeprefix("'") for cell in row.values()] == [
                ""
                if cell is None
                else str(cell).lower()
                if isinstance(cell, bool)
                else str(cell).removeprefix("'")
                for cell in wide.values()
            ]


def test_no_cell_is_a_formula_and_nested_fields_have_dotted_names(client: TestClient) -> None:
    table = list(csv.DictReader(io.StringIO(client.get("/v1/mandates?format=csv").text, newline="")))
    assert {row["grantor_name"] for row in table if row["declarant"] == "901"} == {"'=HYPERLINK(1)"}
    assert table[0]["source.submission"].startswith("s")
    assert json.loads(table[0]["withdrawals"])[0]["mandate"] == table[0]["id"]
    assert [json.loads(row["withdrawals"] or "[]") for row in table[1:]] == [[]] * (len(table) - 1)
    assert columns(MandateOut)["source.position"] is str


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "json"), ("*/*", "json"), ("text/csv", "csv"), ("application/x-ndjson, */*;q=0.1", "ndjson"),
        ("text/*", "csv"), ("application/json;q=0.5, text/csv;q=0.9", "csv"),
        ("*/*;q=0.5, text/csv;q=0", "json"),
        (MEDIA["parquet"], "parquet"), ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("text/csv;q=x, application/json", "json"),
    ],
)  # fmt: skip
def test_the_form_follows_the_header(client: TestClient, accept: str, wanted: str) -> None:
    answer = client.get("/v1/societies", headers={"Accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == MEDIA[wanted]
    assert "Accept" in answer.headers["Vary"]
    assert client.get("/v1/societies?format=json", headers={"Accept": accept}).json()


def test_a_form_that_there_is_not_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = client.get("/v1/mandates", headers={"Accept": "application/xml"})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert "text/csv" in refused.json()["detail"]
    assert client.get("/v1/mandates?format=xml").status_code == 422
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for answer in (
        client.get("/v1/mandates?format=parquet"),
        client.get("/v1/mandates", headers={"Accept": MEDIA["parquet"]}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")
        assert "repertoire-hub[parquet]" in answer.json()["detail"]


def test_an_export_begins_and_ends_where_it_is_told(client: TestClient) -> None:
    told = everything(client, "/v1/mandates?limit=2")
    assert lines(client.get("/v1/mandates?format=ndjson&limit=3").text) == told[:3]
    cursor = client.get("/v1/mandates?limit=2").links["next"]["url"].rpartition("cursor=")[2]
    assert lines(client.get(f"/v1/mandates?format=ndjson&cursor={cursor}").text) == told[2:]
    assert client.get("/v1/mandates?format=csv&known_at=soon").status_code == 400
    assert client.get("/v1/submissions/nothing/findings?format=csv").status_code == 404
    assert client.get("/v1/mandates?format=ndjson&holder=nobody").text == ""
    assert client.get("/v1/mandates?format=csv&holder=nobody").text.count("\r\n") == 1
    empty = parquet.read_table(io.BytesIO(client.get("/v1/mandates?format=parquet&holder=nobody").content))
    assert (empty.num_rows, empty.column_names) == (0, list(columns(MandateOut)))


def test_every_listing_has_its_forms(hub: Hub) -> None:
    """What answers with a list of entries can be exported; two short lists within one thing are left out."""
    app = create_app(hub)
    document = app.openapi()
    without = {
        path
        for path, methods in document["paths"].items()
        for content in [methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})]
        if content.get("application/json", {}).get("schema", {}).get("type") == "array"
        and "text/csv" not in content
    }
    assert without == {"/v1/who-to-pay/period", "/v1/mandates/{mandate_id}/withdrawals", "/v1/webhooks"}
