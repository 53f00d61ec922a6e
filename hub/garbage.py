"""How often the interpreter looks for garbage in circles while a file is taken in or a batch answered."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 50_000
"""So many new objects before the youngest are looked through; a batch has some hundred thousand."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage in circles more seldom inside the block: what a file is made into has none.

    Looking as often as usual takes a ninth of the processor time of an intake. What other threads leave in
    circles meanwhile waits a little longer.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(SELDOM, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
