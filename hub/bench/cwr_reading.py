"""How fast CWR is read with every rule: beside the least any reader must do, and beside PyPI's `cwr-api`.

The least is a loop in plain Python that slices every field of every line into a tuple, and does nothing
else; the same with slices compiled beforehand is printed too, as the stricter bound.
"""

from __future__ import annotations

import collections
import collections.abc
import io
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hub.bench.cwr_file import VERSION, file_chunks
from hub.bench.measures import Measure, Report
from hub.errors import UsageError
from parsers import detect
from schemas.cwr.layouts import layouts
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

WORKS = 20_000
PEER_WORKS = 200
"""The peer is slow, so it reads a small invented file; its unit too is lines per second."""

RUNS = 3
GOAL_OF_LOOP = 0.5
GOAL_OF_PEER = 100.0
INSTALL = "pip install cwr-api pyparsing==2.1.10 pyyaml"
PEER_ABSENT = f"cwr-api is not installed, so the hub was not compared with it; to do so: {INSTALL}"
PEER_BROKEN = (
    f"cwr-api did not read the file ({{}}), so the hub was not compared with it; it needs: {INSTALL}"
)


def measure(works: int, path: Path | None, say: Callable[[str], None]) -> Report:
    """Measure with an invented file of ``works`` works, or with the file ``path``; ``say`` tells progress.

    Raises:
        UsageError: the file cannot be read.
    """
    data = _data(path) if path else b"".join(file_chunks(works))
    lines = data.count(b"\n")
    counts = _read(data)
    loop, strict, whole = (lines / seconds for seconds in _best(data, _sliced, _sliced_compiled, _read))
    measures = [
        Measure("plain loop that slices every field", loop, "lines/s"),
        Measure("the same with compiled slices", strict, "lines/s"),
        Measure("hub, with every rule", whole, "lines/s", note=counts),
        Measure("hub / plain loop", whole / loop, "times", GOAL_OF_LOOP),
        Measure("hub / compiled slices", whole / strict, "times"),
    ]
    if not path:
        other = b"".join(file_chunks(works, strangers=True))
        loop_there, reader_there = _best(other, _sliced, _read)
        note = "parties make one work each, and share it in a thousand ways"
        measures.append(Measure("hub / plain loop, strangers", loop_there / reader_there, "times", note=note))
        other = b"".join(file_chunks(works, alphabets=True))
        loop_there, reader_there = _best(other, _sliced, _read)
        note = "names and titles in two alphabets, and the original of a version"
        measures.append(Measure("hub / plain loop, alphabets", loop_there / reader_there, "times", note=note))
    remarks = [f"{lines} lines, {len(data) / 1e6:.1f} MB; the best of {RUNS} runs, seconds of one processor"]
    if find_spec("cwr") is None:
        remarks.append(PEER_ABSENT)
    else:
        say("cwr-api is reading; this takes a while")
        try:
            peer = _peer()
        except Exception as fault:  # whatever another's program does, the hub's own numbers stand
            remarks.append(PEER_BROKEN.format(repr(fault)[:200]))
        else:
            measures += [
                Measure("cwr-api", peer, "lines/s", note=f"{PEER_WORKS} works"),
                Measure("hub / cwr-api", whole / peer, "times", GOAL_OF_PEER),
            ]
    return Report("CWR reading", tuple(measures), tuple(remarks))


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault}") from fault


def _best(data: bytes, *ways: Callable[[bytes], object]) -> list[float]:
    """Seconds of processor that each way takes, in turns, so that a busy machine is busy for all."""
    best = [float("inf")] * len(ways)
    for _ in range(RUNS):
        for place, way in enumerate(ways):
            start = time.process_time()
            way(data)
            best[place] = min(best[place], time.process_time() - start)
    return best


def _sliced(data: bytes) -> int:
    spans = {
        record: [(field.start - 1, field.start - 1 + field.size) for field in known.fields]
        for record, known in layouts(VERSION).items()
    }
    count = 0
    for raw in io.BytesIO(data):
        line = raw.decode("latin-1")
        fields = tuple([line[start:end] for start, end in spans.get(line[:3], ())])
        count += len(fields) > 0
    return count


def _sliced_compiled(data: bytes) -> int:
    known = {record: layout.split for record, layout in layouts(VERSION).items()}
    count = 0
    for raw in io.BytesIO(data):
        line = raw.decode("latin-1")
        split = known.get(line[:3])
        count += split is not None and len(split(line)) > 0
    return count


def _read(data: bytes) -> str:
    stored = rejected = findings = 0
    for item in detect.read(io.BytesIO(data)):
        if isinstance(item, Finding):
            findings += 1
        elif isinstance(item, Rejection):
            rejected += 1
        elif not isinstance(item, Header):
            stored += 1
    return f"{stored} stored, {rejected} rejected, {findings} findings"


def _peer() -> float:
    """Lines per second of `cwr-api`."""
    yaml: Any = import_module("yaml")
    load = yaml.load
    # Its libraries are those of 2016: they call PyYAML as it was before version 6, and look for abstract
    # classes where Python had them before 3.10.
    yaml.load = lambda stream: load(stream, yaml.SafeLoader)
    for name in ("MutableMapping", "Iterable", "Sequence"):
        setattr(collections, name, getattr(collections.abc, name))
    try:
        data = b"".join(file_chunks(PEER_WORKS))
        decoder = import_module("cwr.parser.decoder.file").default_file_decoder()
        content = {"filename": "CW260001BEN_000.V21", "contents": data.decode("latin-1")}
        start = time.process_time()
        decoder.decode(content)
        return data.count(b"\n") / (time.process_time() - start)
    finally:
        yaml.load = load
