"""Taking in an invented CWR file with one process and with two, in turns, each in a hub of its own.

Prints seconds by the clock, linking included, seconds of processor time of either process, and the ratios.
Run it as a script: ``--works N`` sets the size, ``--rounds N`` how often. The load of the machine is printed
beside: on a busy one the clock says little.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hub.bench.cwr_file import file_chunks
from hub.context import open_hub
from hub.intake.submissions import ingest
from hub.registers import ensure
from hub.settings import Settings


def take_in(path: Path, least: int) -> None:
    """Take the file in and print seconds by the clock and of processor time of the first and the second."""
    with tempfile.TemporaryDirectory() as folder, path.open("rb") as stream:
        hub = open_hub(Settings(f"sqlite:///{folder}/hub.db", Path(folder), second_process=least))
        ensure(hub, "177")
        begun = time.perf_counter()
        ingest(hub, stream, "177")
        clock = time.perf_counter() - begun
        hub.engine.dispose()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(clock, *(item.ru_utime + item.ru_stime for item in used))


def measured(path: Path, least: int) -> list[float]:
    """What a process of its own prints for ``take_in``."""
    argv = [sys.executable, __file__, "--take-in", str(path), "--least", str(least)]
    done = subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True)
    return [float(word) for word in done.stdout.split()]


def main() -> None:
    """Print each run and the medians of the ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--take-in", type=Path)
    options.add_argument("--least", type=int, default=0)
    wanted = options.parse_args()
    if wanted.take_in:
        take_in(wanted.take_in, wanted.least)
        return
    clocks, costs = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "works.V21"
        with path.open("wb") as target:
            target.writelines(file_chunks(wanted.works))
        for _ in range(wanted.rounds):
            one, two = measured(path, 0), measured(path, 1)
            for name, (clock, first, second) in (("one", one), ("two", two)):
                load = os.getloadavg()[0]
                print(f"{name}: {clock:.1f} s, processor {first:.1f} + {second:.1f} s, load {load:.1f}")
            clocks.append(one[0] / two[0])
            costs.append(sum(two[1:]) / sum(one[1:]))
    print(
        f"clock of one over two: {statistics.median(clocks):.2f}; processor: {statistics.median(costs):.2f}"
    )


if __name__ == "__main__":
    main()
