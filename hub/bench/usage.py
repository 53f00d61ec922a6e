"""How fast a DSR report is answered, against reading its lines and writing those of the result alone.

Invented works with recordings and mandates are taken in; a report of many lines names them unevenly, as
charts do, and every tenth line names a recording that nobody knows. The command itself runs in a process of
its own, so that its memory is its own too.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson

from hub.context import open_hub
from hub.intake.submissions import ingest
from hub.registers import ensure
from hub.settings import Settings

WORKS = "work_ref,title,iswc,party_name,party_ipi,role,society,pr_share,mr_share,territories,isrcs\n"
SEED = 7
UNKNOWN = 10
"""Every so many-th line names a recording that nobody knows."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and mebibytes of one report; ``lowest`` is reading and writing the same lines alone.

    ``processor`` and ``lowest`` are seconds of processor time, of all processes; ``second`` are the
    mebibytes of the second process, if there was one (``HUB_SECOND_PROCESS_MIB``).
    """

    lines: int
    works: int
    distinct: int
    rows: int
    seconds: float
    processor: float
    lowest: float
    peak: int
    second: int
    exact: bool

    def as_json(self) -> dict[str, Any]:
        """For the interface."""
        return {
            "lines": self.lines, "works": self.works, "distinct_questions": self.distinct,
            "rows": self.rows, "seconds": round(self.seconds, 2),
            "processor_seconds": round(self.processor, 2),
            "lines_per_second": round(self.lines / self.seconds),
            "read_and_write_alone": round(self.lowest, 2),
            "ratio": round(self.processor / self.lowest, 1), "peak_mib": self.peak,
            "second_process_mib": self.second, "exact": self.exact,
        }  # fmt: skip


def measure(lines: int, works: int, say: Callable[[str], None]) -> Measured:
    """Take the works in, answer the report with the command, and check each line's sums."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'hub.db'}"
        say(f"taking in {works} works")
        fill(url, folder, works)
        report, result = folder / "report.tsv", folder / "result.csv"
        say(f"writing a report of {lines} lines")
        with report.open("w", encoding="utf-8") as out:
            out.writelines(report_lines(lines, works))
        say("answering it")
        begun = time.perf_counter()
        told, used = _command(url, folder, report, result)
        seconds = time.perf_counter() - begun
        say("checking the result")
        lowest = _lowest(report, result, folder / "copy.csv")
        return Measured(
            lines, works, told["distinct_questions"], told["rows"], seconds, used["processor"], lowest,
            int(used["peak"]), int(used["second"]),
            told["read"] == lines and adds_up(result, lines),
        )  # fmt: skip


def fill(url: str, folder: Path, works: int) -> None:
    """Take invented works with their recordings into a hub of its own."""
    hub = open_hub(Settings(url, folder / "data"))
    try:
        ensure(hub, "177")
        ensure(hub, "052")
        feed = folder / "works.csv"
        with feed.open("w", encoding="utf-8") as out:
            out.write(WORKS)
            for number in range(works):
                for part, (role, share) in enumerate((("C", "50.00"), ("A", "33.33"), ("E", "16.67"))):
                    party = (number * 7 + part * 1_000_003) % max(works // 3, 10)
                    society = "052" if party % 3 == 0 else "177"
                    out.write(
                        f"W{number},TITLE {number:x} {number * 40503 % 65536:x},,PARTY {party},,{role},"
                        f"{society},{share},{share},,{_isrc(number)}\n"
                    )
        with feed.open("rb") as source:
            ingest(hub, source, "177")
    finally:
        hub.engine.dispose()


def _isrc(number: int) -> str:
    return f"KZZ{number // 10**7:02d}{number % 10**7:07d}"


def report_lines(lines: int, works: int) -> Iterator[str]:
    """The text of a report that names the recordings of so many works unevenly, as charts do."""
    chance = random.Random(SEED)  # noqa: S311 - the same report every time
    yield (
        "HEAD\tdsrf/30\tBasicAudioProfile\t1.2\tBENCH\t2026-04-01T00:00:00Z\t1\t1\t2026-03-01\t2026-03-31\t"
        "PADPIDA2014999999Z\tService\n"
    )
    context = "SubscriptionModel\tOnDemandStream\tKZ\tPremium"
    yield f"SY02.02\tS1\t\t\t{context}\t1\t\tKZT\t1\t\t\t\t\t\tPerformingRight\n"
    for number in range(lines):
        code = works + number if number % UNKNOWN == 0 else int(works * chance.random() ** 3)
        units = chance.randrange(1, 100_000)
        yield (
            f"AS01.01\tB{number}\tA1\tR{code}\t{_isrc(code)}\tTitle {code}\t\tArtist\t\tPT3M"
            "\tSoundRecording\n"
            f"SU03.02\tB{number}\tT1\tS1\tR{code}\t{units}\t{units // 10000}.{units % 10000:04d}\n"
        )
    yield f"FOOT\t{2 * lines + 3}\t\t1\t{lines}\n"


WATCHED = """
import json, resource, sys
from hub.cli.app import main
try:
    main()
finally:
    own, other = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    seconds = own.ru_utime + own.ru_stime + other.ru_utime + other.ru_stime
    used = {"processor": seconds, "peak": own.ru_maxrss // unit, "second": other.ru_maxrss // unit}
    print(json.dumps(used), file=sys.stderr)
"""


def _command(url: str, folder: Path, report: Path, result: Path) -> tuple[dict[str, Any], dict[str, float]]:
    """What ``hub usage resolve`` says, and the processor seconds and mebibytes that it took."""
    arguments = ["usage", "resolve", str(report), "-o", str(result), "--json", "--db", url]
    done = subprocess.run(  # noqa: S603 - this very program
        [sys.executable, "-c", WATCHED, *arguments],
        env={**os.environ, "HUB_DATA_DIR": str(folder / "data")},
        capture_output=True,
        check=True,
    )
    return orjson.loads(done.stdout), orjson.loads(done.stderr.splitlines()[-1])


def _lowest(report: Path, result: Path, copy: Path) -> float:
    """Processor seconds to cut the report's lines into cells and to write the result's rows alone."""
    with result.open(encoding="utf-8", newline="") as stream:
        rows = stream.readlines()
    begun = time.process_time()
    with report.open(encoding="utf-8") as source:
        for line in source:
            line.split("\t")
    with copy.open("w", encoding="utf-8", newline="") as target:
        for row in rows:
            target.write(row)
    return time.process_time() - begun


def adds_up(result: Path, lines: int) -> bool:
    """Whether each line is there once in its place, with shares of 100 and its whole amount."""
    chance = random.Random(SEED)  # noqa: S311
    stated = 0
    with result.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        current, shares, amounts, fine = "", Decimal(100), Decimal(0), True
        expected = Decimal(0)
        for row in rows:
            if row["line"] != current:
                fine = fine and shares == 100 and amounts == expected
                current, shares, amounts = row["line"], Decimal(0), Decimal(0)
                if stated % UNKNOWN:
                    chance.random()
                expected = Decimal(chance.randrange(1, 100_000)) / 10_000
                fine = fine and int(current) == 2 * stated + 4
                stated += 1
            shares += Decimal(row["share"])
            amounts += Decimal(row["amount"])
    return fine and shares == 100 and amounts == expected and stated == lines
