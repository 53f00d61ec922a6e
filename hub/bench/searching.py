"""Search for misspelt titles of a hub, in time and in what is found, beside a scan of every title.

Titles of the hub itself, of every script that is there, get one to three mistakes. What was meant comes back
when a title spelled so is among the first ten. Where ten others are as like what was asked, nothing can tell
which was meant, and a scan shows any ten of them: it counts when all ten shown are as like as what was meant.

The scan compares with every title that the hub holds by the same likeness, so nothing finds better ones. Of
its ten best works and recordings as many count as found as hits reach the likeness of the tenth: of several
that are equally like one is as good as another. A hit is as like as the title or the name of a person that it
was found by.
"""

from __future__ import annotations

import heapq
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from random import Random

from rapidfuzz import fuzz, process
from sqlalchemy import select

from hub.bench.measures import Measure, Report
from hub.catalogue.likeness import likeness, likenesses
from hub.catalogue.search import LEAST, Hit, search
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import CLUSTER_MEMBER, TITLE
from hub.db.times import OPEN
from hub.errors import UsageError
from matching.normalize.scripts import fold

SHOWN = 10
RECALL, SLOWEST = 0.98, 150.0
KAZAKH = frozenset("әғқңөұүһі")
LINKED = (
    select(TITLE.c.folded, CLUSTER_MEMBER.c.cluster_id)
    .join(CLUSTER_MEMBER, CLUSTER_MEMBER.c.subject_id == TITLE.c.subject_id)
    .where(CLUSTER_MEMBER.c.known_to == OPEN)
)
"""Titles and the linked works and recordings that have them; many have several."""
LOOKED_AT = 5 * SHOWN
"""Best titles of a scan among which its ten best works and recordings are."""


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
        rows = connection.execute(select(TITLE.c.text, TITLE.c.folded).order_by(TITLE.c.id)).all()
    every = sorted({row.folded for row in rows})
    by_script: dict[str, list[str]] = defaultdict(list)
    for row in chance.sample(rows, min(len(rows), queries * 20)):
        if len(row.folded) >= 6:
            by_script[language(row.text)].append(row.text)
    if not by_script:
        raise UsageError("this hub holds no titles to look for; `hub bench generate --works N` makes some")
    del rows
    sought = [text for texts in by_script.values() for text in texts[: max(queries // len(by_script), 1)]]
    chance.shuffle(sought)
    asked = [(fold(text), misspelt(chance, text)) for text in sought]
    for _, query in asked[:5]:
        search(hub, query, limit=SHOWN)
    say(f"searching for {len(asked)} misspelt titles among {len(every)}")
    taken, worked = [], []
    shown: list[list[Hit]] = []
    for _, query in asked:
        begun, busy = time.perf_counter(), time.process_time()
        hits = search(hub, query, limit=SHOWN)
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.process_time() - busy) * 1000)
        shown.append(hits)
    found = [_is_back(query, title, hits) for (title, query), hits in zip(asked, shown, strict=True)]
    say(f"scanning every title for {min(scanned, len(asked))} of them")
    scans, of_best = [], []
    for (_, query), hits in list(zip(asked, shown, strict=True))[:scanned]:
        begun = time.perf_counter()
        best = _best(hub, fold(query), every)
        scans.append((time.perf_counter() - begun) * 1000)
        if best:
            as_good = sum(hit.score >= best[-1] for hit in hits)
            of_best.append(min(as_good, len(best)) / len(best))
    for many in (taken, worked, scans):
        many.sort()
    measures = [
        Measure("search p50", taken[len(taken) // 2], "ms"),
        Measure("search p99", taken[len(taken) * 99 // 100], "ms", SLOWEST, at_most=True),
        Measure("of it work of the hub, p50", worked[len(worked) // 2], "ms"),
        Measure("of it work of the hub, p99", worked[len(worked) * 99 // 100], "ms"),
        Measure("what was meant comes back", sum(found) / len(found), "recall@10", RECALL),
        Measure("of the ten best of a scan", sum(of_best) / max(len(of_best), 1), f"of {len(of_best)}"),
        Measure("scan p50", scans[len(scans) // 2] if scans else 0.0, "ms"),
        Measure(
            "scan / search", (sum(scans) / len(scans)) / (sum(taken) / len(taken)) if scans else 0.0, "x"
        ),
    ]
    for name in sorted(by_script):
        own = [hit for text, hit in zip(sought, found, strict=True) if language(text) == name]
        if own:
            measures.append(Measure(f"comes back, {name}", sum(own) / len(own), f"of {len(own)}"))
    return Report(f"Search ({hub.engine.dialect.name}, {len(every)} titles)", tuple(measures))


def _is_back(query: str, title: str, hits: list[Hit]) -> bool:
    """Whether the title that was meant is shown, or ten that are as like what was asked."""
    wanted = likeness(fold(query), title)
    return title in {fold(hit.subject.title) for hit in hits} or (
        len(hits) == SHOWN and hits[-1].score >= wanted
    )


def _best(hub: Hub, query: str, every: list[str]) -> list[int]:
    """The likeness of the ten best works and recordings, as far as they are like enough to be shown."""
    plain = process.extract(query, every, scorer=fuzz.ratio, limit=LOOKED_AT)
    # No likeness is below the plain one, so what is below the last of these cannot matter.
    scores = likenesses(query, every, round(plain[-1][1]))
    titles = {title: score for score, title in heapq.nlargest(LOOKED_AT, zip(scores, every, strict=True))}
    best: dict[int, int] = {}
    with reading(hub.engine) as connection:
        for row in connection.execute(LINKED.where(TITLE.c.folded.in_(titles))):
            best[row.cluster_id] = max(best.get(row.cluster_id, 0), titles[row.folded])
    return [score for score in heapq.nlargest(SHOWN, best.values()) if score >= LEAST]
