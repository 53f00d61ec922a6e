"""A usage report over HTTP: sent, answered as a job, fetched; what changed of it, as Parquet, as claims.

Run it as a script: ``--lines`` and ``--works`` set the sizes, ``--worker`` lets a ``hub worker`` of its own
do the jobs instead of the server. Prints seconds by the clock, and of each process the seconds of processor
time and the mebibytes it took at most (Linux).
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hub.access.keys import create
from hub.bench.usage import adds_up, fill, report_lines
from hub.client import Client, Unreachable
from hub.context import open_hub
from hub.registers import ensure
from hub.settings import Settings

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 120.0
"""Seconds that the server may take to start."""


class Watched:
    """A command of the hub in a process of its own."""

    def __init__(self, name: str, *arguments: str, folder: Path, jobs: bool) -> None:
        self.name = name
        environment = {
            **os.environ, "HUB_DATABASE_URL": url_of(folder), "HUB_DATA_DIR": str(folder / "data"),
            "HUB_JOBS_IN_SERVER": "yes" if jobs else "no",
        }  # fmt: skip
        self._log = (folder / f"{name}.log").open("wb")
        command = [sys.executable, "-c", "from hub.cli.app import main; main()", *arguments]
        self._process = subprocess.Popen(command, env=environment, stdout=self._log, stderr=self._log)

    def told(self) -> str:
        """Processor seconds and memory so far."""
        folder = Path("/proc", str(self._process.pid))
        used = (folder / "stat").read_text().rpartition(")")[2].split()
        peak = re.search(r"VmHWM:\s+(\d+)", (folder / "status").read_text())
        assert peak is not None
        seconds = (int(used[11]) + int(used[12])) / TICKS
        return f"{self.name}: {seconds:.1f} s of processor time, {int(peak[1]) >> 10} MiB at most"

    def end(self) -> None:
        """Stop it."""
        self._process.terminate()
        self._process.wait()
        self._log.close()


def url_of(folder: Path) -> str:
    """The database of the run."""
    return f"sqlite:///{folder / 'hub.db'}"


def main() -> None:
    """Print each step as it ends."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--works", type=int, default=20_000)
    options.add_argument("--port", type=int, default=8377)
    options.add_argument("--worker", action="store_true")
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(url_of(folder), folder, wanted.works)
        hub = open_hub(Settings(url_of(folder), folder / "data"))
        ensure(hub, "177")
        key = str(create(hub, "177")["key"])
        hub.engine.dispose()
        report = folder / "report.tsv"
        with report.open("w", encoding="utf-8") as out:
            out.writelines(report_lines(wanted.lines, wanted.works))
        serving = [
            Watched("server", "serve", "--port", str(wanted.port), folder=folder, jobs=not wanted.worker)
        ]
        if wanted.worker:
            serving.append(Watched("worker", "worker", folder=folder, jobs=True))
        try:
            journey(
                Client(f"http://127.0.0.1:{wanted.port}", key, timeout=600), report, wanted.lines, serving
            )
        finally:
            for process in serving:
                process.end()


def journey(client: Client, report: Path, lines: int, serving: list[Watched]) -> None:
    """Send, wait, fetch, check; then changes, Parquet and claims."""
    begun = time.perf_counter()

    def step(text: str) -> None:
        nonlocal begun
        print(f"{text:60} {time.perf_counter() - begun:8.1f} s", flush=True)
        for process in serving:
            print(f"    {process.told()}", flush=True)
        begun = time.perf_counter()

    while time.perf_counter() - begun < PATIENCE:
        try:
            client.me()
            break
        except Unreachable:
            continue
    step("the hub answers")
    job = str(client.send_usage(report)["job"])
    step(f"sent: {report.stat().st_size >> 20} MiB")
    done = done_of(client, job)
    step(f"answered: {done['read']} lines, {done['rows']} rows, {done['distinct_questions']} questions")
    result = report.with_name("result.csv")
    client.save_usage_result(job, result)
    step(f"fetched: {result.stat().st_size >> 20} MiB")
    counted = done["read"] == done["answered"] + done["unknown"] + done["unreadable"] == lines
    print(f"every line once, every sum exact: {counted and adds_up(result, lines)}", flush=True)
    begun = time.perf_counter()
    again = done_of(client, str(client.usage_changes(job)["job"]))
    step(f"what changed: {again['lines_changed']} of {again['read']} lines")
    columns = report.with_name("result.parquet")
    client.save_usage_result(job, columns, "parquet")
    step(f"as Parquet: {columns.stat().st_size >> 20} MiB")
    claims = str(client.send_usage(report, format="claims")["job"])
    told = done_of(client, claims)
    step(f"claims: {told['read']} lines, {told['size'] >> 20} MiB")


def done_of(client: Client, job: str) -> dict[str, int]:
    """The result of a job that must end well."""
    found = client.wait(job)
    if found["state"] != "done":
        raise SystemExit(f"job {job} is {found['state']}: {found.get('error')}")
    return dict(found["result"])


if __name__ == "__main__":
    main()
