"""How often the interpreter looks for garbage in circles while a file is taken in or a batch answered."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

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
    with _every(SELDOM):
        yield


@contextmanager
def collecting_between() -> Iterator[Callable[[], object]]:
    """Look for garbage in circles when told to and not otherwise: the block gets what tells so.

    It is to be told between portions of the work, when nearly all that a portion was made into is gone: then
    there is little to look through.
    """
    with _every(0):
        yield partial(gc.collect, 1)


@contextmanager
def _every(objects: int) -> Iterator[None]:
    with _lock:
        usual = _open[0] if _open else gc.get_threshold()
        _open.append(usual)
        gc.set_threshold(max(objects, usual[0]) if objects and usual[0] else 0, *usual[1:])
    try:
        yield
    finally:
        with _lock:
            _open.pop()
            if not _open:
                gc.set_threshold(*usual)
