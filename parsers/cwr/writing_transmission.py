"""Writing a whole file: header, groups, numbered transactions, trailers whose counts are right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from parsers.cwr.writing import Record, RecordWriter, cwr_date, renumbered
from schemas.cwr.characters import CODECS, UTF_8, fold

LINE_END = b"\r\n"
SENDER_ID_DIGITS = 9
"""What the sender field of version 2 holds of an IPI name number; longer ones begin in the sender type."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a file.

    ``kind`` is ``PB``, ``SO``, ``AA`` or ``WR``; ``id`` an IPI name number or, for societies, their code;
    ``code`` the short sender code that version 3 and file names use. ``created`` is the ISO instant of the
    file, to the second.
    """

    kind: str
    id: str
    name: str
    created: str
    code: str = ""
    software: str = ""
    software_version: str = ""
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a finished file holds."""

    groups: int
    transactions: int
    records: int


class TransmissionWriter:
    """Writes a file to ``out``, which must be seekable.

    Whether the file has other characters than ASCII is known only at its end; the header then gets the
    character set written into its place. ISO-8859-1 is never named there, because the standard has no
    value for it.
    """

    def __init__(self, out: BinaryIO, records: RecordWriter, sender: Sender) -> None:
        """Write the header."""
        self._out = out
        self._records = records
        self._sender = sender
        self._codec = CODECS[records.encoding]
        self._start = out.tell()
        self._is_ascii = True
        self._group_type = ""
        self._groups = self._transactions = self._written = 0
        self._group_transactions = self._group_written = 0
        self._line(self._header(""))

    def transaction(self, kind: str, lines: Sequence[str]) -> None:
        """Write the lines of one transaction, numbered, into the group of its ``kind``.

        A kind that was closed by another one begins a new group.
        """
        if kind != self._group_type:
            self._end_group()
            self._begin_group(kind)
        for place, line in enumerate(lines):
            self._line(renumbered(line, self._group_transactions, place))
        self._group_transactions += 1
        self._transactions += 1

    def close(self, empty_group: str = "") -> Totals:
        """Write the trailers; a file without transactions gets one group of the type ``empty_group``."""
        if not self._groups and empty_group:
            self._begin_group(empty_group)
        self._end_group()
        totals = Totals(self._groups, self._transactions, self._written + 1)
        self._line(
            self._control(
                "TRL",
                group_count=totals.groups,
                transaction_count=totals.transactions,
                record_count=totals.records,
            )
        )
        if not self._is_ascii and self._records.encoding == UTF_8:
            end = self._out.tell()
            self._out.seek(self._start)
            self._out.write(self._header(UTF_8).encode(self._codec))
            self._out.seek(end)
        return totals

    def _begin_group(self, kind: str) -> None:
        self._groups += 1
        self._group_type = kind
        self._group_transactions = self._group_written = 0
        self._line(self._control("GRH", transaction_type=kind, group_id=self._groups))

    def _end_group(self) -> None:
        if self._group_type:
            self._group_type = ""
            self._line(
                self._control(
                    "GRT",
                    group_id=self._groups,
                    transaction_count=self._group_transactions,
                    record_count=self._group_written + 1,
                )
            )

    def _line(self, line: str) -> None:
        self._is_ascii = self._is_ascii and line.isascii()
        self._out.write(line.encode(self._codec) + LINE_END)
        self._written += 1
        self._group_written += 1

    def _control(self, kind: str, **values: str | int) -> str:
        return self._records.write(Record(kind, {name: str(value) for name, value in values.items()})).line

    def _header(self, character_set: str) -> str:
        return header_line(self._records, self._sender, character_set)


def header_line(records: RecordWriter, sender: Sender, character_set: str) -> str:
    """The transmission header.

    The name is folded to ASCII in every version, so that the header's length in bytes does not depend on
    whether the file turns out to need another set.
    """
    number = sender.id.strip()
    layout = records.layout("HDR")
    values = {
        "sender_type": sender.kind,
        "sender_id": number,
        "sender_name": fold(sender.name),
        "creation_date": cwr_date(sender.created),
        "creation_time": sender.created[11:19].replace(":", ""),
        "transmission_date": cwr_date(sender.created),
        "character_set": character_set,
        "software_package": fold(sender.software),
        "software_version": fold(sender.software_version),
        "file_name": sender.file_name,
    }
    if "sender_ipi_name" in layout.index:
        values |= {"sender_id": sender.code or number, "sender_ipi_name": _ipi_name(sender)}
    elif number.isdecimal():
        digits = number.lstrip("0").zfill(SENDER_ID_DIGITS)
        if len(digits) > SENDER_ID_DIGITS:
            digits = digits.zfill(SENDER_ID_DIGITS + 2)
            values |= {"sender_type": digits[:2], "sender_id": digits[2:]}
        else:
            values["sender_id"] = digits
    return records.write(Record("HDR", {name: values[name] for name in values if name in layout.index})).line


def _ipi_name(sender: Sender) -> str:
    return sender.id.zfill(11) if sender.kind != "SO" and sender.id.isdecimal() else ""
