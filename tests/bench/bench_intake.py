"""Taking a register of works in, stage by stage, against writing the same rows with bare ``executemany``.

The lower bound is what any loader must do at least: the rows that the intake left in the database are read
back and inserted into an empty database with the same tables and indexes, in one transaction, by the driver
alone. Run it as a script; ``--works N`` sets the size.
"""

from __future__ import annotations

import argparse
import io
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from hub.context import open_hub
from hub.intake.submissions import ingest
from hub.registers import ensure
from hub.settings import Settings
from parsers import detect

HEADER = "work_ref,title,iswc,party_name,party_ipi,role,society,pr_share,mr_share,territories\n"
SYLLABLES = (
    "ra",
    "lo",
    "mi",
    "ten",
    "sha",
    "ku",
    "vel",
    "or",
    "dan",
    "be",
    "ly",
    "ga",
    "no",
    "pes",
    "zu",
    "it",
)


def word(number: int) -> str:
    """One of 65,536 invented words, neighbours far apart."""
    scattered = number * 40_503 % 65_536
    return "".join(SYLLABLES[scattered >> shift & 15] for shift in (0, 4, 8, 12))


def register(works: int) -> bytes:
    """Invented works of two or three words and three parties each; writers and publishers come back."""
    lines = [HEADER]
    for number in range(works):
        title = " ".join(word(number * 3 + place) for place in range(2 + number % 2))
        for party, role in ((number % 977, "C"), (number % 991 + 1000, "A"), (number % 61 + 3000, "E")):
            share = "50,0" if role == "E" else "25,50"
            name = f"{word(party + 20_000)} {word(party + 40_000)}"
            lines.append(f"B{number:07d},{title},,{name},,{role},177,{share},\n")
    return "".join(lines).encode()


def bare(source: Path, target: Path) -> tuple[int, float]:
    """Rows written and seconds taken by the driver alone."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        made = old.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        tables = [(name, sql) for name, sql in made.fetchall() if not name.startswith("sqlite_")]
        new.execute("PRAGMA journal_mode=WAL")
        new.execute("PRAGMA synchronous=FULL")
        for _, sql in tables:
            new.execute(sql)
        indexes = old.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        for (sql,) in indexes.fetchall():
            new.execute(sql)
        contents = [(name, old.execute(f'SELECT * FROM "{name}"').fetchall()) for name, _ in tables]
        begun = time.perf_counter()
        total = 0
        with new:
            for name, rows in contents:
                if rows:
                    marks = ", ".join("?" * len(rows[0]))
                    new.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
                    total += len(rows)
        return total, time.perf_counter() - begun


def main() -> None:
    """Print seconds, rates and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=20_000)
    works = options.parse_args().works
    feed = register(works)
    begun = time.perf_counter()
    items = sum(1 for _ in detect.read(io.BytesIO(feed)))
    reading = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hub = open_hub(Settings(f"sqlite:///{folder / 'hub.db'}", folder / "data"))
        ensure(hub, "177")
        last = [0.0]
        begun = time.perf_counter()
        report = ingest(
            hub,
            io.BytesIO(feed),
            "177",
            progress=lambda _done, _read: last.__setitem__(0, time.perf_counter()),
        )
        whole = time.perf_counter() - begun
        staged = last[0] - begun
        hub.engine.dispose()
        rows, least = bare(folder / "hub.db", folder / "bare.db")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    out = sys.stdout
    out.write(f"works {report.read}, stored {report.stored}, rows {rows}, items read {items}\n")
    out.write(f"bare executemany of the same rows  {least:8.2f} s  {works / least:10.0f} works/s\n")
    out.write(f"reading the file alone             {reading:8.2f} s  {works / reading:10.0f} works/s\n")
    out.write(f"read, staged                       {staged:8.2f} s  {works / staged:10.0f} works/s\n")
    out.write(f"published and linked as well       {whole:8.2f} s  {works / whole:10.0f} works/s\n")
    out.write(f"ratio staged / bare {staged / least:.2f}, whole / bare {whole / least:.2f}, peak {peak} MB\n")


if __name__ == "__main__":
    main()
