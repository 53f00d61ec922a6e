"""How a process of the hub is set up before it works."""

from __future__ import annotations

import gc
import os
import sys
from itertools import takewhile
from pathlib import Path

YOUNG, MIDDLE, OLD = 20_000, 20, 100
"""When Python looks for cycles: Python's own 700 new objects are one recording or two of a feed."""
WITHOUT = "NPY_DISABLE_CPU_FEATURES"
"""What numpy does without; it looks here once, when it is imported, and whoever sets it is obeyed."""
AVX_512 = "X86_V4 AVX512_ICL AVX512_SPR"
"""The names that numpy has for AVX-512."""
PROCESSORS = Path("/proc/cpuinfo")
"""Where Linux tells what processors there are."""


def relax_collector() -> None:
    """Look for reference cycles more rarely, as a stream of objects that hold none of them passes.

    Objects are freed when nothing refers to them all the same; a reader spends some 5 % less.
    """
    gc.set_threshold(YOUNG, MIDDLE, OLD)


def spare_slow_sorts(processors: Path = PROCESSORS) -> None:
    """Have numpy sort by AVX2 where it would sort by AVX-512 and take five times as long.

    That is so on AMD's fourth generation of Zen, family 25 with AVX-512: these processors take some hundred
    cycles to write the chosen numbers of a vector to memory, which a sort does at every step (AMD's
    optimization guide for Zen 4, "Code recommendations"). ``tests/bench/bench_sorting.py`` measures it. It is
    for the beginning of a process: once numpy is there it is too late.
    """
    if "numpy" in sys.modules or WITHOUT in os.environ:
        return
    try:
        with processors.open(encoding="ascii", errors="replace") as file:
            # All processors of a machine are alike: the first one tells enough.
            lines = takewhile(str.strip, file)
            told = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    except OSError:
        return
    fourth = (told.get("vendor_id"), told.get("cpu family")) == ("AuthenticAMD", "25")
    if fourth and "avx512f" in told.get("flags", "").split():
        os.environ[WITHOUT] = AVX_512
