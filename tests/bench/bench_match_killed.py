"""`hub match --full` killed with SIGKILL again and again, then run to its end: judgements and clusters agree.

A hub is filled, its database copied, and the copy matched without a break. The hub itself is matched by a
run that is killed while it makes keys, then by runs that are killed while they judge, the later the further,
and by one that comes to its end. Run it as a script; ``--works N`` sets the size, ``--kills N`` how often a
run is killed, and ``--catalogue dense`` takes in a catalogue in which nearly every work meets many others.
With ``--hub FILE`` a copy of an SQLite hub that `hub bench generate` filled before is matched instead.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from hashlib import blake2b
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from hubs import fresh_hub
from linked_hubs import rows, sent_in
from sqlalchemy import func, select, update

from hub.bench.national_hub import fill
from hub.bench.works_catalogue import made_up
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT, MATCH_KEY
from hub.db.times import OPEN

CATALOGUES = ("national", "dense")
JUDGED = [JUDGEMENT.c[name] for name in (
    "kind", "left_id", "right_id", "verdict", "score", "evidence", "conflict", "author", "reason",
)]  # fmt: skip
LAST_KEY, LAST_JUDGEMENT = func.max(MATCH_KEY.c.declaration_id), func.max(JUDGEMENT.c.id)
"""How far a run has come: it goes through declarations in their order and numbers what it judges."""
LONGEST = 3_600.0
"""Seconds that a run may take to come to the place where it is to be killed."""


def filled(path: Path, works: int, catalogue: str, given: Path | None) -> None:
    """Put a hub there in which nothing is linked."""
    if given is not None:
        shutil.copyfile(given, path)
    with fresh_hub(f"sqlite:///{path}", path.parent) as hub:
        if catalogue == "dense" and given is None:
            sent_in(hub, rows(made_up(works, "middle", 1)))
        elif given is None:
            fill(hub, works, 1, lambda _: None)
        _forget(hub)


def measure(path: Path, kills: int) -> list[tuple[str, str]]:
    """What was done with the hub that lies there and what was found, as rows of a table."""
    folder, copy = path.parent, path.with_name("whole.db")
    shutil.copyfile(path, copy)
    with fresh_hub(f"sqlite:///{copy}", folder) as hub:
        whole_seconds = _run(copy)
        whole, keys, judgements = _fingerprints(hub), _count(hub, MATCH_KEY), _count(hub, JUDGEMENT)
        last_key, last_judgement = _reached(hub, LAST_KEY), _reached(hub, LAST_JUDGEMENT)
    copy.unlink()
    stored: list[str] = []
    with fresh_hub(f"sqlite:///{path}", folder) as hub:
        first = _reached(hub, LAST_JUDGEMENT)
        for number in range(kills):
            if number == 0:
                killed = _killed(hub, path, LAST_KEY, last_key // 2)
                stored += [f"{_count(hub, MATCH_KEY)} keys"] * killed
            else:
                least = first + (last_judgement - first) * number // kills
                killed = _killed(hub, path, LAST_JUDGEMENT, least)
                stored += [f"{_count(hub, JUDGEMENT)} judgements"] * killed
        last_seconds = _run(path)
        after, subjects = _fingerprints(hub), _count(hub, CLUSTER_MEMBER)
    return [
        ("subjects", str(subjects)),
        ("keys", str(keys)),
        ("judgements", str(judgements)),
        ("runs killed", str(len(stored))),
        ("stored when killed", ", ".join(stored)),
        ("processor seconds without a break", f"{whole_seconds:.0f}"),
        ("processor seconds of the last run", f"{last_seconds:.0f}"),
        ("judgements the same", "yes" if after[0] == whole[0] else "NO"),
        ("clusters the same", "yes" if after[1] == whole[1] else "NO"),
    ]


def _forget(hub: Hub) -> None:
    """Take back everything that was linked, and the keys that it was linked by."""
    with writing(hub.engine) as connection:
        for table in (JUDGEMENT, CLUSTER_MEMBER):
            connection.execute(update(table).where(table.c.known_to == OPEN).values(known_to=1))
        connection.execute(MATCH_KEY.delete())


def _command(path: Path) -> list[str]:
    hub = str(Path(sys.executable).with_name("hub"))
    return [hub, "match", "--full", "--json", "--db", f"sqlite:///{path}"]


def _run(path: Path) -> float:
    """Match to the end; returns the processor time in seconds."""
    before = _spent()
    subprocess.run(_command(path), check=True, stdout=subprocess.DEVNULL)
    return _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _killed(hub: Hub, path: Path, last: object, least: int) -> bool:
    """Kill a run when it has come so far, in the middle of something; False if it ended before."""
    run = subprocess.Popen(_command(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    begun = time.monotonic()
    while run.poll() is None and _reached(hub, last) < least:
        assert time.monotonic() - begun < LONGEST, "the run stands still"
        time.sleep(0.05)
    run.kill()
    return run.wait() != 0


def _reached(hub: Hub, last: object) -> int:
    with reading(hub.engine) as connection:
        return connection.scalar(select(last)) or 0  # type: ignore[call-overload]


def _count(hub: Hub, table: object) -> int:
    query = select(func.count()).select_from(table)  # type: ignore[call-overload]
    if "known_to" in table.c:  # type: ignore[attr-defined]
        query = query.where(table.c.known_to == OPEN)  # type: ignore[attr-defined]
    with reading(hub.engine) as connection:
        return connection.scalar(query) or 0


def _fingerprints(hub: Hub) -> tuple[int, int]:
    """One number for all judgements that stand and one for the clusters, whatever the order of the rows."""
    tables = (
        select(*JUDGED).where(JUDGEMENT.c.known_to == OPEN),
        select(CLUSTER_MEMBER.c.subject_id, CLUSTER_MEMBER.c.cluster_id).where(
            CLUSTER_MEMBER.c.known_to == OPEN
        ),
    )
    with reading(hub.engine) as connection:
        first, second = (
            sum(_fingerprint(tuple(row)) for row in connection.execute(query).yield_per(10_000))
            for query in tables
        )
    return first, second


def _fingerprint(row: tuple[object, ...]) -> int:
    return int.from_bytes(blake2b(repr(row).encode(), digest_size=16).digest(), "big")


def main() -> None:
    """Run and print the table; exits with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--catalogue", choices=CATALOGUES, default="national")
    parser.add_argument("--hub", type=Path, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        filled(path, asked.works, asked.catalogue, asked.hub)
        found = measure(path, asked.kills)
    for name, value in found:
        print(f"{name:36} {value}")
    sys.exit("NO" in {value for _, value in found})


if __name__ == "__main__":
    main()
