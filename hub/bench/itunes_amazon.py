"""The labelled pairs of iTunes and Amazon songs: told, never a goal, since a hundred matches decide nothing.

Both shops describe one song on one release; the matcher judges each pair by itself, as the hub does. In the
dirty file values stand in each other's columns, which a pair by itself does not tell.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

from rapidfuzz import fuzz

from hub.bench.matching import NAIVE_THRESHOLD, figures, peak_mb
from matching.evaluate import PairScores
from matching.model import judge
from matching.recordings import RECORDINGS
from matching.records import RecordingRecord

SIDES = ("itunes_", "amazon_")
_SPACED = re.compile(r"\s+(?=[)\],.:;!?'’])|(?<=[(\[])\s+")
_YEAR = re.compile(r"\b(\d{4})\b|-(\d\d)$")
_CLOCK = re.compile(r"(\d+):(\d\d)")

Pair = tuple[bool, RecordingRecord, RecordingRecord]


def read_pairs(path: Path) -> list[Pair]:
    """The labelled pairs of one of the two files, structured or dirty."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [_pair(row) for row in csv.DictReader(file)]


def measure(path: Path) -> dict[str, dict[str, Any]]:
    """Figures by system: the hub's own verdicts, and a token set ratio of all texts as the naive peer."""
    pairs = read_pairs(path)
    found: dict[str, dict[str, Any]] = {}
    for system, linked in (("hub", _hub), ("naive", _naive)):
        started = perf_counter()
        said = [(same, linked(left, right)) for same, left, right in pairs]
        seconds = perf_counter() - started
        scores = PairScores(
            sum(same and link for same, link in said),
            sum(link for _, link in said),
            sum(same for same, _ in said),
        )
        found[system] = {"pairwise": figures(scores), "seconds": round(seconds, 3), "peak_mb": peak_mb()}
    return found


def _hub(left: RecordingRecord, right: RecordingRecord) -> bool:
    return judge(left, right, RECORDINGS).verdict == "positive"


def _naive(left: RecordingRecord, right: RecordingRecord) -> bool:
    texts = (" ".join((*side.titles, *side.artists, side.release)).casefold() for side in (left, right))
    return fuzz.token_set_ratio(*texts) >= NAIVE_THRESHOLD


def _pair(row: dict[str, str]) -> Pair:
    left, right = (_record(row, side, number) for number, side in enumerate(SIDES, start=1))
    return row["label"] == "1", left, right


def _record(row: dict[str, str], side: str, number: int) -> RecordingRecord:
    title, artist, release = (
        _SPACED.sub("", row[side + name]) for name in ("Song_Name", "Artist_Name", "Album_Name")
    )
    clock = _CLOCK.fullmatch(row[side + "Time"].strip())
    return RecordingRecord(
        id=number,
        source=side,
        titles=(title,) if title.strip() else (),
        artists=(artist,) if artist.strip() else (),
        duration=int(clock[1]) * 60 + int(clock[2]) if clock else 0,
        year=next(_years(row[side + "Released"]), 0),
        release=release,
    )


def _years(text: str) -> Iterator[int]:
    """The year of a date such as "May 18 , 2015" or "18-May-15"; two digits are taken for 1930-2029."""
    for whole, short in _YEAR.findall(text.strip()):
        yield int(whole) if whole else int(short) + (1900 if int(short) >= 30 else 2000)
