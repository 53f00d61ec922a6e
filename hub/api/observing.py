"""What is seen of every call: its id, one line of log, and the metrics that Prometheus reads.

Metrics name the route's template, never the address: identifiers of works would make endless series, and
tell what societies ask for.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub import tracing
from hub.api.problems import template_of
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import JOB
from hub.jobs.queue import ACTIVE

if TYPE_CHECKING:
    from opentelemetry.trace import Span

log = logging.getLogger("hub.api.calls")
HEADER = "X-Request-ID"
_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)
METRICS_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The series of one application; a registry of its own, so that several can stand in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.calls = Counter("hub_http_requests", "Calls answered.", labels, registry=self._registry)
        self.seconds = Histogram(
            "hub_http_request_seconds",
            "Seconds until the answer was complete.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._jobs = Gauge("hub_jobs", "Jobs that are not finished.", ("state",), registry=self._registry)

    def exposed(self, hub: Hub) -> bytes:
        """All series in the text format of Prometheus; the queue is counted now."""
        with reading(hub.engine) as connection:
            query = select(JOB.c.state, func.count()).where(JOB.c.state.in_(ACTIVE)).group_by(JOB.c.state)
            found = {row.state: row[1] for row in connection.execute(query)}
        for state in ACTIVE:
            self._jobs.labels(state).set(found.get(state, 0))
        return generate_latest(self._registry)


class Observed:
    """ASGI middleware: gives each call an id, or keeps the caller's, and notes what became of it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = _id_of(scope)
        status = 500
        begun = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (HEADER.lower().encode(), name.encode())]
            await send(message)

        with tracing.span(scope["method"], tracing.CALL, _carrier(scope)) as span:
            try:
                await self._app(scope, receive, noting)
            finally:
                self._noted(scope, name, status, begun, span)

    def _noted(self, scope: Scope, name: str, status: int, begun: float, span: Span | None) -> None:
        taken = time.perf_counter() - begun
        route = template_of(scope)
        method = scope["method"] if scope["method"] in _METHODS else "(other)"
        self._metrics.calls.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(taken)
        log.info(
            "%s %s %d", method, route, status,
            extra={"request": name, "method": method, "route": route, "status": status, "seconds": taken},
        )  # fmt: skip
        if span is not None:
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {
                    "http.request.method": method, "http.route": route, "http.response.status_code": status,
                    "hub.request_id": name,
                }
            )  # fmt: skip
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                tracing.failed(span, str(status))


_CONTEXT = (b"traceparent", b"tracestate")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _carrier(scope: Scope) -> dict[str, str]:
    """The caller's own trace, which ours goes on with."""
    if not tracing.on():
        return {}
    return {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name in _CONTEXT}


def _id_of(scope: Scope) -> str:
    """The caller's id if it is a plain one, so that logs of two programs can be laid side by side."""
    for header, value in scope["headers"]:
        if header == b"x-request-id" and _GIVEN.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)


class JsonLines(logging.Formatter):
    """One JSON object per line: ``at``, ``level``, ``logger``, ``message``, and the fields of the record."""

    FIELDS = ("request", "method", "route", "status", "seconds")

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        shown: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        shown |= {name: getattr(record, name) for name in self.FIELDS if hasattr(record, name)}
        if record.exc_info:
            shown["fault"] = self.formatException(record.exc_info)
        return json.dumps(shown, ensure_ascii=False, default=str)


def log_config(level: str, shape: str) -> dict[str, Any]:
    """What ``logging.config`` takes: everything on stderr, as text or as one JSON object per line.

    The server's own log of addresses is left out: it would hold what societies ask for.
    """
    plain = {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    formatter: dict[str, Any] = {"()": JsonLines} if shape == "json" else plain
    loggers = {
        name: {"level": level, "handlers": ["stderr"], "propagate": False} for name in ("hub", "uvicorn")
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatter},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "chosen", "stream": "ext://sys.stderr"}
        },
        "loggers": {**loggers, "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False}},
    }
