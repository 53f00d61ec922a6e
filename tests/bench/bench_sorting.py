"""What numpy's sorts cost with and without AVX-512, each in processes of its own that take turns.

The hub has numpy do without AVX-512 where that sorts slower (``hub.process.spare_slow_sorts``); the ratio
printed here says whether it does so rightly on this processor. Run it as a script; ``--numbers N`` says how
many are sorted, ``--rounds N`` how often.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from hub.process import AVX_512, WITHOUT, spare_slow_sorts

SORTED = """
import sys
from time import process_time
import numpy as np
numbers = np.random.default_rng(1).integers(2**62, size=int(sys.argv[1]))
def least(sort):
    times = []
    for _ in range(5):
        before = process_time()
        sort(numbers)
        times.append(process_time() - before)
    return min(times)
print(least(np.sort), least(np.argsort))
"""


def measured(numbers: int, without: str) -> tuple[float, float]:
    """Seconds of processor time of a sort and of an argsort of so many numbers, the best of five."""
    environment = {**os.environ, WITHOUT: without}
    command = [sys.executable, "-c", SORTED, str(numbers)]
    told = subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout
    sort, argsort = map(float, told.split())
    return sort, argsort


def main() -> int:
    """Print what either way costs and what the hub chooses here."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--numbers", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    chosen = os.environ.pop(WITHOUT, None)
    spare_slow_sorts()
    chosen = chosen or os.environ.pop(WITHOUT, "")
    for number in range(arguments.rounds):
        whole, spared = measured(arguments.numbers, ""), measured(arguments.numbers, AVX_512)
        for name, all_of_it, less in zip(("sort", "argsort"), whole, spared, strict=True):
            print(
                f"round {number + 1}: {name} of {arguments.numbers:,} numbers: {all_of_it * 1000:.1f} ms with"
                f" all that the processor has, {less * 1000:.1f} ms without AVX-512, ratio"
                f" {all_of_it / less:.2f}"
            )
    print(f"here the hub does {f'without {chosen}' if chosen else 'with all that the processor has'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
