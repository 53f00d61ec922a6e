"""Looking for garbage more seldom ends when the last block does, however blocks of threads overlap."""

from __future__ import annotations

import gc

from hub.garbage import SELDOM, collecting_seldom


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
