"""Two societies upload and a service asks, while servers and workers are killed: what must hold afterwards.

Each file of society 177 registers works, each file of society 901 the same works as collected by itself. So a
question about a work has few right answers, told by an oracle that took the same files in one after another:
unknown, what one of the two says, or what both say.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from hubs import WORK_HEADER, fresh_hub, send
from sqlalchemy import func, select

from hub.access.keys import create
from hub.answers.batch import Desk
from hub.answers.question import ask
from hub.client import Client, Refused, Unreachable
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import DOSSIER
from hub.errors import HubError
from schemas.identifiers import iswc

SOCIETIES = (
    "code,name,country,kind,accreditations\n177,KAZAK,KZ,cmo,\n901,Altyn Dala (invented),KZ,cmo,\n"
    "STREAMER,Streamer (invented),KZ,dsp,\n"
)
WORKS_PER_FILE = 8
TERMS = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}


def code_of(number: int) -> str:
    """The ISWC of a made-up work."""
    digits = f"{900_000_000 + number:09d}"
    return next(f"T{digits}{check}" for check in range(10) if iswc.is_valid(f"T{digits}{check}"))


def works_file(number: int) -> bytes:
    """Society 177's file of this number."""
    rows = "".join(
        f"W{number}-{n},TITLE {number} {n},{code_of(number * WORKS_PER_FILE + n)},"
        f"WRITER {number},,CA,177,100,100,\n"
        for n in range(WORKS_PER_FILE)
    )
    return (WORK_HEADER + rows).encode()


def other_file(number: int) -> bytes:
    """Society 901's file of this number: it says that the same works are collected by itself."""
    return works_file(number).replace(b",177,100", b",901,100").replace(b"W%d-" % number, b"X%d-" % number)


def shape(answer: dict[str, Any]) -> str:
    """An answer without ids and instants."""
    if "error" in answer:
        return str(answer["error"])
    return repr([(line["status"], line["share"], line["payee"]) for line in answer["lines"]])


@dataclass
class Oracle:
    """For each file the right shapes of an answer about its works, in the order in which they may come."""

    shapes: list[set[str]] = field(default_factory=list)
    final: list[str] = field(default_factory=list)


def questions(files: int) -> list[dict[str, str]]:
    """One question about a work of each file."""
    return [{"subject": f"iswc:{code_of(number * WORKS_PER_FILE)}", **TERMS} for number in range(files)]


def asked(hub: Hub, files: int) -> list[str]:
    """The shapes of the answers, asked without HTTP."""
    wanted = [ask(**item) for item in questions(files)]
    with reading(hub.engine) as connection:
        found = Desk(connection).encoded_anew(wanted)
    answers = [found[question] for question in wanted]
    return [item.code if isinstance(item, HubError) else shape(orjson.loads(item)) for item in answers]


def oracle(folder: Path, files: int) -> Oracle:
    """Take the same files in one after another, in both orders, and ask in between."""
    # Published and not yet linked, the two registrations are two works of one ISWC for a moment: it is said.
    found = Oracle([{"unknown_subject", "ambiguous_reference"} for _ in range(files)])
    for name, order in (("a", (works_file, other_file)), ("b", (other_file, works_file))):
        with fresh_hub(f"sqlite:///{folder / name}.db", folder / name, societies=SOCIETIES) as hub:
            for make in order:
                society = "177" if make is works_file else "901"
                for number in range(files):
                    send(hub, make(number), society)
                shapes = asked(hub, files)
                for number, text in enumerate(shapes):
                    found.shapes[number].add(text)
            assert found.final in ([], shapes), "the order of files must not matter in the end"
            found.final = shapes
    return found


PREPARER = """
import time
from hub.cli.options import opened
from hub.dossiers.preparing import prepare
hub = opened(None)
while True:
    prepare(hub)
    time.sleep(0.1)
"""


class Fleet:
    """A server, workers, and a process that makes dossiers; they are killed and replaced."""

    def __init__(self, url: str, folder: Path, workers: int = 2) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self._environment = {
            **os.environ,
            "HUB_DATABASE_URL": url,
            "HUB_DATA_DIR": str(folder / "data"),
            "HUB_JOBS_IN_SERVER": "no",
            "HUB_JOB_LEASE_SECONDS": "2",
            "HUB_BATCH_SIZE": "3",
            "HUB_LOG_LEVEL": "ERROR",
        }
        self._log = (folder / "fleet.log").open("ab")
        self._processes = {kind: self._start(kind) for kind in ("server", "preparer")}
        for number in range(workers):
            self._processes[f"worker {number}"] = self._start("worker")

    def _start(self, kind: str) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", "from hub.cli.app import main; main()"]
        if kind == "preparer":
            argv[-1] = PREPARER
        else:
            argv += ["worker"] if kind != "server" else ["serve", "--port", str(self.port)]
        return subprocess.Popen(argv, env=self._environment, stdout=self._log, stderr=self._log)

    def kill_one(self, chance: random.Random) -> str:
        """End one process without notice and start another in its place."""
        name = chance.choice(sorted(self._processes))
        self._processes[name].kill()
        self._processes[name].wait()
        self._processes[name] = self._start(name.split()[0])
        return name

    def close(self) -> None:
        """Stop all."""
        for process in self._processes.values():
            process.send_signal(signal.SIGKILL)
        for process in self._processes.values():
            process.wait()
        self._log.close()


@contextmanager
def fleet(url: str, folder: Path) -> Iterator[Fleet]:
    """A running fleet, stopped at the end."""
    running = Fleet(url, folder)
    try:
        yield running
    finally:
        running.close()


@dataclass
class Seen:
    """What clients met: jobs and submissions by file, answers as (file, shape), and faults that must not be.

    ``again`` are further submissions: a file that is sent again after others is a new statement.
    """

    jobs: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    again: dict[tuple[str, int, str], str] = field(default_factory=dict)
    answers: int = 0
    dossiers: int = 0
    """How many there are in the end from which answers are filled in."""
    wrong: list[str] = field(default_factory=list)
    cut: int = 0


def rounds(url: str, folder: Path, *, files: int, kills: int, seed: int = 1) -> tuple[Seen, list[str]]:
    """Upload, ask and kill; returns what clients saw and the shapes of the answers in the end.

    Files are sent one after another by each society; with more kills than the files last, they are sent again
    and again, which must change no answer and lose no report.
    """
    chance = random.Random(seed)
    right = oracle(folder, files)
    seen = Seen()
    done, over = threading.Event(), threading.Event()
    with fresh_hub(url, folder, societies=SOCIETIES) as hub:
        keys = {name: create(hub, name)["key"] for name in ("177", "901")}
        keys["STREAMER"] = create(hub, "STREAMER", role="dsp")["key"]
        with fleet(url, folder) as running:
            base = f"http://127.0.0.1:{running.port}"
            threads = [
                threading.Thread(
                    target=_upload, args=(base, keys["177"], "177", works_file, files, seen, done)
                ),
                threading.Thread(
                    target=_upload, args=(base, keys["901"], "901", other_file, files, seen, done)
                ),
                threading.Thread(target=_ask, args=(base, keys["STREAMER"], files, right, seen, over)),
            ]
            for thread in threads:
                thread.start()
            for _ in range(kills):
                time.sleep(chance.uniform(0.2, 2.0))
                running.kill_one(chance)
            done.set()
            for thread in threads[:2]:
                thread.join()
            over.set()
            threads[2].join()
            _finish(base, keys, seen)
        with reading(hub.engine) as connection:
            seen.dossiers = connection.scalar(select(func.count()).where(DOSSIER.c.content != b"")) or 0
        final = asked(hub, files)
    if final != right.final:
        seen.wrong.append(f"in the end: {final} instead of {right.final}")
    return seen, final


def _upload(
    base: str, key: str, society: str, make: Any, files: int, seen: Seen, done: threading.Event
) -> None:
    client = Client(base, key, timeout=60)
    for turn in itertools.count():
        for number in range(files):
            if turn and done.is_set():
                return
            sent = _sent(client, make(number), f"{society}-{number}-{turn}", seen)
            if sent is None:
                return
            if not turn:
                seen.jobs[society, number] = (sent["job"] or "", sent["submission"])
            elif sent["submission"] != seen.jobs[society, number][1]:
                seen.again.setdefault((society, number, sent["submission"]), sent["job"] or "")
        if done.is_set():
            return


def _sent(client: Client, content: bytes, name: str, seen: Seen) -> dict[str, Any] | None:
    while True:
        try:
            return client.submit(content, filename=f"{name}.csv", repeat_key=name)
        except Unreachable:
            seen.cut += 1
        except Refused as fault:
            seen.wrong.append(f"{name}: {fault.status} {fault.code} {fault.detail}")
            return None


def _ask(base: str, key: str, files: int, right: Oracle, seen: Seen, over: threading.Event) -> None:
    client = Client(base, key, timeout=60)
    while not over.is_set():
        try:
            told = client.who_to_pay_batch(questions(files))
        except Unreachable:
            seen.cut += 1
            continue
        except Refused as fault:
            seen.wrong.append(f"asking: {fault.status} {fault.code} {fault.detail}")
            continue
        seen.answers += len(told["answers"])
        for number, answer in enumerate(told["answers"]):
            if shape(answer) not in right.shapes[number]:
                seen.wrong.append(f"file {number}: {shape(answer)} not in {right.shapes[number]}")


def _finish(base: str, keys: dict[str, str], seen: Seen) -> None:
    """Wait for every job: each must be done with the report of a file taken in whole, then or before."""
    ids = [(society, number, *told, "accepted", "stored") for (society, number), told in seen.jobs.items()]
    ids += [
        (*told, job, submission, "unchanged", "unchanged") for (*told, submission), job in seen.again.items()
    ]
    for society, number, job, submission, status, where in ids:
        client = Client(base, keys[society], timeout=60)
        try:
            ended = client.wait(job, seconds=120) if job else {"state": "done"}
            report = client.submission(submission)
        except Refused as fault:
            seen.wrong.append(f"{society} file {number}: {fault.status} {fault.code} {fault.detail}")
            continue
        counts = (report["status"], report["counts"]["read"], report["counts"][where])
        if ended["state"] != "done" or counts != (status, WORKS_PER_FILE, WORKS_PER_FILE):
            seen.wrong.append(f"{society} file {number}: {ended}, {report}")
