"""What a submission retracts: statements of the same submitter, which end and stay in the history."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from hub.db.tables import BATCHED_MESSAGE, DECLARATION, SUBJECT, SUBMISSION
from hub.db.times import OPEN
from hub.links.payload import restore
from schemas.declarations import RetractionDeclaration
from schemas.findings import Finding, quote

DERIVED = ":"
"""Between the reference of a recording and what makes the reference of a mandate that it states."""


def retract(connection: Connection, submission_id: int, submitter: str, at: int) -> Iterator[Finding]:
    """Close what the retractions of a submission name, as of the instant ``at``.

    Gives a finding for each that names nothing the submitter has declared and not closed yet.
    """
    for item, position in _retractions(connection, submission_id):
        closed = connection.execute(
            update(DECLARATION)
            .where(
                _named(item, submitter),
                DECLARATION.c.kind != RetractionDeclaration.kind,
                DECLARATION.c.known_to == OPEN,
                DECLARATION.c.known_from < OPEN,
                DECLARATION.c.submission_id != submission_id,
            )
            .values(known_to=at)
        )
        if not closed.rowcount:
            yield Finding("ddex.retraction_unknown", position, value=quote(", ".join(item.refs)))


def retracted(connection: Connection, submission_id: int, submitter: str) -> Iterator[tuple[int, str]]:
    """Subjects with the kind of what is said of them, among them all that a submission has retracted."""
    for item, _ in _retractions(connection, submission_id):
        named = select(DECLARATION.c.subject_id, DECLARATION.c.kind).where(_named(item, submitter))
        yield from ((subject, kind) for subject, kind in connection.execute(named.distinct()))


def _retractions(connection: Connection, submission_id: int) -> Iterator[tuple[RetractionDeclaration, str]]:
    query = (
        select(DECLARATION.c.payload, DECLARATION.c.position)
        .where(DECLARATION.c.submission_id == submission_id, DECLARATION.c.kind == RetractionDeclaration.kind)
        .order_by(DECLARATION.c.id)
    )
    for payload, position in connection.execute(query).all():
        yield restore(RetractionDeclaration, orjson.loads(payload)), position


def _named(item: RetractionDeclaration, submitter: str) -> ColumnElement[bool]:
    if item.retracts == "message":
        messages = select(SUBMISSION.c.id).where(
            SUBMISSION.c.submitter == submitter, SUBMISSION.c.message_id.in_(item.refs)
        )
        return or_(DECLARATION.c.submission_id.in_(messages), _in_a_batch(item, submitter))
    exactly = SUBJECT.c.ref.in_(item.refs)
    named: ColumnElement[bool] = and_(SUBJECT.c.kind == item.retracts, exactly)
    if item.retracts == "recording":
        derived = [SUBJECT.c.ref.startswith(ref + DERIVED, autoescape=True) for ref in item.refs]
        named = or_(named, and_(SUBJECT.c.kind == "mandate", or_(*derived)))
    subjects = select(SUBJECT.c.id).where(SUBJECT.c.submitter == submitter, named)
    return DECLARATION.c.subject_id.in_(subjects)


def _in_a_batch(item: RetractionDeclaration, submitter: str) -> ColumnElement[bool]:
    """What messages with these numbers declared in a batch: its positions begin with their paths."""
    named = and_(
        BATCHED_MESSAGE.c.message_id.in_(item.refs),
        BATCHED_MESSAGE.c.submission_id == SUBMISSION.c.id,
        SUBMISSION.c.submitter == submitter,
    )
    begin = BATCHED_MESSAGE.c.path + ":"
    inside = (
        select(BATCHED_MESSAGE.c.path)
        .where(
            BATCHED_MESSAGE.c.submission_id == DECLARATION.c.submission_id,
            BATCHED_MESSAGE.c.message_id.in_(item.refs),
            func.substr(DECLARATION.c.position, 1, func.length(begin)) == begin,
        )
        .exists()
    )
    return and_(DECLARATION.c.submission_id.in_(select(BATCHED_MESSAGE.c.submission_id).where(named)), inside)
