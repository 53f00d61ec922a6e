"""Transactions that are read record by record, each by its row of the tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from parsers.cwr.fields import Fault
from parsers.cwr.record_readings import TEXT_START, RecordReading, detail_readings, header_reading
from parsers.cwr.transaction import Transaction
from schemas.cwr.layouts import Slices, record_types
from schemas.cwr.tables import ordered

UNPUBLISHED = (3, 0)
"""From this version on there are record types whose layouts are not public."""

NEUTRAL = {"N": "0", "P": "0"}
"""What is read instead of a value for which a transaction is rejected, by format, blank for all others."""


class DetailedTransaction(Transaction):
    """A header and its detail records, each checked for its place and its fields before it is used.

    Subclasses say in ``_handlers`` what takes a good record; what cannot be used is kept in ``_details`` as
    sent. A record for which the transaction is rejected is taken all the same where ``_taken_with_faults``
    names it, so that the others can be compared with it; ``_doubtful`` has the fields that nothing can be
    concluded from.
    """

    _handlers: ClassVar[Mapping[str, Callable[..., None]]]
    _taken_with_faults: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, kind: str, header: str, number: int, version: str) -> None:
        """Check the header record; its values are then in ``_header``."""
        super().__init__(kind, header, number)
        self._version = version
        self._readings = detail_readings(version, self.record)
        self._previous = self.record
        self._details: list[tuple[str, str]] = []
        self._doubtful: set[str] = set()
        self._rank = 0
        self._last_block = ""
        reading = self._header_reading = header_reading(version, self.record)
        values = reading.layout.split(header)
        faults = reading.checks.faults(values)
        if faults:
            values = self._settle(reading, values, faults, header, number) or values
        self._header: Slices = values

    def add(self, record: str, line: str, number: int) -> None:
        """Check a detail record and take it into the statement."""
        reading = self._readings.get(record)
        if reading is None:
            self._add_foreign(record, line, number)
            return
        if reading.follows and self._previous not in reading.follows:
            if reading.rule == "TR":
                self._reject_place(reading, line, number, self._previous)
            else:
                self.report("cwr.out_of_place", number, record, detail=self._previous, value=line)
                self._details.append((record, line[TEXT_START:].rstrip()))
            return
        previous, self._previous = self._previous, record
        if reading.rank:
            self._order(reading.rank, record, number)
        if len(line) > reading.layout.size and not line[reading.layout.size :].isspace():
            self.report("cwr.line_excess", number, record, value=line[reading.layout.size :].strip())
        cut = reading.layout.split(line)
        faults = reading.checks.faults(cut)
        values = self._settle(reading, cut, faults, line, number) if faults else cut
        if values is not None:
            self._handlers[record](self, reading, values, line, number)
        elif not any(fault.rule == "TR" for fault in faults):
            # What belongs to a record that is left out must not be taken for another one's.
            self._previous = previous if record in reading.follows else ""

    def _reject_place(self, reading: RecordReading, line: str, number: int, before: str) -> None:
        """Reject the transaction for a record that must not stand behind one of the type ``before``."""
        self.reject("cwr.out_of_place.transaction", number, reading.record, detail=before, value=line)
        self._doubtful.update(reading.layout.index)

    def _order(self, rank: int, record: str, number: int) -> None:
        """Remark on the first record that stands behind a block that belongs after it."""
        if rank > self._rank:
            self._rank, self._last_block = rank, record
        elif rank < self._rank and self._last_block:
            self.report("cwr.record_order", number, record, detail=self._last_block)
            self._last_block = ""

    def _add_foreign(self, record: str, line: str, number: int) -> None:
        if record in record_types():
            self.report("cwr.record_not_allowed", number, record, detail=self.record, value=line)
        elif ordered(self._version) >= UNPUBLISHED:
            self.report("cwr.record_layout_unknown", number, record, detail=self._version, value=line)
        else:
            self.report("cwr.unknown_record", number, record, value=line)
            return
        self._details.append((record, line[TEXT_START:].rstrip()))

    def _settle(
        self, reading: RecordReading, values: Slices, faults: list[Fault], line: str, number: int
    ) -> Slices | None:
        """Report the faults and give the values with defaults, or nothing if the record is left out."""
        settled = list(values)
        left_out = fatal = False
        for fault in faults:
            self.findings.append(fault.finding(reading.record, number))
            if fault.rule == "TR":
                fatal = True
                self._doubtful.add(fault.field.name)
                if not fault.between_fields:
                    settled[reading.layout.index[fault.field.name]] = NEUTRAL.get(fault.field.format, "")
            elif fault.rule == "RR":
                left_out = True
            elif fault.rule == "FR":
                settled[reading.layout.index[fault.field.name]] = fault.field.default
        if fatal:
            self.fatal = True
            left_out = reading is not self._header_reading and reading.record not in self._taken_with_faults
            if left_out:
                self._doubtful.update(reading.layout.index)
        elif left_out:
            self.report("cwr.record_left_out", number, reading.record, value=line)
            self._details.append((reading.record, line[TEXT_START:].rstrip()))
        return None if left_out else tuple(settled)

    def _keep_rest(self, reading: RecordReading, values: Slices, own_ref: str = "") -> None:
        suffix = f":{own_ref}" if own_ref else ""
        self._details += [
            (f"{reading.record}.{name}{suffix}", value) for name, value in reading.leftovers(values)
        ]
