"""Two societies upload 20 files each and a service asks, under ``kill -9`` of servers, workers and passes.

``python tests/bench/bench_kills.py [KILLS]``, 50 by default, on SQLite and PostgreSQL. Prints what clients
saw; exits with 1 if an answer was wrong, a refusal reached a client, or a job was lost.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from bench_contract import databases
from kill_rounds import rounds

FILES, KILLS = 20, 50


def main(kills: int) -> int:
    """Run everything; 1 if something was wrong."""
    bad = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, databases(Path(folder)) as urls:
        for name, url in urls.items():
            begun = time.monotonic()
            place = Path(folder) / name
            place.mkdir()
            seen, _ = rounds(url, place, files=FILES, kills=kills)
            bad += len(seen.wrong)
            print(
                f"{name:<10} {kills} kills in {time.monotonic() - begun:.0f} s: {len(seen.jobs)} files, "
                f"{len(seen.again)} sent again after others, "
                f"{seen.answers} answers, {seen.dossiers} dossiers in the end, {seen.cut} calls cut off, "
                f"{len(seen.wrong)} wrong",
                flush=True,
            )
            print(*("    " + text for text in seen.wrong), sep="\n")
    return int(bad > 0)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS))
