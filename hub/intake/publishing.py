"""The visible switch: everything a submission staged becomes known at one instant, or nothing does."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, update

from hub.db.counters import tick
from hub.db.tables import (
    BATCHED_MESSAGE,
    CLAIM,
    DECLARATION,
    FINDING,
    IDENTIFIER,
    MANDATE,
    MATCH_KEY,
    MENTION,
    SUBMISSION,
    TITLE,
    WORK_REFERENCE,
)
from hub.db.times import OPEN

DETAILS = (CLAIM, MENTION, TITLE, IDENTIFIER, MATCH_KEY, WORK_REFERENCE, MANDATE)


def publish(connection: Connection, submission_id: int) -> int:
    """Make the staged declarations known and close the ones they replace; returns the instant.

    Of several declarations of one subject in the submission the last counts; the others keep an empty
    known period, so they are on record and never an answer.
    """
    at = tick(connection)
    table = DECLARATION
    mine = table.c.submission_id == submission_id
    subjects = select(table.c.subject_id).where(mine)
    connection.execute(
        update(table)
        .where(table.c.subject_id.in_(subjects), table.c.known_to == OPEN, table.c.known_from < OPEN)
        .values(known_to=at)
    )
    connection.execute(update(table).where(mine).values(known_from=at))
    last = select(func.max(table.c.id)).where(mine).group_by(table.c.subject_id)
    connection.execute(update(table).where(mine, table.c.id.not_in(last)).values(known_to=at))
    return at


def discard(connection: Connection, submission_id: int) -> None:
    """Remove what a submission staged; nothing of it was ever visible."""
    staged = select(DECLARATION.c.id).where(DECLARATION.c.submission_id == submission_id)
    for table in DETAILS:
        connection.execute(delete(table).where(table.c.declaration_id.in_(staged)))
    connection.execute(delete(DECLARATION).where(DECLARATION.c.submission_id == submission_id))
    connection.execute(delete(BATCHED_MESSAGE).where(BATCHED_MESSAGE.c.submission_id == submission_id))


def forget(connection: Connection, submission_id: int) -> None:
    """Remove a repeated submission that changed nothing, so that sending a file twice leaves no trace."""
    connection.execute(delete(BATCHED_MESSAGE).where(BATCHED_MESSAGE.c.submission_id == submission_id))
    connection.execute(delete(FINDING).where(FINDING.c.submission_id == submission_id))
    connection.execute(delete(SUBMISSION).where(SUBMISSION.c.id == submission_id))
