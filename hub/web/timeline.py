"""What holds of a subject over the years: answers, mandates, withdrawals and conflicts on one scale of days.

Places on the scale are thousandths of its width, so that one drawing fits every screen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.answers.answer import Answer
from hub.answers.period import Segment
from hub.conflicts.conflict_records import Record, hanging_on
from hub.db.times import BEGINNING, FOREVER
from hub.mandates.register import MandateEntry, with_ids
from schemas.shares import WHOLE, format_percent

WIDTH = 1000
STATUSES = ("payable", "held", "disputed", "contested", "unclaimed", "unrepresented")
MOST_MANDATES = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a stacked bar: its status, where it begins and how long it is, its share in percent."""

    status: str
    start: int
    width: int
    share: str


@dataclass(frozen=True, slots=True)
class Span:
    """Days on the scale; open ends have no day."""

    start: int
    width: int
    first: dt.date | None
    last: dt.date | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """An answer for some days, drawn as a stack of its shares."""

    span: Span
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A withdrawal on the scale."""

    place: int
    day: dt.date
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class MandateRow:
    """A mandate with its days and withdrawals."""

    id: str
    label: str
    basis: str
    span: Span
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict with its days."""

    id: str
    kind: str
    about: str
    state: str
    span: Span


@dataclass(frozen=True, slots=True)
class Timeline:
    """All of it, between two days; ``years`` are their places on the scale, ``left_out`` counts mandates."""

    first: dt.date
    end: dt.date
    today: int
    years: tuple[tuple[int, int], ...]
    stretches: tuple[Stretch, ...]
    mandates: tuple[MandateRow, ...]
    conflicts: tuple[ConflictRow, ...]
    left_out: int


def stack(answer: Answer) -> tuple[Piece, ...]:
    """The totals of an answer as a stacked bar of ``WIDTH``."""
    pieces, start = [], 0
    totals = answer.totals
    for status in STATUSES:
        if totals[status]:
            end = start + round(totals[status] * WIDTH / WHOLE)
            pieces.append(Piece(status, start, end - start, format_percent(totals[status])))
            start = end
    return tuple(pieces)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.date
    end: dt.date

    def place(self, day: dt.date) -> int:
        return round(
            (min(max(day, self.first), self.end) - self.first).days * WIDTH / (self.end - self.first).days
        )

    def span(self, start: dt.date, end: dt.date) -> Span:
        left = self.place(start)
        return Span(
            left, max(self.place(end) - left, 4), None if start == BEGINNING else start,
            None if end == FOREVER else end - dt.timedelta(days=1),
        )  # fmt: skip


def draw(
    connection: Connection,
    segments: Sequence[Segment],
    members: Iterable[int],
    on: dt.date,
    today: dt.date,
    at: int,
    *,
    every: bool = False,
) -> Timeline | None:
    """The timeline of the segments of one question, None where nothing is known of any day.

    Of many mandates the first ``MOST_MANDATES`` are drawn, unless ``every`` one is asked for.
    """
    if not segments:
        return None
    scale = _Scale(segments[0].start, segments[-1].end)
    entries = _entries(connection, segments, at)
    scopes = {f"subject:{number}" for number in members}
    scopes |= {f"{item.row.grantor_type}:{item.row.grantor_id}" for item in entries}
    scopes |= {f"holder:{item.row.holder}" for item in entries}
    shown = {item.id for item in entries}
    conflicts = [item for item in hanging_on(connection, sorted(scopes), at) if _touches(item, shown)]
    drawn = entries if every else entries[:MOST_MANDATES]
    step = max(1, (scale.end.year - scale.first.year) // 6)
    years = range(scale.first.year, scale.end.year, step)
    return Timeline(
        scale.first, scale.end, scale.place(on),
        tuple((year, scale.place(dt.date(year, 1, 1))) for year in years),
        tuple(Stretch(scale.span(item.start, item.end), stack(item.answer)) for item in segments),
        tuple(_mandate(scale, item, today) for item in drawn),
        tuple(
            ConflictRow(
                item.id, item.kind, item.about, item.course.state,
                scale.span(item.row.valid_from, item.row.valid_to),
            )
            for item in conflicts
        ),
        len(entries) - len(drawn),
    )  # fmt: skip


def _entries(connection: Connection, segments: Sequence[Segment], at: int) -> list[MandateEntry]:
    """Every mandate that an answer goes by, passes over or weighs, each once, in the order of the lines."""
    names: dict[str, None] = {}
    for segment in segments:
        for line in segment.answer.lines:
            chains = [line.chain, *(item.chain for item in line.candidates)]
            names |= dict.fromkeys(hop.name for chain in chains for hop in chain)
            names |= dict.fromkeys(item.mandate.name for item in line.rejected)
    # A claim that a registration merely asserts stands in no register.
    found = with_ids(connection, list(names), at)
    return [found[name] for name in names if name in found]


def _mandate(scale: _Scale, item: MandateEntry, today: dt.date) -> MandateRow:
    row = item.row
    marks = tuple(
        Mark(scale.place(notice.effective), notice.effective, notice.id, notice.on(today).state)
        for notice in item.withdrawals
        if notice.effective != FOREVER
    )
    label = f"{row.grantor_name or row.grantor_id} → {row.holder}"
    return MandateRow(item.id, label, row.basis, scale.span(row.valid_from, row.valid_to), marks)


def _touches(item: Record, mandates: set[str]) -> bool:
    """Whether a conflict is about the subject itself or about a mandate that is shown."""
    sides = {str(side["side"]) for side in item.sides}
    return not item.kind.startswith("mandate") or bool(sides & mandates)
