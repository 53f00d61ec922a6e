"""The mandate register as known at one instant, read grantor by grantor and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, bindparam, literal, select

from hub.answers.granted import SEPARATOR, Granted, day, stated
from hub.answers.mandates import Mandate, Notice
from hub.answers.standing import standing
from hub.conflicts.settlements import among_mandates
from hub.db.lists import terms
from hub.db.prepared import AT, KEYS, Prepared
from hub.db.tables import DECLARATION, MANDATE, SUBJECT, SUBMISSION
from hub.db.times import as_known
from hub.jurisdictions import Rule
from hub.mandates.withdrawal_records import effective_notices
from schemas import rights

ANYBODY = "*"
"""The grantor of what a statute presumes."""

GRANTORS = 20_000
"""After so many parties what was read of their mandates is forgotten, to bound the memory."""


def _in_one(*columns: ColumnElement[Any]) -> ColumnElement[Any]:
    """Their texts in one, as most mandates have the terms of many others: what it says is looked at once."""
    first, *others = columns
    for column in others:
        first = first + literal(SEPARATOR) + column
    return first


MANDATES = Prepared(
    "mandates of grantors",
    select(
        MANDATE.c.grantor_id, MANDATE.c.subject_id, SUBJECT.c.public_id.label("name"),
        DECLARATION.c.submission_id, DECLARATION.c.position,
        MANDATE.c.grantor_name, _in_one(*(
            MANDATE.c[name] for name in ("basis", "rights", "uses", "territories", "works", "holder")
        )).label("terms"), MANDATE.c.valid_from, MANDATE.c.valid_to,
    )
    .join(DECLARATION, DECLARATION.c.id == MANDATE.c.declaration_id)
    .join(SUBJECT, SUBJECT.c.id == MANDATE.c.subject_id)
    .where(
        MANDATE.c.grantor_type == bindparam("grantor_type"), MANDATE.c.grantor_id.in_(KEYS),
        # One right for which nobody asks, as most mandates name; of what names several nothing is said here.
        bindparam("others", type_=Text).not_like(literal("%|") + MANDATE.c.rights + literal("|%")),
        as_known(DECLARATION, AT),
    )
    # Of one grantor in the order of becoming known; an index on the grantor gives this order by itself.
    .order_by(MANDATE.c.grantor_id, MANDATE.c.declaration_id),
)  # fmt: skip
SUBMISSIONS = Prepared(
    "submissions", select(SUBMISSION.c.id, SUBMISSION.c.public_id).where(SUBMISSION.c.id.in_(KEYS))
)
"""Their names: of few that many mandates come from, and never another."""

NOTICES = Prepared("notices in effect", effective_notices(KEYS, AT))


class RegisterBook:
    """Implements ``hub.answers.mandates.MandateBook`` on the database.

    What was read is kept for all who ask as known at the same instant. ``without`` is the key of a
    withdrawal to leave out, for asking what it changes.
    """

    def __init__(self, connection: Connection, at: int, *, without: int = 0) -> None:
        self._connection = connection
        self._at = at
        self._without = without
        kept = standing(connection, at)
        if sum(map(len, kept.granted.values())) > GRANTORS:
            kept.granted = {}
        self.standing = kept
        self._granted: dict[frozenset[str], dict[str, Granted]] = {} if without else kept.granted
        self._by_right: dict[str, dict[str, Granted]] = {}
        self._submissions = kept.submissions
        self._agreements = {} if without else kept.agreements

    def of_party(self, keys: frozenset[str], right: str) -> Sequence[Mandate]:
        """Mandates granted under any of these identifiers, of rights that count where one is asked for."""
        return [mandate for granted in self.granted(keys, right) for mandate in granted.mandates()]

    def granted(self, keys: frozenset[str], right: str) -> list[Granted]:
        """The same by identifier, in the order of the identifiers; without a right those of any."""
        known = self.read_ahead(keys, right)
        if len(keys) == 1:
            [key] = keys
            return [known[key]]
        return [known[key] for key in sorted(keys)]

    def read_ahead(self, keys: Iterable[str], right: str) -> dict[str, Granted]:
        """Read at once what was granted under any of these identifiers, as far as it was not read before.

        What else was read for the right comes with it.
        """
        known = self._by_right.get(right)
        if known is None:
            wanted = counting(right, self.standing.rules)
            known = self._by_right[right] = self._granted.setdefault(wanted, {})
        fresh = [key for key in keys if key not in known]
        if fresh:
            found = self._read("party", fresh, counting(right, self.standing.rules))
            # Others may read the same at the same time; nobody sees half of it.
            known.update(found)
        return known

    def of_society(self, code: str) -> Sequence[Mandate]:
        """Representation agreements that this society granted."""
        found = self._agreements.get(code)
        if found is None:
            found = self._agreements[code] = self._read("society", [code])[code].mandates()
        return found

    def by_statute(self) -> Sequence[Mandate]:
        """Mandates of ``any`` grantor."""
        found = self._agreements.get("")
        if found is None:
            found = self._agreements[""] = self._read("any", [ANYBODY])[ANYBODY].mandates()
        return found

    def _read(
        self, grantor_type: str, keys: Collection[str], wanted: frozenset[str] = frozenset(rights.CATEGORIES)
    ) -> dict[str, Granted]:
        given = {"grantor_type": grantor_type, "others": _others(wanted)}
        found = list(MANDATES.cells(self._connection, keys, at=self._at, **given))
        names = self._submissions
        unnamed = {row[3] for row in found} - names.keys()
        if unnamed:
            names.update(SUBMISSIONS.cells(self._connection, unnamed))
        numbers = [row[1] for row in found]
        few = self.standing.exceptions
        notices = self._notices(few.among("noticed", numbers))
        yields = among_mandates(self._connection, few.among("yielding", numbers), self._at)
        rows: dict[str, list[tuple[Any, ...]]] = {}
        for grantor, key, name, submission, position, grantor_name, said, start, end in found:
            row = (
                key, name, names[submission], position, grantor_name, stated(said), day(start), day(end),
            )  # fmt: skip
            if grantor in rows:
                rows[grantor].append(row)
            else:
                rows[grantor] = [row]
        nothing = Granted(grantor_type, "", (), notices, yields)
        return {
            key: Granted(grantor_type, key, rows[key], notices, yields) if key in rows else nothing
            for key in keys
        }

    def _notices(self, mandates: Collection[int]) -> dict[int, list[Notice]]:
        found: dict[int, list[Notice]] = defaultdict(list)
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


@lru_cache(maxsize=64)
def counting(right: str, rules: tuple[Rule, ...]) -> frozenset[str]:
    """The rights whose mandates count where one is asked for: itself, and those of a rule's sphere.

    Without a right all of them.
    """
    if not right:
        return frozenset(rights.CATEGORIES)
    spheres = [rule.rights for rule in rules if rights.covers_in_any_use(rule.rights, right)]
    return frozenset([right]).union(
        other for other in rights.CATEGORIES for said in spheres if rights.covers_in_any_use(said, other)
    )


@lru_cache(maxsize=64)
def _others(wanted: frozenset[str]) -> str:
    """Codes of one right or part of it that covers none of these, each between bars."""
    codes = [
        code
        for code in rights.rights()
        if not any(rights.covers_in_any_use((code,), right) for right in wanted)
    ]
    return "|".join(["", *codes, ""]) if codes else ""
