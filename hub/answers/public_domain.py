"""Decisions that a work or recording is in the public domain, and whether one holds for a question.

A decision is a person's statement with author, reason, evidence and both times. It says for which rights
and territories, and from which day on; while it holds nobody is paid: the subject's only line is
``unclaimed`` with the reason ``public_domain``. When a term of protection ends is the law's to say, in each
country its own way; the hub computes no term.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from hub.answers.question import day, named
from hub.audit.log import record
from hub.catalogue.ahead import ahead, has
from hub.catalogue.subjects import Linked, find
from hub.context import Hub
from hub.db import times
from hub.db.counters import Instant, horizon, take
from hub.db.engine import reading, writing
from hub.db.lists import terms
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import PUBLIC_DOMAIN, SUBJECT
from hub.db.times import FOREVER, OPEN, as_known
from hub.errors import NotFound, UsageError
from hub.naming import public_id
from hub.registers import OPERATOR
from schemas import rights, territories

KIND = "public_domain"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, as it was written down: expressions as in the CSV contract, ISO dates.

    Empty ``rights`` are all that exist in the subject, empty ``territories`` the world; ``valid_to`` is the
    first day without, empty while nothing ends it.
    """

    subject: str
    valid_from: str
    reason: str
    valid_to: str = ""
    rights: str = ""
    territories: str = ""
    evidence: str = ""


def decide(hub: Hub, said: Decision, author: str = OPERATOR) -> dict[str, Any]:
    """Write a decision down; the same one again changes nothing.

    Raises:
        UnknownSubject, AmbiguousReference: the subject is not one that is known.
        UsageError: a code or a day is not understood, or the reason is missing.
    """
    start, end = day(said.valid_from, "from"), day(said.valid_to, "to") if said.valid_to else FOREVER
    if end <= start:
        raise UsageError(f"a decision cannot end ({end}) before it begins ({start})")
    if not said.reason.strip():
        raise UsageError("a decision needs a reason: it is kept and shown with every answer")
    scheme, value = named(said.subject)
    with writing(hub.engine) as connection:
        known = horizon(connection)
        subject = find(connection, scheme, value, known)
        if not subject.members:
            raise UsageError(f"{said.subject} is mentioned only; nobody has declared it yet")
        terms = {
            "rights": _rights(said.rights, subject),
            "territories": _expression(said.territories, territories.parse, "territories"),
        }
        key = subject.members[0]
        name = public_id("p", str(key), *terms.values(), start.isoformat(), end.isoformat(), str(known))
        for row in connection.execute(query([*subject.members], known)):
            if (row.rights, row.territories, row.valid_from, row.valid_to) == (*terms.values(), start, end):
                return {**_json(row, subject.as_json()), "status": "unchanged"}
        now = Instant(connection)
        values = {
            "id": take(connection, KIND, 1), "public_id": name, "subject_id": key, **terms,
            "valid_from": start, "valid_to": end, "author": author, "reason": said.reason.strip(),
            "evidence": said.evidence, "known_from": now.at, "known_to": OPEN,
        }  # fmt: skip
        connection.execute(insert(PUBLIC_DOMAIN).values(**values))
        body = {
            **terms, "subject": subject.public_id, "valid_from": start.isoformat(),
            "valid_to": end.isoformat(), "reason": said.reason.strip(), "evidence": said.evidence,
        }  # fmt: skip
        record(connection, now.at, KIND, author, name, body)
        (made,) = [row for row in connection.execute(query([key], now.at)) if row.public_id == name]
    return {**_json(made, subject.as_json()), "status": "done"}


def take_back(hub: Hub, name: str, reason: str, author: str = OPERATOR) -> dict[str, Any]:
    """Let a decision count no more from now on; answers given under it stay reproducible.

    Raises:
        NotFound: no such decision stands.
        UsageError: the reason is missing.
    """
    if not reason.strip():
        raise UsageError("taking a decision back needs a reason: it is kept in the log")
    with writing(hub.engine) as connection:
        standing = PUBLIC_DOMAIN.c.public_id == name, PUBLIC_DOMAIN.c.known_to == OPEN
        row = connection.execute(select(PUBLIC_DOMAIN).where(*standing)).first()
        if row is None:
            raise NotFound(f"no decision stands as {name!r}; `hub public-domain list` shows them")
        now = Instant(connection)
        connection.execute(update(PUBLIC_DOMAIN).where(*standing).values(known_to=now.at))
        record(connection, now.at, KIND, author, name, {"taken_back": True, "reason": reason.strip()})
    return {"id": name, "status": "taken back"}


def listing(hub: Hub, known_at: int | None = None) -> list[dict[str, Any]]:
    """Every decision that stands as known at an instant, in the order they were taken."""
    with reading(hub.engine) as connection:
        at = horizon(connection) if known_at is None else known_at
        every = (
            select(PUBLIC_DOMAIN, SUBJECT.c.kind, SUBJECT.c.public_id.label("subject"))
            .join(SUBJECT, SUBJECT.c.id == PUBLIC_DOMAIN.c.subject_id)
            .where(as_known(PUBLIC_DOMAIN, at))
            .order_by(PUBLIC_DOMAIN.c.id)
        )
        return [
            _json(row, {"kind": row.kind, "id": row.subject})
            for row in connection.execute(every)
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as the resolver sees it."""

    name: str
    rights: tuple[str, ...]
    territories: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date
    author: str
    evidence: str
    known_from: int

    def holds(self, right: str, use: str, territory: str, on: dt.date) -> bool:
        """Whether it takes a right out of protection in a territory on a day."""
        return (
            self.valid_from <= on < self.valid_to
            and rights.covers(self.rights, right, use)
            and territories.covers(self.territories, territory, on)
        )

    def as_json(self) -> dict[str, str]:
        """What a line says of the decision it rests on."""
        return {
            "id": self.name,
            "author": self.author,
            "valid_from": self.valid_from.isoformat(),
            "evidence": self.evidence,
            "known_from": times.text(self.known_from),
        }


def decisions(connection: Connection, members: Sequence[int], at: int) -> list[Decided]:
    """The decisions about these source subjects as known at an instant, the earliest first."""
    read = ahead(connection, at)
    if has(read.declared, members):
        rows: Iterable[Any] = [row for member in members for row in read.public_domain.get(member, ())]
    else:
        rows = DECISIONS.rows(connection, members, at=at)
    found = [
        Decided(
            row.public_id, terms(row.rights), terms(row.territories), row.valid_from, row.valid_to,
            row.author, row.evidence, row.known_from,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda item: (item.valid_from, item.known_from, item.name))


def query(members: Any, at: Any) -> Select[Any]:
    """The decisions about these source subjects that stand at an instant."""
    return (
        select(PUBLIC_DOMAIN)
        .where(PUBLIC_DOMAIN.c.subject_id.in_(members), as_known(PUBLIC_DOMAIN, at))
        .order_by(in_order(PUBLIC_DOMAIN.c.id))
    )


DECISIONS = Prepared("decisions on the public domain", query(KEYS, AT))


def _json(row: Any, subject: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "subject": subject,
        "rights": row.rights,
        "territories": row.territories,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": "" if row.valid_to == FOREVER else row.valid_to.isoformat(),
        "author": row.author,
        "reason": row.reason,
        "evidence": row.evidence,
        "known_from": times.text(row.known_from),
    }


def _rights(text: str, subject: Linked) -> str:
    expression = _expression(text, rights.parse_rights, "rights")
    kinds = {rights.CATEGORIES.get(rights.category(term.removeprefix("-")) or "") for term in terms(text)}
    if kinds - {subject.kind, None}:
        raise UsageError(f"rights {text!r} do not exist in a {subject.kind}")
    return expression


def _expression(text: str, parse: Any, name: str) -> str:
    expression, unknown = parse(text)
    if unknown:
        raise UsageError(f"{name}: unknown {', '.join(map(repr, unknown))}")
    return "|".join(expression)
