"""Processing after the upload has been answered, and picking up what an earlier process left."""

from __future__ import annotations

import logging
import threading

from hub.context import Hub
from hub.errors import HubError
from hub.intake.submissions import process, unfinished
from hub.links.linking import link_pending

log = logging.getLogger("hub.intake")


def work_off(hub: Hub, public_id: str) -> None:
    """Process one submission; a failure is logged and leaves it to be resumed."""
    try:
        found = process(hub, public_id)
        log.info("submission %s of %s: %s", public_id, found.submitter, found.status)
    except HubError as fault:
        log.error("submission %s stopped: %s", public_id, fault.detail)


def resume(hub: Hub) -> threading.Thread:
    """Finish, in a thread of its own, what a killed process left staged or unlinked."""

    def finish() -> None:
        for public_id in unfinished(hub):
            work_off(hub, public_id)
        link_pending(hub)

    thread = threading.Thread(target=finish, name="resume-intake", daemon=True)
    thread.start()
    return thread
