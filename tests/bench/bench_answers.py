"""One who-to-pay answer after another, against the driver alone running the very same queries.

The lower bound is what the database itself takes: every SQL statement that the answers sent is sent again
through a bare connection and its rows are fetched. Run it as a script; ``--works N`` sets the size.
"""

from __future__ import annotations

import argparse
import io
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from bench_intake import register
from sqlalchemy import event

from hub.answers.batch import who_to_pay
from hub.answers.question import ask
from hub.context import Hub, open_hub
from hub.intake.submissions import ingest
from hub.registers import ensure
from hub.settings import Settings

MANDATES = (
    "mandate_ref,grantor_type,grantor_id,grantor_name,holder,rights,uses,territories,"
    "valid_from,valid_to,exclusive,basis,works,evidence\n"
)
Sent = list[tuple[str, Any]]


def filled(folder: Path, works: int) -> Hub:
    """A hub with the works of the intake's benchmark; the affiliations are their only mandates."""
    hub = open_hub(Settings(f"sqlite:///{folder / 'hub.db'}", folder / "data"))
    ensure(hub, "177")
    ingest(hub, io.BytesIO(register(works)), "177")
    statute = f"{MANDATES}L1,any,*,,177,PR,*,KZ,2010-01-01,,N,statute,,\n"
    ingest(hub, io.BytesIO(statute.encode()), "177")
    return hub


def timed(hub: Hub, subjects: list[str]) -> tuple[list[float], Sent]:
    """Seconds of each answer, and the statements they sent."""
    sent: Sent = []

    def note(_c: Any, _k: Any, text: str, values: Any, _x: Any, _m: Any) -> None:
        sent.append((text, values))

    event.listen(hub.engine, "before_cursor_execute", note)
    taken = []
    for subject in subjects:
        begun = time.perf_counter()
        question = ask(subject, right="PR", use="radio", territory="KZ", on="2026-03-15")
        answer = who_to_pay(hub, question).as_json()
        taken.append(time.perf_counter() - begun)
        if answer["totals"]["payable"] != "100.00":
            raise SystemExit(f"{subject} is not payable: {answer['totals']}")
    event.remove(hub.engine, "before_cursor_execute", note)
    return sorted(taken), sent


def bare(path: Path, sent: Sent) -> float:
    """Seconds of the same statements through the driver alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        begun = time.perf_counter()
        for text, values in sent:
            if text != "BEGIN":
                connection.execute(text, values).fetchall()
        return time.perf_counter() - begun


def main() -> None:
    """Print milliseconds, statements per answer, and the ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--works", type=int, default=20_000)
    options.add_argument("--questions", type=int, default=1_000)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        hub = filled(Path(name), wanted.works)
        step = max(wanted.works // wanted.questions, 1)
        subjects = [f"society-code:177:B{number:07d}" for number in range(0, wanted.works, step)]
        timed(hub, subjects[:20])
        taken, sent = timed(hub, subjects)
        hub.engine.dispose()
        least = bare(Path(name) / "hub.db", sent)
    whole = sum(taken)
    out = sys.stdout
    out.write(
        f"works {wanted.works}, answers {len(taken)}, statements per answer {len(sent) / len(taken):.1f}\n"
    )
    for percent in (50, 90, 99):
        out.write(f"p{percent}   {taken[min(len(taken) * percent // 100, len(taken) - 1)] * 1000:8.2f} ms\n")
    out.write(
        f"mean  {whole / len(taken) * 1000:8.2f} ms; statements alone {least / len(taken) * 1000:.2f} ms\n"
    )
    out.write(f"ratio answer / bare statements {whole / least:.2f}\n")


if __name__ == "__main__":
    main()
