"""Corrupt real CWR files 20,000 times, one field or one line at a time, and print what became of it.

Another number may be given as the argument. Whatever is neither found nor provably harmless, or reaches a
transaction that was not touched, ends the run.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from random import Random

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "support"))

from cwr_mutations import FILES, run  # noqa: E402

COUNT = 20_000
SAMPLES = TESTS.parent / ".." / "shared" / "samples" / "cwr"

if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    if not SAMPLES.is_dir():
        sys.exit(f"{SAMPLES} is not there; nothing was corrupted")
    total: Counter[str] = Counter()
    for place, (name, version) in enumerate(FILES.items()):
        share = count // len(FILES) + (place < count % len(FILES))
        seen = run((SAMPLES / name).read_bytes(), version, share, Random(name))
        print(f"{name:30}", dict(seen))
        total += seen
    print(f"{'all':30}", dict(total), "of", total.total())
