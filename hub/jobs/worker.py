"""Workers: threads that lease jobs and do them, in the server's process or in one of their own."""

from __future__ import annotations

import datetime as dt
import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import OperationalError

from hub import tracing
from hub.context import Hub
from hub.errors import HubError, Surroundings
from hub.jobs import queue
from hub.jobs.queue import Job

log = logging.getLogger("hub.jobs")

Tell = Callable[[Mapping[str, Any]], None]
"""What a handler calls now and then with its progress; it ends the handler when the job is to stop."""

Handler = Callable[[Hub, Job, Tell], Mapping[str, Any]]
"""Does a job and returns its result."""

IDLE = 0.5
"""Seconds between two looks at the queue; a job queued in the same process is noticed at once."""

BEAT = 10.0
"""Most seconds between two renewals of the lease while a handler is busy with one long step."""

TELLING = 0.3
"""Progress is written at most this often, in seconds."""

PATIENCE = 30.0
"""Seconds that a stopping worker waits for the step in progress."""


class _Ended(Exception):
    """The job must not go on here; the argument is the state that it was found in."""


class Worker:
    """A thread that does jobs until it is stopped."""

    def __init__(
        self,
        hub: Hub,
        handlers: Mapping[str, Handler],
        first: Callable[[Hub], None] | None = None,
        daily: Callable[[Hub], object] | None = None,
    ) -> None:
        """``first`` is done once before the first job, ``daily`` then and on each new day (UTC)."""
        self._hub = hub
        self._handlers = handlers
        self._first = first
        self._daily = daily
        self._day: dt.date | None = None
        self._name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self.run, name="hub-worker", daemon=True)

    def start(self) -> None:
        """Begin in the background."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now: something was just put there."""
        self._wake.set()

    def stop(self) -> None:
        """End between two steps of the job at hand, which is queued again, and wait for that."""
        self.ask_to_stop()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    def ask_to_stop(self) -> None:
        """The same without waiting, for signal handlers."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Do jobs until asked to stop; a failing database is waited for."""
        while not self._stop.is_set():
            try:
                if self._first is not None:
                    self._first(self._hub)
                    self._first = None
                self.begin_day(dt.datetime.now(dt.UTC).date())
                worked = self.work_once()
            except Exception:
                log.exception("the queue could not be read; it is tried again")
                worked = False
            if not worked:
                self._wake.wait(IDLE)
                self._wake.clear()

    def begin_day(self, today: dt.date) -> None:
        """Do what a day begins with, once; one that fails is tried again with the next look at the queue."""
        if self._daily is not None and self._day != today:
            self._daily(self._hub)
            self._day = today

    def work_once(self) -> bool:
        """Do one job if there is one."""
        job = queue.claim(self._hub, self._name)
        if job is None:
            return False
        with _Heart(self._hub, job), tracing.span(f"job {job.kind}", tracing.JOB) as span:
            failure = self._do(job)
            if span is not None:
                span.set_attributes(
                    {"hub.job": job.id, "hub.job.kind": job.kind, "hub.job.attempt": job.attempts}
                )
            if failure:
                tracing.failed(span, failure)
        return True

    def _do(self, job: Job) -> str:
        """Do a job and say in the queue what became of it; the code of a failure, empty for none."""
        log.info("job %s (%s of %s) begins, attempt %d", job.id, job.kind, job.society, job.attempts)
        try:
            handler = self._handlers.get(job.kind)
            if handler is None:
                queue.finish(self._hub, job, queue.FAILED, error=f"this program knows no job {job.kind!r}")
                return "unknown_job"
            result = handler(self._hub, job, self._teller(job))
            queue.finish(self._hub, job, queue.DONE, result=result)
            log.info("job %s is done", job.id)
        except _Ended as ended:
            if ended.args[0] == queue.CANCELLING:
                queue.finish(self._hub, job, queue.CANCELLED)
            elif ended.args[0]:
                queue.give_back(self._hub, job)
            log.info("job %s stops here (%s)", job.id, ended.args[0] or "taken over")
        except Surroundings as fault:
            # Another run is at the same thing, or the database was away: neither is the job's fault.
            self._hindered(job, fault.detail)
            return fault.code
        except OperationalError as fault:
            # The database went away under the job, or chose it to give way to another transaction.
            log.warning("the database failed under job %s: %s", job.id, fault.orig)
            self._hindered(job, "the database failed; the operator has been told")
            return Surroundings.code
        except HubError as fault:
            queue.finish(self._hub, job, queue.FAILED, error=fault.detail)
            log.error("job %s failed: %s", job.id, fault.detail)
            return fault.code
        except Exception as fault:
            queue.finish(self._hub, job, queue.FAILED, error="a fault of the hub; it was logged")
            log.exception("job %s failed", job.id, exc_info=fault)
            return "internal"
        return ""

    def _hindered(self, job: Job, why: str) -> None:
        if queue.put_off(self._hub, job, why):
            log.warning("job %s is put off: %s", job.id, why)
        elif queue.finish(self._hub, job, queue.FAILED, error=why):
            log.error("job %s failed: %s", job.id, why)

    def _teller(self, job: Job) -> Tell:
        told = 0.0

        def tell(progress: Mapping[str, Any]) -> None:
            nonlocal told
            if self._stop.is_set():
                raise _Ended(queue.RUNNING)
            if time.monotonic() - told < TELLING:
                return
            told = time.monotonic()
            state = queue.renew(self._hub, job, progress)
            if state != queue.RUNNING:
                raise _Ended(state)

        return tell


class _Heart:
    """Renews the lease while a handler is busy with a step that tells nothing for long."""

    def __init__(self, hub: Hub, job: Job) -> None:
        self._hub = hub
        self._job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="hub-worker-lease", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_fault: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        # Several beats fit into a lease, however short it is set.
        while not self._ended.wait(min(BEAT, self._hub.settings.job_lease / 4)):
            try:
                queue.renew(self._hub, self._job)
            except Exception:
                log.exception("the lease of job %s could not be renewed", self._job.id)
