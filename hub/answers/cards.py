"""A linked work or recording as decisions see it: who stands in it apart, what is said of whom in shapes.

Two subjects of one shape differ in names, identifiers and sources, and in nothing that a share policy looks
at. A card is made of facts read ahead; a subject that anything particular is known of has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from hub.answers.administration import names_agreement
from hub.answers.statements import BASE, Identity, PartyKeys, numbered_key
from hub.catalogue.ahead import Ahead
from hub.catalogue.subjects import Declared, Linked
from hub.db.tables import PARTY_IDENTIFIERS

_SAID = slice(2, 7), slice(8, 13)
"""What a row says of shares: all of it but the society, which counts for mandates only."""
_NUMBERS = slice(-len(PARTY_IDENTIFIERS), None)


@dataclass(slots=True)
class Card:
    """One subject. ``rows`` are its claims in the order they were made; places count from 0."""

    subject: Linked
    declared: Sequence[Declared]
    rows: Sequence[Any]
    parties: Sequence[int]
    """The place of each row's party."""
    keys: list[str]
    """The key of each party, in the order of first mention."""
    shape: tuple[Any, ...]
    """For each row what it says, its declaration's place and its party's; and the order of the keys."""
    label: bytes
    """The contract's ``subject`` object."""
    identifiers: list[frozenset[str]]
    ipis: list[str]
    orders: dict[int, int]

    def place(self, declaration: int) -> int:
        """The place of a declaration."""
        return self.orders[declaration]

    def name(self, row: int) -> str:
        """A party's name as a row has it."""
        return full_name(self.rows[row])

    def shown_party(self, place: int, row: int) -> bytes:
        """``party`` as a JSON text."""
        return orjson.dumps(self.party(place, row))

    def shown_sources(self, places: Sequence[int]) -> list[bytes]:
        """The contract's ``sources`` for these declarations, as JSON texts, each once."""
        used = [self.declared[place] for place in places]
        if len(used) == 1:
            return [orjson.dumps(used[0].as_source())]
        found = {(item.submission, item.position): item for item in used}
        return [orjson.dumps(item.as_source()) for item in found.values()]

    def party(self, place: int, row: int) -> dict[str, str]:
        """The contract's ``party`` object: named as in a row, numbered by all its mentions."""
        return {"name": full_name(self.rows[row]), "ipi": self.ipis[place]}

    def identity(self, place: int, row: int, affiliations: Sequence[tuple[str, int]]) -> Identity:
        """The party as the resolver sees it; affiliations are (society, place of the declaration)."""
        return Identity(
            self.keys[place],
            full_name(self.rows[row]),
            self.ipis[place],
            self.rows[row].role,
            set(self.identifiers[place]),
            {(society, self.declared[number].id) for society, number in affiliations},
        )


def card(facts: Ahead, cluster: int) -> Card | None:
    """The card of a linked subject; None where it must be looked at one by one."""
    if cluster in facts.cards:
        return facts.cards[cluster]
    made = facts.cards[cluster] = _made(facts, cluster)
    return made


def _made(facts: Ahead, cluster: int) -> Card | None:
    subject = facts.linked.get(cluster)
    if subject is None:
        return None
    declared: list[Declared] = []
    for member in subject.members:
        if member in facts.settled or member in facts.public_domain:
            return None
        declared += facts.declared[member]
    if len(declared) > 1:
        declared.sort(key=lambda item: item.id)
    rows: list[Any] = []
    for item in declared:
        said = facts.claims.get(item.id)
        if said is None or names_agreement(item.payload):
            return None
        rows += said
    if len(declared) > 1:
        rows.sort(key=lambda row: row.id)
    keys = _keys(rows, facts.bases)
    places: dict[str, int] = {}
    parties: list[int] = []
    numbers: list[set[str]] = []
    ipis: list[str] = []
    shape: list[Any] = []
    before, after = _SAID
    order = {item.id: place for place, item in enumerate(declared)}
    for row, key in zip(rows, keys, strict=True):
        own = row[_NUMBERS]
        place = places.get(key)
        if place is None:
            place = places[key] = len(numbers)
            found = set(own)
            numbers.append(found)
            ipis.append(own[0] or own[1])
            if key.startswith(BASE):
                base = key.removeprefix(BASE)
                if base not in facts.aliases:
                    return None
                found |= {base, *facts.aliases[base]}
        else:
            numbers[place].update(own)
            ipis[place] = ipis[place] or own[0] or own[1]
        shape += (row[before], row[after], order[row.declaration_id], place)
        parties.append(place)
    apart = list(places)
    if len(apart) > 1:
        # Among equal shares the order of the keys decides.
        shape += sorted(range(len(apart)), key=apart.__getitem__)
    for found in numbers:
        found.discard("")
    label = orjson.dumps(subject.as_json())
    identifiers = [frozenset(found) for found in numbers]
    return Card(subject, declared, rows, parties, apart, tuple(shape), label, identifiers, ipis, order)


def _keys(rows: Sequence[Any], bases: Mapping[str, str]) -> list[str]:
    """The key of each row's party, as ``PartyKeys`` tells parties apart."""
    keys = []
    for row in rows:
        ipi_name, ipi_base, isni, ipn, dpid = row[_NUMBERS]
        base = ipi_base or bases.get(ipi_name, "")
        keys.append(numbered_key(base, ipi_name, isni, ipn, dpid))
    if "" in keys:
        # Who has no number may be somebody of the same name who has one.
        known = PartyKeys(rows, bases)
        return [known.of(row) for row in rows]
    return keys


def full_name(row: Any) -> str:
    """The name that a claim's row gives its party."""
    return (f"{row.name} {row.given}" if row.given else row.name).strip()
