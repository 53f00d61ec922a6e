"""The hub's answers beside the slow oracle's on many random worlds, taken in and asked end to end.

Worlds go in batches into fresh SQLite databases through intake, mandates, notices and judgements; every
question is asked of both. ``--worlds N`` says how many, ``--first`` and ``--seed`` which; differences are
printed, and the exit code is 1 if there was any.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "oracle"))
sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from world_comparison import differences

from hub.context import open_hub
from hub.settings import Settings


def main() -> int:
    """Compare batch after batch and print how far it came."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--worlds", type=int, default=2_000)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--batch", type=int, default=100)
    options.add_argument("--folder", type=Path, help="where the databases are made, such as a memory disk")
    wanted = options.parse_args()
    begun = time.perf_counter()
    failed = 0
    with tempfile.TemporaryDirectory(dir=wanted.folder) as name:
        empty = Path(name) / "empty.db"
        open_hub(Settings(f"sqlite:///{empty}", Path(name) / "data")).engine.dispose()
        last = wanted.first + wanted.worlds
        for start in range(wanted.first, last, wanted.batch):
            folder = Path(name) / str(start)
            folder.mkdir()
            shutil.copy(empty, folder / "hub.db")
            hub = open_hub(Settings(f"sqlite:///{folder / 'hub.db'}", folder / "data"))
            # One batch in ten is asked question by question, the others as usage reports are answered.
            ahead = bool(start // wanted.batch % 10)
            numbers = range(start, min(start + wanted.batch, last))
            for difference in differences(hub, wanted.seed, numbers, ahead=ahead):
                failed += 1
                sys.stdout.write(difference + "\n")
            hub.engine.dispose()
            shutil.rmtree(folder)
            done = min(start + wanted.batch, last) - wanted.first
            rate = done / (time.perf_counter() - begun)
            sys.stdout.write(f"{done} worlds, {failed} differences, {rate:.1f} worlds a second\n")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
