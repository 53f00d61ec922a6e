"""Works and recordings prepared for comparison, the latest ones kept: neighbours are met again and again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from hub.db.prepared import KEYS, Prepared
from hub.db.tables import DECLARATION, SUBJECT
from hub.db.times import OPEN
from hub.links.payload import recording_from, work_from
from hub.links.records import recording_record, work_hints, work_record
from matching.forms import RecordingForms, WorkForms, recording_forms, work_forms
from matching.records import WorkHint

MOST_KEPT = 10_000
"""Prepared subjects that are kept from one batch of pairs to the next; a bound for memory, about 80 MB."""

_CURRENT = Prepared(
    "current declarations of subjects",
    select(DECLARATION.c.subject_id, DECLARATION.c.id).where(
        DECLARATION.c.subject_id.in_(KEYS), DECLARATION.c.known_to == OPEN, DECLARATION.c.known_from < OPEN
    ),
)
_PAYLOADS = Prepared(
    "declarations for the matcher",
    select(
        DECLARATION.c.id, DECLARATION.c.subject_id, DECLARATION.c.kind, DECLARATION.c.payload,
        SUBJECT.c.submitter,
    )
    .join(SUBJECT, SUBJECT.c.id == DECLARATION.c.subject_id)
    .where(DECLARATION.c.id.in_(KEYS)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording, and what its submitter says of the works it embodies."""

    forms: RecordingForms
    hints: tuple[WorkHint, ...]


class Shelf:
    """Prepared works and recordings by declaration; a declaration never changes, so nothing goes stale."""

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self._kept: dict[int, WorkForms | Recorded] = {}

    def fetch(
        self, connection: Connection, subjects: Collection[int]
    ) -> tuple[Mapping[int, WorkForms], Mapping[int, Recorded]]:
        """The works and the recordings among these subjects as they are declared at present."""
        current = {row.id: row.subject_id for row in _CURRENT.rows(connection, subjects)}
        for row in _PAYLOADS.rows(connection, [number for number in current if number not in self._kept]):
            prepared = _prepared(row)
            if prepared is not None:
                self._kept[row.id] = prepared
        works: dict[int, WorkForms] = {}
        recordings: dict[int, Recorded] = {}
        for number, subject in current.items():
            found = self._kept.pop(number, None)
            if found is None:
                continue
            # Put back at the end: those asked for longest ago are the first to go.
            self._kept[number] = found
            if isinstance(found, Recorded):
                recordings[subject] = found
            else:
                works[subject] = found
        for number in list(self._kept)[: max(0, len(self._kept) - MOST_KEPT)]:
            del self._kept[number]
        return works, recordings


_LEFT_OUT = {
    "work": frozenset(("claims", "recordings", "related", "links", "details")),
    "recording": frozenset(("claims", "details")),
}
"""Contents that no record looks at, by kind; of a work's claims it looks at who makes them."""


def seen(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """A declaration's content as far as records are made of it: most of it are shares, which none is."""
    told = {name: value for name, value in content.items() if name not in _LEFT_OUT[kind]}
    if kind == "work":
        told["claims"] = [
            {"party": claim["party"], "role": claim["role"]} for claim in content.get("claims", ())
        ]
    return told


def _prepared(row: Any) -> WorkForms | Recorded | None:
    if row.kind not in _LEFT_OUT:
        return None
    content = seen(row.kind, orjson.loads(row.payload))
    if row.kind == "work":
        return work_forms(work_record(row.subject_id, row.submitter, work_from(content)))
    recording = recording_from(content)
    forms = recording_forms(recording_record(row.subject_id, row.submitter, recording))
    return Recorded(forms, work_hints(row.submitter, recording))
