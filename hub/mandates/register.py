"""Mandates as people look them up: by id or by the declarant's own reference, as known at an instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from hub.db import times
from hub.db.lists import terms
from hub.db.tables import DECLARATION, MANDATE, SUBJECT, SUBMISSION
from hub.db.times import FOREVER, as_known
from hub.errors import AmbiguousReference, NotFound
from hub.mandates import withdrawal_records
from hub.mandates.withdrawal_records import Withdrawal
from schemas import rights, territories


@dataclass(frozen=True, slots=True)
class MandateEntry:
    """A mandate as the register shows it, with the notices filed against it."""

    key: int
    id: str
    ref: str
    declarant: str
    row: Any
    submission: str
    position: str
    known_from: int
    withdrawals: tuple[Withdrawal, ...] = ()
    day: dt.date = FOREVER
    """The day on which the states of the withdrawals are told."""

    def as_json(self) -> dict[str, Any]:
        """For listings: lists as in the CSV contract, open ends empty."""
        row = self.row
        return {
            "id": self.id,
            "mandate_ref": self.ref,
            "declarant": self.declarant,
            "grantor_type": row.grantor_type,
            "grantor_id": row.grantor_id,
            "grantor_name": row.grantor_name,
            "holder": row.holder,
            "rights": row.rights,
            "uses": row.uses,
            "territories": row.territories,
            "valid_from": row.valid_from.isoformat(),
            "valid_to": _end(row.valid_to),
            "exclusive": "Y" if row.exclusive else "N",
            "basis": row.basis,
            "works": row.works,
            "evidence": row.evidence,
            "known_from": times.text(self.known_from),
            "source": {"submission": self.submission, "position": self.position},
            "withdrawals": [item.as_json(self.day) for item in self.withdrawals],
        }


def _end(day: dt.date) -> str:
    return "" if day == FOREVER else day.isoformat()


def _query(at: int) -> Select[Any]:
    return (
        select(
            MANDATE, SUBJECT.c.public_id, SUBJECT.c.ref, SUBJECT.c.submitter,
            SUBMISSION.c.public_id.label("submission"), DECLARATION.c.position, DECLARATION.c.known_from,
        )
        .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
        .join(SUBJECT, SUBJECT.c.id == MANDATE.c.subject_id)
        .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
        .where(as_known(DECLARATION, at))
        .order_by(MANDATE.c.subject_id)
    )  # fmt: skip


def listing(
    connection: Connection,
    at: int,
    *,
    holder: str = "",
    grantor: str = "",
    declarant: str = "",
    after: int = 0,
    limit: int | None = None,
    on: dt.date | None = None,
) -> list[MandateEntry]:
    """Mandates in the order they first came in, ``limit`` of them after the key ``after``.

    ``on`` is the day on which the states of withdrawals are told, today unless said otherwise.
    """
    query = _query(at).where(MANDATE.c.subject_id > after)
    if holder:
        query = query.where(MANDATE.c.holder == holder)
    if grantor:
        query = query.where(MANDATE.c.grantor_id == grantor)
    if declarant:
        query = query.where(SUBJECT.c.submitter == declarant)
    if limit is not None:
        query = query.limit(limit)
    return _entries(connection, query, at, on)


@dataclass(frozen=True, slots=True)
class Filter:
    """What mandates of the register must be; empty parts ask nothing. ``territory`` is a country's code."""

    holder: str = ""
    grantor: str = ""
    right: str = ""
    territory: str = ""
    basis: str = ""
    standing: str = ""
    """``in_force`` or ``withdrawn`` on the day, or ``over``."""

    def takes(self, item: MandateEntry, day: dt.date) -> bool:
        """Whether a mandate is asked for on a day."""
        row = item.row
        if self.basis and row.basis != self.basis:
            return False
        if self.right and not any(rights.covers(terms(row.rights), self.right, use) for use in rights.uses()):
            return False
        if self.territory and not territories.covers(terms(row.territories), self.territory, day):
            return False
        return not self.standing or self.standing == standing(item, day)


def standing(item: MandateEntry, day: dt.date) -> str:
    """Whether a mandate is in force on a day, withdrawn (in part or whole), over, or yet to begin."""
    if not item.row.valid_from <= day < item.row.valid_to:
        return "over" if day >= item.row.valid_to else "to_come"
    ended = any(
        notice.effective <= day and notice.on(day).state == "effective" for notice in item.withdrawals
    )
    return "withdrawn" if ended else "in_force"


READ_AT_ONCE = 500
"""So many mandates are asked for by one statement."""

READ_ON = 4_000
"""So many mandates are looked through for one page; where to go on is said."""


def filtered(
    connection: Connection, at: int, wanted: Filter, day: dt.date, *, after: int = 0, limit: int = 50
) -> tuple[list[MandateEntry], int | None]:
    """Mandates that a filter takes, and the key to go on after (None at the end)."""
    found: list[MandateEntry] = []
    read = 0
    # Where all that is read is taken, no more is read than is shown; else more at a time.
    size = limit
    while read < READ_ON:
        page = listing(
            connection, at, holder=wanted.holder, grantor=wanted.grantor, after=after, limit=size, on=day
        )
        for item in page:
            after = item.key
            if wanted.takes(item, day):
                found.append(item)
                if len(found) == limit:
                    return found, after
        if len(page) < size:
            return found, None
        read, size = read + len(page), READ_AT_ONCE
    return found, after


def granted_by(connection: Connection, identifiers: Sequence[str], at: int) -> list[MandateEntry]:
    """Mandates that a party granted under any of its identifiers, in the order they first came in."""
    mine = (MANDATE.c.grantor_type == "party", MANDATE.c.grantor_id.in_(list(identifiers)))
    return _entries(connection, _query(at).where(*mine), at, None)


def _entries(connection: Connection, query: Select[Any], at: int, on: dt.date | None) -> list[MandateEntry]:
    rows = connection.execute(query).all()
    day = on or withdrawal_records.today_of(None)
    notices = withdrawal_records.of_mandates(connection, [row.subject_id for row in rows], at)
    return [
        MandateEntry(
            row.subject_id, row.public_id, row.ref, row.submitter, row, row.submission, row.position,
            row.known_from, tuple(notices.get(row.subject_id, ())), day,
        )
        for row in rows
    ]  # fmt: skip


def with_ids(connection: Connection, ids: Sequence[str], at: int) -> dict[str, MandateEntry]:
    """The mandates known at an instant by these ids, those of them that there are."""
    found: dict[str, MandateEntry] = {}
    for start in range(0, len(ids), READ_AT_ONCE):
        query = _query(at).where(SUBJECT.c.public_id.in_(ids[start : start + READ_AT_ONCE]))
        found |= {item.id: item for item in _entries(connection, query, at, None)}
    return found


def lookup(
    connection: Connection, reference: str, at: int, *, prefer: str = "", on: dt.date | None = None
) -> MandateEntry:
    """The mandate with this id or reference.

    A reference is unique per declarant only: among several, the one declared by ``prefer`` is meant.

    Raises:
        NotFound: no such mandate was known at the instant.
        AmbiguousReference: several declarants use the reference; their ids are listed.
    """
    found = _entries(connection, _query(at).where(SUBJECT.c.public_id == reference), at, on)
    if not found:
        found = _entries(connection, _query(at).where(SUBJECT.c.ref == reference), at, on)
    own = [item for item in found if item.declarant == prefer]
    chosen = own if len(own) == 1 else found
    if not chosen:
        raise NotFound(f"no mandate is known as {reference!r}; `hub mandates list` shows ids and references")
    if len(chosen) > 1:
        listed = ", ".join(f"{item.id} (declared by {item.declarant})" for item in chosen)
        raise AmbiguousReference(f"several mandates are called {reference!r}: {listed}; use the id")
    return chosen[0]
