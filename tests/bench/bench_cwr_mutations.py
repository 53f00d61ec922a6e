"""Corrupt real CWR files 20,000 times, one field or one line at a time, and print what became of it."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "parsers")]

from cwr_mutations import run  # noqa: E402
from test_cwr_mutations import FILES, SAMPLES  # noqa: E402

COUNT = 20_000

if __name__ == "__main__":
    if not SAMPLES.is_dir():
        sys.exit(f"{SAMPLES} is not there; nothing was corrupted")
    total: Counter[str] = Counter()
    for name, version in FILES.items():
        total += run((SAMPLES / name).read_bytes(), version, COUNT // len(FILES), Random(name))
    print(dict(total), "of", total.total())
