"""Records of registrations, read by what they have in common with those before them.

A record has a *form*: everything in it but its names, titles, numbers and dates that go into the statement.
A form that was found good once is good again, so of a further record only these are looked at. The *shape*
of a record is what rules about several records may look at: its codes, numbers, shares and flags, and which
of its other fields say something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import itemgetter

from parsers.cwr.fields import judge
from parsers.cwr.known_memory import Looks, Memory, Numbers
from parsers.cwr.known_statements import STATEMENTS, Form, KnownRecord
from parsers.cwr.record_readings import (
    FIELDS,
    TERRITORIES,
    TEXT_START,
    RecordReading,
    detail_readings,
    header_reading,
)
from schemas.cwr.layouts import Field

REMEMBERED = 1 << 11
"""So many forms of a record type are remembered of one file."""

REMEMBERED_TEXT = 1 << 19
"""Whole records of a type are remembered up to so many characters."""

TEXTS = frozenset("AIDT")
"""Formats whose values are no part of a form where a statement takes them."""


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
        self._forms: Memory[tuple[tuple[str, ...], tuple[object, ...]], Form] = Memory(REMEMBERED)
        self.repeats = self._record in _REPEATED
        """Whether whole records come again, because the same parties make and publish other works."""
        self.known: Memory[str, KnownRecord] = Memory(REMEMBERED_TEXT, looks)
        """Records that come again, by what follows their prefix."""
        self._statement = STATEMENTS[self._record]
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

    def _judge(self, content: str) -> Form | None:
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
        return Form(shape, reading.pick(values), tuple(reading.leftovers(values)))


_REPEATED = frozenset({"SPU", "OPU", "NPN", "SWR", "OWR", "WRI", "NWN", "PWR", "PER", "NPR", *TERRITORIES})
"""Records that come again whole in other works, because the same parties make and publish them."""

PARTIES = frozenset({"SPU", "OPU", "SWR", "OWR", "WRI"})


@cache
def _cuts(version: str, transaction: str) -> tuple[_Cut, ...]:
    readings = (header_reading(version, transaction), *detail_readings(version, transaction).values())
    return tuple(_Cut(reading) for reading in readings if reading.record in STATEMENTS)


def memories(version: str, transaction: str, looks: Looks) -> Mapping[str, RecordMemory]:
    """Empty memories for the header and the details of the registrations of one kind in one file."""
    shapes = Numbers()
    return {cut.reading.record: RecordMemory(cut, shapes, looks) for cut in _cuts(version, transaction)}
