"""How lists of territories are best kept: as written, as bitmaps, or as one row for each country.

Lists are made from a seed as registers have them: mostly the world or one country, some with exclusions, few
long. Measured are the bytes each form takes in SQLite and the time of one test whether a list covers a
country on a day. The two other forms hold for one stretch of days only, so they are kept once for each of
those in which mandates run (``--epochs``). Run it as a script; ``--lists N`` says how many.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from hub.conflicts.areas import countries
from schemas import territories
from schemas.territories import covers, evaluate

TODAY = dt.date(2026, 3, 15)
GROUPS = ("2136", "2106", "2118", "2123", "2130", "2100", "2101", "2120")
Expression = tuple[str, ...]


def lists(number: int, seed: int) -> list[Expression]:
    """Lists as registers have them."""
    draw = random.Random(seed)
    land = sorted(territories.members("2136", TODAY))
    found: list[Expression] = []
    for _ in range(number):
        kind = draw.random()
        if kind < 0.4:
            found.append(("2136",))
        elif kind < 0.75:
            found.append((draw.choice(land),))
        elif kind < 0.9:
            taken = tuple(f"-{code}" for code in draw.sample(land, draw.randint(1, 4)))
            found.append((draw.choice(GROUPS), *taken))
        else:
            found.append(tuple(draw.sample(land, draw.randint(2, 40))))
    return found


def stored(ddl: str, insert: str, rows: Sequence[tuple[object, ...]]) -> int:
    """Bytes of a SQLite file with these rows."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "lists.db"
        connection = sqlite3.connect(path)
        connection.execute(ddl)
        connection.executemany(insert, rows)
        connection.commit()
        connection.execute("VACUUM")
        connection.close()
        return path.stat().st_size


def timed(work: Callable[[int], bool], rounds: int) -> float:
    """Nanoseconds of one test."""
    begun = time.process_time_ns()
    for turn in range(rounds):
        work(turn)
    return (time.process_time_ns() - begun) / rounds


def main() -> int:
    """Measure and print a table with ratios to lists as written."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lists", type=int, default=10_000)
    options.add_argument("--epochs", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    wanted = options.parse_args()
    made = lists(wanted.lists, wanted.seed)
    bits = [countries(item, TODAY) for item in made]
    sets = [evaluate(item, TODAY) for item in made]
    land = sorted(territories.members("2136", TODAY))
    asked = [(code, countries((code,), TODAY)) for code in land]
    many, size = len(made), len(asked)
    forms = {
        "as written": (
            stored(
                "CREATE TABLE l (id INTEGER PRIMARY KEY, t TEXT)",
                "INSERT INTO l VALUES (?, ?)",
                [(number, "|".join(item)) for number, item in enumerate(made)],
            ),
            timed(lambda turn: covers(made[turn * 7919 % many], asked[turn % size][0], TODAY), 300_000),
        ),
        "bitmaps": (
            wanted.epochs
            * stored(
                "CREATE TABLE l (id INTEGER PRIMARY KEY, t BLOB)",
                "INSERT INTO l VALUES (?, ?)",
                [(number, mask.to_bytes(40, "little").rstrip(b"\0")) for number, mask in enumerate(bits)],
            ),
            timed(lambda turn: bool(bits[turn * 7919 % many] & asked[turn % size][1]), 300_000),
        ),
        "rows": (
            wanted.epochs
            * stored(
                "CREATE TABLE l (id INTEGER, t TEXT, PRIMARY KEY (id, t)) WITHOUT ROWID",
                "INSERT INTO l VALUES (?, ?)",
                [(number, code) for number, item in enumerate(sets) for code in sorted(item)],
            ),
            timed(lambda turn: asked[turn % size][0] in sets[turn * 7919 % many], 300_000),
        ),
    }
    base = forms["as written"]
    sys.stdout.write(f"{many:,} lists, {len(set(made)):,} distinct, {wanted.epochs} stretches of days\n")
    for name, (space, each) in forms.items():
        sys.stdout.write(
            f"{name:<11} {space / 1e6:>9.1f} MB {space / base[0]:>7.1f} x   "
            f"{each:>7.0f} ns a test {each / base[1]:>6.2f} x\n"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
