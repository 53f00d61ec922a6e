"""The answers that societies gave to registrations, found by the work that they answer.

An acknowledgement names the work by the number that its submitter gave it, and by its title. It answers a
registration of that number if the registrant took it in itself, or else if the titles agree: a society that
shares what it answered does not say whom. Nothing is written down about the match, so it does not matter
which of the two was learned first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.catalogue.identifier_schemes import ANSWERED
from hub.db.tables import DECLARATION, IDENTIFIER, SUBJECT, SUBMISSION, TITLE
from hub.db.times import as_known
from matching.normalize.scripts import fold

TITLE_LENGTH = 60
"""Characters of a title that an acknowledgement has room for."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An acknowledgement with the source work that it answers."""

    subject_id: int
    submission: str
    position: str
    submitter: str
    content: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        said = self.content
        return {
            "society": said.get("society", ""),
            "status": said["status"],
            "society_work": said.get("recipient_ref", ""),
            "iswc": said.get("iswc", ""),
            "answers": said.get("original_ref", ""),
            "transaction": said["original_type"],
            "processed": said.get("processed", ""),
            "messages": [{"code": code, "text": text} for code, text in said.get("messages", ())],
            "source": {
                "submission": self.submission,
                "position": self.position,
                "submitter": self.submitter,
            },
        }


def of_works(connection: Connection, subjects: Sequence[int], at: int) -> list[Answered]:
    """The acknowledgements of these source works known at an instant, in the order they became known."""
    query = select(SUBJECT.c.id, SUBJECT.c.ref, SUBJECT.c.submitter).where(SUBJECT.c.id.in_(list(subjects)))
    works = connection.execute(query).all()
    if not works:
        return []
    titles = _titles(connection, [work.id for work in works], at)
    found = []
    for row in _stated(connection, ANSWERED, {work.ref for work in works}, at):
        content = orjson.loads(row.payload)
        work = next(
            (work for work in works if _answers(row, content, work, titles.get(work.id, set()))), None
        )
        if work is not None:
            found.append(Answered(work.id, row.submission, row.position, row.submitter, content))
    return found


def works_called(connection: Connection, scheme: str, values: Iterable[str], at: int) -> set[int]:
    """Source works that an answering society calls by one of these numbers (its code, or an ISWC)."""
    rows = _stated(connection, scheme, values, at)
    refs = {row.id: orjson.loads(row.payload).get("original_ref", "") for row in rows}
    query = select(SUBJECT.c.id).where(SUBJECT.c.kind == "work", SUBJECT.c.ref.in_(set(refs.values())))
    candidates = list(connection.scalars(query))
    wanted = {(row.submission, row.position) for row in rows}
    return {
        item.subject_id
        for item in of_works(connection, candidates, at)
        if (item.submission, item.position) in wanted
    }


def _stated(connection: Connection, scheme: str, values: Iterable[str], at: int) -> Sequence[Any]:
    query = (
        select(
            DECLARATION.c.id, DECLARATION.c.payload, DECLARATION.c.position, SUBMISSION.c.submitter,
            SUBMISSION.c.public_id.label("submission"),
        )
        .join(IDENTIFIER, IDENTIFIER.c.declaration_id == DECLARATION.c.id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(IDENTIFIER.c.scheme == scheme, IDENTIFIER.c.value.in_(sorted(values)))
        .where(as_known(DECLARATION, at))
        .order_by(DECLARATION.c.id)
    )  # fmt: skip
    return connection.execute(query).all()


def _titles(connection: Connection, subjects: Sequence[int], at: int) -> dict[int, set[str]]:
    """The folded beginnings of the titles that these works have."""
    query = (
        select(TITLE.c.subject_id, TITLE.c.text)
        .join(DECLARATION, DECLARATION.c.id == TITLE.c.declaration_id)
        # By their declarations: titles have no index by subject.
        .where(DECLARATION.c.subject_id.in_(subjects), as_known(DECLARATION, at))
    )
    found: dict[int, set[str]] = {}
    for subject, text in connection.execute(query):
        found.setdefault(subject, set()).add(fold(text[:TITLE_LENGTH]))
    return found


def _answers(row: Any, content: dict[str, Any], work: Any, titles: set[str]) -> bool:
    if work.ref != content.get("original_ref") or not titles:
        return False
    return row.submitter == work.submitter or fold(content.get("title", "")) in titles
