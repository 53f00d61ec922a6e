"""Reading a CWR file: a stream of bytes in, header, statements, rejections and findings out.

Every line is accounted for: it is a control record, belongs to exactly one transaction, or is the subject
of a finding. Every transaction gives one declaration or one rejection, so that what was read equals what
was declared plus what was rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from parsers.cwr.acknowledgement import AcknowledgementTransaction
from parsers.cwr.agreement import AgreementTransaction
from parsers.cwr.groups import ControlTotals
from parsers.cwr.header import file_version, header_version, read_header
from parsers.cwr.lines import UTF16_BOMS, Line, LineReader
from parsers.cwr.transaction import PassedOver, Transaction
from parsers.cwr.work import WorkTransaction
from parsers.reading import Item, reject_file
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import CONTROL_RECORDS, every_transaction, is_readable, transaction_kinds
from schemas.findings import Finding, quote

ECHOES = frozenset({"NWR", "REV", "AGR", "ISW", "EXC", "WRK", "ISR"})
"""Transactions that an acknowledgement repeats inside itself."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """The items of a CWR file in file order, beginning with its header.

    Works, acknowledgements and rejections come at the end of their transaction, after its findings. The
    file is rejected whole if it is empty, UTF-16, does not begin with HDR, has no group, or holds a second
    header; a file that merely breaks off keeps every transaction that is complete.
    """
    lines = LineReader(stream)
    if lines.head.startswith(UTF16_BOMS):
        return reject_file(Finding("cwr.utf16"))
    return _Transmission(iter(lines)).items()


class _Transmission:
    """One pass over the lines of a file."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self._open: Transaction | None = None
        self._ended = False

    def items(self) -> Iterator[Item]:
        """Header first, then whatever the lines give."""
        first = next(self._lines, None)
        if first is None or not first[1]:
            yield from reject_file(Finding("file.empty"))
            return
        number, line, remarks = first
        if line[:3] != "HDR":
            yield from reject_file(
                Finding("cwr.no_header", f"line:{number}", quote(line[:3]), value=quote(line))
            )
            return
        second = next(self._lines, None)
        version = file_version(line, second[1] if second else "")
        header, findings = read_header(line, version, number)
        yield header
        self._society = header.sender_id if line[3:5] == "SO" else ""
        yield from remarks
        yield from findings
        self._totals = ControlTotals(version, fixed=bool(header_version(line)))
        self._totals.count_record()
        yield from self._records(chain((second,), self._lines) if second else self._lines)

    def _records(self, lines: Iterator[Line]) -> Iterator[Item]:
        totals = self._totals
        kinds = every_transaction()
        number = 1
        for number, line, remarks in lines:
            if remarks:
                yield from remarks
                if not line:
                    continue
            record = line[:3]
            totals.count_record()
            if self._ended and record != "HDR":
                yield _stray(record, line, number)
            elif record in CONTROL_RECORDS:
                if record == "HDR":
                    yield from reject_file(
                        Finding("cwr.second_header", f"line:{number}", record, value=quote(line))
                    )
                    return
                yield from self._control(record, line, number)
            elif record in kinds:
                yield from self._header(record, line, number)
            elif self._open is not None:
                self._open.take(record, line, number)
            else:
                yield _stray(record, line, number)
        yield from self._end(number)

    def _control(self, record: str, line: str, number: int) -> Iterator[Item]:
        yield from self._close()
        if record == "GRH":
            yield from self._totals.open_group(line, number)
        elif record == "GRT":
            yield from self._totals.close_group(line, number)
        else:
            self._ended = True
            yield from self._totals.close_file(line, number)

    def _header(self, record: str, line: str, number: int) -> Iterator[Item]:
        current = self._open
        if current is not None and self._is_echo(current, record, line):
            current.embed(record, line, number)
            return
        yield from self._close()
        totals = self._totals
        transaction = self._begin(record, line, number)
        if totals.group_open and totals.group_type not in ("", record):
            _remark_group_type(transaction, totals.group_type, number)
        elif not totals.group_open:
            transaction.report("cwr.no_group_header", number, record, value=line)
        expected = f"{totals.count_transaction(line[3:11])}{'0' * 8}"
        if line[3:19] != expected:
            transaction.report("cwr.sequence", number, record, value=line[3:19], detail=expected)
        self._open = transaction

    def _is_echo(self, current: Transaction, record: str, line: str) -> bool:
        """Whether this header continues an acknowledgement instead of beginning a transaction."""
        if current.record != "ACK" or record not in ECHOES:
            return False
        if current.embedded and not (record == "EXC" and "EXC" not in current.embedded):
            return False
        return self._totals.group_type == "ACK" or line[3:11] == current.sequence

    def _begin(self, record: str, line: str, number: int) -> Transaction:
        version = self._totals.version
        kind = transaction_kinds(version).get(record)
        if kind is None or record not in layouts(version):
            passed = PassedOver(kind or every_transaction()[record], line, number)
            code = _why_unread(kind, version)
            passed.reject(code, number, record, value=line, detail=self._totals.version)
            return passed
        if kind == "work":
            return WorkTransaction(line, number, version)
        if kind == "acknowledgement":
            return AcknowledgementTransaction(line, number, version, self._society)
        return AgreementTransaction(line, number, version)

    def _close(self) -> Iterator[Item]:
        if self._open is not None:
            yield from self._open.close()
            self._open = None

    def _end(self, number: int) -> Iterator[Item]:
        if self._open is not None:
            # Without any trailer nobody knows whether the last transaction is complete.
            self._open.reject("cwr.truncated", number, self._open.record, value=self._open.ref)
            yield from self._close()
        elif not self._ended and self._totals.groups:
            yield Finding("cwr.no_trailer", f"line:{number}")
        if not self._totals.groups and not self._totals.any_transaction:
            yield from reject_file(Finding("cwr.no_group", f"line:{number}"))


def _why_unread(kind: str | None, version: str) -> str:
    if not is_readable(version):
        return "cwr.version_unsupported"
    return "cwr.layout_unknown" if kind else "cwr.transaction_unknown"


def _remark_group_type(transaction: Transaction, group_type: str, number: int) -> None:
    if group_type == "ACK":
        transaction.reject("cwr.outside_acknowledgement", number, transaction.record, value=transaction.ref)
    else:
        transaction.report("cwr.group_type", number, transaction.record, detail=group_type)


def _stray(record: str, line: str, number: int) -> Finding:
    return Finding("cwr.stray_record", f"line:{number}", quote(record), value=quote(line))
