"""The facts of a small invented world, as plain values: what both the hub and the oracle are told.

``known`` is the chapter in which a fact came in: 1 or 2. A later fact of the same submitter under the same
reference replaces the earlier one from its chapter on. Expressions are written as in the CSV contract.
Shares are in units of a millionth of a percent.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

UNIT = 1_000_000
WHOLE = 100 * UNIT
FOREVER = dt.date(9999, 12, 31)


@dataclass(frozen=True)
class Society:
    """A society with its accreditations: (territory, right or ``*``, from, to)."""

    code: str
    accreditations: tuple[tuple[str, str, dt.date, dt.date], ...]
    known: int


@dataclass(frozen=True)
class Row:
    """What a source says of one party in some territories; a right that is not in ``shares`` is not told."""

    name: str
    ipi: str
    role: str
    society: str
    shares: tuple[tuple[str, int], ...]
    territories: str


@dataclass(frozen=True)
class Registration:
    """A work as one submitter declared it."""

    submitter: str
    ref: str
    title: str
    iswc: str
    rows: tuple[Row, ...]
    known: int


@dataclass(frozen=True)
class Recording:
    """A recording as one submitter declared it; works are (ISWC, weight in units, 0 when not stated)."""

    submitter: str
    ref: str
    isrc: str
    title: str
    works: tuple[tuple[str, int], ...]
    rows: tuple[Row, ...]
    known: int


@dataclass(frozen=True)
class Mandate:
    """A mandate; ``grantor_type`` is party, society or any; ``works`` are ``iswc:...`` or ``isrc:...``."""

    declarant: str
    ref: str
    grantor_type: str
    grantor: str
    holder: str
    rights: str
    uses: str
    territories: str
    valid_from: dt.date
    valid_to: dt.date
    basis: str
    works: tuple[str, ...]
    known: int


@dataclass(frozen=True)
class Withdrawal:
    """A notice that ends a mandate from a day on, for what it names; empty expressions mean all of it."""

    declarant: str
    mandate: str
    effective: dt.date
    rights: str
    uses: str
    territories: str
    works: tuple[str, ...]
    known: int


@dataclass(frozen=True)
class Rule:
    """A law that lets one society only collect: that of ``society``, or for each party the one it chose."""

    name: str
    territories: str
    rights: str
    society: str
    effect: str
    valid_from: dt.date
    valid_to: dt.date
    known: int


@dataclass(frozen=True)
class Judgement:
    """A person's word on two subjects, each (submitter, reference): ``same`` or ``different``."""

    left: tuple[str, str]
    right: tuple[str, str]
    verdict: str
    known: int


@dataclass(frozen=True)
class Question:
    """What is asked: a subject as (``iswc``, code), (``isrc``, code) or (``society-code``, ``177:REF``)."""

    scheme: str
    value: str
    right: str
    use: str
    territory: str
    on: dt.date
    known: int


@dataclass
class World:
    """Everything that is told of some societies, parties, works and recordings, and what is asked."""

    societies: list[Society] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)
    mandates: list[Mandate] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
