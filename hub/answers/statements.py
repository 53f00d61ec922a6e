"""What each source says of the shares of a subject, with its parties told apart by identity.

Parties are the same by IPI base number, then IPI name number, then ISNI; a mention without any of these
is the party of the same folded name in this subject.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from hub.answers.agreement import TOLERANCE, Source
from hub.catalogue.subjects import Declared
from hub.db.tables import CLAIM, DECLARATION, PARTY
from hub.db.times import as_known
from schemas import rights, territories
from schemas.shares import WHOLE
from schemas.societies import NOBODY


@dataclass(slots=True)
class Identity:
    """A party of a subject: its identifiers over all mentions, and how it is shown."""

    key: str
    name: str
    ipi: str
    role: str
    identifiers: set[str] = field(default_factory=set)
    affiliations: set[tuple[str, int]] = field(default_factory=set)
    """(society, declaration) pairs: which source names which society for the party."""

    def as_json(self) -> dict[str, str]:
        """The contract's ``party`` object."""
        return {"name": self.name, "ipi": self.ipi}


@dataclass(frozen=True, slots=True)
class Statements:
    """Everything said about one right of a subject in one territory on one day."""

    sources: tuple[Source, ...]
    parties: Mapping[str, Identity]
    used: tuple[Declared, ...]
    days: frozenset[dt.date]
    """The days on which some share begins or ends."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What shares are asked for."""

    right: str
    use: str
    territory: str
    on: dt.date


def gather(connection: Connection, declared: Sequence[Declared], occasion: Occasion, at: int) -> Statements:
    """Read the claims of these declarations for a right and evaluate them for use, territory and day."""
    rows = _claims(connection, [item.id for item in declared], occasion.right)
    keys = _identities(connection, rows, at)
    parties: dict[str, Identity] = {}
    by_source: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = keys[row.party_id]
        by_source[row.declaration_id][key].append(row)
        _describe(parties, key, row)
    sources: list[Source] = []
    used: list[Declared] = []
    for item in declared:
        said = by_source.get(item.id)
        if said:
            sources.append(Source(str(item.id), _evaluate(said, occasion)))
            used.append(item)
    limits = {text for row in rows for text in (row.valid_from, row.valid_to) if text}
    days = frozenset(dt.date.fromisoformat(text) for text in limits)
    return Statements(tuple(sources), parties, tuple(used), days)


def _claims(connection: Connection, declarations: Sequence[int], right: str) -> list[Any]:
    query = (
        select(
            CLAIM,
            PARTY.c.name,
            PARTY.c.given,
            PARTY.c.folded,
            PARTY.c.ipi_name,
            PARTY.c.ipi_base,
            PARTY.c.isni,
            PARTY.c.ipn,
        )
        .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
        .where(CLAIM.c.declaration_id.in_(declarations))
        .order_by(CLAIM.c.id)
    )
    return [row for row in connection.execute(query) if rights.category(row.right) == right]


def _identities(connection: Connection, rows: Sequence[Any], at: int) -> dict[int, str]:
    """A key for each party row: equal keys are the same party."""
    bases = _bases(connection, {row.ipi_name for row in rows if row.ipi_name}, at)
    keys: dict[int, str] = {}
    named: dict[str, str] = {}
    for row in rows:
        base = row.ipi_base or bases.get(row.ipi_name, "")
        if base:
            keys[row.party_id] = f"base:{base}"
        elif row.ipi_name:
            keys[row.party_id] = f"ipi:{row.ipi_name}"
        elif row.isni or row.ipn:
            keys[row.party_id] = f"isni:{row.isni}" if row.isni else f"ipn:{row.ipn}"
        if row.party_id in keys:
            named.setdefault(row.folded, keys[row.party_id])
    for row in rows:
        if row.party_id not in keys:
            keys[row.party_id] = named.get(row.folded, f"name:{row.folded}")
    return keys


def _bases(connection: Connection, names: Iterable[str], at: int) -> dict[str, str]:
    """IPI base numbers that any declaration known at the instant gives these name numbers."""
    query = (
        select(PARTY.c.ipi_name, PARTY.c.ipi_base)
        .join(CLAIM, CLAIM.c.party_id == PARTY.c.id)
        .join(DECLARATION, DECLARATION.c.id == CLAIM.c.declaration_id)
        .where(PARTY.c.ipi_name.in_(list(names)), PARTY.c.ipi_base != "", as_known(DECLARATION, at))
        .order_by(CLAIM.c.id.desc())
    )
    return dict(connection.execute(query).all())


def _describe(parties: dict[str, Identity], key: str, row: Any) -> None:
    """Merge a mention into its identity: the first mention's name and role are shown."""
    full = f"{row.name} {row.given}".strip()
    found = parties.setdefault(key, Identity(key, full, "", row.role))
    found.ipi = found.ipi or row.ipi_name or row.ipi_base
    found.identifiers |= {item for item in (row.ipi_name, row.ipi_base, row.isni, row.ipn) if item}
    if row.society not in NOBODY:
        found.affiliations.add((row.society, row.declaration_id))


def _evaluate(said: Mapping[str, Sequence[Any]], occasion: Occasion) -> dict[str, int]:
    """One source's share for each of its parties on the occasion.

    A party with collection statements counts with those that cover the occasion, even if none does. One
    without counts with its ownership - unless it is controlled and the source states collection for other
    controlled parties: CWR then means that the share is collected further down the chain.
    """
    shares: dict[str, int] = {}
    waiting: dict[str, int] = {}
    delegated = any(row.basis == "C" and row.controlled for rows in said.values() for row in rows)
    for party, rows in said.items():
        collection = [row for row in rows if row.basis == "C"]
        ownership = sum(row.share for row in rows if row.basis == "O")
        if collection:
            shares[party] = sum(row.share for row in collection if _covers(row, occasion))
        elif delegated and all(row.controlled for row in rows):
            shares[party] = 0
            waiting[party] = ownership
        else:
            shares[party] = ownership
    # A submitter that sent no territory for some of its writers still owns their shares: they count as long
    # as they fit beside what is collected.
    for party, ownership in waiting.items():
        if ownership and sum(shares.values()) + ownership <= WHOLE + TOLERANCE:
            shares[party] = ownership
    return shares


def _covers(row: Any, occasion: Occasion) -> bool:
    """Whether a collection statement speaks of the occasion; DDEX limits some by use and period."""
    day = occasion.on.isoformat()
    return (
        territories.covers(_terms(row.territories), occasion.territory, occasion.on)
        and (not row.uses or rights.covers_use(_terms(row.uses), occasion.use))
        and row.valid_from <= day
        and (not row.valid_to or day < row.valid_to)
    )


def _terms(expression: str) -> tuple[str, ...]:
    return tuple(expression.split("|")) if expression else ()
