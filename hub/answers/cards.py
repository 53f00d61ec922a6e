"""A linked work or recording as decisions see it: who stands in it apart, what is said of whom in shapes.

Two subjects of one shape differ in names, identifiers and sources, and in nothing that a share policy looks
at. A card is made of facts read ahead; a subject that anything particular is known of has none.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.answers.administration import names_agreement
from hub.answers.contents import Said
from hub.answers.forms import Form, gap
from hub.answers.statements import BASE, Identity, PartyKeys, numbered_key
from hub.catalogue.ahead import Ahead
from hub.catalogue.subjects import Declared, Linked
from hub.db.tables import PARTY_IDENTIFIERS
from schemas.json_bytes import kept, text_bytes

_SAID = slice(2, 7), slice(8, 13)
"""What a row says of shares: all of it but the society, which counts for mandates only."""
_NUMBERS = slice(-len(PARTY_IDENTIFIERS), None)


@dataclass(slots=True)
class Parties:
    """The parties of a subject told apart; each has its place, in the order of first mention."""

    keys: list[str]
    identifiers: list[frozenset[str]]
    ipis: list[str]
    order: tuple[int, ...]
    """Their places in the order of their keys: among equal shares it decides."""


def party_json(name: str, ipi: str) -> dict[str, str]:
    """The contract's ``party`` object."""
    return {"name": name, "ipi": ipi}


PARTY = Form(party_json(gap(0), gap(1)))
_SOURCE = Form(Declared(0, 0, "", gap(1), gap(0), gap(2), b"").as_source())


def shown_source(item: Declared) -> bytes:
    """The contract's entry of ``sources`` for a declaration, as a JSON text."""
    return _SOURCE.filled(
        (text_bytes(item.submission), text_bytes(item.position), text_bytes(item.submitter))
    )


class Card(ABC):
    """One subject with its claims in the order they were made: the rows, whose places count from 0.

    ``shape`` is for each row what it says, its declaration's place and its party's, and the order of the
    parties; ``label`` is the contract's ``subject`` object.
    """

    __slots__ = ("declared", "label", "parties", "shape", "subject")

    def __init__(
        self, subject: Linked, declared: Sequence[Declared], parties: Parties, shape: tuple[Any, ...]
    ) -> None:
        self.subject = subject
        self.declared = declared
        self.parties = parties
        self.shape = shape
        self.label = kept(subject.as_json())

    @abstractmethod
    def told(self) -> object:
        """The shape in values whose ``repr`` is the same in every process."""

    @abstractmethod
    def rows(self) -> Sequence[tuple[Any, int]]:
        """Each row as far as it says something of shares, with the place of its party."""

    @abstractmethod
    def named(self, row: int) -> tuple[str, int]:
        """The society that a row names, and the place of the row's declaration."""

    @abstractmethod
    def name(self, row: int) -> str:
        """A party's name as a row has it."""

    def place(self, declaration: int) -> int:
        """The place of a declaration."""
        return next(place for place, item in enumerate(self.declared) if item.id == declaration)

    def shown_party(self, place: int, row: int) -> bytes:
        """``party`` as a JSON text."""
        return PARTY.filled((text_bytes(self.name(row)), text_bytes(self.parties.ipis[place])))

    def shown_sources(self, places: Sequence[int]) -> list[bytes]:
        """The contract's ``sources`` for these declarations, as JSON texts, each once."""
        used = [self.declared[place] for place in places]
        if len(used) == 1:
            return [shown_source(used[0])]
        found = {(item.submission, item.position): item for item in used}
        return [shown_source(item) for item in found.values()]

    def party(self, place: int, row: int) -> dict[str, str]:
        """The contract's ``party`` object: named as in a row, numbered by all its mentions."""
        return party_json(self.name(row), self.parties.ipis[place])

    def identity(self, place: int, row: int, role: str, affiliations: Sequence[tuple[str, int]]) -> Identity:
        """The party as the resolver sees it; affiliations are (society, place of the declaration)."""
        return Identity(
            self.parties.keys[place],
            self.name(row),
            self.parties.ipis[place],
            role,
            set(self.parties.identifiers[place]),
            {(society, self.declared[number].id) for society, number in affiliations},
        )


class TabledCard(Card):
    """A card of the rows of the table of claims, of any number of declarations."""

    __slots__ = ("_places", "_rows")

    def __init__(
        self,
        subject: Linked,
        declared: Sequence[Declared],
        parties: Parties,
        rows: Sequence[Any],
        places: Sequence[int],
    ) -> None:
        self._rows = rows
        self._places = places
        before, after = _SAID
        order = {item.id: place for place, item in enumerate(declared)}
        shape: list[Any] = []
        for row, place in zip(rows, places, strict=True):
            shape += (row[before], row[after], order[row.declaration_id], place)
        super().__init__(subject, declared, parties, (*shape, parties.order))

    def told(self) -> object:
        """Cells of rows, places and the order of the parties."""
        return self.shape

    def rows(self) -> Sequence[tuple[Any, int]]:
        """The rows of the table."""
        return list(zip(self._rows, self._places, strict=True))

    def named(self, row: int) -> tuple[str, int]:
        """As the row has it."""
        found = self._rows[row]
        return found.society, self.place(found.declaration_id)

    def name(self, row: int) -> str:
        """As the row has it."""
        found = self._rows[row]
        return full_name(found.name, found.given)


class StatedCard(Card):
    """A card of what its only declaration says in its content."""

    __slots__ = ("_places", "_said")

    def __init__(
        self, subject: Linked, declared: Declared, parties: Parties, said: Said, places: tuple[int, ...]
    ) -> None:
        self._said = said
        self._places = places
        super().__init__(subject, (declared,), parties, (said.pattern, places, parties.order))

    def told(self) -> object:
        """The claims of the pattern, places and the order of the parties."""
        return self._said.pattern.claimed, self._places, self.parties.order

    def rows(self) -> Sequence[tuple[Any, int]]:
        """The rows of the pattern."""
        pattern = self._said.pattern
        of_claim = dict(zip(pattern.speaking, self._places, strict=True))
        return [(row, of_claim[claim]) for row, claim in zip(pattern.rows, pattern.claims, strict=True)]

    def named(self, row: int) -> tuple[str, int]:
        """As the claim says."""
        return self._said.society(row), 0

    def name(self, row: int) -> str:
        """As the claim says."""
        party = self._said.party(row)
        return full_name(party["name"], party.get("given", ""))


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
    if len(declared) == 1:
        [only] = declared
        said = facts.said.get(only.id)
        if said is not None:
            return _stated(facts, subject, only, said)
    rows: list[Any] = []
    for item in declared:
        found = facts.claims.get(item.id)
        if found is None or names_agreement(item.payload):
            return None
        rows += found
    if len(declared) > 1:
        declared.sort(key=lambda item: item.id)
        rows.sort(key=lambda row: row.id)
    told = _told_apart(_keys(rows, facts.bases), [row[_NUMBERS] for row in rows], facts.aliases)
    return None if told is None else TabledCard(subject, declared, told[0], rows, told[1])


def _stated(facts: Ahead, subject: Linked, declared: Declared, said: Said) -> Card | None:
    numbers, bases = said.numbers, facts.bases
    keys = [
        numbered_key(base or (bases[ipi_name] if ipi_name else ""), ipi_name, isni, ipn, dpid)
        for ipi_name, base, isni, ipn, dpid in numbers
    ]
    told = _told_apart(keys, numbers, facts.aliases)
    return None if told is None else StatedCard(subject, declared, told[0], said, told[1])


def _told_apart(
    keys: Sequence[str], numbers: Sequence[tuple[str, ...]], aliases: Mapping[str, set[str]]
) -> tuple[Parties, tuple[int, ...]] | None:
    """The parties of mentions with these keys and numbers, and the place of each mention's party."""
    places: dict[str, int] = {}
    parties: list[int] = []
    found: list[set[str]] = []
    ipis: list[str] = []
    for key, own in zip(keys, numbers, strict=True):
        place = places.get(key)
        if place is None:
            place = places[key] = len(found)
            known = set(own)
            found.append(known)
            ipis.append(own[0] or own[1])
            if key.startswith(BASE):
                base = key.removeprefix(BASE)
                if base not in aliases:
                    return None
                known |= {base, *aliases[base]}
        else:
            found[place].update(own)
            ipis[place] = ipis[place] or own[0] or own[1]
        parties.append(place)
    for known in found:
        known.discard("")
    apart = list(places)
    order = tuple(sorted(range(len(apart)), key=apart.__getitem__)) if len(apart) > 1 else ()
    return Parties(apart, [frozenset(known) for known in found], ipis, order), tuple(parties)


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


def full_name(name: str, given: str) -> str:
    """The name that a claim gives its party."""
    return (f"{name} {given}" if given else name).strip()
