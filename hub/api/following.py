"""Following a job while it runs: server-sent events, one whenever something has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from hub.context import Hub
from hub.db.engine import reading
from hub.jobs import queue
from hub.jobs.queue import Job
from hub.jobs.worker import Worker

STEP = 0.3
"""Seconds between two looks at a job."""

QUIET = 15.0
"""Seconds after which a comment keeps proxies from closing the connection."""

LONGEST = 600.0
"""Seconds after which a stream ends; a browser connects again by itself and goes on."""


def background_worker(request: Request) -> Worker:
    """The worker of this process; waking it does no harm where others do the work."""
    return request.app.state.worker  # type: ignore[no-any-return]


BackgroundWorker = Annotated[Worker, Depends(background_worker)]


async def follow(hub: Hub, job: str, society: str) -> AsyncIterator[ServerSentEvent]:
    """Events ``progress`` with the job as JSON, until it has ended or the stream has been open for long."""
    begun = spoken = time.monotonic()
    last: dict[str, object] = {}
    number = 0
    while time.monotonic() - begun < LONGEST:
        found = await run_in_threadpool(_look, hub, job, society)
        shown = found.as_json()
        if shown != last:
            last, spoken = shown, time.monotonic()
            number += 1
            yield ServerSentEvent(data=shown, event="progress", id=str(number))
        elif time.monotonic() - spoken > QUIET:
            spoken = time.monotonic()
            yield ServerSentEvent(comment="still here")
        if not found.active:
            return
        await asyncio.sleep(STEP)


def _look(hub: Hub, job: str, society: str) -> Job:
    with reading(hub.engine) as connection:
        return queue.find(connection, job, society)
