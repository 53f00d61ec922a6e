"""Speed of the CWR reader against the least any reader must do: decode each line and cut it.

Run it as a script; it prints lines per second of both and their ratio.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

from parsers.cwr.reader import read
from parsers.cwr.records import write
from schemas.cwr.layouts import layout, layouts
from schemas.declarations import WorkDeclaration

WORKS = 20_000
VERSION = "2.1"


def _record(record: str, sequence: int, number: int, **values: str) -> str:
    prefix = {"transaction_sequence": str(sequence), "record_sequence": str(number)}
    return write(layout(VERSION, record), {**prefix, **values})


def work_records(sequence: int) -> list[str]:
    """One invented registration: original publisher, sub-publisher, two writers, a title and a performer."""
    shares = {"pr_share": "02500", "mr_share": "05000", "sr_share": "05000"}
    world = {**shares, "inclusion": "I", "territory": "2136", "shares_change": "N", "territory_sequence": "1"}
    publisher, writer = f"P{sequence % 50:05d}", f"W{sequence % 900:05d}"
    return [
        _record(
            "NWR",
            sequence,
            0,
            title=f"SONG NUMBER {sequence}",
            work_number=f"S{sequence:09d}",
            distribution_category="POP",
            version_type="ORI",
            recorded_indicator="Y",
            duration="000330",
        ),
        _record(
            "SPU",
            sequence,
            1,
            publisher_sequence="1",
            ip_number=publisher,
            name=f"PUBLISHER {sequence % 50}",
            publisher_type="E",
            pr_society="177",
            mr_society="177",
            **shares,
        ),
        _record("SPT", sequence, 2, ip_number=publisher, **world),
        _record(
            "SPT",
            sequence,
            3,
            ip_number=publisher,
            inclusion="E",
            territory="0840",
            shares_change="N",
            territory_sequence="2",
        ),
        _record(
            "SWR",
            sequence,
            4,
            ip_number=writer,
            name=f"WRITER {sequence % 900}",
            first_name="ANNA",
            writer_type="CA",
            pr_society="177",
            **shares,
        ),
        _record("SWT", sequence, 5, ip_number=writer, **{**world, "pr_share": "05000"}),
        _record(
            "PWR",
            sequence,
            6,
            publisher_ip_number=publisher,
            publisher_name=f"PUBLISHER {sequence % 50}",
            writer_ip_number=writer,
        ),
        _record("OWR", sequence, 7, name="OTHER", first_name="OLGA", writer_type="A", pr_share="05000"),
        _record("ALT", sequence, 8, title=f"TUNE {sequence}", title_type="AT"),
        _record("PER", sequence, 9, name=f"BAND {sequence % 300}"),
    ]


def file_bytes(works: int) -> bytes:
    """A whole file of that many works."""
    lines = [
        write(
            layout(VERSION, "HDR"),
            {
                "sender_type": "PB",
                "sender_id": "000000199",
                "sender_name": "BENCH",
                "edi_version": "01.10",
                "creation_date": "20260101",
                "creation_time": "120000",
                "transmission_date": "20260101",
            },
        ),
        write(layout(VERSION, "GRH"), {"transaction_type": "NWR", "group_id": "1", "version": "02.10"}),
    ]
    for sequence in range(works):
        lines += work_records(sequence)
    records = len(lines)
    totals = {"transaction_count": str(works)}
    lines.append(write(layout(VERSION, "GRT"), {"group_id": "1", "record_count": str(records), **totals}))
    lines.append(
        write(layout(VERSION, "TRL"), {"group_count": "1", "record_count": str(records + 2), **totals})
    )
    return "\r\n".join([*lines, ""]).encode("ascii")


def _bound(data: bytes) -> int:
    known = layouts(VERSION)
    count = 0
    for raw in io.BytesIO(data):
        line = raw.decode("latin-1")
        known[line[:3]].split(line)
        count += 1
    return count


def _timed(work: Callable[[], int], runs: int = 3) -> tuple[int, float]:
    best, count = float("inf"), 0
    for _ in range(runs):
        start = time.perf_counter()
        count = work()
        best = min(best, time.perf_counter() - start)
    return count, best


def main() -> None:
    """Print the measurement."""
    data = file_bytes(WORKS)
    lines, bound = _timed(lambda: _bound(data))
    works, taken = _timed(lambda: sum(isinstance(item, WorkDeclaration) for item in read(io.BytesIO(data))))
    if works != WORKS:
        sys.exit(f"read {works} of {WORKS} works")
    print(f"lines {lines}  works {works}  megabytes {len(data) / 1e6:.1f}")
    print(f"bound  {lines / bound:12,.0f} lines/s")
    print(f"reader {lines / taken:12,.0f} lines/s")
    print(f"ratio  {taken / bound:12.2f} times the bound")


if __name__ == "__main__":
    main()
