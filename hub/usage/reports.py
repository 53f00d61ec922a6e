"""The use case: hand a usage report in, to be answered by a job."""

from __future__ import annotations

from typing import BinaryIO

from hub import registers
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import writing
from hub.intake import store
from hub.jobs.queue import enqueue

JOB_KIND = "usage"


def hand_in(hub: Hub, stream: BinaryIO, society: str, *, known_at: int | None = None) -> str:
    """Keep the report and queue the job that answers it; returns the job's id.

    The instant is fixed here, so that a job which is begun again gives the same bytes.

    Raises:
        NotFound: no such society.
        TooLarge: the file is over the limit.
        Surroundings: the store or the database failed.
    """
    owner = registers.require(hub, society)
    kept = store.keep(hub.store, stream, hub.settings.max_upload)
    with writing(hub.engine) as connection:
        at = horizon(connection) if known_at is None else known_at
        subject = f"{kept.sha256}@{at}"
        return enqueue(connection, JOB_KIND, owner, subject, {"sha256": kept.sha256, "known_at": at})
