"""Groups and control totals: the version in force, and whether trailers count what really came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parsers.cwr.header import group_version, header_faults
from parsers.cwr.records import values_by_name
from schemas.cwr.layouts import Layout, layouts
from schemas.findings import Finding, quote


class ControlTotals:
    """Counts records, transactions and groups, and checks them against GRT and TRL."""

    def __init__(self, version: str, *, fixed: bool) -> None:
        """Start with the version of the file; ``fixed``: its header names it, so groups cannot change it."""
        self.version = version
        self.group_type = ""
        self.group_open = False
        self.groups = 0
        self._fixed = fixed
        self._group_id = ""
        self._types: set[str] = set()
        self._records = 0
        self._transactions = 0
        self._group_records = 0
        self._group_transactions = 0
        self._next_sequence = 0

    @property
    def any_transaction(self) -> bool:
        """Whether a transaction has come yet."""
        return self._transactions > 0

    def count_in_place(self, header: str, records: int) -> bool:
        """Count a transaction of so many records if it is of the group's kind and numbered right."""
        expected = self._next_sequence
        if not self.group_open or header[:3] != self.group_type or header[3:19] != f"{expected:08d}00000000":
            return False
        self._next_sequence = expected + 1
        self._transactions += 1
        self._group_transactions += 1
        self._records += records
        self._group_records += records
        return True

    def count_records(self, number: int = 1) -> None:
        """So many more physical records."""
        self._records += number
        self._group_records += number

    def count_transaction(self, stated: str) -> str:
        """One more transaction; the sequence number its header should state.

        After a gap the numbering goes on from what was stated, so that one slip is one remark.
        """
        self._transactions += 1
        self._group_transactions += 1
        expected = self._next_sequence
        self._next_sequence = (int(stated) if stated.isdecimal() else expected) + 1
        return f"{expected:08d}"

    def open_group(self, line: str, number: int) -> Iterator[Finding]:
        """Begin a group at its header."""
        if self.group_open:
            yield Finding("cwr.no_group_trailer", f"line:{number}", "GRH", detail=self._group_id)
        values = values_by_name(self._layout("GRH"), line)
        named = group_version(values["version"])
        if named and not self._fixed:
            self.version = named
        elif named and named != self.version:
            yield Finding(
                "cwr.version_conflict",
                f"line:{number}",
                "GRH",
                "version",
                quote(values["version"]),
                self.version,
            )
        elif values["version"] and not named:
            parts = ("GRH", "version", quote(values["version"]), self.version)
            yield Finding("cwr.group_version", f"line:{number}", *parts)
        yield from header_faults(self._layout("GRH"), line, number)
        self.group_open = True
        stated, expected = values["group_id"], self.groups + 1
        if stated.isdecimal() and int(stated) != expected:
            yield Finding("cwr.group_number", f"line:{number}", "GRH", "group_id", stated, str(expected))
        kind = values["transaction_type"]
        if kind in self._types:
            yield Finding("cwr.group_repeated", f"line:{number}", "GRH", detail=quote(kind))
        self._types.add(kind)
        self.group_type = values["transaction_type"]
        self.groups += 1
        self._group_id = values["group_id"]
        self._group_records, self._group_transactions, self._next_sequence = 1, 0, 0

    def close_group(self, line: str, number: int) -> Iterator[Finding]:
        """End the group at its trailer, comparing the counts."""
        # That nothing is answered can be said only by an empty group.
        if self.group_open and not self._group_transactions and self.group_type != "ACK":
            yield Finding("cwr.group_empty", f"line:{number}", "GRT", value=quote(self._group_id))
        self.group_open = False
        self.group_type = ""
        counted = {
            "group_id": int(self._group_id) if self._group_id.isdecimal() else None,
            "transaction_count": self._group_transactions,
            "record_count": self._group_records,
        }
        yield from self._compare("GRT", counted, line, number)

    def close_file(self, line: str, number: int) -> Iterator[Finding]:
        """End the file at its trailer, comparing the counts."""
        if self.group_open:
            self.group_open = False
            yield Finding("cwr.no_group_trailer", f"line:{number}", "TRL", detail=self._group_id)
        counted = {
            "group_count": self.groups,
            "transaction_count": self._transactions,
            "record_count": self._records,
        }
        yield from self._compare("TRL", counted, line, number)

    def _compare(
        self, record: str, counted: Mapping[str, int | None], line: str, number: int
    ) -> Iterator[Finding]:
        layout = self._layout(record)
        yield from header_faults(layout, line, number)
        values = values_by_name(layout, line)
        for field, count in counted.items():
            stated = values[field]
            if count is not None and stated.isdecimal() and int(stated) != count:
                yield Finding("cwr.count", f"line:{number}", record, field, quote(stated), str(count))

    def _layout(self, record: str) -> Layout:
        # A version far from any table still has the control records of 2.1, unchanged since 1.x.
        return layouts(self.version).get(record) or layouts("2.1")[record]
