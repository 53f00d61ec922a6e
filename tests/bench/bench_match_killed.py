"""`hub match --full` killed with SIGKILL again and again, then run to its end: judgements and clusters agree.

A hub is filled with made-up works and recordings and linked as they come in. All that was linked is then
taken back, a run over everything is started and killed a few times, and run once more. Run it as a script;
``--works N`` sets the size, ``--kills N`` how often a run is killed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from hubs import fresh_hub
from linked_hubs import linked, rows, sent_in
from sqlalchemy import func, select, update

from hub.bench.works_catalogue import made_up
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT
from hub.db.times import OPEN


def measure(works: int, kills: int, folder: Path) -> list[tuple[str, str]]:
    """What was done and found, as rows of a table."""
    url = f"sqlite:///{folder / 'hub.db'}"
    command = [str(Path(sys.executable).with_name("hub")), "match", "--full", "--json", "--db", url]
    with fresh_hub(url, folder) as hub:
        sent_in(hub, rows(made_up(works, "middle", 1)))
        before = linked(hub)
        with writing(hub.engine) as connection:
            for table in (JUDGEMENT, CLUSTER_MEMBER):
                connection.execute(update(table).where(table.c.known_to == OPEN).values(known_to=1))
        stored: list[int] = []
        pause = 0.0
        while len(stored) < kills and pause < 600:
            run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            first = _judgements(hub)
            # Killed as soon as it has stored something, which is in the middle of its work.
            while run.poll() is None and _judgements(hub) == first:
                time.sleep(0.02)
            run.kill()
            if run.wait() == 0:
                break
            stored.append(_judgements(hub))
            pause += 1
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begun
        after = linked(hub)
    return [
        ("works made up", str(works)),
        ("runs killed", str(len(stored))),
        ("judgements stored when killed", ", ".join(map(str, stored))),
        ("judgements in the end", str(len(after[0]))),
        ("clusters in the end", str(len(after[1]))),
        ("seconds of the last run", f"{seconds:.1f}"),
        ("the same as before", "yes" if after == before else "NO"),
    ]


def _judgements(hub: object) -> int:
    with reading(hub.engine) as connection:  # type: ignore[attr-defined]
        query = select(func.count()).select_from(JUDGEMENT).where(JUDGEMENT.c.known_to == OPEN)
        return connection.scalar(query) or 0


def main() -> None:
    """Run and print the table; exits with 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(asked.works, asked.kills, Path(folder))
    for name, value in found:
        print(f"{name:32} {value}")
    sys.exit(found[-1][1] != "yes")


if __name__ == "__main__":
    main()
