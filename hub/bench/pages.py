"""How fast the pages of a hub are there, beside what they ask of it: ``hub bench pages``.

A real server on a free port and a real client, in one process: a page's time is from the request to the last
byte of its HTML. The raw query is the same question asked of the hub without server and page. Processor time
is told beside time, because other work on the machine costs only the latter.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from urllib.parse import quote

import uvicorn
from sqlalchemy import func, select

from hub.access import keys
from hub.access.sessions import sign_in
from hub.answers.batch import who_to_pay
from hub.answers.question import ask
from hub.api.app import create_app
from hub.bench.measures import Measure, Report
from hub.catalogue.search import search
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import SUBJECT, SUBMISSION, TITLE
from hub.errors import Surroundings, UsageError
from hub.web.rendering import COOKIE

GOAL_MS, GOAL_KB = 150.0, 100.0
WAIT = 60
LISTS = (
    "/submissions", "/mandates", "/withdrawals", "/conflicts", "/reviews", "/usage", "/societies", "/log",
    "/account",
)  # fmt: skip
ON = "2026-03-15"


def measure(hub: Hub, times: int, seed: int) -> Report:
    """Open pages of works, recordings and searches ``times`` each, and every list a few times.

    Raises:
        UsageError: the hub holds nothing.
    """
    chance = Random(seed)  # noqa: S311 - the same pages every time
    works, recordings = (_some(hub, kind, times, chance) for kind in ("work", "recording"))
    titles = _titles(hub, times, chance)
    if not works or not titles:
        raise UsageError("this hub holds no works; `hub bench generate --works N` makes some")
    with reading(hub.engine) as connection:
        society = connection.scalars(select(SUBMISSION.c.submitter).order_by(SUBMISSION.c.id)).first()
    # A worker looks for conflicts after each file; a hub made for measuring never had one.
    refresh(hub)
    key = keys.create(hub, str(society), label="hub bench pages", days=1)
    asked = f"right=PR&use=radio&territory=KZ&on={ON}"
    told: list[Measure] = []
    largest = 0.0
    try:
        with _served(hub, sign_in(hub, str(key["key"]))) as get:
            for name, addresses, raw in (
                ("work", [f"/works/{item}?{asked}" for item in works], _asking(hub, "work", works)),
                (
                    "recording",
                    [f"/recordings/{item}?{asked}" for item in recordings],
                    _asking(hub, "recording", recordings),
                ),
                ("find", [f"/find?q={quote(title)}" for title in titles], _searching(hub, titles)),
                ("lists", [path for path in LISTS for _ in range(3)], None),
            ):
                if not addresses:
                    continue
                taken, used, size = _opened(get, addresses)
                largest = max(largest, size)
                told.append(
                    Measure(
                        f"{name}: page p50", taken, "ms", GOAL_MS, at_most=True, note=f"{size:.0f} kB at most"
                    )
                )
                told.append(Measure(f"{name}: processor time p50", used, "ms"))
                if raw is not None:
                    found = [_timed(one) for one in raw]
                    alone, spent = (_median([item[place] for item in found]) for place in (0, 1))
                    told.append(Measure(f"{name}: raw query p50", alone, "ms"))
                    told.append(Measure(f"{name}: raw query, processor time p50", spent, "ms"))
                    told.append(Measure(f"{name}: page / raw query", taken / alone, "x"))
    finally:
        keys.revoke(hub, str(key["prefix"]))
    told.append(Measure("largest page", largest, "kB", GOAL_KB, at_most=True))
    with reading(hub.engine) as connection:
        count = connection.scalar(select(func.count()).where(SUBJECT.c.kind == "work"))
    return Report(f"Pages ({hub.engine.dialect.name}, {count} works)", tuple(told))


def _some(hub: Hub, kind: str, count: int, chance: Random) -> list[str]:
    """Public ids of subjects all over the hub."""
    with reading(hub.engine) as connection:
        last = connection.scalar(select(func.max(SUBJECT.c.id))) or 0
        found: list[str] = []
        for _ in range(count * 20):
            query = select(SUBJECT.c.public_id).where(
                SUBJECT.c.id >= chance.randrange(last + 1), SUBJECT.c.kind == kind
            )
            found.extend(connection.scalars(query.order_by(SUBJECT.c.id).limit(1)))
            if len(found) >= count:
                break
    return found


def _titles(hub: Hub, count: int, chance: Random) -> list[str]:
    with reading(hub.engine) as connection:
        last = connection.scalar(select(func.max(TITLE.c.id))) or 0
        wanted = [chance.randrange(1, last + 1) for _ in range(count)] if last else []
        return list(connection.scalars(select(TITLE.c.text).where(TITLE.c.id.in_(wanted))))


def _asking(hub: Hub, kind: str, subjects: list[str]) -> list[Callable[[], object]]:
    def one(subject: str) -> Callable[[], object]:
        return lambda: who_to_pay(
            hub, ask(f"{kind}:{subject}", right="PR", use="radio", territory="KZ", on=ON)
        )

    return [one(subject) for subject in subjects]


def _searching(hub: Hub, titles: list[str]) -> list[Callable[[], object]]:
    def one(title: str) -> Callable[[], object]:
        return lambda: search(hub, title, limit=50)

    return [one(title) for title in titles]


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of time and of processor time."""
    begun, used = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - used) * 1000


def _opened(get: Callable[[str], int], addresses: list[str]) -> tuple[float, float, float]:
    """Medians of time and processor time in ms, and the largest page in kB; the first one warms up."""
    get(addresses[0])
    sizes: list[int] = []
    found = [_timed(lambda path=path: sizes.append(get(path))) for path in addresses]  # type: ignore[misc]
    return _median([item[0] for item in found]), _median([item[1] for item in found]), max(sizes) / 1000


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


@contextmanager
def _served(hub: Hub, cookie: str) -> Iterator[Callable[[str], int]]:
    """A server on a free port; yields what opens a page and tells its bytes."""
    # The one connection stays open while raw queries run between the pages.
    config = uvicorn.Config(create_app(hub), port=0, log_level="critical", timeout_keep_alive=3_600)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    ends = time.monotonic() + WAIT
    while not server.started:
        if not thread.is_alive() or time.monotonic() > ends:
            raise Surroundings("the server did not start; `hub doctor` may say why")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)

    def get(path: str) -> int:
        client.request("GET", path, headers={"Cookie": f"{COOKIE}={cookie}"})
        answer = client.getresponse()
        body = answer.read()
        if answer.status == http.client.PERMANENT_REDIRECT:
            # A linked subject's id leads to that of what it belongs to; its reader waits for both.
            return get(str(answer.getheader("Location")))
        if answer.status != http.client.OK:
            raise Surroundings(f"{path} was answered with {answer.status}")
        return len(body)

    try:
        yield get
    finally:
        client.close()
        server.should_exit = True
        thread.join(WAIT)
