"""The form that states a mandate: the same checks as a file, corrections, and nobody else's mandates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORKS, answer, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub

TERMS: dict[str, Any] = {
    "mandate_ref": "M-77",
    "grantor_type": "party",
    "grantor_id": "90000003887",
    "grantor_name": "HARTLEY JANE",
    "holder": "177",
    "rights": ["PR", "MR"],
    "uses": "*|-on-demand-stream",
    "territories": "2136|-FR",
    "valid_from": "2026-01-01",
    "valid_to": "",
    "exclusive": "Y",
    "basis": "declaration",
    "works": "iswc:T9123456780\niswc:T9000000011",
    "evidence": "letter.pdf",
}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


class Visit:
    """One signed-in society."""

    def __init__(self, hub: Hub, society: str, **options: Any) -> None:
        self.client = TestClient(create_app(hub), raise_server_exceptions=False)
        self.client.post("/login", data={"key": create(hub, society, **options)["key"], "back": "/find"})
        page = self.client.get("/find").text
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token is not None
        self.token = token[1]

    def state(self, **changes: Any) -> Any:
        return self.client.post("/new-mandate", data={"token": self.token, **TERMS, **changes})


def test_a_mandate_is_stated_shown_and_corrected(hub: Hub) -> None:
    kazak = Visit(hub, "177")
    assert 'href="/new-mandate"' in kazak.client.get("/mandates").text
    assert kazak.client.get("/new-mandate").status_code == 200
    made = kazak.state()
    assert made.status_code == 200
    assert made.url.path.startswith("/mandates/")
    for shown in (
        "M-77",
        "HARTLEY JANE",
        "PR, MR",
        "World, except: France",
        "iswc:T9123456780|iswc:T9000000011",
    ):
        assert shown in made.text
    filled = kazak.client.get(f"/new-mandate?of={made.url.path.rpartition('/')[2]}").text
    assert 'value="M-77"' in filled
    assert 'value="PR" checked' in filled
    assert 'value="SR" checked' not in filled
    assert "iswc:T9123456780\niswc:T9000000011</textarea>" in filled
    corrected = kazak.state(territories="KZ")
    assert corrected.url.path == made.url.path
    assert "except: France" not in corrected.text
    payees = [line["payee"] for line in answer(hub)["lines"] if line["party"]["name"].startswith("HARTLEY")]
    assert [payee["society"] for payee in payees] == ["177"]


def test_what_is_wrong_is_told_with_what_was_written(hub: Hub) -> None:
    kazak = Visit(hub, "177")
    for changes, said in (
        ({"holder": "", "evidence": "kept.pdf"}, "kept.pdf"),
        ({"valid_from": "31.01.2026"}, "31.01.2026"),
        ({"rights": []}, "rights"),
        ({"works": "iswc:nothing"}, "iswc:nothing"),
        ({"uses": "dreaming"}, "dreaming"),
        ({"grantor_type": "any"}, "any"),
    ):
        refused = kazak.state(**changes)
        assert refused.status_code == 400, changes
        assert 'role="alert"' in refused.text
        assert said in refused.text
        assert 'value="M-77"' in refused.text
    russian = kazak.client.post("/new-mandate?lang=ru", data={"token": kazak.token, **TERMS, "uses": "x"})
    assert '<html lang="ru">' in russian.text
    assert kazak.client.get("/mandates?grantor=90000003887").text.count("M-77") == 0


def test_only_ones_own_mandates_are_stated_and_corrected(hub: Hub) -> None:
    kazak, other = Visit(hub, "177"), Visit(hub, "901")
    name = kazak.state().url.path.rpartition("/")[2]
    assert other.client.get(f"/new-mandate?of={name}").status_code == 403
    assert "/new-mandate?of=" not in other.client.get(f"/mandates/{name}").text
    assert "/new-mandate?of=" in kazak.client.get(f"/mandates/{name}").text
    # The same reference of another society is another mandate.
    assert other.state(holder="901").url.path != f"/mandates/{name}"
    assert other.client.post("/new-mandate", data={**TERMS, "token": "x"}).status_code == 403
    reader = Visit(hub, "177", scopes=["read"])
    assert reader.client.get("/new-mandate").status_code == 403
    assert 'href="/new-mandate"' not in reader.client.get("/mandates").text
    assert reader.state().status_code == 403


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_form_speaks_three_languages(hub: Hub, language: str) -> None:
    page = Visit(hub, "177").client.get(f"/new-mandate?lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    title = {"en": "State a mandate", "kk": "Өкілеттікті мәлімдеу", "ru": "Заявить полномочие"}[language]
    assert f"<h1>{title}</h1>" in page.text
    assert {"en": "the world without", "kk": "бүкіл әлем", "ru": "весь мир без"}[language] in page.text
    assert " style=" not in page.text
