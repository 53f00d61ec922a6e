"""A linked subject with what each society says of it, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.answers.question import asked_instant
from hub.catalogue.acknowledgements import Answered, of_works
from hub.catalogue.id_history import Move, moves, successor
from hub.catalogue.related_works import Related, related_works
from hub.catalogue.subjects import Declared, Linked, declarations, find
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.db.tables import SUBJECT
from hub.errors import UnknownSubject


@dataclass(frozen=True, slots=True)
class Detail:
    """A work or recording as known at an instant."""

    subject: Linked
    known_at: int
    statements: tuple[tuple[Declared, str], ...]
    """(declaration, the submitter's own reference)."""
    acknowledgements: tuple[Answered, ...] = ()
    """What societies answered to the registrations of a work."""
    related: tuple[Related, ...] = ()
    """The works that its registrations name besides it."""
    history: tuple[Move, ...] = ()
    """The ids that began to stand for it, and those that no longer do."""

    def as_json(self, reader: str = "") -> dict[str, Any]:
        """For the interface: identifiers by scheme, statements with their content.

        The further fields that a registration came with (CWR carries tax numbers among them) are shown to
        the society that sent them, ``reader``, and to nobody else.
        """
        schemes = dict.fromkeys(scheme for scheme, _ in self.subject.identifiers)
        return {
            "kind": self.subject.kind,
            "id": self.subject.public_id,
            "title": self.subject.title,
            "known_at": times.text(self.known_at),
            "identifiers": {scheme: list(self.subject.codes(scheme)) for scheme in schemes},
            "statements": [
                {"source": item.as_source(), "ref": ref, "content": _content(item, reader)}
                for item, ref in self.statements
            ],
            "related": [item.as_json() for item in self.related],
            "acknowledgements": [item.as_json() for item in self.acknowledgements],
            "history": [item.as_json() for item in self.history],
        }


def _content(item: Declared, reader: str) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads(item.payload)
    if item.submitter != reader:
        content.pop("details", None)
    return content


def detail(hub: Hub, kind: str, public_id: str, known_at: str | None = None) -> Detail:
    """A work (``kind`` work) or recording by its id.

    The id may be another one than that of the subject: it was merged, or nothing is stated of it any more
    and it was last linked with what the subject is now.

    Raises:
        UnknownSubject: not known under this id at that instant.
        UsageError: ``known_at`` is no instant.
    """
    with reading(hub.engine) as connection:
        at = asked_instant(connection, known_at)
        return described(connection, kind, public_id, at)


def described(connection: Connection, kind: str, public_id: str, at: int) -> Detail:
    """``detail`` on an open connection, as known at an instant."""
    try:
        subject = find(connection, kind, public_id, at)
    except UnknownSubject:
        name = successor(connection, kind, public_id, at)
        if name is None:
            raise
        subject = find(connection, kind, name, at)
    listed = declarations(connection, subject.members, at)
    refs = _refs(connection, [item.subject_id for item in listed])
    statements = tuple((item, refs[item.subject_id]) for item in listed)
    answered = of_works(connection, subject.members, at) if kind == "work" else []
    related = related_works(connection, listed, at) if kind == "work" else []
    history = moves(connection, subject, at)
    return Detail(subject, at, statements, tuple(answered), tuple(related), history)


def _refs(connection: Connection, subjects: list[int]) -> dict[int, str]:
    query = select(SUBJECT.c.id, SUBJECT.c.ref).where(SUBJECT.c.id.in_(subjects))
    return dict(connection.execute(query).all())
