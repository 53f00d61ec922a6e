"""What each source says of the shares of a subject, with its parties told apart by identity.

Parties are the same by IPI base number, then IPI name number, then ISNI; a mention without any of these
is the party of the same folded name in this subject.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, exists, select

from hub.answers.administration import Administration, administrations
from hub.answers.agreement import TOLERANCE, Source
from hub.answers.mandates import Mandate
from hub.catalogue.ahead import ahead, has
from hub.catalogue.subjects import Declared
from hub.db.lists import terms
from hub.db.prepared import AT, KEYS, Prepared, in_order
from hub.db.tables import CLAIM, DECLARATION, PARTY, PARTY_IDENTIFIERS
from hub.db.times import FOREVER, as_known
from matching.normalize.names import name_key
from schemas import rights, territories
from schemas.declarations import PartyName
from schemas.shares import WHOLE
from schemas.societies import NOBODY

BASE = "base:"
"""How the key of a party begins that is known by its IPI base number."""

CLAIMS = Prepared(
    "claims of declarations",
    select(
        *(CLAIM.c[name] for name in (
            "id", "declaration_id", "right", "basis", "share", "territories", "role", "society", "controlled",
            "chain", "uses", "valid_from", "valid_to",
        )),
        *(PARTY.c[name] for name in ("name", "given", "folded", *PARTY_IDENTIFIERS)),
    )
    .join(PARTY, PARTY.c.id == CLAIM.c.party_id)
    .where(CLAIM.c.declaration_id.in_(KEYS))
    .order_by(in_order(CLAIM.c.id)),
)  # fmt: skip
"""The claims of declarations with their parties, in the order they were made."""

_MENTIONED = (
    # The first known claim is enough: a publisher may have a million.
    exists()
    .where(
        CLAIM.c.party_id == PARTY.c.id, DECLARATION.c.id == CLAIM.c.declaration_id, as_known(DECLARATION, AT)
    )
    .correlate(PARTY)
)
BASES = Prepared(
    "base numbers of name numbers",
    select(PARTY.c.ipi_name, PARTY.c.ipi_base)
    .where(PARTY.c.ipi_name.in_(KEYS), PARTY.c.ipi_base != "", _MENTIONED)
    .order_by(in_order(PARTY.c.id).desc()),
)
"""(name number, base number); of several the last row is the one that was seen first."""

NAMES = Prepared(
    "name numbers of base numbers",
    select(PARTY.c.ipi_name).where(PARTY.c.ipi_base.in_(KEYS), PARTY.c.ipi_name != "", _MENTIONED),
)
"""Name numbers that some declaration gives one of these base numbers."""


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
    hops: Mapping[str, tuple[Mandate, ...]] = field(default_factory=dict)
    """The agreements by which a party has its share, for the head of its chain."""
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Why a party has a share that no registration states."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What shares are asked for."""

    right: str
    use: str
    territory: str
    on: dt.date
    paid_on: dt.date | None = None
    """When the money is paid; the day of use where nothing is said."""

    @property
    def paid(self) -> dt.date:
        """The day of payment, never before that of use."""
        return max(self.on, self.paid_on) if self.paid_on else self.on


def gather(connection: Connection, declared: Sequence[Declared], occasion: Occasion, at: int) -> Statements:
    """Read the claims of these declarations for a right and evaluate them for use, territory and day."""
    mentions = _claims(connection, [item.id for item in declared], at)
    rows = [row for row in mentions if rights.category(row.right) == occasion.right]
    administered = administrations(connection, declared, occasion.right, at)
    # Who is who does not depend on the right: every mention in the subject helps to tell.
    keys = PartyKeys(mentions, bases(connection, _numbers(mentions, administered), at))
    parties: dict[str, Identity] = {}
    by_source: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        key = keys.of(row)
        by_source[row.declaration_id][key].append(row)
        _describe(parties, key, row, asserts=speaks(row, occasion))
    for row in mentions:
        known = parties.get(keys.of(row))
        if known is not None:
            _number(known, row)
    _number_by_base(parties, connection, at)
    sources: list[Source] = []
    used: list[Declared] = []
    desk = _Administrator(occasion, keys, parties)
    for item in declared:
        said = by_source.get(item.id)
        if said:
            shares = evaluate(said, occasion)
            for administration in administered.get(item.id, ()):
                desk.apply(administration, item.id, said, shares)
            sources.append(Source(str(item.id), shares))
            used.append(item)
    limits = {text for row in rows for text in (row.valid_from, row.valid_to) if text}
    days = {dt.date.fromisoformat(text) for text in limits} | desk.days
    return Statements(tuple(sources), parties, tuple(used), frozenset(days), desk.hops, desk.reasons)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A party as an agreement's claim names it, with what a row of its shares would say."""

    name: str
    given: str
    folded: str
    ipi_name: str
    ipi_base: str
    isni: str
    ipn: str
    dpid: str
    role: str = ""
    society: str = ""
    declaration_id: int = 0


def _mention(party: PartyName, role: str = "", society: str = "", declaration_id: int = 0) -> _Mention:
    return _Mention(
        party.name, party.given, name_key(party.full_name), party.ipi_name, party.ipi_base, party.isni,
        party.ipn, party.dpid, role, society, declaration_id,
    )  # fmt: skip


class _Administrator:
    """Applies agreements to the shares of sources, and remembers what a chain must show of it."""

    def __init__(self, occasion: Occasion, keys: PartyKeys, parties: dict[str, Identity]) -> None:
        self.days: set[dt.date] = set()
        self.hops: dict[str, tuple[Mandate, ...]] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self._done: set[tuple[int, str, str, int]] = set()
        self._occasion = occasion
        self._keys = keys
        self._parties = parties

    def apply(
        self, item: Administration, source: int, said: Mapping[str, Sequence[Any]], shares: dict[str, int]
    ) -> None:
        """Move a share of one source where the agreement says so."""
        occasion = self._occasion
        acquirer, assignor = (self._keys.of(_mention(party)) for party in (item.acquirer, item.assignor))
        step = (source, item.agreement.name, acquirer, item.chain)
        if acquirer == assignor or step in self._done or not item.covers(occasion.territory, occasion.on):
            return
        self._done.add(step)
        self.days |= {day for day in (item.agreement.starts, item.agreement.ends) if day != FOREVER}
        stated = [row for row in said.get(acquirer, ()) if row.basis == "C"]
        self.days |= {item.agreement.prior_from} - {FOREVER}
        if not item.collects(occasion.on, occasion.paid):
            ended = sum(row.share for row in stated if row.chain == item.chain and speaks(row, occasion))
            if ended and assignor in said:
                shares[acquirer] -= ended
                shares[assignor] = shares.get(assignor, 0) + ended
                used = item.agreement.starts <= occasion.on < item.agreement.ends
                self.reasons[assignor] = ("paid_after_term" if used else "agreement_not_in_term",)
            return
        own = any(row.basis == "C" for row in said.get(assignor, ()))
        if not stated and not own:
            moved = shares.get(assignor, 0) * item.share // WHOLE
            if moved:
                mention = _mention(item.acquirer, item.role, item.society, source)
                _describe(self._parties, acquirer, mention, asserts=True)
                _number(self._parties[acquirer], mention)
                shares[assignor] -= moved
                shares[acquirer] = shares.get(acquirer, 0) + moved
        if shares.get(acquirer):
            self.hops.setdefault(acquirer, (item.hop(),))
            why = item.why_outside(occasion.on, occasion.paid)
            if why:
                self.reasons[acquirer] = (why,)


def _claims(connection: Connection, declarations: Sequence[int], at: int) -> list[Any]:
    read = ahead(connection, at).claims
    if has(read, declarations):
        return sorted((row for number in declarations for row in read[number]), key=lambda row: row.id)
    return list(CLAIMS.rows(connection, declarations))


class PartyKeys:
    """A key for each mention of a party: equal keys are the same party."""

    def __init__(self, rows: Sequence[Any], bases: Mapping[str, str]) -> None:
        self._bases = bases
        self._named: dict[str, str] = {}
        for item in rows:
            number = self._by_number(item)
            if number:
                self._named.setdefault(item.folded, number)

    def of(self, item: Any) -> str:
        """The key of a row or mention."""
        return self._by_number(item) or self._named.get(item.folded, f"name:{item.folded}")

    def _by_number(self, item: Any) -> str:
        base = item.ipi_base or self._bases.get(item.ipi_name, "")
        return numbered_key(base, item.ipi_name, item.isni, item.ipn, item.dpid)


def numbered_key(base: str, ipi_name: str, isni: str, ipn: str, dpid: str) -> str:
    """The key of a party by the strongest number it has; empty without any."""
    if base:
        return BASE + base
    if ipi_name:
        return f"ipi:{ipi_name}"
    if isni:
        return f"isni:{isni}"
    if ipn:
        return f"ipn:{ipn}"
    return f"dpid:{dpid}" if dpid else ""


def _numbers(rows: Sequence[Any], administered: Mapping[int, Sequence[Administration]]) -> set[str]:
    mentions = [
        _mention(party)
        for found in administered.values()
        for item in found
        for party in (item.acquirer, item.assignor)
    ]
    return {item.ipi_name for item in [*rows, *mentions] if item.ipi_name}


def bases(connection: Connection, names: Collection[str], at: int) -> dict[str, str]:
    """IPI base numbers that any declaration known at the instant gives these name numbers."""
    read = ahead(connection, at).bases
    if has(read, names):
        return {name: base for name in names if (base := read[name])}
    return dict(BASES.rows(connection, names, at=at))


def names_of_bases(connection: Connection, numbers: Collection[str], at: int) -> dict[str, set[str]]:
    """The IPI name numbers of each of these base numbers, as far as any declaration known tells."""
    read = ahead(connection, at).aliases
    if has(read, numbers):
        return {number: read[number] for number in numbers}
    found: dict[str, set[str]] = {number: set() for number in numbers}
    listed = {name for (name,) in NAMES.rows(connection, numbers, at=at)}
    for name, base in bases(connection, listed, at).items():
        if base in found:
            found[base].add(name)
    return found


def _number_by_base(parties: Mapping[str, Identity], connection: Connection, at: int) -> None:
    """A person grants under the base number or any name: all of them are the party's identifiers."""
    by_base = {key.removeprefix(BASE): party for key, party in parties.items() if key.startswith(BASE)}
    for base, names in names_of_bases(connection, by_base.keys(), at).items():
        by_base[base].identifiers |= {base, *names}


def _describe(parties: dict[str, Identity], key: str, row: Any, *, asserts: bool) -> None:
    """Merge a mention into its identity: the first mention's name and role are shown.

    ``asserts`` tells whether the society that it names counts on the occasion.
    """
    full = f"{row.name} {row.given}".strip()
    found = parties.setdefault(key, Identity(key, full, "", row.role))
    if asserts and row.society not in NOBODY:
        found.affiliations.add((row.society, row.declaration_id))


def _number(party: Identity, row: Any) -> None:
    """Give an identity the identifiers of a mention."""
    party.ipi = party.ipi or row.ipi_name or row.ipi_base
    party.identifiers |= {item for item in (getattr(row, name) for name in PARTY_IDENTIFIERS) if item}


def evaluate(said: Mapping[str, Sequence[Any]], occasion: Occasion) -> dict[str, int]:
    """One source's share for each party that it speaks to on the occasion.

    A party with collection statements counts with those that cover the occasion; if none does, the source
    says nothing of it (decision 0012). One without counts with its ownership - unless it is controlled and
    the source states collection for other controlled parties: CWR then means that the share is collected
    further down the chain.
    """
    shares: dict[str, int] = {}
    waiting: dict[str, int] = {}
    delegated = any(row.basis == "C" and row.controlled for rows in said.values() for row in rows)
    for party, rows in said.items():
        speaking = [row for row in rows if speaks(row, occasion)]
        collection = [row for row in speaking if row.basis == "C"]
        owned = [row for row in speaking if row.basis == "O"]
        ownership = _finest(owned)
        if any(row.basis == "C" for row in rows):
            if collection:
                shares[party] = _finest(collection)
        elif not owned:
            continue
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


def _finest(rows: Sequence[Any]) -> int:
    """The sum of a party's shares, by the finest right that states any.

    What a source says of a part of a right (making available) stands for its own uses in place of what it
    says of the category, and not beside it.
    """
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        sums[row.right] += row.share
    if not sums:
        return 0
    return sums[min(sums, key=lambda code: (rights.breadth(code), code))]


def speaks(row: Any, occasion: Occasion) -> bool:
    """Whether a row speaks of the occasion: a finer right for its uses only, collection within its limits."""
    if row.right != occasion.right and not rights.covers((row.right,), occasion.right, occasion.use):
        return False
    return row.basis == "O" or _covers(row, occasion)


def _covers(row: Any, occasion: Occasion) -> bool:
    """Whether a collection statement is for the occasion; DDEX limits some by use and period."""
    day = occasion.on.isoformat()
    return (
        territories.covers(terms(row.territories), occasion.territory, occasion.on)
        and (not row.uses or rights.covers_use(terms(row.uses), occasion.use))
        and row.valid_from <= day
        and (not row.valid_to or day < row.valid_to)
    )
