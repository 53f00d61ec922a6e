"""Labelled recordings from a CSV file in the columns of the MusicBrainz 20K benchmark.

The columns are ``source, number, title, length, artist, album, year, language`` and one that names the true
cluster, which is read for scoring and never given to the matcher. Lengths, years and track numbers are
read as numbers in both inputs. ``parsed`` also undoes the known text format of each source, as a hub's
reader would; ``raw`` leaves the text columns alone and the matcher finds out by itself.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

from hub.errors import UsageError
from matching.packing import Packing, unpack_all
from matching.records import RecordingRecord

Input = Literal["parsed", "raw"]
Row = dict[str, str]

COLUMNS = ("source", "number", "title", "length", "artist", "album", "year", "language")
KNOWN_FORMATS: Mapping[str, Packing] = {
    "1": Packing(repeats_release=True),
    "2": Packing(leading="artist"),
    "3": Packing(trailing="release"),
    "4": Packing(numbered=True, dated_release=True),
    "5": Packing(),
}
"""The sources of MusicBrainz 20K as its description has them (Saeedi, Peukert and Rahm, ADBIS 2017)."""

_NOTHING = re.compile(
    r"\W*(?:unknown|unk|n\s*\.?\s*a|n\s*u\s*l\s*l|nan|none|not available|no artist|untitled album)\W*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d+):(\d\d)")
_WORDS = re.compile(r"(\d+)m(?:in)?(\d+)s(?:ec)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_LENGTH = re.compile(r"\d+:\d\d|\d+m(?:in)?\d+s(?:ec)?|\d+(?:\.\d+)?|")
_FOREIGN_ID = re.compile(r"[A-Za-z]*\d{4,}[-\w]*")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Records and, apart from them, the true cluster of each by its id."""

    name: str
    records: list[RecordingRecord]
    truth: dict[int, str]


def read_rows(path: Path, truth: str) -> list[Row]:
    """The rows of a benchmark file as they stand.

    Raises:
        UsageError: the file cannot be read or lacks a column.
    """
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in (truth, *COLUMNS) if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(f"{path} has no column {', '.join(missing)}; --truth names the true cluster")
            return [{name: value or "" for name, value in row.items() if name} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UsageError(f"{path} cannot be read: {fault}") from fault


def labelled(name: str, rows: Sequence[Row], truth: str, wanted: Input) -> Labelled:
    """Rows as the matcher's records; ids are the places of the rows, so that nothing leaks through them."""
    straight = [_told({column: row[column] for column in COLUMNS}) for row in map(_in_place, rows)]
    units = _units(straight)
    records = [_record(place, row, units) for place, row in enumerate(straight, start=1)]
    if wanted == "parsed":
        records = unpack_all(records, KNOWN_FORMATS)
    return Labelled(name, records, {place: row[truth] for place, row in enumerate(rows, start=1)})


def _in_place(row: Row) -> Row:
    """The row with its columns moved back by one where a foreign id was put in front of them."""
    number, title, length = row["number"].strip(), row["title"].strip(), re.sub(r"\s", "", row["length"])
    if _FOREIGN_ID.fullmatch(number) and len(title) <= 4 and not _LENGTH.fullmatch(length):
        return {**row, **dict(zip(COLUMNS[1:], [*(row[name] for name in COLUMNS[2:]), ""], strict=True))}
    return row


def _told(row: Row) -> Row:
    """The row with its words for "nothing" emptied."""
    return {name: "" if _NOTHING.fullmatch(value) else value for name, value in row.items()}


def _units(rows: Sequence[Row]) -> dict[str, float]:
    """Seconds in one unit of a plain length, for each source: minutes, seconds or milliseconds."""
    plain: dict[str, list[float]] = {}
    for row in rows:
        text = re.sub(r"\s", "", row["length"])
        if _PLAIN.fullmatch(text):
            plain.setdefault(row["source"], []).append(float(text))
    units: dict[str, float] = {}
    for source, lengths in plain.items():
        middle = median(lengths)
        units[source] = 60.0 if middle < 30 else 1.0 if middle < 10_000 else 0.001
    return units


def _seconds(text: str, unit: float) -> int:
    """Whole seconds, cut off and not rounded, as the sources do; 0 where the length cannot be read."""
    text = re.sub(r"[\s-]", "", text)
    for pattern in (_CLOCK, _WORDS):
        if found := pattern.fullmatch(text):
            return int(found[1]) * 60 + int(found[2])
    # Three decimals of a minute are 0.06 seconds.
    return int(float(text) * unit + (0.03 if unit > 1 else 0)) if _PLAIN.fullmatch(text) else 0


def _year(text: str) -> int:
    """The four-digit year; two digits are taken for 1930-2029."""
    digits = re.sub(r"\D", "", text)
    if len(digits) in (1, 2):
        return (1900 if int(digits) >= 30 else 2000) + int(digits)
    return int(digits) if len(digits) == 4 else 0


def _record(place: int, row: Row, units: Mapping[str, float]) -> RecordingRecord:
    return RecordingRecord(
        id=place,
        source=row["source"],
        titles=(row["title"],) if row["title"].strip() else (),
        artists=(row["artist"],) if row["artist"].strip() else (),
        duration=_seconds(row["length"], units.get(row["source"], 1.0)),
        year=_year(row["year"]),
        release=row["album"],
        number=row["number"],
        language=row["language"],
    )
