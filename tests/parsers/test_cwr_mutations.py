"""Corrupted real files: no crash, neighbours of what was corrupted are untouched.

The full run, 20,000 corruptions, is ``tests/bench/bench_cwr_mutations.py``.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from cwr_mutations import FILES, run

SAMPLES = Path(__file__).resolve().parents[2] / ".." / "shared" / "samples" / "cwr"


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of real CWR files beside the repository")
@pytest.mark.parametrize("name", FILES)
def test_a_corruption_is_found_or_harmless_and_its_neighbours_stay(name: str) -> None:
    count = 12 if name == "ackexample.V21" else 60
    seen = run((SAMPLES / name).read_bytes(), FILES[name], count, Random(name))
    assert seen.total() == count
    assert seen["found"] > 0
