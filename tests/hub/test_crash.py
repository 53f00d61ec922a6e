"""kill -9 in the middle of taking a file in, then the same again: the same catalogue, byte for byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hubs import WORK_HEADER, fresh_hub, send
from sqlalchemy import select

from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import metadata

WORKS = 1_500
TIMES = {
    "known_from",
    "known_to",
    "received_at",
    "known_at",
    "linked_at",
    "at",
    "hash",
    "previous",
    "body",
    "value",
}
CHILD = """
import sys, pathlib
sys.path.insert(0, sys.argv[3])
from hub.context import open_hub
from hub.settings import Settings
from hub.intake.submissions import ingest
hub = open_hub(Settings(sys.argv[1], pathlib.Path(sys.argv[2]), batch_size=50))
print("ready", flush=True)
with open(sys.argv[4], "rb") as stream:
    ingest(hub, stream, "177", progress=lambda done, read: print(read, flush=True))
"""


def feed() -> str:
    rows = (f"W{n},TITLE {n},,WRITER {n % 7},9000000010{9},CA,177,100,100,\n" for n in range(WORKS))
    return WORK_HEADER + "".join(rows)


def contents(hub: Hub) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table without its instants."""
    with reading(hub.engine) as connection:
        return {
            name: sorted(
                tuple(value for column, value in row._mapping.items() if column not in TIMES)
                for row in connection.execute(select(table))
            )
            for name, table in metadata.tables.items()
            if name != "counter"
        }


@pytest.mark.parametrize("stop_after", [1, 700, WORKS])
def test_a_killed_run_is_finished_by_the_next(tmp_path: Path, stop_after: int) -> None:
    path = tmp_path / "works.csv"
    path.write_text(feed(), encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    with fresh_hub(url, tmp_path / "killed", batch_size=50) as hub:
        root = str(Path(__file__).resolve().parents[2])
        argv = [sys.executable, "-c", CHILD, url, str(tmp_path / "killed" / "data"), root, str(path)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if line.strip().isdecimal() and int(line) >= stop_after:
                    break
            os.kill(child.pid, signal.SIGKILL)
        with reading(hub.engine) as connection:
            submission = metadata.tables["submission"]
            state = connection.execute(select(submission.c.status, submission.c.read)).all()
        assert len(state) == 1
        # A moment for the operating system to let go of the database's locks.
        time.sleep(0.05)
        found = send(hub, feed())
        assert found.status in ("accepted", "unchanged")
        killed = contents(hub)
    with fresh_hub(f"sqlite:///{tmp_path / 'whole.db'}", tmp_path / "whole", batch_size=50) as hub:
        send(hub, feed())
        whole = contents(hub)
    for table in whole:
        assert killed[table] == whole[table] or table in ("submission", "event"), table
    assert len(killed["declaration"]) == WORKS
