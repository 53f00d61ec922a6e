"""Search for misspelt titles of a hub, in time and in what is found, beside a scan of every title.

Titles of the hub itself, of every script that is there, get one to three mistakes. A query counts as found
when a title spelled as the sought one is among the first ten; the scan compares with every title that the hub
holds by the same likeness, and nothing can find more.
"""

from __future__ import annotations

import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from random import Random

from rapidfuzz import fuzz, process
from sqlalchemy import select

from hub.bench.measures import Measure, Report
from hub.catalogue.search import likeness, search
from hub.context import Hub
from hub.db import search_index
from hub.db.engine import reading
from hub.db.tables import TITLE
from hub.errors import UsageError
from matching.normalize.scripts import fold

SHOWN = 10
RECALL, SLOWEST = 0.98, 150.0
KAZAKH = frozenset("әғқңөұүһі")
SCORERS = (fuzz.ratio, fuzz.token_sort_ratio, fuzz.partial_ratio, fuzz.token_set_ratio)


def misspelt(chance: Random, text: str) -> str:
    """A text with one to three letters left out, doubled, exchanged or replaced."""
    letters = list(text)
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        place = chance.randrange(len(letters) - 1)
        match chance.randrange(4):
            case 0:
                del letters[place]
            case 1:
                letters.insert(place, letters[place])
            case 2:
                letters[place], letters[place + 1] = letters[place + 1], letters[place]
            case _:
                letters[place] = chance.choice(letters)
    return "".join(letters)


def script(text: str) -> str:
    """The script of most letters: ``latin``, ``cyrillic``, ``arabic`` or another's name."""
    counted: dict[str, int] = defaultdict(int)
    for letter in text:
        if letter.isalpha():
            counted[unicodedata.name(letter, "OTHER").split()[0].casefold()] += 1
    return max(counted, key=lambda name: counted[name], default="other")


def language(text: str) -> str:
    """``kk``, ``ru``, ``latin`` or another script: Cyrillic with a letter that only Kazakh has is Kazakh."""
    found = script(text)
    if found != "cyrillic":
        return found
    return "kk" if KAZAKH.intersection(text.casefold()) else "ru"


def measure(hub: Hub, queries: int, scanned: int, seed: int, say: Callable[[str], None]) -> Report:
    """Search for ``queries`` misspelt titles; ``scanned`` of them are looked for by scans too.

    Raises:
        UsageError: the hub holds no titles.
    """
    chance = Random(seed)  # noqa: S311 - the same queries every time
    with reading(hub.engine) as connection:
        kind = search_index.kind(connection)
        rows = connection.execute(select(TITLE.c.text, TITLE.c.folded).order_by(TITLE.c.id)).all()
    by_script: dict[str, list[str]] = defaultdict(list)
    folded = {row.folded for row in rows}
    for row in chance.sample(rows, min(len(rows), queries * 20)):
        if len(row.folded) >= 6:
            by_script[language(row.text)].append(row.text)
    if not by_script:
        raise UsageError("this hub holds no titles to look for; `hub bench generate --works N` makes some")
    sought = [text for texts in by_script.values() for text in texts[: max(queries // len(by_script), 1)]]
    chance.shuffle(sought)
    asked = [(text, misspelt(chance, text)) for text in sought]
    for _, query in asked[:5]:
        search(hub, query, limit=SHOWN)
    say(f"searching for {len(asked)} misspelt titles among {len(folded)}")
    taken, worked, found = [], [], []
    for text, query in asked:
        begun, busy = time.perf_counter(), time.process_time()
        hits = search(hub, query, limit=SHOWN)
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        # Of several titles equally like the query only ten are shown: one of them is as good as another.
        wanted = likeness(fold(query), fold(text))
        found.append(any(likeness(fold(query), fold(hit.subject.title)) >= wanted for hit in hits))
    say(f"scanning every title for {min(scanned, len(asked))} of them")
    every = list(folded)
    scans, same, least = [], 0, []
    for (text, query), hit in list(zip(asked, found, strict=True))[:scanned]:
        begun = time.perf_counter()
        best = _scan(fold(query), every)
        scans.append((time.perf_counter() - begun) * 1000)
        there = fold(text) in best
        least.append(there)
        same += there and hit
    taken.sort()
    worked.sort()
    scans.sort()
    measures = [
        Measure("search p50", taken[len(taken) // 2], "ms"),
        Measure("search p99", taken[len(taken) * 99 // 100], "ms", SLOWEST, at_most=True),
        Measure("of it work of the hub, p50", worked[len(worked) // 2], "ms"),
        Measure("of it work of the hub, p99", worked[len(worked) * 99 // 100], "ms"),
        Measure("found among the first ten", sum(found) / len(found), "of queries"),
        Measure("of what a scan finds", same / max(sum(least), 1), "recall@10", RECALL),
        Measure("scan p50", scans[len(scans) // 2] if scans else 0.0, "ms"),
        Measure(
            "scan / search", (sum(scans) / len(scans)) / (sum(taken) / len(taken)) if scans else 0.0, "x"
        ),
    ]
    for name in sorted(by_script):
        own = [hit for (text, _), hit in zip(asked, found, strict=True) if language(text) == name]
        if own:
            measures.append(Measure(f"found, {name}", sum(own) / len(own), f"of {len(own)}"))
    return Report(f"Search ({kind}, {len(folded)} titles)", tuple(measures))


def _scan(query: str, every: list[str]) -> set[str]:
    near = {
        text for scorer in SCORERS for text, _, _ in process.extract(query, every, scorer=scorer, limit=SHOWN)
    }
    return set(sorted(near, key=lambda text: -likeness(query, text))[:SHOWN])
