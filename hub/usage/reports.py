"""The use case: hand a usage report in, to be answered by a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from hub import registers
from hub.answers.question import known_policy
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import writing
from hub.intake import store
from hub.jobs.queue import enqueue
from hub.usage.lines import WORK_RIGHTS, weighted

JOB_KIND = "usage"


def hand_in(
    hub: Hub,
    stream: BinaryIO,
    society: str,
    *,
    known_at: int | None = None,
    rights: Sequence[str] = WORK_RIGHTS,
    policy: str | None = None,
) -> str:
    """Keep the report and queue the job that answers it; returns the job's id.

    ``rights`` are those that a DSR is answered for; ``policy`` is how disagreeing sources count.

    The instant and the policy are fixed here, so that a job which is begun again gives the same bytes.

    Raises:
        UsageError: an unknown right or policy.
        NotFound: no such society.
        TooLarge: the file is over the limit.
        Surroundings: the store or the database failed.
    """
    weighted(rights)
    shares = known_policy(policy or hub.settings.share_policy)
    owner = registers.require(hub, society)
    kept = store.keep(hub.store, stream, hub.settings.max_upload)
    with writing(hub.engine) as connection:
        at = horizon(connection) if known_at is None else known_at
        subject = f"{kept.sha256}@{at}:{'|'.join(rights)}@{shares}"
        payload = {"sha256": kept.sha256, "known_at": at, "rights": list(rights), "policy": shares}
        return enqueue(connection, JOB_KIND, owner, subject, payload)
