"""Labelled recordings made up from a seed, as many as wanted, in the columns of the MusicBrainz benchmark.

For time and memory, and for showing how both grow; not for claims of quality, since the faults are invented
too. Artists have several albums, albums have sibling tracks, five sources hold parts of them in formats of
their own, with typos, gaps and some generic titles that many albums share.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from random import Random

from hub.bench.recording_tables import COLUMNS, Row

SEED = 1
SYLLABLES = [
    "al", "bai", "ken", "dos", "zhaz", "tau", "sar", "gul", "nur", "mei", "shol", "tan", "kyz", "aru",
    "bek", "san", "ai", "kol", "dala", "zhel", "ot", "el", "an", "kui", "ma", "ri", "lo", "na", "de", "vo",
    "ti", "ka", "be", "ro", "su", "mi", "fa", "ha", "ne", "po", "ra", "ve", "lu", "do", "sti", "gran", "mor",
    "tel", "win", "ster", "ford", "lan",
]  # fmt: skip
GENERIC = ("Intro", "Outro", "Interlude", "Untitled", "Love", "Home", "Prelude")
SOURCES_OF_A_RECORDING = (0.5, 0.25, 0.125, 0.0625, 0.0625)
"""The share of recordings that one source holds, two sources, ... all five."""
TYPO, NO_YEAR, NO_LENGTH, WRONG_NUMBER, IS_GENERIC = 0.1, 0.22, 0.055, 0.06, 0.02


def invented_rows(count: int, seed: int) -> Iterator[Row]:
    """About ``count`` rows with their true cluster; the same for the same seed, album after album."""
    random = Random(seed)  # noqa: S311
    written = cluster = 0
    while written < count:
        artist = _name(random, 2)
        for _ in range(random.randint(1, 4)):
            release, year = _name(random, random.randint(1, 3)), random.randint(1955, 2024)
            for track in range(1, random.randint(2, 8)):
                cluster += 1
                generic = random.random() < IS_GENERIC
                title = random.choice(GENERIC) if generic else _name(random, random.randint(1, 4))
                length = random.randint(60, 420)
                known = random.choices(range(1, 6), SOURCES_OF_A_RECORDING)[0]
                for source in random.sample("12345", known):
                    written += 1
                    told = (title, artist, release, length, year, track)
                    yield {"cluster_id": str(cluster), "source": source, **_row(random, source, *told)}


def write_invented(path: Path, count: int, seed: int) -> int:
    """Write rows as CSV, gzipped if the name says so; how many."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("id", "cluster_id", *COLUMNS))
        writer.writeheader()
        written = 0
        for written, row in enumerate(invented_rows(count, seed), start=1):
            writer.writerow({"id": str(written), **row})
    return written


def _row(
    random: Random, source: str, title: str, artist: str, release: str, length: int, year: int, track: int
) -> Row:
    """One source's row of a recording, in its format and with its faults."""
    title, artist, release = (_misspelt(random, text) for text in (title, artist, release))
    number = str(random.randint(1, 20) if random.random() < WRONG_NUMBER else track)
    stated = "" if random.random() < NO_YEAR else str(year)
    seconds = 0 if random.random() < NO_LENGTH else length
    match source:
        case "1":
            texts = f"{title} ({release})", artist, release, stated
            shown, number = f"{seconds // 60:02}:{seconds % 60:02}", number.zfill(3)
        case "2":
            texts, shown = (f"{artist} - {title}", "", release, stated[2:]), str(seconds or "")
        case "3":
            texts = f"{title} - {release}", artist, "", f"'{stated[2:]}" if stated else ""
            shown = f"{seconds / 60:.3f}" if seconds else ""
        case "4":
            texts = f"{number.zfill(3)}-{title}", artist, f"{release} ({stated or 'unknown'})", ""
            shown = f"{seconds // 60}m {seconds % 60}sec" if seconds else "unknown"
        case _:
            texts, shown = (title, artist, release, stated), str(seconds * 1000 or "")
    return {**dict(zip(("title", "artist", "album", "year"), texts, strict=True)),
            "number": number, "length": shown, "language": "English"}  # fmt: skip


def _name(random: Random, words: int) -> str:
    return " ".join(
        "".join(random.choices(SYLLABLES, k=random.randint(2, 3))).capitalize() for _ in range(words)
    )


def _misspelt(random: Random, text: str) -> str:
    if random.random() > TYPO or len(text) < 4:
        return text
    at = random.randrange(1, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
