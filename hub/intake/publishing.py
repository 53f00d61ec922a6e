"""The visible switch: everything a submission staged becomes known at one instant, or nothing does."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, update

from hub.db.counters import tick
from hub.db.tables import (
    ClaimRow,
    DeclarationRow,
    FindingRow,
    Identifier,
    MandateRow,
    MatchKey,
    Submission,
    TitleRow,
    WorkReferenceRow,
)
from hub.db.times import OPEN

DETAILS = (ClaimRow, TitleRow, Identifier, MatchKey, WorkReferenceRow, MandateRow)


def publish(connection: Connection, submission_id: int) -> int:
    """Make the staged declarations known and close the ones they replace; returns the instant.

    Of several declarations of one subject in the submission the last counts; the others keep an empty
    known period, so they are on record and never an answer.
    """
    at = tick(connection)
    table = DeclarationRow
    mine = table.submission_id == submission_id
    subjects = select(table.subject_id).where(mine)
    connection.execute(
        update(table)
        .where(table.subject_id.in_(subjects), table.known_to == OPEN, table.known_from < OPEN)  # type: ignore[attr-defined]
        .values(known_to=at)
    )
    connection.execute(update(table).where(mine).values(known_from=at))  # type: ignore[arg-type]
    last = select(func.max(table.id)).where(mine).group_by(table.subject_id)  # type: ignore[arg-type]
    connection.execute(
        update(table).where(mine, table.id.not_in(last)).values(known_to=at)  # type: ignore[attr-defined,arg-type]
    )
    return at


def discard(connection: Connection, submission_id: int) -> None:
    """Remove what a submission staged; nothing of it was ever visible."""
    staged = select(DeclarationRow.id).where(DeclarationRow.submission_id == submission_id)
    for table in DETAILS:
        connection.execute(delete(table).where(table.declaration_id.in_(staged)))  # type: ignore[attr-defined]
    connection.execute(delete(DeclarationRow).where(DeclarationRow.submission_id == submission_id))  # type: ignore[arg-type]


def forget(connection: Connection, submission_id: int) -> None:
    """Remove a repeated submission that changed nothing, so that sending a file twice leaves no trace."""
    connection.execute(delete(FindingRow).where(FindingRow.submission_id == submission_id))  # type: ignore[arg-type]
    connection.execute(delete(Submission).where(Submission.id == submission_id))  # type: ignore[arg-type]
