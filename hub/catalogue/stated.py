"""What a submission says at a place, as the hub read it: for those who may not see the file itself."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.db import times
from hub.db.tables import DECLARATION, SUBJECT, SUBMISSION
from hub.db.times import OPEN
from hub.errors import NotFound


def stated_at(
    connection: Connection, subject: str, submission: str, position: str, reader: str
) -> dict[str, Any]:
    """What a submission says of a subject (a mandate too), by its id, at a position.

    Their further fields (CWR carries tax numbers among them) are shown to the society that sent them,
    ``reader``, and to nobody else.

    Raises:
        NotFound: the submission has no published statement there.
    """
    query = (
        select(DECLARATION, SUBJECT.c.ref, SUBJECT.c.submitter, SUBJECT.c.public_id, SUBMISSION.c.filename)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
        .where(SUBJECT.c.public_id == subject, SUBMISSION.c.public_id == submission)
        .where(DECLARATION.c.position == position, DECLARATION.c.known_from < OPEN)
        .order_by(DECLARATION.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"submission {submission} says nothing of {subject} at {position!r}")
    content = orjson.loads(row.payload)
    if row.submitter != reader:
        content.pop("details", None)
    return {
        "kind": row.kind, "id": row.public_id, "ref": row.ref, "submitter": row.submitter,
        "known_from": times.text(row.known_from),
        "known_to": "" if row.known_to == OPEN else times.text(row.known_to), "content": content,
    }  # fmt: skip
