"""Every conflict of a large register, against a bare scan of the tables it is found in.

The lower bound is reading every row of mandates, declarations, claims, identifiers and clusters once through
the driver alone. The register is made by a generator, in which one grantor in twenty has mandates that
overlap, one work in ten has two sources, and some of these disagree. Run it as a script; ``--size N`` sets
the number of mandates and of works.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import resource
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert

from hub.conflicts.finding import refresh
from hub.context import Hub, open_hub
from hub.db.bulk import insert_rows
from hub.db.counters import tick
from hub.db.engine import reading, writing
from hub.db.tables import COUNTER, SUBMISSION, metadata
from hub.db.times import FOREVER, OPEN
from hub.intake.submissions import ingest
from hub.registers import import_societies
from hub.settings import Settings

PART = 50_000
SCANNED = ("mandate", "declaration", "claim", "identifier", "cluster_member")
SOCIETIES = "code,name,country,kind,accreditations\n177,KAZAK,KZ,cmo,KZ:*:2010-01-01:\n" + "".join(
    f"{code},Society {code} (invented),KZ,cmo,\n" for code in range(901, 941)
)
MANDATES = (
    "mandate_ref,grantor_type,grantor_id,grantor_name,holder,rights,uses,territories,"
    "valid_from,valid_to,exclusive,basis,works,evidence\n"
)


class Writer:
    """Rows by table, written in large parts."""

    def __init__(self, hub: Hub, at: int) -> None:
        self.hub, self.at = hub, at
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.declared = 0

    def add(self, table: str, *row: Any) -> None:
        self.rows.setdefault(table, []).append(row)
        if len(self.rows[table]) >= PART:
            self.flush()

    def flush(self) -> None:
        with writing(self.hub.engine) as connection:
            for table, rows in self.rows.items():
                columns = [column.name for column in metadata.tables[table].columns]
                # What a row leaves out at its end is empty.
                padded = [(*row, *("",) * (len(columns) - len(row))) for row in rows]
                insert_rows(connection, table, columns, padded)
        self.rows = {}

    def declare(self, kind: str, ref: str, submitter: str) -> int:
        """A subject with one declaration; both have the same key."""
        self.declared += 1
        number = self.declared
        self.add("subject", number, f"{kind[0]}{number:016d}", kind, submitter, ref)
        self.add("declaration", number, 1, number, kind, f"line:{number}", "", b"{}", self.at, OPEN)
        return number


def filled(hub: Hub, size: int) -> None:
    """So many mandates, works with two claims each, and parties for every fourth of them."""
    import_societies(hub, io.BytesIO(SOCIETIES.encode()))
    with writing(hub.engine) as connection:
        at = tick(connection)
        values = {column.name: 0 for column in SUBMISSION.columns} | dict.fromkeys(
            ("sha256", "submitter", "filename", "format", "version", "sender", "by_kind"), ""
        )
        values |= {"id": 1, "public_id": "s1", "submitter": "177", "attempt": 1, "status": "accepted"}
        connection.execute(
            insert(SUBMISSION).values(**values | {"known_at": at, "linked_at": at, "stored": 2 * size})
        )
    writer = Writer(hub, at)
    parties = size // 4
    for party in range(parties):
        number = str(10_000_000_000 + party)
        writer.add("party", party + 1, number, f"PARTY {party}", "", f"party {party}", number, "", "", "")
    _mandates(writer, size, parties)
    _works(writer, size, parties)
    writer.flush()
    with writing(hub.engine) as connection:
        for name in ("subject", "declaration", "claim", "party", "cluster_member", "mandate", "submission"):
            connection.execute(delete(COUNTER).where(COUNTER.c.name == name))
            connection.execute(insert(COUNTER).values(name=name, value=10 * size))


def _mandates(writer: Writer, size: int, parties: int) -> None:
    for item in range(size):
        party, turn = item % parties, item // parties
        holder = 901 + party % 40
        rights, territories = ("PR", "MR", "SR", "PR|MR")[turn], "2136"
        start, end = dt.date(2010 + turn, 1, 1), FOREVER
        if turn == 3:
            # The fourth mandate moves to another society after the first ended, or, for some, before.
            rights, holder = "PR", 901 + (party + 1) % 40
            start = dt.date(2021, 1, 1)
        elif turn == 0:
            end = FOREVER if party % 20 == 0 else dt.date(2021, 1, 1)
        key = writer.declare("mandate", f"M{item}", str(holder))
        writer.add(
            "mandate", key, key, "party", str(10_000_000_000 + party), "", str(holder), rights, "*",
            territories, "", start, end, True, "declaration", "",
        )  # fmt: skip


def _works(writer: Writer, size: int, parties: int) -> None:
    claim = 0
    works = 0
    for item in range(size):
        second = item % 10 == 0 and item > 0
        shares = (70, 40) if item % 200 == 3 else (60, 40)
        submitter = "901" if second else "902"
        first = works
        key = writer.declare("work", f"W{item}", submitter)
        # A second source says of the work before what that one says, but for one in five.
        of = item - 1 if second else item
        if second and item % 50 == 0:
            shares = (50, 50)
        writer.add("cluster_member", key, key, first if second else key, writer.at, OPEN)
        works = works if second else key
        writer.add("identifier", key, key, "iswc", f"T{(of - 7 if item % 1_000 == 999 else of):010d}")
        for turn, share in enumerate(shares):
            for right in ("PR", "MR"):
                claim += 1
                writer.add(
                    "claim", claim, key, (of * 2 + turn) % parties + 1, right, "O", share * 1_000_000,
                    "", "CA", "", False, 0, f"line:{key}", "", "", "",
                )  # fmt: skip


def scanned(hub: Hub) -> float:
    """Seconds for every row of the tables, through the driver alone."""
    begun = time.perf_counter()
    with closing(sqlite3.connect(hub.settings.database_url.removeprefix("sqlite:///"))) as bare:
        for table in SCANNED:
            for _ in bare.execute(f"SELECT * FROM {table}"):
                pass
    return time.perf_counter() - begun


def main(size: int) -> None:
    """Print what it takes to find everything, and then to find what one more mandate changes."""
    with tempfile.TemporaryDirectory(prefix="bench-conflicts-") as folder:
        hub = open_hub(Settings(f"sqlite:///{Path(folder) / 'hub.db'}", Path(folder) / "data"))
        begun = time.perf_counter()
        filled(hub, size)
        print(f"{size:,} mandates and {size:,} works made in {time.perf_counter() - begun:.1f} s", flush=True)
        bare = min(scanned(hub) for _ in range(2))
        begun = time.perf_counter()
        looked = refresh(hub, full=True)
        full = time.perf_counter() - begun
        begun = time.perf_counter()
        again = refresh(hub, full=True)
        repeated = time.perf_counter() - begun
        row = "B1,party,10000000003,,940,PR,*,2136,2012-01-01,,Y,declaration,,\n"
        ingest(hub, io.BytesIO((MANDATES + row).encode()), "901")
        begun = time.perf_counter()
        step = refresh(hub)
        one = time.perf_counter() - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"bare scan of the tables             {bare:8.2f} s    1.0")
        print(f"everything, {looked.found:,} found and kept  {full:8.2f} s  {full / bare:5.1f}")
        print(f"everything again, {again.new} new            {repeated:8.2f} s  {repeated / bare:5.1f}")
        print(f"one more mandate, {step.new} new             {one:8.3f} s  {one / bare:5.3f}")
        print(f"peak memory {peak} MB")
        with reading(hub.engine) as connection:
            from hub.conflicts.conflict_records import totals

            print(dict(totals(connection, OPEN - 1)))
        hub.engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    main(parser.parse_args(sys.argv[1:]).size)
