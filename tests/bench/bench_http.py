"""Batches and single questions over HTTP, asked by another process of a server with one worker.

The hub is one of ``hub bench generate --works N``. Rates are for a second of the server's processor time,
because the client and other work share the machine; time on the wall is told beside them. Batches come in two
kinds: recordings drawn evenly, nearly all of them new to the server, and drawn as listeners do (Zipf).
"""

from __future__ import annotations

import argparse
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import orjson

from hub.access.keys import create
from hub.bench.national_hub import Invention, Plan
from hub.context import open_hub
from hub.settings import Settings

TERMS = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
Stamp = tuple[float, float]


@contextmanager
def served(url: str, data: Path) -> Iterator[tuple[int, int]]:
    """A server of one process; its port and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("hub")), "serve", "--port", str(port)]
    environment = {
        **os.environ,
        "HUB_DATABASE_URL": url,
        "HUB_DATA_DIR": str(data),
        "HUB_JOBS_IN_SERVER": "no",
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, server.pid
        finally:
            server.terminate()


def spent(process: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def largest(process: int) -> int:
    """The most memory that a process had, in MiB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("VmHWM"))


def batches(port: int, process: int, key: str, bodies: list[bytes], size: int) -> str:
    """Post the bodies one after the other."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    begun, used, length = time.perf_counter(), spent(process), 0
    for body in bodies:
        client.request("POST", "/v1/who-to-pay/batch", body, headers)
        answer = client.getresponse()
        said = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status}: {said[:300]!r}")
        length += len(said)
    asked = size * len(bodies)
    wall, processor = time.perf_counter() - begun, spent(process) - used
    return (
        f"{asked / processor:9.0f} ids per processor second, {asked / wall:9.0f} per second, "
        f"{length / asked:.0f} bytes each, server at most {largest(process)} MiB"
    )


def singles(port: int, process: int, key: str, codes: list[str], clients: int) -> str:
    """Ask one by one, by several clients at once."""
    taken: list[float] = []

    def asking(own: list[str]) -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for code in own:
            begun = time.perf_counter()
            query = urlencode({"subject": f"isrc:{code}", **TERMS})
            client.request("GET", f"/v1/who-to-pay?{query}", headers={"Authorization": f"Bearer {key}"})
            answer = client.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(str(answer.status))
            taken.append((time.perf_counter() - begun) * 1000)

    begun, used = time.perf_counter(), spent(process)
    threads = [threading.Thread(target=asking, args=(codes[number::clients],)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, processor = time.perf_counter() - begun, spent(process) - used
    taken.sort()
    return (
        f"{len(taken) / wall:7.0f} per second, {len(taken) / processor:7.0f} per processor second, "
        f"p50 {taken[len(taken) // 2]:.2f} ms, p99 {taken[len(taken) * 99 // 100]:.2f} ms"
    )


def main() -> None:
    """Print one line for each kind of asking."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--db", required=True, help="URL of a generated hub")
    options.add_argument("--works", type=int, required=True)
    options.add_argument("--size", type=int, default=10_000, help="questions in a batch")
    options.add_argument("--batches", type=int, default=4)
    options.add_argument("--singles", type=int, default=1_500)
    wanted = options.parse_args()
    made, chance = Invention(Plan(wanted.works, 1)), Random(5)

    def even() -> str:
        return made.isrc(chance.randrange(wanted.works))

    def popular() -> str:
        # Ranks of a Zipf law with exponent 1 by inversion, spread over the catalogue.
        return made.isrc(int(wanted.works ** chance.random()) * 7_919 % wanted.works)

    def body(draw: Any) -> bytes:
        return orjson.dumps(
            {"questions": [{"subject": f"isrc:{draw()}", **TERMS} for _ in range(wanted.size)]}
        )

    out = sys.stdout
    with tempfile.TemporaryDirectory() as name:
        hub = open_hub(Settings(wanted.db, Path(name)))
        key = create(hub, "177")["key"]
        hub.engine.dispose()
        for label, draw in (("even", even), ("popular", popular)):
            with served(wanted.db, Path(name)) as (port, process):
                bodies = [body(draw) for _ in range(wanted.batches + 1)]
                batches(port, process, key, bodies[:1], wanted.size)
                told = batches(port, process, key, bodies[1:], wanted.size)
                out.write(f"batches of {wanted.size}, {label:8} {told}\n")
                out.flush()
        with served(wanted.db, Path(name)) as (port, process):
            singles(port, process, key, [even() for _ in range(300)], 1)
            for clients in (1, 2, 4, 8):
                told = singles(port, process, key, [even() for _ in range(wanted.singles)], clients)
                out.write(f"one by one, {clients} clients {told}\n")
                out.flush()


if __name__ == "__main__":
    main()
