"""Linking what a large CWR file brought, at growing sizes: processor time, memory, and how the cost grows.

The works are those of ``hub bench cwr``: every one shares its longest words and its writers' names with all
others, so a linker that looks crowded keys up again and again is found out. Each size runs in a process of
its own. Run it as a script; ``--works N`` is the smallest size, ``--steps N`` how often it is doubled.
"""

from __future__ import annotations

import argparse
import io
import math
import multiprocessing
import resource
import tempfile
import time
from pathlib import Path

from sqlalchemy import update

from hub.bench.cwr_file import Pieces, file_chunks
from hub.context import open_hub
from hub.db.engine import writing
from hub.db.tables import SUBMISSION
from hub.db.times import OPEN
from hub.intake.submissions import ingest
from hub.links.linking import link_pending
from hub.registers import ensure
from hub.settings import Settings


def measure(works: int) -> tuple[float, float, int, int]:
    """Seconds of processor time of taking in (linked once) and of linking again, subjects, peak in MB."""
    with tempfile.TemporaryDirectory() as name:
        hub = open_hub(Settings(f"sqlite:///{Path(name, 'hub.db')}", Path(name, "data")))
        ensure(hub, "177")
        begun = time.process_time()
        ingest(hub, io.BufferedReader(Pieces(file_chunks(works))), "177")
        taken_in = time.process_time()
        with writing(hub.engine) as connection:
            connection.execute(update(SUBMISSION).values(linked_at=OPEN))
        done = link_pending(hub)
        linked = time.process_time()
        hub.engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return taken_in - begun, linked - taken_in, done.subjects, peak


def main() -> None:
    """Print the table; the exponent is that of a power law between the smallest and the largest size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=5_000)
    options.add_argument("--steps", type=int, default=3)
    asked = options.parse_args()
    sizes = [asked.works << step for step in range(asked.steps)]
    found = []
    print(f"{'works':>10} {'taken in, s':>12} {'linked, s':>10} {'ms a work':>10} {'peak MB':>8}")
    for works in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            taken_in, linked, subjects, peak = pool.apply(measure, (works,))
        found.append(linked)
        print(f"{works:>10} {taken_in:>12.1f} {linked:>10.2f} {1000 * linked / subjects:>10.3f} {peak:>8}")
    if len(sizes) > 1:
        grown = math.log(found[-1] / found[0]) / math.log(sizes[-1] / sizes[0])
        print(f"linking grows as works to the power of {grown:.2f}")


if __name__ == "__main__":
    main()
