"""Traces of calls and jobs for OpenTelemetry, where the operator says to whom they are sent.

Off unless one of ``ENDPOINTS`` is set; the SDK reads these and its other ``OTEL_*`` variables itself. A span
names the template of a route and the kind of a job, never an address or a subject: these tell what
societies ask for. Instrumentations that write whole addresses and statements into spans are therefore not
used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hub import __version__
from hub.errors import Surroundings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
CALL, JOB = "server", "consumer"
"""Kinds of spans."""


class _State:
    """The tracer of this process, None while traces are off, and what sends them."""

    tracer: Any = None
    provider: Any = None


def wanted(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for traces.

    >>> wanted({}), wanted({ENDPOINTS[1]: "http://collector:4318"})
    (False, True)
    >>> wanted({ENDPOINTS[1]: "http://collector:4318", "OTEL_SDK_DISABLED": "true"})
    False
    """
    disabled = environment.get("OTEL_SDK_DISABLED", "").casefold() == "true"
    return not disabled and any(environment.get(name) for name in ENDPOINTS)


def begin(exporter: SpanExporter | None = None) -> bool:
    """Send traces from now on if the environment, or an exporter given here, says where to; whether so.

    Raises:
        Surroundings: they are asked for, and the SDK is not installed.
    """
    if exporter is None and not wanted(os.environ):
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ModuleNotFoundError as fault:
        raise Surroundings("traces are asked for (OTEL_*); install repertoire-hub[otel]") from fault
    named = {
        "service.name": os.environ.get("OTEL_SERVICE_NAME") or "repertoire-hub",
        "service.version": __version__,
    }
    _State.provider = TracerProvider(resource=Resource.create(named))
    _State.provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
    _State.tracer = _State.provider.get_tracer("hub", __version__)
    return True


def end() -> None:
    """Send what is left, and no more."""
    if _State.provider is not None:
        _State.provider.shutdown()
    _State.tracer = _State.provider = None


def on() -> bool:
    """Whether traces are sent."""
    return _State.tracer is not None


@contextmanager
def span(name: str, kind: str, carrier: Mapping[str, str] | None = None) -> Iterator[Span | None]:
    """A span around what is done; None, and no cost, while traces are off.

    ``carrier`` are headers of the caller, whose trace is continued (W3C Trace Context).
    """
    if _State.tracer is None:
        yield None
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = TraceContextTextMapPropagator().extract(carrier) if carrier else None
    kinds = {CALL: SpanKind.SERVER, JOB: SpanKind.CONSUMER}
    with _State.tracer.start_as_current_span(
        name, context, kinds[kind], record_exception=False, set_status_on_exception=False
    ) as made:
        yield made


def failed(made: Span | None, code: str) -> None:
    """Mark a span as failed, with a code that is no text of anybody's."""
    if made is not None:
        from opentelemetry.trace import Status, StatusCode

        made.set_status(Status(StatusCode.ERROR, code))
