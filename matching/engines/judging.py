"""Pairs judged from packed records: what an engine ships to its workers, and what comes back as columns.

A record travels as JSON, so that workers need neither the database nor the declarations. Judging a pair
depends on nothing but its two records, so any engine on any number of machines gives the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson

from matching.forms import RecordingForms, WorkForms
from matching.linking import recording_to_work
from matching.linking import with_learned as links_with
from matching.model import RULE, Judgement, judge_forms
from matching.recordings import RECORDINGS, with_table
from matching.records import PartyMention, RecordingRecord, WorkHint, WorkRecord
from matching.works import WORKS
from matching.works import with_learned as works_with
from schemas.json_bytes import kept

EMBODIMENT = "embodiment"
NOTHING_LEARNED: Mapping[str, str] = MappingProxyType({})
KEPT = {
    "work": ("positive", "unsure", "negative"),
    "recording": ("positive", "unsure", "negative"),
    EMBODIMENT: ("positive", "unsure"),
}
"""Verdicts that are kept, by kind of pair; the others say nothing."""
KEPT_RECORDS = 20_000
"""Prepared records kept per worker: neighbours in a block come again at once."""


def packed(record: WorkRecord | RecordingRecord, hints: tuple[WorkHint, ...] = ()) -> bytes:
    """A record, and what it says of works, as JSON."""
    return kept({"record": record, "hints": hints})


def judged(kind: str, left: bytes, right: bytes, learned: Mapping[str, str] = NOTHING_LEARNED) -> Judgement:
    """The judgement of two packed records; for ``embodiment`` the recording is the left one.

    ``learned`` has by kind the CSV of a table that takes the place of the shipped one.
    """
    if kind == "work":
        return judge_forms(_work_forms(left), _work_forms(right), works_with(learned.get(kind, "")))
    if kind == "recording":
        return judge_forms(_recording_forms(left), _recording_forms(right), with_table(learned.get(kind, "")))
    recording, hints = _recording(left)
    return recording_to_work(recording, hints, _work(right), links_with(learned.get(kind, "")))


def columns(judgement: Judgement) -> tuple[str, int, str]:
    """Verdict, score and evidence.

    ``points`` add up to the score: those of ``rule``, and of each feature that counted. ``weight`` is what a
    field adds to the log odds, in thousandths.
    """
    added: dict[str, dict[str, int]] = {}
    for key, parts in (("weight", judgement.contributions), ("points", judgement.points)):
        for name, value in parts:
            added.setdefault(name, {})[key] = value
    shown = ("score", "detail", "left", "right")
    evidence: list[dict[str, Any]] = [
        {"feature": name, **{part: getattr(result, part) for part in shown}, **added.pop(name, {})}
        for name, result in judgement.evidence
    ]
    evidence += [
        {"feature": name, "score": None, "detail": judgement.rule if name == RULE else "", "left": "",
         "right": "", **parts}
        for name, parts in added.items()
    ]  # fmt: skip
    return judgement.verdict, judgement.score, json.dumps(evidence, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=KEPT_RECORDS)
def _work(raw: bytes) -> WorkRecord:
    told = orjson.loads(raw)["record"]
    parties = tuple(PartyMention(**party) for party in told.pop("parties"))
    return WorkRecord(**_frozen(told), parties=parties)


@lru_cache(maxsize=KEPT_RECORDS)
def _recording(raw: bytes) -> tuple[RecordingRecord, tuple[WorkHint, ...]]:
    told = orjson.loads(raw)
    hints = []
    for hint in told["hints"]:
        writers = tuple(PartyMention(**writer) for writer in hint.pop("writers"))
        hints.append(WorkHint(**hint, writers=writers))
    return RecordingRecord(**_frozen(told["record"])), tuple(hints)


@lru_cache(maxsize=KEPT_RECORDS)
def _work_forms(raw: bytes) -> WorkForms:
    return WORKS.prepare(_work(raw))


@lru_cache(maxsize=KEPT_RECORDS)
def _recording_forms(raw: bytes) -> RecordingForms:
    return RECORDINGS.prepare(_recording(raw)[0])


def _frozen(told: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
