"""Accreditations one by one, with their papers and history, and the code table that is shipped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hubs import MANDATES, WORKS, answer, fresh_hub, send
from typer.testing import CliRunner

from hub.access.keys import create
from hub.api.app import create_app
from hub.cli.app import app
from hub.context import Hub
from hub.errors import NotFound, UsageError
from hub.society_register import Accredited, accredit, add_known


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def told(hub: Hub, *words: str) -> Any:
    done = CliRunner().invoke(app, ["societies", *words, "--db", hub.settings.database_url, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def totals(found: dict[str, Any]) -> dict[str, str]:
    return {status: share for status, share in found["totals"].items() if share != "0.00"}


def test_an_accreditation_counts_from_when_it_is_written_down(hub: Hub) -> None:
    before = answer(hub)
    accredit(hub, "901", Accredited("KZ", "PR", "2020-01-01", certificate="KZ 12", reason="order 76"))
    held = answer(hub)
    assert totals(held) == {"held": "100.00"}
    words = ("--territory", "398", "--right", "PR", "--from", "2015-01-01", "--reason", "order 3")
    done = told(hub, "accredit", "177", *words, "--to", "2026-01-01", "--certificate", "KZ 7")
    assert done["accreditations"] == [
        {"territory": "KZ", "right": "PR", "valid_from": "2015-01-01", "valid_to": "2026-01-01"}
    ]
    assert {reason for line in answer(hub)["lines"] for reason in line["reasons"]} == {"accreditation_lapsed"}
    assert told(hub, "accredit", "177", *words)["status"] == "done"
    assert told(hub, "accredit", "177", *words)["status"] == "unchanged"
    assert totals(answer(hub)) == {"payable": "100.00"}
    assert answer(hub, known_at=before["question"]["known_at"]) == before
    assert answer(hub, known_at=held["question"]["known_at"]) == held
    shown = told(hub, "show", "177")
    ends = [[held["valid_to"] for held in item["accreditations"]] for item in shown["versions"]]
    assert ends == [[], ["2026-01-01"], [""]]
    assert [(item["certificate"], item["reason"]) for item in shown["papers"]] == [
        ("KZ 7", "order 3"),
        ("", "order 3"),
    ]
    early = told(hub, "show", "177", "--known-at", shown["versions"][1]["known_from"])
    assert (len(early["versions"]), len(early["papers"])) == (2, 1)


def test_what_never_was_is_taken_out_and_stays_in_the_history(hub: Hub) -> None:
    said = Accredited("KZ", "*", "2020-01-01", reason="a mistake")
    accredit(hub, "901", said)
    gone = Accredited("KZ", "*", "2020-01-01", reason="it was another society's", cancelled=True)
    assert accredit(hub, "901", gone)["accreditations"] == []
    with pytest.raises(NotFound):
        accredit(hub, "901", gone)
    assert [item["cancelled"] for item in told(hub, "show", "901")["papers"]] == [False, True]


@pytest.mark.parametrize(
    "said",
    [
        Accredited("XX", "PR", "2020-01-01", reason="x"),
        Accredited("KZ", "odd", "2020-01-01", reason="x"),
        Accredited("KZ", "PR", "soon", reason="x"),
        Accredited("KZ", "PR", "2020-01-01", "2020-01-01", reason="x"),
        Accredited("KZ", "PR", "2020-01-01"),
    ],
)
def test_what_is_not_understood_is_refused(hub: Hub, said: Accredited) -> None:
    with pytest.raises(UsageError):
        accredit(hub, "901", said)
    with pytest.raises(NotFound):
        accredit(hub, "999", said)


def test_the_shipped_codes_fill_what_the_register_lacks(hub: Hub) -> None:
    done = told(hub, "import", "--shipped")["counts"]
    assert done["read"] == done["stored"] + done["unchanged"]
    assert done["unchanged"] == 2
    listed = {item["code"]: item for item in told(hub, "list")}
    assert (listed["288"]["name"], listed["288"]["country"]) == ("ABYROY", "KZ")
    assert listed["177"]["name"] == "KAZAK"  # as the operator's file said it
    assert not any(item["accreditations"] for item in listed.values())
    assert add_known(hub).stored == 0
    refused = CliRunner().invoke(app, ["societies", "import", "--db", hub.settings.database_url])
    assert isinstance(refused.exception, UsageError)


def test_people_and_programs_read_the_history(hub: Hub) -> None:
    accredit(hub, "901", Accredited("KZ", "PR", "2020-01-01", certificate="KZ 12", reason="order 76"))
    for language, word in (("en", "Certificate"), ("kk", "Куәлік"), ("ru", "Свидетельство")):
        words = ["societies", "show", "901", "--language", language, "--db", hub.settings.database_url]
        assert word in CliRunner().invoke(app, words).stdout
    client = TestClient(create_app(hub))
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    shown = client.get("/v1/societies/901", headers=headers).json()
    assert (len(shown["versions"]), shown["papers"][0]["certificate"]) == (2, "KZ 12")
    assert client.get("/v1/societies/999", headers=headers).status_code == 404
    assert client.get("/v1/societies/901?known_at=soon", headers=headers).status_code == 400
    assert client.get("/v1/societies/901?known_at=2001-01-01", headers=headers).status_code == 404
