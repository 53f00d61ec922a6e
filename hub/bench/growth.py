"""How the cost of a batch run grows: the recording matcher on made-up records at growing sizes.

Processor time is compared, not time by the clock, so that what else the machine does hardly counts. The cost
grows as n log n where ``cost / (n log n)`` stays what it was, and faster where that ratio rises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hub.bench.data_sets import Run, carried_out
from hub.bench.invention import write_invented
from hub.bench.measures import Measure, Report

SMALLEST = 20_000
MOST = 1.1
"""Cost per n log n may be this many times that of the smallest size: what allocation and caches cost."""


def sizes(largest: int) -> list[int]:
    """20,000, 50,000, 100,000, 200,000, 500,000 ... up to the largest, which is always one of them.

    >>> sizes(120_000)
    [20000, 50000, 100000, 120000]
    """
    steps = (first * 10**power for power in range(4, 10) for first in (1, 2, 5))
    return [*(step for step in steps if SMALLEST <= step < largest), largest]


def runs(largest: int, seed: int, say: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """The figures of each size, the smallest first, each measured in a process of its own."""
    for size in sizes(largest):
        with TemporaryDirectory() as folder:
            path = Path(folder, "records.csv")
            written = write_invented(path, size, seed)
            say(f"{written} records ...")
            found = carried_out(Run("invented", path, "parsed", False, "hub"))
        yield {"records": written, **found}


def report(found: Sequence[Mapping[str, Any]]) -> Report:
    """Exponents from one size to the next and over all; cost per n log n beside that of the smallest size."""
    lines: list[Measure] = []
    for before, after in [*pairwise(found), (found[0], found[-1])]:
        span = f"{before['records']} to {after['records']}"
        if before["records"] < after["records"]:
            lines.append(Measure(f"{span}: exponent", exponent(before, after), ""))
    whole = per_n_log_n(found[-1]) / per_n_log_n(found[0])
    lines.append(Measure("cost per n log n, largest beside smallest", whole, "x", MOST, at_most=True))
    return Report("Growth", tuple(dict.fromkeys(lines)))


def exponent(before: Mapping[str, Any], after: Mapping[str, Any]) -> float:
    """The power of the number of records that the processor time grew with.

    >>> round(exponent({"records": 10, "cpu_seconds": 1.0}, {"records": 40, "cpu_seconds": 16.0}), 6)
    2.0
    """
    cost, records = (after[name] / before[name] for name in ("cpu_seconds", "records"))
    return math.log(cost) / math.log(records)


def per_n_log_n(found: Mapping[str, Any]) -> float:
    """Processor time per record and logarithm of the number of records."""
    return float(found["cpu_seconds"] / (found["records"] * math.log(found["records"])))
