"""How well spellings of names are told apart: Kazakh, Russian and Latin ones, and labelled pairs of anybody.

The list that ships (``kazakh_names.csv``) has names of composers, poets and performers as they are spelt in
Kazakh (Cyrillic, Latin, Arabic script), Russian and foreign publications. Two spellings of one person are a
match; for each spelling the two most similar ones of other persons are not. Persons are divided by a hash of
their name into a part to look at while rules are written (``dev``) and a part that is only measured
(``held-out``).
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any

from anyascii import anyascii
from rapidfuzz import fuzz

from hub.errors import UsageError
from matching.normalize.likeness import ALIKE, names_alike
from matching.normalize.names import name_key

NEAREST = 2
"""So many spellings of other persons are set against each spelling."""

TRUE = frozenset({"1", "true", "yes"})


@dataclass(frozen=True, slots=True)
class NamePair:
    """Two spellings, and whether they name one person."""

    left: str
    right: str
    same: bool


def shipped(part: str) -> list[NamePair]:
    """The pairs of a part of the shipped list, ``dev`` or ``held-out``; always the same."""
    spellings: dict[str, list[str]] = defaultdict(list)
    text = files("hub.bench").joinpath("kazakh_names.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(StringIO(text)):
        if _part_of(row["person"]) == part:
            spellings[row["person"]].append(row["spelling"])
    same = [NamePair(a, b, True) for listed in spellings.values() for a, b in combinations(listed, 2)]
    return [*same, *_traps(spellings)]


def _part_of(person: str) -> str:
    return "dev" if hashlib.sha256(person.encode()).digest()[0] % 2 else "held-out"


def _traps(spellings: dict[str, list[str]]) -> Iterator[NamePair]:
    """The most similar names of other persons, by a similarity that the matcher does not use."""
    plain = [
        (person, name, anyascii(name).casefold()) for person, listed in spellings.items() for name in listed
    ]
    seen: set[tuple[str, str]] = set()
    for person, name, latin in plain:
        others = [
            (-fuzz.token_sort_ratio(latin, other_latin), other)
            for other_person, other, other_latin in plain
            if other_person != person
        ]
        for _, other in sorted(others)[:NEAREST]:
            pair = (min(name, other), max(name, other))
            if pair not in seen:
                seen.add(pair)
                yield NamePair(*pair, same=False)


def read_pairs(path: Path) -> list[NamePair]:
    """Labelled pairs of a CSV file, plain or gzipped, with the columns ``name1,name2,is_match``.

    Raises:
        UsageError: a column is missing, or the file is no UTF-8 CSV.
    """
    try:
        with (gzip.open if path.suffix == ".gz" else open)(
            path, "rt", encoding="utf-8", newline=""
        ) as stream:
            return [
                NamePair(row["name1"], row["name2"], row["is_match"].strip().casefold() in TRUE)
                for row in csv.DictReader(stream)
            ]
    except KeyError as fault:
        raise UsageError(f"{path} has no column {fault}; it needs name1,name2,is_match") from fault
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UsageError(f"{path} cannot be read as CSV: {fault}") from fault


def score(pair: NamePair) -> int:
    """How alike the two are, per mille."""
    return names_alike(name_key(pair.left), name_key(pair.right))


def measure(pairs: Iterable[NamePair]) -> dict[str, Any]:
    """Counts and quality at the threshold that the matcher uses."""
    judged = [(pair.same, score(pair) >= ALIKE) for pair in pairs]
    hits = sum(1 for same, said in judged if same and said)
    false = sum(1 for same, said in judged if said and not same)
    missed = sum(1 for same, said in judged if same and not said)
    return {
        "pairs": len(judged),
        "matches": hits + missed,
        "threshold": ALIKE,
        "precision": _ratio(hits, hits + false),
        "recall": _ratio(hits, hits + missed),
        "f1": _ratio(2 * hits, 2 * hits + false + missed),
    }


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
