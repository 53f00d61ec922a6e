"""A file read by a second process: the same catalogue, key by key, and no process left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import throwaway_postgres
from hubs import MANDATES, WORK_HEADER, fresh_hub, send
from second_processes import linux, second_processes
from sqlalchemy import select

from hub.bench.cwr_file import file_chunks
from hub.bench.ddex_message import pieces
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import metadata

TIMES = {"known_from", "known_to", "received_at", "known_at", "linked_at", "at"}
WORKS, BATCH = 300, 40
CWR = b"".join(file_chunks(WORKS))
CSV = WORK_HEADER + "".join(
    f"W{n},TITLE {n},,WRITER {n % 7},90000000109,CA,177,100,{100 if n % 9 else 'half'},\n"
    for n in range(WORKS)
)
FILES = {
    "cwr": CWR,
    # One work of fifty is none for the digits that its title has in the place of its shares.
    "cwr-faults": b"\r\n".join(
        line[:100] + b"?" * 60 if place % 50 == 3 else line for place, line in enumerate(CWR.split(b"\r\n"))
    ),
    "csv": CSV.encode(),
    "ddex": "".join(pieces(60)).encode(),
    "mandates": MANDATES.encode(),
    "refused": b"no format that anybody reads\n" * 50,
}
CHILD = """
import sys, pathlib
from hub.context import open_hub
from hub.settings import Settings
from hub.intake.submissions import ingest
hub = open_hub(Settings(sys.argv[1], pathlib.Path(sys.argv[2]), batch_size=20, second_process=1))
with open(sys.argv[3], "rb") as stream:
    ingest(hub, stream, "177", progress=lambda done, read: print(read, flush=True))
"""


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """The URLs of two fresh databases of one kind."""
    if request.param == "sqlite":
        yield [f"sqlite:///{tmp_path / name}.db" for name in ("one", "two")]
        return
    server = request.getfixturevalue("postgres_server")
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(throwaway_postgres.fresh_database(server)) for _ in range(2)]


def contents(hub: Hub) -> dict[str, list[tuple[str, ...]]]:
    """Every row of every table, keys and counters too, without instants; of the log its subjects."""
    with reading(hub.engine) as connection:
        return {
            name: sorted(
                tuple(repr(value) for column, value in row._mapping.items() if column not in TIMES)
                for row in connection.execute(select(table))
                # The last instant at which something became known is kept as a counter.
                if (name, row[0]) != ("counter", "known")
            )
            for name, table in metadata.tables.items()
            if name != "event"
        }


@pytest.mark.parametrize("name", FILES)
def test_two_processes_store_what_one_does(name: str, two_urls: list[str], tmp_path: Path) -> None:
    told, stored = [], []
    for url, least in zip(two_urls, (0, 1), strict=True):
        with fresh_hub(url, tmp_path / str(least), batch_size=BATCH, second_process=least) as hub:
            # The file, again, something else, and the file once more: then it is taken in to change nothing.
            told.append([send(hub, data).as_json() for data in (FILES[name], FILES[name], CSV, FILES[name])])
            stored.append(contents(hub))
    assert told[0] == told[1]
    for table, rows in stored[0].items():
        assert stored[1][table] == rows, table
    counts = told[0][0]["counts"]
    assert counts["read"] == 0 if name == "refused" else counts["stored"] > 0
    assert bool(counts["rejected"]) is (name in ("cwr-faults", "csv"))


@linux
def test_the_first_process_reads_on_when_the_second_is_killed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    killed: list[int] = []

    def kill(_: int, read: int) -> None:
        if read >= WORKS // 2 and not killed:
            killed.extend(second_processes(os.getpid()))
            for number in killed:
                os.kill(number, signal.SIGKILL)

    stored = []
    for name, options in (("whole", {}), ("killed", {"progress": kill})):
        url = f"sqlite:///{tmp_path / name}.db"
        with fresh_hub(url, tmp_path / name, batch_size=20, second_process=1) as hub:
            assert send(hub, CWR, **options).stored == WORKS
            stored.append(contents(hub))
    assert len(killed) == 1
    assert "reads on by itself" in caplog.text
    assert stored[0] == stored[1]


@linux
def test_an_intake_that_is_given_up_ends_its_second_process(tmp_path: Path) -> None:
    seen: list[int] = []

    def give_up(_: int, read: int) -> None:
        seen.extend(second_processes(os.getpid()))
        if seen:
            raise InterruptedError

    with fresh_hub(f"sqlite:///{tmp_path / 'hub.db'}", tmp_path, batch_size=20, second_process=1) as hub:
        with pytest.raises(InterruptedError):
            send(hub, CWR, progress=give_up)
        assert len(seen) == 1
        assert second_processes(os.getpid()) == []
        assert send(hub, CWR).stored == WORKS


@linux
def test_a_second_process_does_not_outlive_the_first_and_its_work_is_read_on(tmp_path: Path) -> None:
    path = tmp_path / "works.V21"
    path.write_bytes(CWR)
    url = f"sqlite:///{tmp_path / 'killed.db'}"
    with fresh_hub(url, tmp_path / "killed") as hub:
        argv = [sys.executable, "-c", CHILD, url, str(tmp_path / "killed" / "data"), str(path)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if int(line) >= WORKS // 2:
                    break
            left = second_processes(child.pid)
            os.kill(child.pid, signal.SIGKILL)
        assert len(left) == 1
        until = time.monotonic() + 30
        while any(_lives(number) for number in left) and time.monotonic() < until:
            time.sleep(0.05)
        assert not any(_lives(number) for number in left)
        send(hub, CWR)
        killed = contents(hub)
    with fresh_hub(f"sqlite:///{tmp_path / 'whole.db'}", tmp_path / "whole") as hub:
        send(hub, CWR)
        whole = contents(hub)
    for table in ("declaration", "subject", "identifier", "finding"):
        assert killed[table] == whole[table], table
    for table, rows in whole.items():
        assert len(killed[table]) == len(rows), table


def _lives(number: int) -> bool:
    try:
        status: Any = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return bool(status != "Z")
