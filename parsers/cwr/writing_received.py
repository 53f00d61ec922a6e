"""The transactions of a received file as it was sent: where they stand, how they are numbered, their lines.

What the reader declares says what a transaction means; an acknowledgement must also repeat how it was sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from parsers.cwr.header import file_version
from parsers.cwr.lines import LineReader
from parsers.cwr.records import values_by_name
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import CONTROL_RECORDS


@dataclass(frozen=True, slots=True)
class Received:
    """One transaction: its group's number, its place in the group, and its lines with their numbers.

    ``sequence`` is the number the sender gave it, or its place in the group where that is no number.
    """

    kind: str
    group: int
    sequence: int
    lines: tuple[tuple[int, str], ...]

    @property
    def number(self) -> int:
        """The line that it begins in."""
        return self.lines[0][0]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that is answered: its version by the tables, and when it says that it was made."""

    version: str
    creation_date: str
    creation_time: str


def origin(stream: BinaryIO) -> Origin:
    """What the header says, zeros where it says nothing; the stream is left anywhere."""
    lines = [line for _, line, _ in _first_two(stream)]
    header = lines[0] if lines else ""
    version = file_version(header, lines[1] if len(lines) > 1 else "")
    layout = layouts(version).get("HDR") or layouts("2.1")["HDR"]
    values = values_by_name(layout, header)
    day, time = values["creation_date"], values["creation_time"]
    return Origin(version, day if day.isdecimal() else "", time if time.isdecimal() else "")


def _first_two(stream: BinaryIO) -> Iterator[tuple[int, str, object]]:
    lines = iter(LineReader(stream))
    for _ in range(2):
        line = next(lines, None)
        if line is None:
            return
        yield line


def received(stream: BinaryIO, starts: Collection[int]) -> Iterator[Received]:
    """The transactions that begin in the lines ``starts``, in file order.

    The reader alone decides where a transaction begins; the lines up to the next one or to the next control
    record belong to it.
    """
    group = place = 0
    begun: list[tuple[int, str]] = []
    stated = ""
    for number, line, _ in LineReader(stream):
        record = line[:3]
        if begun and (number in starts or record in CONTROL_RECORDS):
            yield _closed(begun, group, stated, place)
            begun = []
            place += 1
        if record == "GRH":
            group, place = _group_id(line, group + 1), 0
        elif number in starts:
            begun = [(number, line)]
            stated = line[3:11]
        elif begun:
            begun.append((number, line))
    if begun:
        yield _closed(begun, group, stated, place)


def _group_id(line: str, counted: int) -> int:
    stated = values_by_name(layouts("2.1")["GRH"], line)["group_id"]
    return int(stated) if stated.isascii() and stated.isdigit() else counted


def _closed(lines: list[tuple[int, str]], group: int, stated: str, place: int) -> Received:
    sequence = int(stated) if stated.isascii() and stated.isdigit() else place
    return Received(lines[0][1][:3], group, sequence, tuple(lines))
