"""Reading a CWR file: a stream of bytes in, header, statements, rejections and findings out.

Every line is accounted for: it is a control record, belongs to exactly one transaction, or is the subject
of a finding. Every transaction gives one declaration or one rejection, so that what was read equals what
was declared plus what was rejected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, pairwise
from typing import BinaryIO

from parsers.cwr.acknowledgement import AcknowledgementTransaction
from parsers.cwr.agreement import AgreementTransaction
from parsers.cwr.groups import ControlTotals
from parsers.cwr.header import file_version, header_version, read_header
from parsers.cwr.known_works import REGISTRATIONS
from parsers.cwr.lines import UTF16_BOMS, LineReader, Run
from parsers.cwr.registrations import RegistrationReader
from parsers.cwr.transaction import PassedOver, Transaction
from parsers.cwr.whole_file import judged
from parsers.reading import Item, reject_file
from schemas.cwr.layouts import layouts
from schemas.cwr.transactions import CONTROL_RECORDS, every_transaction, is_readable, transaction_kinds
from schemas.findings import Finding, quote

_BEGINNINGS = CONTROL_RECORDS | every_transaction().keys()
"""Records that end the transaction before them."""

ECHOES = frozenset({"NWR", "REV", "AGR", "ISW", "EXC", "WRK", "ISR", "ISA"})
"""Transactions that an acknowledgement repeats inside itself."""


def read(stream: BinaryIO, *, recall: bool = True) -> Iterator[Item]:
    """The items of a CWR file in file order, beginning with its header.

    Works, acknowledgements and rejections come at the end of their transaction, after its findings. The
    file is rejected whole if it is empty, UTF-16, does not begin with HDR, has no group, or holds a second
    header; a file that merely breaks off keeps every transaction that is complete.

    ``recall`` takes registrations that are put together like one before as that one (``known_works``);
    without it the items are the same, only slower.
    """
    lines = LineReader(stream)
    if lines.head.startswith(UTF16_BOMS):
        return reject_file(Finding("cwr.utf16"))
    return judged(_Transmission(lines.runs(), recall=recall).items())


class _Transmission:
    """One pass over the lines of a file."""

    def __init__(self, runs: Iterator[Run], *, recall: bool) -> None:
        self._runs = runs
        self._recall = recall
        self._open: Transaction | None = None
        self._ended = False
        self._refused = False

    def items(self) -> Iterator[Item]:
        """Header first, then whatever the lines give."""
        number, texts, remarks = next(self._runs, (1, [""], ()))
        line = texts[0]
        if not line:
            yield from reject_file(Finding("file.empty"))
            return
        if line[:3] != "HDR":
            yield from reject_file(
                Finding("cwr.no_header", f"line:{number}", quote(line[:3]), value=quote(line))
            )
            return
        following = (number + 1, texts[1:], ()) if len(texts) > 1 else next(self._runs, None)
        version = file_version(line, following[1][0] if following else "")
        header, findings = read_header(line, version, number)
        yield header
        self._society = header.sender_id if line[3:5] == "SO" else ""
        self._registrations = RegistrationReader(recall=self._recall, by_society=bool(self._society))
        yield from remarks
        yield from findings
        self._totals = ControlTotals(version, fixed=bool(header_version(line)))
        self._totals.count_records(1)
        yield from self._records(chain((following,), self._runs) if following else self._runs)

    def _records(self, runs: Iterator[Run]) -> Iterator[Item]:
        number = 1
        for first, texts, remarks in runs:
            number = first
            if remarks:
                yield from remarks
                if not texts[0]:
                    continue
            kinds = tuple([text[:3] for text in texts])
            begins = [place for place, kind in enumerate(kinds) if kind in _BEGINNINGS]
            end = len(texts)
            for start, stop in pairwise([*([] if begins[:1] == [0] else [0]), *begins, end]):
                if (
                    stop < end
                    and kinds[stop] != "HDR"
                    and kinds[start] in REGISTRATIONS
                    and self._in_place(texts[start], stop - start)
                ):
                    if self._open is not None:
                        yield from self._close()
                    lines = texts[start:stop]
                    yield from self._registrations.read(
                        self._totals.version, lines, kinds[start:stop], first + start
                    )
                    continue
                for place in range(start, stop):
                    yield from self._record(texts[place], first + place)
                    if self._refused:
                        return
            number = first + end - 1
        yield from self._end(number)

    def _record(self, line: str, number: int) -> Iterable[Item]:
        """What one line gives at once; most only add to the transaction that is open."""
        record = line[:3]
        self._totals.count_records(1)
        if self._ended and record != "HDR":
            return (_stray(record, line, number),)
        if record in CONTROL_RECORDS:
            if record == "HDR":
                return self._refuse(line, number)
            return self._control(record, line, number)
        if record in every_transaction():
            return self._header(record, line, number)
        if self._open is None:
            return (_stray(record, line, number),)
        self._open.take(record, line, number)
        return ()

    def _refuse(self, header: str, number: int) -> Iterator[Item]:
        """Reject the file for a second header, which may have cut off the transaction before it."""
        self._refused = True
        if self._open is not None:
            self._open.partial = True
        yield from self._close()
        yield from reject_file(Finding("cwr.second_header", f"line:{number}", "HDR", value=quote(header)))

    def _in_place(self, header: str, records: int) -> bool:
        """Whether a whole registration stands where nothing outside matters to it; if so, count it."""
        if self._open is not None and self._open.record == "ACK":
            # Inside an answer it is what the answer repeats.
            return False
        version = self._totals.version
        return _has_works(version, header[:3]) and self._totals.count_in_place(header, records)

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
            return self._registrations.begin(version, line, number)
        if kind == "acknowledgement":
            return AcknowledgementTransaction(line, number, version, self._society)
        return AgreementTransaction(line, number, version)

    def _close(self) -> Iterable[Item]:
        closed, self._open = self._open, None
        return () if closed is None else closed.close()

    def _end(self, number: int) -> Iterator[Item]:
        if self._open is not None:
            # Without any trailer nobody knows whether the last transaction is complete.
            self._open.partial = True
            self._open.reject("cwr.truncated", number, self._open.record, value=self._open.ref)
            yield from self._close()
        elif not self._ended and self._totals.groups:
            yield Finding("cwr.no_trailer", f"line:{number}")
        if not self._totals.groups and not self._totals.any_transaction:
            yield from reject_file(Finding("cwr.no_group", f"line:{number}"))


@cache
def _has_works(version: str, record: str) -> bool:
    return transaction_kinds(version).get(record) == "work" and record in layouts(version)


def _why_unread(kind: str | None, version: str) -> str:
    if not is_readable(version):
        return "cwr.version_unsupported"
    return "cwr.layout_unknown" if kind else "cwr.transaction_unknown"


def _remark_group_type(transaction: Transaction, group_type: str, number: int) -> None:
    if group_type == "ACK":
        # What it repeats of a registration need not be whole.
        transaction.partial = True
        transaction.reject("cwr.outside_acknowledgement", number, transaction.record, value=transaction.ref)
    else:
        transaction.report("cwr.group_type", number, transaction.record, detail=group_type)


def _stray(record: str, line: str, number: int) -> Finding:
    return Finding("cwr.stray_record", f"line:{number}", quote(record), value=quote(line))
