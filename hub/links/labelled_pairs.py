"""Anybody's labelled pairs against the matcher: how often it agrees, and where it does not.

A CSV file has one pair per row: ``label`` (same or different), ``kind`` (recording, the default, or work),
and for each side columns that begin with ``left_`` and ``right_``: ``title``, ``isrc``, ``artist``,
``duration`` in seconds, ``year``, ``release``, ``label``, ``number``, ``version`` for recordings, ``title``,
``iswc``, ``writers`` for works. Lists are separated by ``|``. Columns that are not there are unknown.
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
from matching.model import Judgement, judge
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
    if kind not in ("recording", "work"):
        findings.append(Finding("pairs.no_kind", position, field="kind", value=quote(kind)))
        return None
    sides = [_side(row, side) for side in ("left_", "right_")]
    if not all(any(side.values()) for side in sides):
        findings.append(Finding("pairs.empty_side", position))
        return None
    if kind == "work":
        judgement = judge(_work(sides[0], 1), _work(sides[1], 2), WORKS)
    else:
        left, right = (
            _recording(side, place, position, findings) for place, side in enumerate(sides, start=1)
        )
        judgement = judge(left, right, RECORDINGS)
    titles = sides[0].get("title", ""), sides[1].get("title", "")
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
        isrcs=tuple(isrc.compact(code) for code in _list(side, "isrc") if isrc.is_valid(code)),
        titles=_list(side, "title"),
        version=side.get("version", ""),
        artists=_list(side, "artist"),
        duration=number("duration"),
        year=number("year"),
        label=side.get("label", ""),
        release=side.get("release", ""),
        number=side.get("number", ""),
    )


def _work(side: Row, place: int) -> WorkRecord:
    return WorkRecord(
        id=place,
        source=str(place),
        iswcs=tuple(iswc.compact(code) for code in _list(side, "iswc") if iswc.is_valid(code)),
        titles=_list(side, "title"),
        parties=tuple(PartyMention(name, role="CA") for name in _list(side, "writers")),
    )


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
