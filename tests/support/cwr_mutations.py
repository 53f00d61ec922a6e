"""Random corruptions of CWR files, one field or one line at a time, and what they must not do.

A corruption is *found* if the findings or rejections of the file are others than before. One that is not must
be harmless, provably: either nothing that the file states has changed (*equal*), or one transaction states
something else and every field of the changed line holds a value that the tables allow, so that a sender could
have meant it (*meant*). Every transaction that was not touched states what it stated.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

import orjson

from parsers.cwr.fields import field_checks
from parsers.cwr.reader import read
from parsers.cwr.records import parse
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import CONTROL_RECORDS, every_transaction
from schemas.declaration_content import content
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

ALPHABET = "0123456789ABCXYZ ?-.é\x07"
LINE_CHANGES = ("drop", "repeat", "cut", "swap", "blank")
FILES: Mapping[str, str] = {
    "CW220001000_DMP.V21": "2.1",
    "CW220002DMP_0000_V3-0-0.SUB": "3.0",
    "ackexample.V21": "2.1",
    "demo_cwr_cleaned.v22": "2.2",
    "nwrexample2.V21": "2.1",
    "sample_cwr_2.2.txt": "2.2",
}
"""The real files, with their versions."""


@dataclass(frozen=True)
class Outcome:
    """What a file comes to: what is found and rejected, without places, and what is declared, by line."""

    found: Counter[tuple[str, ...]]
    declared: Mapping[int, bytes]
    header: bytes

    @property
    def said(self) -> Counter[bytes]:
        """What is declared, without places."""
        return Counter(self.declared.values())


@dataclass(frozen=True)
class Corruption:
    """What was done to which lines, counted from 0, and the lines afterwards."""

    change: str
    touched: frozenset[int]
    lines: tuple[bytes, ...]


def outcome(data: bytes) -> Outcome:
    """Read a file; a refused one declares nothing."""
    found: Counter[tuple[str, ...]] = Counter()
    declared: dict[int, bytes] = {}
    header = b""
    for item in read(io.BytesIO(data)):
        if isinstance(item, Finding):
            found[item.code, item.record, item.field, item.value, item.detail] += 1
        elif isinstance(item, Rejection):
            found["rejected", item.kind, item.ref] += 1
            if item.kind == "file":
                declared.clear()
        elif isinstance(item, Header):
            header = _without_places(content(item))
        else:
            declared[int(item.position.removeprefix("line:"))] = _without_places(content(item))
    return Outcome(found, declared, header)


def _without_places(said: object) -> bytes:
    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(part) for key, part in value.items() if key != "position"}
        return [bare(part) for part in value] if isinstance(value, list | tuple) else value

    return orjson.dumps(bare(said), option=orjson.OPT_SORT_KEYS, default=str)


def corrupt(lines: Sequence[bytes], version: str, chance: Random) -> Corruption:
    """Change one field, or one time in five a whole line."""
    place = chance.randrange(len(lines))
    line = lines[place].decode("latin-1")
    layout = layouts(version).get(line[:3])
    if layout is None or chance.random() < 0.2:
        return _corrupt_line(lines, place, chance)
    field = chance.choice(layout.fields)
    wrong = "".join(chance.choice(ALPHABET) for _ in range(field.size))
    padded = line.ljust(layout.size)
    changed = (padded[: field.span.start] + wrong + padded[field.span.stop :]).encode("utf-8")
    return Corruption(
        f"{line[:3]} {field.name}", frozenset({place}), (*lines[:place], changed, *lines[place + 1 :])
    )


def _corrupt_line(lines: Sequence[bytes], place: int, chance: Random) -> Corruption:
    found = list(lines)
    touched = {place}
    change = chance.choice(LINE_CHANGES)
    match change:
        case "drop":
            del found[place]
        case "repeat":
            found.insert(place, found[place])
        case "cut":
            found[place] = found[place][: chance.randrange(len(found[place]) + 1)]
        case "swap":
            other = min(place + 1, len(found) - 1)
            found[place], found[other] = found[other], found[place]
            touched.add(other)
        case _:
            found[place] = b" " * len(found[place])
    return Corruption(change, frozenset(touched), tuple(found))


def corrupted(lines: Sequence[bytes], version: str, chance: Random) -> tuple[int, str, list[bytes]]:
    """The place of a line, what was done to it, and the lines afterwards."""
    done = corrupt(lines, version, chance)
    return min(done.touched), done.change, list(done.lines)


def run(data: bytes, version: str, count: int, chance: Random) -> Counter[str]:
    """Corrupt ``data`` so often; how often the corruption was found, equal, or may have been meant.

    Raises:
        AssertionError: a corruption is neither found nor harmless, or reaches a transaction that it did not
            touch.
    """
    lines = data.splitlines()
    before = outcome(data)
    starts = _transactions(lines, before)
    seen: Counter[str] = Counter()
    for _ in range(count):
        done = corrupt(lines, version, chance)
        after = outcome(b"\r\n".join(done.lines))
        seen[_judged(lines, version, done, before, after)] += 1
        _assert_untouched(lines, starts, done, before, after)
    return seen


def _judged(lines: Sequence[bytes], version: str, done: Corruption, before: Outcome, after: Outcome) -> str:
    if after.found != before.found:
        return "found"
    if (after.said, after.header) == (before.said, before.header):
        return "equal"
    what = (done.change, sorted(done.touched))
    assert len(done.touched) == 1, what
    assert len(done.lines) == len(lines), what
    (place,) = done.touched
    # The header says who speaks in the whole file.
    assert lines[place][:3] == b"HDR" or sum((before.said - after.said).values()) <= 1, what
    wrong = _wrong_fields(done.lines[place], version)
    assert wrong <= _wrong_fields(lines[place], version), (what, wrong)
    assert done.change.partition(" ")[2] not in wrong, what
    return "meant"


def _wrong_fields(line: bytes, version: str) -> set[str]:
    text = line.decode("utf-8")
    layout = layouts(version)[text[:3]]
    return {fault.field.name for fault in field_checks(layout).faults(parse(layout, text))}


def _transactions(lines: Sequence[bytes], before: Outcome) -> list[int]:
    """The lines, counted from 0, at which a transaction begins or a control record stands."""
    return sorted(
        {line - 1 for line in before.declared}
        | {
            place
            for place, line in enumerate(lines)
            if (kind := line[:3].decode("latin-1")) in CONTROL_RECORDS or kind in every_transaction()
        }
    )


def _assert_untouched(
    lines: Sequence[bytes], starts: Sequence[int], done: Corruption, before: Outcome, after: Outcome
) -> None:
    """Whatever stands in other transactions than the changed lines is stated as it was."""
    reached = {_start(starts, place) for place in done.touched}
    if any(lines[place][:3].decode("latin-1") in CONTROL_RECORDS for place in done.touched):
        # Control records say how all others are to be read: those have been touched too.
        return
    # A header that is none any more leaves its records to the transaction before, and a record before a
    # header that moved is that one's: both are touched.
    reached |= {_start(starts, place - 1) for place in done.touched if place in starts and place}
    reached |= {_start(starts, place + 1) for place in done.touched if done.change in LINE_CHANGES}
    for line, said in before.declared.items():
        if not {line - 1, _start(starts, line - 1)} & reached:
            assert after.said[said] >= before.said[said], (done.change, sorted(done.touched), line)


def _start(starts: Sequence[int], place: int) -> int:
    return max((start for start in starts if start <= place), default=0)
