"""The mandate register as known at one instant, read grantor by grantor and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from hub.answers.mandates import Mandate, Notice, Yielding
from hub.answers.standing import standing
from hub.conflicts.settlements import among_mandates
from hub.db.lists import terms
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import DECLARATION, MANDATE, SUBJECT, SUBMISSION
from hub.db.times import as_known
from hub.mandates.withdrawal_records import effective_notices

ANYBODY = "*"
"""The grantor of what a statute presumes."""

MANDATES = Prepared(
    "mandates of grantors",
    select(
        *(MANDATE.c[name] for name in (
            "subject_id", "grantor_type", "grantor_id", "grantor_name", "holder", "basis", "rights", "uses",
            "territories", "works", "valid_from", "valid_to",
        )),
        SUBJECT.c.public_id.label("name"), SUBJECT.c.submitter,
        SUBMISSION.c.public_id.label("submission"), DECLARATION.c.position,
    )
    .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
    .join(SUBJECT, SUBJECT.c.id == MANDATE.c.subject_id)
    .join(SUBMISSION, SUBMISSION.c.id == DECLARATION.c.submission_id)
    .where(
        MANDATE.c.grantor_type == bindparam("grantor_type"), MANDATE.c.grantor_id.in_(KEYS),
        as_known(DECLARATION, AT),
    )
    .order_by(in_order(MANDATE.c.declaration_id)),
)  # fmt: skip
NOTICES = Prepared("notices in effect", effective_notices(KEYS, AT))


class RegisterBook:
    """Implements ``hub.answers.mandates.MandateBook`` on the database.

    ``without`` is the key of a withdrawal to leave out, for asking what it changes.
    """

    def __init__(self, connection: Connection, at: int, *, without: int = 0) -> None:
        self._connection = connection
        self._at = at
        self._without = without
        self._granted: dict[str, list[Mandate]] = {}
        # What societies granted is the same for all who ask as known at the instant, with every notice.
        self._agreements = {} if without else standing(connection, at).agreements

    def of_party(self, keys: frozenset[str]) -> Sequence[Mandate]:
        """Mandates granted under any of these identifiers."""
        self.read_ahead(keys)
        return [mandate for key in sorted(keys) for mandate in self._granted[key]]

    def read_ahead(self, keys: Iterable[str]) -> None:
        """Read at once what was granted under any of these identifiers, as far as it was not read before."""
        fresh = [key for key in keys if key not in self._granted]
        if fresh:
            self._granted.update({key: [] for key in fresh})
            for mandate in self._read("party", fresh):
                self._granted[mandate.grantor].append(mandate)

    def of_society(self, code: str) -> Sequence[Mandate]:
        """Representation agreements that this society granted."""
        if code not in self._agreements:
            self._agreements[code] = self._read("society", [code])
        return self._agreements[code]

    def by_statute(self) -> Sequence[Mandate]:
        """Mandates of ``any`` grantor."""
        if "" not in self._agreements:
            self._agreements[""] = self._read("any", [ANYBODY])
        return self._agreements[""]

    def _read(self, grantor_type: str, keys: Collection[str]) -> list[Mandate]:
        rows = list(MANDATES.rows(self._connection, keys, at=self._at, grantor_type=grantor_type))
        numbers = [row.subject_id for row in rows]
        notices, settled = self._notices(numbers), among_mandates(self._connection, numbers, self._at)
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
            for row in NOTICES.rows(self._connection, mandates, at=self._at):
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
    return Mandate(
        name=row.name,
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
        source=(row.submission, row.position),
        declarant=row.submitter,
        notices=notices,
        yields=yields,
    )
