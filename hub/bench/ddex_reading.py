"""How fast ERN is read with every rule, and in how much memory, beside the least that a tree costs.

The least is ``lxml.etree.parse`` alone. Each side runs in fresh processes, in turns, and the best of each
counts; memory is the peak of its process. Validation against official schemas is measured apart.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from hub.bench.ddex_message import pieces, recordings_in
from hub.bench.measures import Measure, Report
from hub.process import relax_collector
from parsers.ddex.message import read
from parsers.ddex.official import OfficialSchemas
from schemas.declarations import RecordingDeclaration

MEGABYTES = 20
RUNS = 3
GOAL = 0.6
GOAL_MEMORY = 150.0
NO_SCHEMAS = "no folder with official schemas was given, so validation was not measured (--schemas FOLDER)"


def measure(megabytes: int, schemas: Path | None, say: Callable[[str], None]) -> Report:
    """Measure with an invented ERN 4.3 message of about ``megabytes``; ``say`` tells progress."""
    recordings = recordings_in(megabytes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "message.xml"
        with path.open("w", encoding="utf-8") as stream:
            stream.writelines(pieces(recordings))
        size = path.stat().st_size
        sides = ["parse", "read"]
        remarks = [f"{recordings} recordings, {size / 1e6:.1f} MB; the best of {RUNS} runs, fresh processes"]
        if schemas is None:
            remarks.append(NO_SCHEMAS)
        else:
            sides.append("validate")
        runs: dict[str, list[tuple[float, float]]] = {side: [] for side in sides}
        for number in range(RUNS):
            say(f"run {number + 1} of {RUNS}")
            for side in sides:
                runs[side].append(_run(side, path, recordings, schemas))
    speed = {side: size / 1e6 / min(taken for taken, _ in found) for side, found in runs.items()}
    peak = {side: max(megabytes for _, megabytes in found) for side, found in runs.items()}
    measures = [
        Measure("lxml.etree.parse alone", speed["parse"], "MB/s"),
        Measure("hub, extraction and rules", speed["read"], "MB/s"),
        Measure("hub / lxml.etree.parse", speed["read"] / speed["parse"], "times", GOAL),
        Measure("peak memory of lxml.etree.parse", peak["parse"], "MB"),
        Measure("peak memory of the hub", peak["read"], "MB", GOAL_MEMORY, at_most=True),
    ]
    if "validate" in speed:
        measures += [
            Measure("parse and validate (lxml)", speed["validate"], "MB/s"),
            Measure("validate / lxml.etree.parse", speed["validate"] / speed["parse"], "times"),
            Measure("peak memory of validation", peak["validate"], "MB", GOAL_MEMORY, at_most=True),
        ]
    return Report("DDEX ERN 4.3", tuple(measures), tuple(remarks))


def _run(side: str, path: Path, recordings: int, schemas: Path | None) -> tuple[float, float]:
    command = [sys.executable, "-m", "hub.bench.ddex_reading", side, str(path), str(schemas or "")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    count, taken, peak = done.stdout.split()
    if int(count) != recordings:
        raise RuntimeError(f"{side} found {count} of {recordings} recordings")
    return float(taken), float(peak)


def _again(stream: BinaryIO) -> BinaryIO:
    stream.seek(0)
    return stream


def _one_side(side: str, path: Path, schemas: str) -> None:
    """Run one side in this process and print recordings, processor seconds and peak megabytes."""
    relax_collector()
    validator = OfficialSchemas(Path(schemas)) if side == "validate" else None
    if validator is not None:
        # Schemas are compiled once in a process, so that is no part of what a message costs.
        list(validator.validate("".join(pieces(1)).encode()))
    start = time.process_time()
    if validator is not None:
        with path.open("rb") as stream:
            valid = not list(validator.validate_stream(lambda: _again(stream)))
            count = sum(line.count(b"<SoundRecording>") for line in _again(stream)) if valid else 0
    elif side == "parse":
        count = len(etree.parse(path).getroot().findall("ResourceList/SoundRecording"))
    else:
        with path.open("rb") as stream:
            count = sum(isinstance(item, RecordingDeclaration) for item in read(stream))
    taken = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{count} {taken} {peak}\n")


if __name__ == "__main__":
    _one_side(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
