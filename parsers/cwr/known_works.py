"""Registrations that are put together like one that was read before, and in which nothing was wrong.

Rules about several records look at their shapes (see ``known_records``) and at which of their names and
numbers are the same. So two registrations with the same records in the same order, of the same shapes and
with the same equalities, are both good or both bad, and their statements differ in the texts only. The first
one is read record by record with every rule; what it came to is the pattern of those that follow. Whatever
has a fault, or holds a record that is not known, is read record by record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from operator import attrgetter
from sys import intern
from types import MappingProxyType
from typing import NamedTuple, cast

from parsers.cwr.claims import with_other_names
from parsers.cwr.known_memory import Looks, Memory, Numbers
from parsers.cwr.known_records import PARTIES, memories
from parsers.cwr.known_statements import KnownRecord
from parsers.cwr.performers import add_other_name
from parsers.cwr.record_readings import TEXT_START
from parsers.cwr.related_works import OTHER_TITLES, RELATIONS, with_name, with_title
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    Performer,
    RelatedWork,
    RightShare,
    WorkDeclaration,
)
from schemas.frozen import maker

REGISTRATIONS = frozenset({"NWR", "REV", "WRK"})
"""Transactions that replace what their submitter said of the work before; the others only add to it."""

LONGEST = 500
"""Registrations with more records are read record by record."""

REMEMBERED_RECORDS = 1 << 15
"""What is remembered of registrations has so many records together."""

STATED = -2
"""Instead of a writer's place: the detail is what the record states."""

_texts = attrgetter("texts")
_shape = attrgetter("shape")
_work = maker(WorkDeclaration)
_claim = maker(Claim)
_collection_share = maker(CollectionShare)


_Step = tuple[Callable[[str], KnownRecord | None], int]
"""How a record is read or recalled, and how many lines behind the header it stands."""


@dataclass(slots=True, eq=False)
class _Sequence:
    """Records of certain types in a certain order: how each is read, those first that come again whole."""

    again: tuple[_Step, ...]
    once: tuple[_Step, ...]
    places: tuple[int, ...]
    """How many lines behind the header each stands."""


Key = tuple[_Sequence, int, tuple[int, ...]]


class Sighting(NamedTuple):
    """The records of a registration, and what it has in common with others."""

    records: list[KnownRecord]
    key: Key


class _PartyPattern(NamedTuple):
    record: int
    place: int
    role: str
    ownership: tuple[RightShare, ...]
    collection: tuple[tuple[tuple[str, ...], tuple[RightShare, ...], int], ...]
    affiliations: tuple[Affiliation, ...]
    controlled: bool
    chain: int
    agreement: int
    names: tuple[int, ...]
    """Records of the party's names in other alphabets."""


@dataclass(slots=True, eq=False)
class _Pattern:
    """From which records the parts of a statement are taken, and what is the same in all."""

    header: int
    parties: tuple[_PartyPattern, ...]
    titles: tuple[int, ...]
    performers: tuple[int, ...]
    recordings: tuple[int, ...]
    related: tuple[int, ...]
    other_refs: tuple[int, ...]
    details: tuple[tuple[int, int], ...]
    """Records with details; for links of version 2.0, which do not say whose they are, the writer's too.

    For a publisher that does not control its collection somewhere it is what the record states.
    """


@cache
def _numbers(records: int) -> tuple[str, ...]:
    """What stands between the sequence numbers of so many records of a transaction."""
    return ("", *[f"{number:08d}" for number in range(records)])


class KnownWorks:
    """What was learned from the registrations of one kind in one file."""

    def __init__(self, version: str, record: str) -> None:
        """Begin knowing nothing."""
        self._looks = Looks()
        self._memories = memories(version, record, self._looks)
        self._owner_unsaid = version == "2.0"
        self._sequences: Memory[tuple[str, ...], _Sequence] = Memory(REMEMBERED_RECORDS)
        self._steps: dict[tuple[str, int], _Step] = {}
        self._groups: Memory[tuple[KnownRecord, ...], int] = Memory(REMEMBERED_RECORDS, self._looks)
        self._numbers = Numbers()
        self._patterns: Memory[Key, _Pattern] = Memory(REMEMBERED_RECORDS)

    def look(self, texts: Sequence[str], kinds: tuple[str, ...]) -> Sighting | None:
        """See what the records of a registration, its header first, have in common with others.

        Nothing if a record has a fault or is not known, or the numbering is not right.
        """
        self._looks.count += 1
        sequence = self._sequences.get(kinds) or self._sequence(kinds)
        prefixes = "".join([text[3:TEXT_START] for text in texts])
        if sequence is None or prefixes != texts[0][3:11].join(_numbers(len(texts))):
            return None
        again = [get(texts[place][TEXT_START:]) for get, place in sequence.again]
        if None in again:
            for index, record in enumerate(again):
                if record is None:
                    place = sequence.places[index]
                    again[index] = self._memories[kinds[place]].read(texts[place][TEXT_START:])
        once = [read(texts[place][TEXT_START:]) for read, place in sequence.once]
        if None in again or None in once:
            return None
        records = cast(list[KnownRecord], again + once)
        group = self._groups.get(tuple(again)) or self._group(records[: len(again)])  # type: ignore[arg-type]
        return Sighting(records, (sequence, group, tuple(map(_shape, once))))

    def _sequence(self, kinds: tuple[str, ...]) -> _Sequence | None:
        if len(kinds) > LONGEST or any(kind not in self._memories for kind in kinds):
            return None
        again = [place for place, kind in enumerate(kinds) if self._memories[kind].repeats]
        once = [place for place, kind in enumerate(kinds) if not self._memories[kind].repeats]
        made = _Sequence(
            tuple([self._step(kinds[place], place) for place in again]),
            tuple([self._step(kinds[place], place) for place in once]),
            (*again, *once),
        )
        return self._sequences.put(tuple(map(intern, kinds)), made, len(kinds))

    def _step(self, kind: str, place: int) -> _Step:
        memory = self._memories[kind]
        reading = memory.known.get if memory.repeats else memory.read
        return self._steps.setdefault((kind, place), (reading, place))

    def _group(self, records: Sequence[KnownRecord]) -> int:
        """A number, from 1, for records of these shapes whose texts are the same in the same places."""
        names = [*chain.from_iterable(map(_texts, records))]
        places = dict(zip(names, range(len(names)), strict=True))
        alike = (tuple(map(_shape, records)), tuple(map(places.__getitem__, names)))
        return self._groups.put(tuple(records), self._numbers.of(alike), len(records))

    def state(self, seen: Sighting, number: int) -> WorkDeclaration | None:
        """The statement of a registration that is like one before it, else nothing.

        ``number`` is the line of its header; one record stands in each of those that follow.
        """
        records, key = seen
        pattern = self._patterns.get(key)
        if pattern is None:
            return None
        title, language, ref, iswc, duration = records[pattern.header].stated
        claims = [
            _claim(
                with_other_names(records[record].stated, tuple([records[name].stated for name in names]))
                if names
                else records[record].stated,
                role,
                ownership,
                tuple(
                    [
                        _collection_share(territories, shares, f"line:{number + at}", (), "", "")
                        for territories, shares, at in collection
                    ]
                )
                if collection
                else (),
                affiliations,
                controlled,
                chain,
                records[agreement].agreement,
                records[record].own_ref,
                f"line:{number + place}",
            )
            for (
                record, place, role, ownership, collection, affiliations, controlled, chain, agreement, names
            ) in pattern.parties
        ]  # fmt: skip
        titles = tuple([records[place].stated for place in pattern.titles])
        performers = _performers([records[place] for place in pattern.performers])
        related = _related([records[place] for place in pattern.related])
        if related is None:
            return None
        recordings, other_refs = pattern.recordings, pattern.other_refs
        details = _details(records, pattern) if pattern.details else ()
        # fmt: off
        return _work(
            ref, title, titles, iswc, language, duration, tuple(claims), performers,
            tuple([records[place].stated for place in recordings]) if recordings else (),
            related,
            tuple([records[place].stated for place in other_refs]) if other_refs else (),
            (), details, f"line:{number}",
        )
        # fmt: on

    def learn(self, seen: Sighting, number: int, statement: WorkDeclaration) -> None:
        """Take the ``statement`` of a registration without any remark as the pattern of those like it."""
        pattern = _pattern(seen, number, statement, owner_unsaid=self._owner_unsaid)
        self._patterns.put(seen.key, pattern, len(seen.records))


def _performers(records: Sequence[KnownRecord]) -> tuple[Performer, ...]:
    found: list[Performer] = []
    for record in records:
        if record.record == "PER":
            found.append(record.stated)
        else:
            add_other_name(found, *record.stated)
    return tuple(found)


def _related(records: Sequence[KnownRecord]) -> tuple[RelatedWork, ...] | None:
    """The works that a registration names, nothing if one of their writers cannot take a name."""
    found: list[RelatedWork] = []
    for record in records:
        if record.record in RELATIONS:
            found.append(record.stated)
            continue
        last = found[-1]
        taken = with_name(last, *record.stated) if record.record == "NOW" else with_title(last, record.stated)
        if taken is None:
            return None
        found[-1] = taken
    return tuple(found)


def _details(records: Sequence[KnownRecord], pattern: _Pattern) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for place, owner in pattern.details:
        record = records[place]
        if owner == STATED:
            found.append(record.stated)
        elif owner >= 0:
            found += [(f"{name}:{records[owner].own_ref}", text) for name, text in record.details]
        else:
            found += record.details
    return tuple(found)


def _pattern(seen: Sighting, number: int, statement: WorkDeclaration, *, owner_unsaid: bool) -> _Pattern:
    records, places = seen.records, seen.key[0].places
    parts: dict[str, list[int]] = {}
    details: list[tuple[int, int]] = []
    agreements: dict[int, int] = {}
    names: dict[int, list[int]] = {}
    header = owner = places.index(0)
    for index in sorted(range(len(records)), key=places.__getitem__):
        record = records[index]
        parts.setdefault(_PARTS.get(record.record, ""), []).append(index)
        if record.record in PARTIES:
            owner = index
        if record.record in ("NPN", "NWN"):
            names.setdefault(owner, []).append(index)
        if record.record == "OPT" and records[owner].record == "SPU":
            details.append((index, STATED))
        if record.record != "PWR":
            if record.details:
                details.append((index, -1))
            continue
        said = owner if owner_unsaid else -1
        if owner in agreements and (agreements[owner], said) not in details:
            details.append((agreements[owner], said))
        if owner in agreements or record.kept:
            details.append((index, said))
        agreements.setdefault(owner, index)
    parties = tuple(
        _PartyPattern(
            index,
            places[index],
            claim.role,
            claim.ownership,
            tuple(
                (part.territories, part.shares, int(part.position.removeprefix("line:")) - number)
                for part in claim.collection
            ),
            claim.affiliations,
            claim.controlled,
            claim.chain,
            agreements.get(index, index),
            tuple(names.get(index, ())),
        )
        for index, claim in zip(parts.get("party", ()), statement.claims, strict=True)
    )
    return _Pattern(
        header,
        parties,
        tuple(parts.get("title", ())),
        tuple(parts.get("performer", ())),
        tuple(parts.get("recording", ())),
        tuple(parts.get("related", ())),
        tuple(index for index in parts.get("reference", ()) if records[index].stated is not None),
        tuple(details),
    )


_PARTS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(PARTIES, "party"),
        **dict.fromkeys(("ALT", "NAT"), "title"),
        **dict.fromkeys(("PER", "NPR"), "performer"),
        **dict.fromkeys((*RELATIONS, *OTHER_TITLES.values(), "NOW"), "related"),
        "REC": "recording",
        "XRF": "reference",
    }
)
