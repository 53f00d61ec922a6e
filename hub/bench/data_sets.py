"""The data sets that stand beside the repository, and the runs over all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hub
from hub.errors import Surroundings

SHARED = Path(hub.__file__).resolve().parents[1].parent / "shared" / "bench"
SEED = 1
"""Seed of the variants with missing fields."""
IN_TURNS, ROUNDS = ("hub", "splink"), 3
"""Systems whose times are compared: they are run so often, one after the other and again.

A process that is the first for a while to use much memory may wait for the machine to give it, where the
next one has nothing to wait for.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One data set in one form, for one system."""

    data: str
    path: Path
    input: str
    missing: bool
    system: str

    @property
    def options(self) -> list[str]:
        """The options of ``hub bench matching`` that make this run."""
        chosen = ["--data", str(self.path), "--input", self.input, "--system", self.system]
        chosen += ["--best-threshold", "--json"]
        return [*chosen, "--missing-fields", str(SEED)] if self.missing else chosen


def runs(systems: list[str], folder: Path = SHARED) -> Iterator[Run]:
    """Every run over the data sets that are there; those ``IN_TURNS`` come several times.

    Raises:
        Surroundings: none is.
    """
    sets = [
        (name, path)
        for name, file in (("musicbrainz20k", "dev.csv.gz"), ("standin-97k", "records.csv.gz"))
        if (path := folder / name / file).is_file()
    ]
    if not sets:
        raise Surroundings("no benchmark data beside the repository; name a file with --data FILE")
    for name, path in sets:
        forms = [("parsed", False), ("raw", False)]
        if name == "musicbrainz20k":
            forms += [("parsed", True), ("raw", True)]
        for chosen, missing in forms:
            turns = [system for system in systems if system in IN_TURNS]
            others = [system for system in systems if system not in turns]
            for system in (*turns * ROUNDS, *others):
                yield Run(name, path, chosen, missing, system)


def labelled_pairs(folder: Path = SHARED) -> list[Path]:
    """The files of labelled iTunes-Amazon pairs that are there."""
    return sorted((folder / "itunes-amazon").glob("*.csv.gz"))


def middle(rounds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of the round with the median time, and in ``rounds`` the seconds of each."""
    ordered = sorted(rounds, key=lambda figures: figures["seconds"])
    return {**ordered[len(ordered) // 2], "rounds": [figures["seconds"] for figures in rounds]}


def carried_out(run: Run) -> dict[str, Any]:
    """The figures of a run, made in a process of its own so that its peak of memory is its own.

    Raises:
        Surroundings: the run failed.
    """
    command = [sys.executable, "-c", "from hub.cli import main; main()", "bench", "matching", *run.options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise Surroundings(f"{run.system} on {run.data} failed: {done.stderr.strip()[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
