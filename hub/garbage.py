"""How often the interpreter looks for garbage in circles while a file is taken in or a batch answered."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 50_000
"""So many new objects before the youngest are looked through; a batch has some hundred thousand."""

# Blocks of several threads may overlap: the first to begin notes the threshold, the last to end restores it.
_lock = threading.Lock()
_open: list[tuple[int, int, int]] = []


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage in circles more seldom inside the block: what a file is made into has none.

    Looking as often as usual takes a ninth of the processor time of an intake. What other threads leave in
    circles meanwhile waits a little longer.
    """
    with _lock:
        usual = _open[0] if _open else gc.get_threshold()
        _open.append(usual)
        gc.set_threshold(max(SELDOM, usual[0]) if usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        with _lock:
            _open.pop()
            if not _open:
                gc.set_threshold(*usual)
