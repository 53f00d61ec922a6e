"""How a process of the hub is set up before it works."""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 100
"""When Python looks for cycles: Python's own 700 new objects are one recording or two of a feed."""


def relax_collector() -> None:
    """Look for reference cycles more rarely, as a stream of objects that hold none of them passes.

    Objects are freed when nothing refers to them all the same; a reader spends some 5 % less.
    """
    gc.set_threshold(YOUNG, MIDDLE, OLD)
