"""Corrupted real files: no crash, neighbours of what was corrupted are untouched.

The full run, 20,000 corruptions, is ``tests/bench/bench_cwr_mutations.py``.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from cwr_mutations import run

SAMPLES = Path(__file__).resolve().parents[2] / ".." / "shared" / "samples" / "cwr"
FILES = {
    "CW220002DMP_0000_V3-0-0.SUB": "3.0",
    "demo_cwr_cleaned.v22": "2.2",
    "nwrexample2.V21": "2.1",
    "CW220001000_DMP.V21": "2.1",
}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="no folder of real CWR files beside the repository")
@pytest.mark.parametrize("name", FILES)
def test_a_corruption_is_found_or_stated_and_its_neighbours_stay(name: str) -> None:
    seen = run((SAMPLES / name).read_bytes(), FILES[name], 60, Random(name))
    assert seen.total() == 60
    assert seen["found"] > 20
