"""Records of registrations, read by what they have in common with those before them.

A record has a *form*: everything in it but its names, titles, numbers and dates that go into the statement.
A form that was found good once is good again, so of a further record only these are looked at. The *shape*
of a record is what rules about several records may look at: its codes, numbers, shares and flags, and which
of its other fields say something.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count
from operator import itemgetter
from types import MappingProxyType
from typing import Any, TypeVar

from parsers.cwr.claims import not_controlled, party_name, right_shares, territory_code
from parsers.cwr.fields import judge, seconds
from parsers.cwr.record_readings import (
    AS_SENT,
    FIELDS,
    TERRITORIES,
    TEXT_START,
    RecordReading,
    detail_readings,
    header_reading,
)
from parsers.cwr.record_statements import cross_reference, identifier, other_title, performer, recording
from parsers.cwr.work_rules import PUBLIC_DOMAIN_IPI, PUBLIC_DOMAIN_NAMES, SOCIETY_NAMES
from schemas.cwr.layouts import Field

REMEMBERED = 1 << 11
"""So many forms of a record type are remembered of one file."""

WORTHWHILE = 1.25
"""What comes again whole is remembered where there is one new of it in so many registrations, or fewer."""

NUMBERED = 1 << 14
"""So many shapes."""

REMEMBERED_TEXT = 1 << 19
"""Whole records of a type are remembered up to so many characters."""

SHARES_CHANGE = FIELDS["SPT"].index("shares_change")
TEXTS = frozenset("AIDT")
"""Formats whose values are no part of a form where a statement takes them."""

Details = tuple[tuple[str, str], ...]


@dataclass(slots=True, eq=False)
class KnownRecord:
    """What one record says: its shape, and what the statement of the whole registration takes from it.

    ``texts`` are the names and numbers that may be the same in other records; ``kept`` says for a link
    whether it has to be kept as sent.
    """

    record: str
    shape: int
    stated: Any = None
    texts: tuple[str, ...] = ()
    own_ref: str = ""
    agreement: str = ""
    details: Details = ()
    kept: bool = False


@dataclass(slots=True, eq=False)
class _Form:
    shape: int
    picked: tuple[str, ...]
    leftovers: Details


Thing = TypeVar("Thing", bound=Hashable)
What = TypeVar("What")


class Looks:
    """How many registrations were looked at."""

    def __init__(self) -> None:
        """Begin with none."""
        self.count = 0


class Memory(dict[Thing, What]):
    """What was learned of things, up to a limit: then it is forgotten, as later parts of a file differ.

    Where hardly anything came again until then, nothing more is remembered: that would cost time and space.
    """

    def __init__(self, limit: int, looks: Looks | None = None) -> None:
        """Begin empty; ``limit`` is the largest sum of sizes, ``looks`` tells whether it is worthwhile."""
        super().__init__()
        self._limit = limit
        self._size = 0
        self._looks = looks
        self._looked = 0
        self._useless = False

    def put(self, thing: Thing, what: What, size: int = 1) -> What:
        """Remember ``what``, and give it back."""
        if self._useless:
            return what
        self._size += size
        if self._size > self._limit:
            if self._looks is not None:
                self._useless = self._looks.count - self._looked < len(self) * WORTHWHILE
                self._looked = self._looks.count
            self.clear()
            self._size = size
        self[thing] = what
        return what


class Numbers:
    """A number, from 1, for each thing; what was forgotten meanwhile gets another one."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: Memory[Hashable, int] = Memory(NUMBERED)
        self._next = count(1)

    def of(self, thing: Hashable) -> int:
        """The number of ``thing``."""
        return self._known.get(thing) or self._known.put(thing, next(self._next))


class _Cut:
    """Where the fields of one record type stand that its form leaves out, and those that make up the form."""

    def __init__(self, reading: RecordReading) -> None:
        layout, checks = reading.layout, reading.checks
        self.reading = reading
        # Its reading leaves out the last ones where the version has none of them.
        taken = FIELDS.get(layout.record, ())[: len(reading.pick(("",) * len(layout.fields)))]
        own = [(place, field) for place, field in enumerate(layout.fields) if field.start > TEXT_START]
        free = [
            (place, field)
            for place, field in own
            if field.name in taken and field.format in TEXTS and field.name not in checks.compared
        ]
        free_names = [field.name for _, field in free]
        self.pick = _picker(taken, free_names)
        left_out = {place for place, _ in free}
        self.free = _spans([(field.span.start, field.span.stop) for _, field in free])
        self.fixed = _spans(_joined([field for place, field in own if place not in left_out]))
        good = {place: values for place, values, _ in checks.checked}
        self.judged: tuple[tuple[int, set[str], Field], ...] = tuple(
            (number, good[place], field) for number, (place, field) in enumerate(free) if place in good
        )
        self.codes = tuple(place for place, field in own if field.format not in TEXTS | {"X"})
        self.texts = tuple(place for place, field in own if field.format in TEXTS)


def _joined(fields: Sequence[Field]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for field in fields:
        start, stop = field.span.start, field.span.stop
        if spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    return spans


def _spans(spans: Sequence[tuple[int, int]]) -> Callable[[str], tuple[str, ...]]:
    """Cut these columns of a line out of what follows its prefix, with empty ones to make them two."""
    places = [slice(start - TEXT_START, stop - TEXT_START) for start, stop in spans]
    return itemgetter(*places, *[slice(0, 0)] * (2 - len(places)))


def _picker(taken: Sequence[str], free: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """The fields taken, out of the free ones (two at least) followed by those of the form."""
    behind = max(len(free), 2)
    places = [free.index(name) if name in free else behind + place for place, name in enumerate(taken)]
    return itemgetter(*places) if len(places) > 1 else lambda values: tuple([values[at] for at in places])


def _said(value: str) -> int:
    return bool(value) + bool(value.strip("0"))


class RecordMemory:
    """What was learned about one record type of one file."""

    def __init__(self, cut: _Cut, shapes: Numbers, looks: Looks) -> None:
        """Begin knowing nothing."""
        self._cut = cut
        self._record = cut.reading.record
        self._size = cut.reading.layout.size - TEXT_START
        self._shapes = shapes
        self._forms: Memory[tuple[tuple[str, ...], tuple[object, ...]], _Form] = Memory(REMEMBERED)
        self.repeats = self._record in _REPEATED
        """Whether whole records come again, because the same parties make and publish other works."""
        self.known: Memory[str, KnownRecord] = Memory(REMEMBERED_TEXT, looks)
        """Records that come again, by what follows their prefix."""
        self._statement = _STATEMENTS[self._record]
        self._prefix = f"{self._record}{'0' * (TEXT_START - len(self._record))}"

    def read(self, content: str) -> KnownRecord | None:
        """What a record with ``content`` behind its prefix says, nothing if anything is wrong."""
        cut = self._cut
        raw = cut.free(content)
        values = [value.strip() for value in raw]
        # Blank, only zeros, or more: rules tell these apart.
        key = (cut.fixed(content), tuple([value and value.strip("0") != "" for value in values]))
        form = self._forms.get(key)
        if len(content) > self._size and not content[self._size :].isspace():
            return None
        if form is None:
            form = self._judge(content)
            if form is None:
                return None
            self._forms.put(key, form)
        else:
            for number, good, field in cut.judged:
                if raw[number] not in good:
                    if judge(field, raw[number]) is not None:
                        return None
                    if len(good) < REMEMBERED:
                        good.add(raw[number])
        found = self._statement(self._record, form, cut.pick([*values, *form.picked]), content)
        if found is not None and self.repeats and len(content) <= self._size:
            self.known.put(content, found, len(content))
        return found

    def _judge(self, content: str) -> _Form | None:
        """The form of a record that is good, by its whole reading."""
        cut, reading = self._cut, self._cut.reading
        values = reading.layout.split(self._prefix + content)
        if reading.checks.faults(values):
            return None
        shape = self._shapes.of(
            (
                self._record,
                *[values[place] for place in cut.codes],
                *[_said(values[place].strip()) for place in cut.texts],
            )
        )
        return _Form(shape, reading.pick(values), tuple(reading.leftovers(values)))


Statement = Callable[[str, _Form, tuple[str, ...], str], KnownRecord | None]


def _header(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    title, language, ref, iswc, duration = picked
    stated = (title, language.strip(), ref, identifier(iswc), max(seconds(duration), 0))
    return KnownRecord(record, form.shape, stated, details=form.leftovers)


def _publisher(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord | None:
    own_ref, name, _, _, agreement, ipi_name, ipi_base, *_ = picked
    return _party(record, form, (own_ref, agreement), (name, "", ipi_name, ipi_base))


def _writer(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord | None:
    own_ref, name, given, _, ipi_name, ipi_base, *_ = picked
    return _party(record, form, (own_ref, ""), (name, given, ipi_name, ipi_base))


def _party(
    record: str, form: _Form, numbers: tuple[str, str], named: tuple[str, str, str, str]
) -> KnownRecord | None:
    party = party_name(*named)
    if (
        party.name in PUBLIC_DOMAIN_NAMES
        or party.ipi_name == PUBLIC_DOMAIN_IPI
        or party.name.upper() in SOCIETY_NAMES
    ):
        # The only names that rules know; they are rare.
        return None
    own_ref, agreement = numbers
    texts = (own_ref, agreement, party.name, party.ipi_name)
    return KnownRecord(record, form.shape, party, texts, own_ref, agreement, _of(record, form, own_ref))


def _of(record: str, form: _Form, own_ref: str = "") -> Details:
    if not form.leftovers:
        return ()
    suffix = f":{own_ref}" if own_ref else ""
    return tuple([(f"{record}.{name}{suffix}", value) for name, value in form.leftovers])


def _territory(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord | None:
    own_ref, pr, mr, sr, inclusion, territory, *_ = picked
    if picked[SHARES_CHANGE] == "Y":
        # A detail of the party, said once for all of its territories.
        return None
    stated = None
    if record == "OPT":
        stated = not_controlled(own_ref, inclusion, territory_code(territory), right_shares(pr, mr, sr))
    return KnownRecord(record, form.shape, stated, (own_ref,), own_ref, details=_of(record, form, own_ref))


def _link(record: str, form: _Form, picked: tuple[str, ...], content: str) -> KnownRecord:
    texts = tuple([value.strip() for value in picked])
    details = ((record, content.rstrip()),)
    return KnownRecord(
        record, form.shape, texts=texts, agreement=texts[3], details=details, kept=bool(form.leftovers)
    )


def _title(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, other_title(*picked))


def _performer(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, performer(*picked))


def _recording(record: str, form: _Form, picked: tuple[str, ...], _content: str) -> KnownRecord:
    stated, besides = recording(*picked)
    return KnownRecord(record, form.shape, stated, details=(*besides, *_of(record, form)))


def _cross_reference(record: str, form: _Form, picked: tuple[str, ...], content: str) -> KnownRecord:
    stated = cross_reference(*picked)
    return KnownRecord(record, form.shape, stated, details=() if stated else ((record, content.rstrip()),))


def _details(record: str, form: _Form, _picked: tuple[str, ...], _content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, details=_of(record, form))


def _as_sent(record: str, form: _Form, _picked: tuple[str, ...], content: str) -> KnownRecord:
    return KnownRecord(record, form.shape, details=((record, content.rstrip()),))


_STATEMENTS: Mapping[str, Statement] = MappingProxyType(
    {
        **dict.fromkeys(("NWR", "REV", "WRK"), _header),
        **dict.fromkeys(("SPU", "OPU"), _publisher),
        **dict.fromkeys(("SWR", "OWR", "WRI"), _writer),
        **dict.fromkeys(TERRITORIES, _territory),
        "PWR": _link,
        **dict.fromkeys(("ALT", "NAT"), _title),
        "PER": _performer,
        "REC": _recording,
        "XRF": _cross_reference,
        "ORN": _details,
        **dict.fromkeys(AS_SENT, _as_sent),
    }
)
"""Records that are known here; a registration with any other is read record by record."""

_REPEATED = frozenset({"SPU", "OPU", "SWR", "OWR", "WRI", "PWR", "PER", *TERRITORIES})
"""Records that come again whole in other works, because the same parties make and publish them."""

PARTIES = frozenset({"SPU", "OPU", "SWR", "OWR", "WRI"})


@cache
def _cuts(version: str, transaction: str) -> tuple[_Cut, ...]:
    readings = (header_reading(version, transaction), *detail_readings(version, transaction).values())
    return tuple(_Cut(reading) for reading in readings if reading.record in _STATEMENTS)


def memories(version: str, transaction: str, looks: Looks) -> Mapping[str, RecordMemory]:
    """Empty memories for the header and the details of the registrations of one kind in one file."""
    shapes = Numbers()
    return {cut.reading.record: RecordMemory(cut, shapes, looks) for cut in _cuts(version, transaction)}
