"""The use case: hand a usage report in, to be answered by a job."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from hub import registers
from hub.answers.question import known_policy
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import writing
from hub.errors import NotFound, UsageError
from hub.intake import store
from hub.jobs.queue import enqueue, find
from hub.usage.lines import WORK_RIGHTS, weighted
from schemas.societies import normalise_code

JOB_KIND = "usage"
CHANGES = "usage_changes"
"""The kind of a job that answers a report again."""

ROWS, CLAIMS = "csv", "claims"
FORMS = (ROWS, CLAIMS)
"""What a report's answer may be written as: a row for each party, or claims to send back."""


def hand_in(
    hub: Hub,
    stream: BinaryIO,
    society: str,
    *,
    known_at: int | None = None,
    rights: Sequence[str] = WORK_RIGHTS,
    policy: str | None = None,
    form: str = ROWS,
    claimant: str = "",
) -> str:
    """Keep the report and queue the job that answers it; returns the job's id.

    ``rights`` are those that a DSR is answered for; ``policy`` is how disagreeing sources count; ``form``
    is one of ``FORMS``, claims for those payable to the ``claimant`` alone if one is named.

    The instant and the policy are fixed here, so that a job which is begun again gives the same bytes.

    Raises:
        UsageError: an unknown right, policy or form, or a claimant for rows.
        NotFound: no such society.
        TooLarge: the file is over the limit.
        Surroundings: the store or the database failed.
    """
    weighted(rights)
    if form not in FORMS:
        raise UsageError(f"a report is answered as {' or '.join(FORMS)}; not as {form!r}")
    if claimant and form != CLAIMS:
        raise UsageError("a claimant goes with claims: say format=claims")
    shares = known_policy(policy or hub.settings.share_policy)
    owner = registers.require(hub, society)
    kept = store.keep(hub.store, stream, hub.settings.max_upload)
    with writing(hub.engine) as connection:
        at = horizon(connection) if known_at is None else known_at
        subject = f"{kept.sha256}@{at}:{'|'.join(rights)}@{shares}"
        payload = {"sha256": kept.sha256, "known_at": at, "rights": list(rights), "policy": shares}
        if form != ROWS:
            payload |= {"form": form, "claimant": normalise_code(claimant) if claimant else ""}
            subject += f"@{form}:{payload['claimant']}"
        return enqueue(connection, JOB_KIND, owner, subject, payload)


def ask_again(hub: Hub, job: str, society: str, *, now: int | None = None) -> str:
    """Queue a job that finds what of an own report would be answered otherwise now; returns its id.

    ``now`` is the instant of known time that is meant by it, by default all that is known.

    Raises:
        NotFound: the society has no such report.
    """
    with writing(hub.engine) as connection:
        first = find(connection, job, society)
        if first.kind != JOB_KIND:
            raise NotFound(f"there is no usage report {job!r}")
        at = horizon(connection) if now is None else now
        kept = {name: first.payload.get(name) for name in ("sha256", "rights", "policy")}
        payload = {**kept, "then": first.payload["known_at"], "now": at}
        return enqueue(connection, CHANGES, society, f"{job}@{at}", payload)
