"""Measures the recording matcher on MusicBrainz 20K beside a naive peer, in one run on one machine.

Run it as a script; it prints pairwise precision, recall and F1 over all pairs and the pairs judged per
second. The data stands in the folder ``shared`` beside the repository; without it there is nothing to do.
The data set is described by Saeedi, Peukert and Rahm (ADBIS 2017): five sources, each in a format of its
own, which is undone here as a hub's reader would do it ("parsed"); ``--raw`` leaves the columns alone.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from pathlib import Path
from time import perf_counter

from rapidfuzz import fuzz

from matching.blocking import recording_keys
from matching.cluster import cluster
from matching.evaluate import PairScores, compare_clusters, compare_pairs
from matching.pipeline import candidates, judge_pairs
from matching.recordings import RECORDINGS
from matching.records import RecordingRecord

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "bench" / "musicbrainz20k" / "dev.csv.gz"
PEER_THRESHOLD = 85

Row = dict[str, str]


def seconds(source: str, text: str) -> int:
    """The length in seconds, 0 where it cannot be read."""
    digits = text.replace(" ", "")
    if source == "1" and (found := re.fullmatch(r"(\d+):(\d\d)", digits)):
        return int(found[1]) * 60 + int(found[2])
    if source == "2" and digits.isdigit():
        return int(digits)
    if source == "3" and re.fullmatch(r"\d+(\.\d+)?", digits):
        return round(float(digits) * 60)
    if source == "4" and (found := re.fullmatch(r"(\d+)m(\d+)sec", digits)):
        return int(found[1]) * 60 + int(found[2])
    if source == "5" and digits.isdigit():
        return round(int(digits) / 1000)
    return 0


def year(text: str) -> int:
    """The four-digit year; two digits are taken for 1930-2029."""
    digits = re.sub(r"\D", "", text)
    if len(digits) in (1, 2):
        return (1900 if int(digits) >= 30 else 2000) + int(digits)
    return int(digits) if len(digits) == 4 else 0


def parsed(row: Row) -> RecordingRecord:
    """A record with its source's format undone."""
    title, artist, album, stated = row["title"], row["artist"], row["album"], row["year"]
    source = row["source"]
    if source == "1" and album and title.endswith(f"({album})"):
        title = title[: -len(album) - 2]
    elif source == "2" and not artist and " - " in title:
        artist, title = title.split(" - ", 1)
    elif source == "3" and not album and " - " in title:
        title, album = title.rsplit(" - ", 1)
    elif source == "4":
        title = re.sub(r"^\d+\s*-\s*", "", title)
        if found := re.search(r"\s*\(([^()]*)\)\s*$", album):
            album, stated = album[: found.start()], found[1]
    return record(row, title, artist, album, stated)


def raw(row: Row) -> RecordingRecord:
    """A record with the texts as they stand; only length and year are read."""
    return record(row, row["title"], row["artist"], row["album"], row["year"])


def record(row: Row, title: str, artist: str, album: str, stated: str) -> RecordingRecord:
    """The matcher's record."""
    return RecordingRecord(
        id=int(row["id"]),
        source=row["source"],
        titles=(title.strip(),),
        artists=(artist.strip(),) if artist.strip() else (),
        duration=seconds(row["source"], row["length"]),
        year=year(stated),
        release=album.strip(),
    )


def run_matcher(records: list[RecordingRecord], truth: dict[int, str]) -> None:
    """Block, judge and cluster; print what each stage cost and gave."""
    started = perf_counter()
    pairs = list(candidates(records, recording_keys, {}))
    blocked = perf_counter()
    positive: list[tuple[int, int, int]] = []
    negative: list[tuple[int, int]] = []
    for left, right, judgement in judge_pairs(pairs, {item.id: item for item in records}, RECORDINGS):
        if judgement.verdict == "positive":
            positive.append((left, right, judgement.score))
        elif judgement.verdict == "negative":
            negative.append((left, right))
    decided = perf_counter()
    clusters = cluster((item.id for item in records), positive, negative)
    done = perf_counter()
    report("candidates", compare_pairs(pairs, true_pairs(truth)))
    report("positive", compare_pairs(((a, b) for a, b, _ in positive), true_pairs(truth)))
    report("clusters", compare_clusters(clusters, truth))
    print(
        f"  {len(pairs)} candidates, {len(records) / (blocked - started):,.0f} records/s blocked, "
        f"{len(pairs) / (decided - blocked):,.0f} pairs/s judged, {done - started:.1f} s in all"
    )


def run_peer(records: list[RecordingRecord], truth: dict[int, str]) -> None:
    """The naive peer: equal first six letters of the title, token_set_ratio of all text at least 85."""
    started = perf_counter()
    blocks: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for item in records:
        text = " ".join((*item.titles, *item.artists, item.release)).lower()
        blocks[item.titles[0].lower()[:6]].append((item.id, text))
    links: list[tuple[int, int, int]] = []
    judged = 0
    for members in blocks.values():
        for (left, mine), (right, other) in combinations(members, 2):
            judged += 1
            ratio = fuzz.token_set_ratio(mine, other)
            if ratio >= PEER_THRESHOLD:
                links.append((left, right, round(ratio * 10)))
    clusters = cluster((item.id for item in records), links)
    spent = perf_counter() - started
    report("positive", compare_pairs(((a, b) for a, b, _ in links), true_pairs(truth)))
    report("clusters", compare_clusters(clusters, truth))
    print(f"  {judged} candidates, {judged / spent:,.0f} pairs/s, {spent:.1f} s in all")


def true_pairs(truth: dict[int, str]) -> Iterable[tuple[int, int]]:
    """All pairs of one true cluster."""
    members: dict[str, list[int]] = defaultdict(list)
    for number, name in truth.items():
        members[name].append(number)
    return (pair for group in members.values() for pair in combinations(group, 2))


def report(name: str, scores: PairScores) -> None:
    """One line of the table."""
    numbers = (float(value) for value in (scores.precision, scores.recall, scores.f1))
    print(
        f"  {name:<11}"
        + "  ".join(f"{label} {value:.4f}" for label, value in zip("PRF", numbers, strict=True))
    )


def main() -> int:
    """Read the data, run both systems on the same records."""
    if not DATA.exists():
        print("the benchmark data (shared/bench/musicbrainz20k) is not here", file=sys.stderr)
        return 3
    with gzip.open(DATA, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    read = raw if "--raw" in sys.argv[1:] else parsed
    records = [read(row) for row in rows]
    truth = {int(row["id"]): row["cluster_id"] for row in rows}
    print(f"MusicBrainz 20K, development part, {read.__name__}: {len(records)} records")
    print("matcher")
    run_matcher(records, truth)
    print("peer: six-letter title block, token_set_ratio >= 85")
    run_peer(records, truth)
    return 0


if __name__ == "__main__":
    sys.exit(main())
