"""What every HTTP answer does besides its content: ids, metrics, tags, pace, origins."""

from __future__ import annotations

import json
import logging
import logging.config
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORKS, fresh_hub, send
from starlette.testclient import TestClient

from hub.access.keys import create
from hub.api.app import create_app
from hub.api.observing import log_config
from hub.context import Hub

QUESTION = "/v1/who-to-pay?subject=iswc:T9123456780&right=PR&use=radio&territory=KZ&on=2026-03-15"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def serving(hub: Hub, **settings: Any) -> TestClient:
    changed = Hub(replace(hub.settings, **settings), hub.engine)
    return TestClient(create_app(changed), raise_server_exceptions=False)


def key(hub: Hub, society: str = "177") -> dict[str, str]:
    return {"Authorization": f"Bearer {create(hub, society)['key']}"}


def test_an_answer_is_not_sent_again_to_who_has_it(hub: Hub) -> None:
    headers = key(hub)
    with serving(hub) as client:
        first = client.get(QUESTION, headers=headers)
        tag = first.headers["ETag"]
        for wanted in (tag, f'"other", W/{tag}', "*"):
            again = client.get(QUESTION, headers={**headers, "If-None-Match": wanted})
            assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(QUESTION, headers={**headers, "If-None-Match": '"other"'}).status_code == 200
        send(hub, WORKS.replace("50,50", "40,40"))
        changed = client.get(QUESTION, headers={**headers, "If-None-Match": tag})
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag
        missing = client.get(QUESTION.replace("T9123456780", "T0345246801"), headers=headers)
        assert (missing.status_code, "ETag" in missing.headers) == (404, False)


def test_every_answer_has_an_id_and_is_counted_by_its_route(hub: Hub) -> None:
    headers = key(hub)
    with serving(hub) as client:
        assert (
            client.get(QUESTION, headers={**headers, "X-Request-ID": "abc-1"}).headers["X-Request-ID"]
            == "abc-1"
        )
        hostile = client.get("/v1/works/secret-title", headers={**headers, "X-Request-ID": "a\tb"})
        assert re.fullmatch("[0-9a-f]{16}", hostile.headers["X-Request-ID"])
        assert client.get("/nowhere/at/all").status_code == 404
        found = client.get("/metrics")
    assert found.headers["content-type"].startswith("text/plain")
    assert 'hub_http_requests_total{method="GET",route="/v1/who-to-pay",status="200"} 1.0' in found.text
    assert 'status="404"' in found.text
    assert 'hub_jobs{state="queued"} 0.0' in found.text
    assert "secret" not in found.text
    assert "nowhere" not in found.text


def test_a_caller_that_calls_too_often_is_told_when_to_come_again(hub: Hub) -> None:
    mine, theirs = key(hub), key(hub, "901")
    with serving(hub, calls_per_minute=3) as client:
        statuses = [client.get(QUESTION, headers=mine).status_code for _ in range(5)]
        assert statuses[:3] == [200, 200, 200]
        refused = client.get(QUESTION, headers=mine)
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["X-Request-ID"]
        assert client.get(QUESTION, headers=theirs).status_code == 200
        assert all(client.get("/healthz").status_code == 200 for _ in range(9))


def test_only_named_origins_may_call_from_a_browser(hub: Hub) -> None:
    asked = {"Origin": "https://desk.example", "Access-Control-Request-Method": "POST"}
    with serving(hub, cors_origins=("https://desk.example",)) as client:
        allowed = client.options("/v1/submissions", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "https://desk.example"
        other = client.options("/v1/submissions", headers={**asked, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
    with serving(hub) as client:
        assert "access-control-allow-origin" not in client.get("/healthz", headers=asked).headers


def test_logs_are_json_lines_without_addresses(hub: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(log_config("INFO", "json"))
    try:
        with serving(hub) as client:
            client.get(QUESTION, headers=key(hub))
    finally:
        logging.config.dictConfig(
            {"version": 1, "incremental": False, "loggers": {"hub": {"propagate": True}}}
        )
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (call,) = [line for line in lines if line.get("route") == "/v1/who-to-pay"]
    assert (call["status"], call["method"], call["level"]) == (200, "GET", "INFO")
    assert "T9123456780" not in json.dumps(lines)


def test_a_misspelt_parameter_is_refused_and_told_what_there_is(hub: Hub) -> None:
    headers = key(hub)
    with serving(hub) as client:
        for address, said in (
            ("/v1/mandates?holders=177", "'holders'; this call takes"),
            ("/v1/me?x=1&a", "'a', 'x'; this call takes none"),
            (QUESTION + "&knownat=2026-01-01", "'knownat'; this call takes"),
        ):
            refused = client.get(address, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (400, "usage"), address
            assert said in refused.json()["detail"]
        assert client.get("/v1/mandates?holder=177&limit=1", headers=headers).status_code == 200


def test_a_parameter_that_is_stated_twice_is_refused(hub: Hub) -> None:
    headers = {**key(hub), "Accept-Language": "ru"}
    with serving(hub) as client:
        refused = client.get("/v1/mandates?limit=5&cursor=1&cursor=2", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "usage")
    assert refused.json()["detail"] == "параметр 'cursor' указан несколько раз; укажите его один раз"


@pytest.mark.parametrize(
    ("path", "code", "ru", "kk"),
    [
        ("/v1/jobs/j1", "not_found", "задания 'j1' нет", "'j1' деген тапсырма жоқ"),
        ("/v1/mandates?holders=1", "usage", "неизвестный параметр 'holders'", "белгісіз параметр 'holders'"),
        (
            "/v1/mandates?limit=0",
            "invalid_request",
            "/query/limit: должно быть не меньше 1",
            "/query/limit: 1",
        ),
        ("/v1/nowhere", "not_found", "Не найдено", "Табылмады"),
    ],
)
def test_a_refusal_is_told_in_the_language_that_the_caller_reads(
    hub: Hub, path: str, code: str, ru: str, kk: str
) -> None:
    headers = key(hub)
    with serving(hub) as client:
        for wanted, language, said in (("ru-RU,en;q=0.5", "ru", ru), ("kk", "kk", kk), ("de", "en", "")):
            found = client.get(path, headers={**headers, "Accept-Language": wanted})
            body = found.json()
            assert (body["code"], body["error"]) == (code, code)
            assert (found.headers["Content-Language"], found.headers["Vary"]) == (language, "Accept-Language")
            assert said in body["detail"]
            assert (re.search("[а-яә-ө]", body["title"] + body["detail"]) is None) == (language == "en")


def test_faults_of_a_statement_are_told_in_it_too(hub: Hub) -> None:
    wrong = {"mandate_ref": "X", "grantor_type": "party", "grantor_id": "1", "holder": "177", "rights": "XX",
             "valid_from": "2026-01-01", "basis": "declaration"}  # fmt: skip
    with serving(hub) as client:
        found = client.post("/v1/mandates", json=wrong, headers={**key(hub), "Accept-Language": "ru"})
    assert (found.status_code, found.json()["code"]) == (400, "usage")
    assert re.search("[а-я]{4}", found.json()["detail"])
    assert found.headers["Content-Language"].startswith("ru")


def test_sentences_of_answers_follow_the_same_header(hub: Hub) -> None:
    done = send(hub, WORKS.replace("50,50", "x,50"))
    path = f"/v1/submissions/{done.submission}/findings"
    headers = {**key(hub), "Accept-Language": "kk"}
    with serving(hub) as client:
        kazakh, russian = (
            client.get(path, headers=headers),
            client.get(path + "?language=ru", headers=headers),
        )
    assert (kazakh.headers["Content-Language"], russian.headers["Content-Language"]) == ("kk", "ru")
    assert kazakh.headers["Vary"] == "Accept, Accept-Language"
    assert [item["code"] for item in kazakh.json()] == [item["code"] for item in russian.json()]
    assert kazakh.json()[0]["text"] != russian.json()[0]["text"]
