"""Looking for garbage more seldom ends when the last block does, however blocks of threads overlap."""

from __future__ import annotations

import gc
import weakref

from hub.garbage import SELDOM, collecting_between, collecting_seldom


def test_overlapping_blocks_restore_the_usual_threshold() -> None:
    usual = gc.get_threshold()
    first, second = collecting_seldom(), collecting_seldom()
    first.__enter__()
    second.__enter__()
    assert gc.get_threshold()[0] == max(SELDOM, usual[0])
    first.__exit__(None, None, None)
    assert gc.get_threshold()[0] == max(SELDOM, usual[0])
    second.__exit__(None, None, None)
    assert gc.get_threshold() == usual


def test_a_process_that_never_looks_keeps_to_that() -> None:
    usual = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with collecting_seldom():
            assert gc.get_threshold()[0] == 0
        assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*usual)


class Ring:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.own = self


def test_between_portions_garbage_is_looked_for_when_told() -> None:
    usual = gc.get_threshold()
    with collecting_between() as collect:
        assert gc.get_threshold()[0] == 0
        gone = weakref.ref(Ring())
        assert gone() is not None
        collect()
        assert gone() is None
    assert gc.get_threshold() == usual
