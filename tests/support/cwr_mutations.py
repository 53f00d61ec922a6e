"""Random corruptions of CWR files, one field or one line at a time, and what they must not do."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from random import Random

import orjson

from parsers.cwr.reader import read
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import CONTROL_RECORDS, every_transaction
from schemas.declaration_content import content
from schemas.declarations import Header, Rejection
from schemas.findings import Finding

ALPHABET = "0123456789ABCXYZ ?-.é\x07"
LINE_CHANGES = ("drop", "repeat", "cut", "swap", "blank")


def outcome(data: bytes) -> tuple[Counter[str], Counter[bytes], int]:
    """Codes found, what was declared (without places), and how many transactions were rejected."""
    found: Counter[str] = Counter()
    declared: Counter[bytes] = Counter()
    rejected = 0
    for item in read(io.BytesIO(data)):
        if isinstance(item, Finding):
            found[f"{item.code} {item.record} {item.field} {item.value}"] += 1
        elif isinstance(item, Rejection):
            rejected += 1
        elif not isinstance(item, Header):
            declared[_without_places(content(item))] += 1
    return found, declared, rejected


def _without_places(said: object) -> bytes:
    def bare(value: object) -> object:
        if isinstance(value, dict):
            return {key: bare(part) for key, part in value.items() if key != "position"}
        return [bare(part) for part in value] if isinstance(value, list | tuple) else value

    return orjson.dumps(bare(said), option=orjson.OPT_SORT_KEYS, default=str)


def corrupted(lines: Sequence[bytes], version: str, chance: Random) -> tuple[int, str, list[bytes]]:
    """The place of a line, what was done to it, and the lines afterwards."""
    place = chance.randrange(len(lines))
    line = lines[place].decode("latin-1")
    layout = layouts(version).get(line[:3])
    found = list(lines)
    if layout is None or chance.random() < 0.2:
        change = chance.choice(LINE_CHANGES)
        if change == "drop":
            del found[place]
        elif change == "repeat":
            found.insert(place, found[place])
        elif change == "cut":
            found[place] = found[place][: chance.randrange(len(line))]
        elif change == "swap":
            other = min(place + 1, len(found) - 1)
            found[place], found[other] = found[other], found[place]
        else:
            found[place] = b" " * len(line)
        return place, change, found
    field = chance.choice(layout.fields)
    wrong = "".join(chance.choice(ALPHABET) for _ in range(field.size))
    padded = line.ljust(layout.size)
    found[place] = (padded[: field.span.start] + wrong + padded[field.span.stop :]).encode("utf-8")
    return place, f"{line[:3]} {field.name}", found


def run(data: bytes, version: str, count: int, chance: Random) -> Counter[str]:
    """Corrupt ``data`` so often; how often the corruption was found, only stated, or changed nothing.

    Raises:
        AssertionError: a transaction that was not touched says something else, or is gone.
    """
    lines = data.splitlines()
    kinds = every_transaction()
    before, said, rejected = outcome(data)
    seen: Counter[str] = Counter()
    for _ in range(count):
        place, change, changed = corrupted(lines, version, chance)
        after, says, lost = outcome(b"\r\n".join(changed))
        control = lines[place][:3].decode("latin-1") in CONTROL_RECORDS
        header = lines[place][:3].decode("latin-1") in kinds
        gone = sum((said - says).values())
        # A header that is no longer one leaves its records to the transaction before; a swap touches two.
        allowed = 2 if header or change in ("swap", "drop", "repeat") else 1
        if not control:
            assert gone <= allowed, (change, place, gone)
        if after != before or lost != rejected:
            seen["found"] += 1
        elif says != said:
            seen["stated"] += 1
        else:
            seen["harmless"] += 1
    return seen
