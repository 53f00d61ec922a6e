"""Taking a register of works in, stage by stage, against the bare driver writing the same rows.

The rows that the intake stages are kept while it runs. The lower bound is what any loader must do at
least: another empty hub with the same tables, indexes and triggers gets the same rows in one transaction,
by ``sqlite3.executemany`` or ``COPY`` alone. The writing layer gets them too, parsed and made, in the
batches and transactions of the intake; and once more as a first load, whose indexes are built after it.
Run it as a script: ``--works N`` sets the size, ``--postgres`` takes a throw-away PostgreSQL server, which
does not wait for disks.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import io
import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))
import throwaway_postgres
from sqlalchemy import Connection

from hub.context import Hub, open_hub
from hub.db import bulk, first_load
from hub.db.engine import writing
from hub.db.tables import metadata
from hub.intake import staging
from hub.intake.submissions import ingest
from hub.registers import ensure
from hub.settings import Settings
from parsers import detect

Rows = list[tuple[str, Sequence[str], list[tuple[Any, ...]]]]
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


class Kept:
    """Stands in the place of the writing layer: passes rows on to it, and keeps them."""

    def __init__(self) -> None:
        self.rows: Rows = []

    def __call__(
        self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        bulk.insert_rows(connection, table, columns, rows)
        self.rows.append((table, columns, list(rows)))


def bare(hub: Hub, kept: Rows) -> float:
    """Seconds that the driver alone takes for these rows in one transaction."""
    together: dict[tuple[str, Sequence[str]], list[tuple[Any, ...]]] = {}
    for table, columns, rows in kept:
        together.setdefault((table, tuple(columns)), []).extend(rows)
    sqlite = hub.engine.dialect.name == "sqlite"
    ready = []
    for (table, columns), rows in together.items():
        target = metadata.tables[table]
        names = ", ".join(f'"{target.columns[column].name}"' for column in columns)
        if sqlite:
            marks = ", ".join("?" * len(columns))
            plain = [
                tuple(cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row) for row in rows
            ]
            ready.append((f'INSERT INTO "{target.name}" ({names}) VALUES ({marks})', plain))
        else:
            ready.append((f'COPY "{target.name}" ({names}) FROM STDIN', rows))
    begun = time.perf_counter()
    with writing(hub.engine) as connection:
        cursor = connection.connection.cursor()
        for statement, rows in ready:
            if sqlite:
                cursor.executemany(statement, rows)
                continue
            with cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)
    return time.perf_counter() - begun


def rewritten(hub: Hub, kept: Rows, *, first: bool = False) -> float:
    """Seconds of the writing layer for these rows in the intake's transactions; see ``first_load``."""
    begins = [place for place, (table, _, _) in enumerate(kept) if table == "subject"]
    batches = [kept[start:end] for start, end in itertools.pairwise([*begins, len(kept)])]
    begun = time.perf_counter()
    with first_load.first_load(hub.engine) if first else contextlib.nullcontext():
        for batch in batches:
            with writing(hub.engine) as connection:
                for table, columns, rows in batch:
                    bulk.insert_rows(connection, table, columns, rows)
    return time.perf_counter() - begun


@contextlib.contextmanager
def databases(postgres: bool, folder: Path) -> Iterator[list[str]]:
    """URLs of four empty databases."""
    with contextlib.ExitStack() as stack:
        if postgres:
            server = stack.enter_context(throwaway_postgres.server())
            yield [stack.enter_context(throwaway_postgres.fresh_database(server)) for _ in range(4)]
        else:
            yield [f"sqlite:///{folder / name}.db" for name in ("hub", "bare", "again", "first")]


def opened(url: str, folder: Path) -> Hub:
    """An empty hub with the society that sends the register."""
    hub = open_hub(Settings(url, folder / "data"))
    ensure(hub, "177")
    return hub


def main() -> None:
    """Print seconds, rates and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=20_000)
    options.add_argument("--postgres", action="store_true")
    wanted = options.parse_args()
    works = wanted.works
    feed = register(works)
    begun = time.perf_counter()
    items = sum(1 for _ in detect.read(io.BytesIO(feed)))
    reading = time.perf_counter() - begun
    with tempfile.TemporaryDirectory() as name, databases(wanted.postgres, Path(name)) as urls:
        folder = Path(name)
        hubs = [opened(url, folder) for url in urls]
        hub, empty, again, first = hubs
        kept = Kept()
        vars(staging)["insert_rows"] = kept
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
        least = bare(empty, kept.rows)
        written = rewritten(again, kept.rows)
        loaded = rewritten(first, kept.rows, first=True)
        for each in hubs:
            each.engine.dispose()
    rows = sum(len(found) for _, _, found in kept.rows)
    driver = "COPY" if wanted.postgres else "executemany"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    out = sys.stdout
    out.write(
        f"works {report.read}, stored {report.stored}, rows {rows}, items read {items}, peak {peak} MB\n"
    )
    for what, seconds in (
        (f"bare {driver} of the same rows", least), ("writing layer, batch by batch", written),
        ("writing layer, indexes after", loaded), ("reading the file alone", reading),
        ("read, rows made, written", staged), ("published and linked as well", whole),
    ):  # fmt: skip
        rate = rows / seconds
        out.write(f"{what:36}{seconds:8.2f} s {rate:10.0f} rows/s  / bare {seconds / least:6.2f}\n")


if __name__ == "__main__":
    main()
