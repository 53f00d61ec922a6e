"""The application: routes, error handlers, and picking up unfinished submissions at the start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import PlainTextResponse
from fastapi_offline import FastAPIOffline

from hub import __version__, tracing
from hub.api import examples, problems
from hub.api.conditional import Conditional
from hub.api.models import HealthOut
from hub.api.observing import HEADER, METRICS_TYPE, Metrics, Observed
from hub.api.pace import Paced
from hub.api.routes import (
    answers,
    audit,
    catalogue,
    changes,
    conflicts,
    jobs,
    keys,
    mandates,
    payments,
    reviews,
    submissions,
    uploads,
    users,
    webhooks,
    withdrawals,
)
from hub.api.security import OpenHub, only_known_parameters
from hub.api.sizes import Sized
from hub.context import Hub, open_hub
from hub.db import schema
from hub.errors import HubError
from hub.jobs.handlers import HANDLERS, begin_day, pick_up
from hub.jobs.worker import Worker
from hub.process import relax_collector
from hub.web.routes import add_pages
from hub.webhooks.courier import Courier

DESCRIPTION = """
For this work or recording, this right, this use, this territory and this day: who holds the mandate, and so
who must be paid? Every call but the health checks needs an API key (`hub keys create --as SOCIETY`), sent as
`Authorization: Bearer hub_...`. Errors are `application/problem+json`.
"""


def serving() -> FastAPI:
    """The application in a process of its own, which makes many small objects at a time."""
    relax_collector()
    tracing.begin()
    return create_app()


def create_app(hub: Hub | None = None) -> FastAPI:
    """The application over a hub; without one the environment names it."""
    opened = hub or open_hub()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        worker, courier = app.state.worker, Courier(opened)
        if opened.settings.jobs_in_server:
            worker.start()
            courier.start()
        try:
            yield
        finally:
            courier.ask_to_stop()
            worker.stop()
            courier.stop()
            tracing.end()

    # Its documentation pages load nothing from other hosts: they work in closed networks, and tell nobody.
    app = FastAPIOffline(
        title="Repertoire Hub",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    app.state.hub = opened
    app.state.worker = Worker(opened, HANDLERS, first=pick_up, daily=begin_day)
    problems.install(app)
    metrics = Metrics()
    # The last one added is the first to see a call: refusals and cached answers are observed too.
    app.add_middleware(Conditional)
    if opened.settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=list(opened.settings.cors_origins), allow_methods=["*"],
            allow_headers=[
                "Authorization", "Content-Type", "Idempotency-Key", "If-None-Match", "Upload-Offset",
            ],
            expose_headers=["ETag", "Link", "Location", "Retry-After", "Upload-Offset", HEADER],
        )  # fmt: skip
    app.add_middleware(Sized, largest=opened.settings.max_upload)
    app.add_middleware(Paced, per_minute=opened.settings.calls_per_minute)
    app.add_middleware(Observed, metrics=metrics)
    for routes in (
        answers,
        changes,
        submissions,
        uploads,
        catalogue,
        mandates,
        withdrawals,
        conflicts,
        audit,
        jobs,
        payments,
        reviews,
        keys,
        users,
        webhooks,
    ):
        app.include_router(routes.router, prefix="/v1", dependencies=[Depends(only_known_parameters)])

    add_pages(app)

    @app.get("/healthz", tags=["operations"], summary="The process is alive")
    def healthz() -> HealthOut:
        return HealthOut(status="ok", version=__version__)

    @app.get(
        "/readyz",
        tags=["operations"],
        summary="The database answers and has the right tables",
        responses={503: {"model": HealthOut, "description": "Not ready"}},
    )
    def readyz(hub: OpenHub, response: Response) -> HealthOut:
        try:
            ready = schema.current(hub.engine) == schema.head()
        except HubError:
            ready = False
        response.status_code = 200 if ready else 503
        return HealthOut(status="ok" if ready else "not ready", version=__version__)

    @app.get(
        "/metrics",
        tags=["operations"],
        summary="Series for Prometheus",
        response_class=PlainTextResponse,
        responses={200: {"content": {METRICS_TYPE: {"schema": {"type": "string"}}}}},
    )
    def get_metrics(hub: OpenHub) -> Response:
        return Response(metrics.exposed(hub), headers={"Content-Type": METRICS_TYPE})

    examples.install(app)
    return app
