"""ACK transactions: a receiver's answer, with its messages.

The registration that follows an ACK inside the same transaction is the receiver's echo of what it was sent;
it belongs to the answer and declares nothing.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.cwr.fields import field_checks, instant, iso_date
from parsers.cwr.records import values_by_name
from parsers.cwr.transaction import Transaction
from schemas.cwr.layouts import layouts
from schemas.declarations import AcknowledgementDeclaration

UNTITLED, REJECTED = "cwr.answer_without_title", "RJ"


class AcknowledgementTransaction(Transaction):
    """An ACK with its MSG records."""

    def __init__(self, header: str, number: int, version: str, society: str = "") -> None:
        """Read the ACK record itself; ``society`` is who sends the file."""
        super().__init__("acknowledgement", header, number)
        self._society = society
        self._iswc = ""
        self._layouts = layouts(version)
        self._messages: list[tuple[str, str]] = []
        self._answer = values_by_name(self._layouts["ACK"], header)
        self._check("ACK", header, number)
        self.ref = ":".join(
            self._answer[name]
            for name in ("original_type", "submitter_number", "original_group", "original_sequence")
        )

    def _check(self, record: str, line: str, number: int) -> None:
        layout = self._layouts[record]
        for fault in field_checks(layout).faults(layout.split(line)):
            if fault.code == UNTITLED and self._answer["status"] == REJECTED:
                # A work may have been rejected because it has no title, which its answer cannot state then.
                continue
            self.findings.append(fault.finding(record, number))
            self.fatal = self.fatal or fault.rule == "TR"

    def embed(self, record: str, line: str, number: int) -> None:
        """Take the echo's header; the first one is the answered work, which may have its ISWC by now."""
        if not self.embedded and record in self._layouts:
            layout = self._layouts[record]
            # A rejected work is repeated with its faults, so only what is used is judged, and whether the
            # line was cut off behind it.
            for fault in field_checks(layout, between_fields=False).faults(layout.split(line)):
                if fault.field.name == "iswc" or fault.field.start > len(line):
                    self.findings.append(replace(fault, rule="W").finding(record, number))
            iswc = values_by_name(layout, line).get("iswc", "")
            self._iswc = iswc if iswc.strip("0") else ""
        super().embed(record, line, number)

    def add(self, record: str, line: str, number: int) -> None:
        """Keep a message; other records are the echo and only their type is looked at."""
        if record != "MSG":
            super().add(record, line, number)
            return
        self._check(record, line, number)
        values = values_by_name(self._layouts["MSG"], line)
        edit = "{original_record_type}{message_level}{validation_number}".format_map(values)
        code = f"{values['message_type']}:{edit}:{values['original_record_sequence']}"
        self._messages.append((code, values["text"]))

    def declare(self) -> AcknowledgementDeclaration:
        """The answer."""
        return AcknowledgementDeclaration(
            ref=self.ref,
            original_ref=self._answer["submitter_number"],
            title=self._answer["title"],
            status=self._answer["status"],
            original_type=self._answer["original_type"],
            recipient_ref=self._answer["recipient_number"],
            processed=iso_date(self._answer["processing_date"]),
            messages=tuple(self._messages),
            society=self._society,
            iswc=self._iswc,
            sent=instant(self._answer["creation_date"], self._answer["creation_time"]),
            position=self.position,
        )
