"""Processing after the upload has been answered, and picking up what an earlier process left."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from hub.context import Hub
from hub.errors import HubError
from hub.intake.submissions import process, unfinished
from hub.links.linking import link_pending

log = logging.getLogger("hub.intake")
PATIENCE = 30.0
"""Seconds that a stopping server waits for a batch in progress; what it leaves is resumed next time."""


class _Stopped(Exception):
    """The server stops; the batches committed so far stay, the rest is resumed."""


def work_off(hub: Hub, public_id: str, stopped: Callable[[], bool] | None = None) -> None:
    """Process one submission; a failure is logged and leaves it to be resumed."""

    def between_batches(_size: int, _read: int) -> None:
        if stopped is not None and stopped():
            raise _Stopped

    try:
        found = process(hub, public_id, progress=between_batches)
        log.info("submission %s of %s: %s", public_id, found.submitter, found.status)
    except HubError as fault:
        log.error("submission %s stopped: %s", public_id, fault.detail)


class Resumption:
    """A thread that finishes what a killed process left staged or unlinked."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._finish, name="resume-intake", daemon=True)
        self._thread.start()

    def _finish(self) -> None:
        try:
            for public_id in unfinished(self._hub):
                work_off(self._hub, public_id, self._stop.is_set)
            if not self._stop.is_set():
                link_pending(self._hub)
        except _Stopped:
            log.info("stopped between two batches; the next start goes on")

    def stop(self) -> None:
        """End it between two batches, and wait for that."""
        self._stop.set()
        self._thread.join(PATIENCE)
