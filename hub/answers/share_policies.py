"""Share policies by name: rows of ``share_policies.csv``, each a rule with its parameters and its source.

A rule that goes by who notified first needs more than shares: since when each source has said what it says,
and which later ones brought documents. Documents are the evidence of acts about a share conflict (``hub
conflicts claim`` and ``answer``) by the society that submitted the source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from hub.answers.agreement import Agreement, Policy, least_agreed, policies
from hub.answers.counterclaim import Notified, first_notifier
from hub.answers.statements import Occasion, Statements, gather
from hub.catalogue.subjects import Declared
from hub.db import times
from hub.db.tables import CONFLICT, CONFLICT_EVENT, CONFLICT_SCOPE, CONFLICT_VERSION, DECLARATION, SUBMISSION
from hub.db.times import as_known

SHARE_CONFLICTS = ("share_disagreement", "overclaim")


def agree(
    policy: str, connection: Connection, said: Statements, occasion: Occasion, at: int
) -> Agreement:  # fmt: skip
    """What sources come to under a policy, as known at an instant."""
    row = policies()[policy]
    return RULES[row.rule](row, connection, said, occasion, at)


def _least_agreed(
    _row: Policy, _connection: Connection, said: Statements, _occasion: Occasion, _at: int
) -> Agreement:
    return least_agreed(said.sources)


def _first_notifier(
    row: Policy, connection: Connection, said: Statements, occasion: Occasion, at: int
) -> Agreement:
    if not least_agreed(said.sources).contested:
        return least_agreed(said.sources)
    notified = []
    for source, item in zip(said.sources, said.used, strict=True):
        since = _since(connection, item, source.shares, occasion, at)
        until = times.moment(since).date() + dt.timedelta(days=row.documents_days)
        notified.append(Notified(source, since, _documented(connection, item, occasion.right, until, at)))
    return first_notifier(notified)


RULES = {"least-agreed": _least_agreed, "first-notifier": _first_notifier}


def _since(
    connection: Connection, item: Declared, shares: Mapping[str, int], occasion: Occasion, at: int
) -> int:
    """Since when the source has said these shares without a break: correcting a title is no new notice."""
    since = at
    for known_from, earlier in _versions(connection, item, at):
        found = gather(connection, [earlier], occasion, at).sources
        if not found or dict(found[0].shares) != dict(shares):
            break
        since = known_from
    return since


def _versions(connection: Connection, item: Declared, at: int) -> Sequence[tuple[int, Declared]]:
    query = (
        select(
            DECLARATION.c.known_from, DECLARATION.c.id, DECLARATION.c.subject_id, DECLARATION.c.kind,
            DECLARATION.c.position, SUBMISSION.c.public_id, SUBMISSION.c.submitter, DECLARATION.c.payload,
        )
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(DECLARATION.c.subject_id == item.subject_id, DECLARATION.c.kind == item.kind)
        .where(DECLARATION.c.known_from <= at)
        .order_by(DECLARATION.c.known_from.desc())
    )  # fmt: skip
    return [(row[0], Declared(*row[1:])) for row in connection.execute(query)]


def _documented(connection: Connection, item: Declared, right: str, until: dt.date, at: int) -> bool:
    """Whether the source's society brought evidence about a conflict over the right until a day."""
    query = (
        select(CONFLICT_EVENT.c.id)
        .join(CONFLICT, CONFLICT.c.id == CONFLICT_EVENT.c.conflict_id)
        .join(CONFLICT_SCOPE, CONFLICT_SCOPE.c.conflict_id == CONFLICT.c.id)
        .join(CONFLICT_VERSION, CONFLICT_VERSION.c.conflict_id == CONFLICT.c.id)
        .where(
            CONFLICT_SCOPE.c.scope == f"subject:{item.subject_id}",
            CONFLICT.c.kind.in_(SHARE_CONFLICTS),
            CONFLICT_VERSION.c.rights == right,
            CONFLICT_EVENT.c.author == item.submitter,
            CONFLICT_EVENT.c.evidence != "",
            CONFLICT_EVENT.c.done_on <= until,
            as_known(CONFLICT_EVENT, at),
        )
        .limit(1)
    )
    return connection.scalar(query) is not None
