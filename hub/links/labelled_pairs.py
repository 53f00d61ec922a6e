"""Anybody's labelled pairs against the matcher: how often it agrees, and where it does not.

A CSV file has one pair per row: ``label`` (same or different), ``kind`` (recording, the default, work or
party), and for each side columns that begin with ``left_`` and ``right_``: ``title``, ``isrc``, ``artist``,
``duration`` in seconds, ``year``, ``release``, ``label``, ``number``, ``version`` for recordings, ``title``,
``iswc``, ``writers`` for works, ``name``, ``ipi_name``, ``ipi_base`` for parties. Lists are separated by
``|``. Columns that are not there are unknown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from hub.errors import UsageError
from matching.evaluate import PairScores
from matching.forms import PartyForm, party_form
from matching.model import Judgement, Verdict, judge
from matching.normalize.likeness import ALIKE
from matching.parties import judge_parties
from matching.recordings import RECORDINGS
from matching.records import PartyMention, RecordingRecord, WorkRecord
from matching.works import WORKS
from schemas.findings import Finding, quote
from schemas.identifiers import isrc, iswc

SAME = frozenset({"same", "1", "yes", "true", "match", "positive", "y"})
DIFFERENT = frozenset({"different", "0", "no", "false", "non-match", "negative", "n"})
VERDICTS = ("positive", "unsure", "negative", "none")
BANDS = (0, 100, 300, 500, 700, 900, 950, 1001)
"""Limits of the bands of scores in which the share of true matches is told."""

KINDS = ("recording", "work", "party")
FIELDS = (
    "title", "isrc", "artist", "duration", "year", "release", "label", "number", "version", "iswc", "writers",
    "name", "ipi_name", "ipi_base",
)  # fmt: skip
COLUMNS = frozenset({"label", "kind", *(f"{side}_{field}" for side in ("left", "right") for field in FIELDS)})

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Pair:
    """One labelled pair as judged; ``line`` is where it stands in the file."""

    line: int
    same: bool
    judgement: Judgement
    titles: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the matcher made of a file of pairs; ``read`` is the pairs judged and those rejected."""

    read: int
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]

    def as_json(self, *, mistakes: int = 20) -> dict[str, Any]:
        """Counts, quality of the verdict ``positive``, calibration by score, and the first mistakes."""
        positive = [pair for pair in self.pairs if pair.judgement.verdict == "positive"]
        scores = PairScores(
            sum(pair.same for pair in positive), len(positive), sum(pair.same for pair in self.pairs)
        )
        return {
            "counts": {"read": self.read, "judged": len(self.pairs), "rejected": self.read - len(self.pairs)},
            "verdicts": {
                verdict: {
                    label: sum(pair.same == same and pair.judgement.verdict == verdict for pair in self.pairs)
                    for label, same in (("same", True), ("different", False))
                }
                for verdict in VERDICTS
            },
            "positive": {
                name: round(float(getattr(scores, name)), 6) for name in ("precision", "recall", "f1")
            },
            "calibration": list(self._bands()),
            "mistakes": [_mistake(pair) for pair in self.pairs if _mistaken(pair)][:mistakes],
        }

    def _bands(self) -> Iterator[dict[str, Any]]:
        for low, high in pairwise(BANDS):
            inside = [pair for pair in self.pairs if low <= pair.judgement.score < high]
            share = round(sum(pair.same for pair in inside) / len(inside), 4) if inside else None
            yield {"from": low, "below": high, "pairs": len(inside), "same": share}


def evaluate(path: Path) -> Evaluation:
    """Judge every pair of a file.

    Raises:
        UsageError: the file cannot be read, or has no label column or no columns of one side.
    """
    pairs: list[Pair] = []
    findings: list[Finding] = []
    read = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            _require(reader.fieldnames or (), path)
            for name in reader.fieldnames or ():
                if name not in COLUMNS:
                    findings.append(Finding("pairs.no_column", "line:1", value=quote(name or "")))
            for raw in reader:
                read += 1
                row = {name: (value or "").strip() for name, value in raw.items() if isinstance(name, str)}
                pair = _judged(row, reader.line_num, findings)
                if pair is not None:
                    pairs.append(pair)
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UsageError(f"{path} cannot be read: {fault}") from fault
    return Evaluation(read, tuple(pairs), tuple(findings))


def _require(columns: Any, path: Path) -> None:
    sides = [any(name.startswith(side) for name in columns) for side in ("left_", "right_")]
    if "label" not in columns or not all(sides):
        raise UsageError(
            f"{path} needs a column `label` (same or different) and columns of both sides, such as "
            "left_title and right_title"
        )


def _judged(row: Row, line: int, findings: list[Finding]) -> Pair | None:
    position = f"line:{line}"
    label, kind = row["label"].casefold(), row.get("kind", "").casefold() or "recording"
    if label not in SAME | DIFFERENT:
        findings.append(Finding("pairs.no_label", position, field="label", value=quote(row["label"])))
        return None
    if kind not in KINDS:
        findings.append(Finding("pairs.no_kind", position, field="kind", value=quote(kind)))
        return None
    sides = [_side(row, side) for side in ("left_", "right_")]
    if not all(any(side.values()) for side in sides):
        findings.append(Finding("pairs.empty_side", position))
        return None
    if kind == "work":
        one, other = (_work(side, place, position, findings) for place, side in enumerate(sides, start=1))
        judgement = judge(one, other, WORKS)
    elif kind == "party":
        judgement = _parties(*(party_form(_mention(side)) for side in sides))
    else:
        left, right = (
            _recording(side, place, position, findings) for place, side in enumerate(sides, start=1)
        )
        judgement = judge(left, right, RECORDINGS)
    titles = _shown(sides[0]), _shown(sides[1])
    return Pair(line, label in SAME, judgement, titles)


def _side(row: Row, side: str) -> dict[str, str]:
    return {name.removeprefix(side): value for name, value in row.items() if name.startswith(side)}


def _recording(side: Row, place: int, position: str, findings: list[Finding]) -> RecordingRecord:
    def number(field: str) -> int:
        text = side.get(field, "")
        if text.isascii() and text.isdigit() and len(text) < 9:
            return int(text)
        if text:
            findings.append(Finding("pairs.no_number", position, field=field, value=quote(text)))
        return 0

    return RecordingRecord(
        id=place,
        source=str(place),
        isrcs=_codes(side, "isrc", isrc, position, findings),
        titles=_list(side, "title"),
        version=side.get("version", ""),
        artists=_list(side, "artist"),
        duration=number("duration"),
        year=number("year"),
        label=side.get("label", ""),
        release=side.get("release", ""),
        number=side.get("number", ""),
    )


def _work(side: Row, place: int, position: str, findings: list[Finding]) -> WorkRecord:
    return WorkRecord(
        id=place,
        source=str(place),
        iswcs=_codes(side, "iswc", iswc, position, findings),
        titles=_list(side, "title"),
        parties=tuple(PartyMention(name, role="CA") for name in _list(side, "writers")),
    )


def _codes(side: Row, field: str, scheme: Any, position: str, findings: list[Finding]) -> tuple[str, ...]:
    """The valid codes of a field; an invalid one is no evidence, and is told."""
    listed = _list(side, field)
    for code in listed:
        if not scheme.is_valid(code):
            findings.append(Finding("pairs.no_code", position, field=field, value=quote(code)))
    return tuple(scheme.compact(code) for code in listed if scheme.is_valid(code))


def _mention(side: Row) -> PartyMention:
    return PartyMention(side.get("name", ""), side.get("ipi_name", ""), side.get("ipi_base", ""))


def _parties(left: PartyForm, right: PartyForm) -> Judgement:
    """What the table of parties says, positive from the likeness on from which two names are one."""
    told = judge_parties(left, right)
    verdict: Verdict = "positive" if told.score >= ALIKE else "none"
    return Judgement(verdict, told.score, (), rule=told.meaning, points=tuple(told.contributions.items()))


def _shown(side: Row) -> str:
    return side.get("title") or side.get("name", "")


def _list(side: Row, field: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in side.get(field, "").split("|") if part.strip())


def _mistaken(pair: Pair) -> bool:
    """A pair that the matcher would link wrongly, or keep apart although it is the same."""
    return pair.same != (pair.judgement.verdict == "positive") and pair.judgement.verdict != "unsure"


def _mistake(pair: Pair) -> dict[str, Any]:
    return {
        "line": pair.line,
        "label": "same" if pair.same else "different",
        "verdict": pair.judgement.verdict,
        "score": pair.judgement.score,
        "rule": pair.judgement.rule,
        "titles": list(pair.titles),
    }
