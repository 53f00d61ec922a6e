"""The mandate register as known at one instant, read grantor by grantor and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from hub.answers.mandates import Mandate, Notice, Yielding
from hub.conflicts.settlements import among_mandates
from hub.db.tables import DECLARATION, MANDATE, SUBJECT, SUBMISSION
from hub.db.times import as_known
from hub.mandates.withdrawal_records import effective_notices


def terms(text: str) -> tuple[str, ...]:
    """A stored list as a tuple."""
    return tuple(text.split("|")) if text else ()


class RegisterBook:
    """Implements ``hub.answers.mandates.MandateBook`` on the database.

    ``without`` is the key of a withdrawal to leave out, for asking what it changes.
    """

    def __init__(self, connection: Connection, at: int, *, without: int = 0) -> None:
        self._connection = connection
        self._at = at
        self._without = without
        self._societies: dict[str, Sequence[Mandate]] = {}
        self._parties: dict[frozenset[str], Sequence[Mandate]] = {}
        self._statute: Sequence[Mandate] | None = None

    def of_party(self, keys: frozenset[str]) -> Sequence[Mandate]:
        """Mandates granted under any of these identifiers."""
        if keys not in self._parties:
            condition = MANDATE.c.grantor_id.in_(sorted(keys))
            self._parties[keys] = self._read("party", condition) if keys else ()
        return self._parties[keys]

    def of_society(self, code: str) -> Sequence[Mandate]:
        """Representation agreements that this society granted."""
        if code not in self._societies:
            self._societies[code] = self._read("society", MANDATE.c.grantor_id == code)
        return self._societies[code]

    def by_statute(self) -> Sequence[Mandate]:
        """Mandates of ``any`` grantor."""
        if self._statute is None:
            self._statute = self._read("any", MANDATE.c.grantor_id != "")
        return self._statute

    def _read(self, grantor_type: str, condition: ColumnElement[bool]) -> list[Mandate]:
        query = (
            select(
                MANDATE,
                SUBJECT.c.public_id,
                SUBJECT.c.submitter,
                SUBMISSION.c.public_id,
                DECLARATION.c.position,
            )
            .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
            .join(SUBJECT, SUBJECT.c.id == MANDATE.c.subject_id)
            .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
            .where(MANDATE.c.grantor_type == grantor_type, condition, as_known(DECLARATION, self._at))
            .order_by(MANDATE.c.declaration_id)
        )
        rows = self._connection.execute(query).all()
        keys = [row.subject_id for row in rows]
        notices, settled = self._notices(keys), among_mandates(self._connection, keys, self._at)
        return [
            _mandate(
                row,
                tuple(notices[row.subject_id]),
                tuple(settled.get(row.subject_id, ())),
            )
            for row in rows
        ]

    def _notices(self, mandates: Sequence[int]) -> dict[int, list[Notice]]:
        found: dict[int, list[Notice]] = defaultdict(list)
        if mandates:
            for row in self._connection.execute(effective_notices(mandates, self._at)):
                if row.id != self._without:
                    found[row.mandate_id].append(
                        Notice(
                            row.takes_effect,
                            terms(row.rights),
                            terms(row.uses),
                            terms(row.territories),
                            terms(row.works),
                        )
                    )
        return found


def _mandate(row: Any, notices: tuple[Notice, ...], yields: tuple[Yielding, ...]) -> Mandate:
    *_, name, declarant, submission, position = row
    return Mandate(
        name=name,
        grantor_type=row.grantor_type,
        grantor=row.grantor_id,
        grantor_name=row.grantor_name,
        holder=row.holder,
        basis=row.basis,
        rights=terms(row.rights),
        uses=terms(row.uses),
        territories=terms(row.territories),
        works=terms(row.works),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=(submission, position),
        declarant=declarant,
        notices=notices,
        yields=yields,
    )
