"""Traces of calls and jobs: with the caller's own, without what was asked for, and off unless asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hubs import MANDATES, WORKS, fresh_hub, send
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient

from hub import tracing
from hub.access.keys import create
from hub.api.app import create_app
from hub.context import Hub
from hub.errors import Surroundings
from hub.jobs.handlers import HANDLERS
from hub.jobs.worker import Worker

TRACE = "0af7651916cd43dd8448eb211c80319c"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path) as opened:
        yield opened


@pytest.fixture
def exporter() -> Iterator[InMemorySpanExporter]:
    made = InMemorySpanExporter()
    assert tracing.begin(made)
    yield made
    tracing.end()


def sent(exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    tracing._State.provider.force_flush()
    return list(exporter.get_finished_spans())


def test_a_call_is_a_span_of_the_callers_trace(hub: Hub, exporter: InMemorySpanExporter) -> None:
    send(hub, WORKS)
    send(hub, MANDATES)
    headers = {
        "Authorization": f"Bearer {create(hub, '177')['key']}",
        "traceparent": f"00-{TRACE}-b7ad6b7169203331-01",
        "X-Request-ID": "abc",
    }
    client = TestClient(create_app(hub), raise_server_exceptions=False)
    assert client.get("/v1/parties/90000000109", headers=headers).status_code == 200
    assert client.get("/v1/works/secret-title", headers=headers).status_code == 404
    assert client.get("/nowhere/secret").status_code == 404
    spans = sent(exporter)
    assert [span.name for span in spans] == [
        "GET /v1/parties/{party_id}",
        "GET /v1/works/{work_id}",
        "GET (none)",
    ]
    assert {span.kind for span in spans} == {SpanKind.SERVER}
    assert dict(spans[0].attributes or {}) == {
        "http.request.method": "GET", "http.route": "/v1/parties/{party_id}",
        "http.response.status_code": 200, "hub.request_id": "abc",
    }  # fmt: skip
    assert f"{spans[0].context.trace_id:032x}" == TRACE
    assert f"{spans[2].context.trace_id:032x}" != TRACE
    assert all(span.status.status_code is StatusCode.UNSET for span in spans)
    told = " ".join(span.to_json() for span in spans)
    assert "secret" not in told
    assert "90000000109" not in told


def test_a_fault_of_the_hub_marks_its_span(
    hub: Hub, exporter: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.engine.dispose()
    client = TestClient(create_app(hub), raise_server_exceptions=False)

    def broken(*_words: object) -> None:
        raise ValueError("a secret of the database")

    monkeypatch.setattr("hub.api.security.authenticate", broken)
    assert client.get("/v1/me", headers={"Authorization": "Bearer hub_00000000_x"}).status_code == 500
    (span,) = sent(exporter)
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "500")
    assert "secret" not in span.to_json()


def test_a_job_is_a_span(hub: Hub, exporter: InMemorySpanExporter) -> None:
    headers = {"Authorization": f"Bearer {create(hub, '177')['key']}"}
    client = TestClient(create_app(hub))
    job = client.post("/v1/submissions", content=WORKS, headers=headers).json()["job"]
    worker = Worker(hub, HANDLERS)
    assert worker.work_once()
    report = client.post("/v1/usage-reports", content="no table", headers=headers).json()["job"]
    assert worker.work_once()
    done, failed = [span for span in sent(exporter) if span.kind is SpanKind.CONSUMER]
    assert (done.name, dict(done.attributes or {})["hub.job"]) == ("job submission", job)
    assert done.status.status_code is StatusCode.UNSET
    assert dict(failed.attributes or {})["hub.job"] == report
    assert (failed.status.status_code, failed.status.description) == (StatusCode.ERROR, "usage")


def test_traces_are_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tracing.ENDPOINTS:
        monkeypatch.delenv(name, raising=False)
    assert not tracing.begin()
    assert not tracing.on()
    with tracing.span("x", tracing.CALL) as span:
        assert span is None
    monkeypatch.setenv(tracing.ENDPOINTS[0], "http://127.0.0.1:9/v1/traces")
    assert tracing.begin()
    assert tracing.on()
    tracing.end()
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(Surroundings, match=r"repertoire-hub\[otel\]"):
        tracing.begin()
