"""ACK transactions: a receiver's answer, with its messages.

The registration that follows an ACK inside the same transaction is the receiver's echo of what it was sent;
it belongs to the answer and declares nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from parsers.cwr.fields import field_checks, instant, iso_date
from parsers.cwr.records import values_by_name
from parsers.cwr.transaction import Transaction
from schemas.cwr.layouts import layouts
from schemas.cwr.lookups import codes
from schemas.cwr.transactions import CONTROL_RECORDS, every_transaction
from schemas.cwr.validations import OWN, edit_exists
from schemas.declarations import AcknowledgementDeclaration

UNTITLED, REJECTED = "cwr.answer_without_title", "RJ"
CONFLICT = "EXC"
HEADER = "0"
"""The place of a transaction's header among its records."""


class AcknowledgementTransaction(Transaction):
    """An ACK with its MSG records."""

    def __init__(self, header: str, number: int, version: str, society: str = "") -> None:
        """Read the ACK record itself; ``society`` is who sends the file."""
        super().__init__("acknowledgement", header, number)
        self._society = society
        self._iswc = ""
        self._version = version
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
        if record == CONFLICT != self._answer["original_type"] and not self.embedded:
            self.report("cwr.conflict_without_work", number, record)
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
        self._judge_message(values, edit, number)
        code = f"{values['message_type']}:{edit}:{values['original_record_sequence']}"
        self._messages.append((code, values["text"]))

    def _judge_message(self, values: Mapping[str, str], edit: str, number: int) -> None:
        """Remark on what the message points at: a place among the records, and an edit of the standard."""
        about, number_said = values["original_record_type"], values["validation_number"]
        headers = CONTROL_RECORDS | every_transaction().keys()
        first = values["original_record_sequence"].lstrip("0") == ""
        if first and about and about not in headers and self._answer["original_type"] not in CONTROL_RECORDS:
            parts = {"field": "original_record_sequence", "value": about}
            self.report("cwr.message_place", number, "MSG", **parts)
        level = values["message_level"]
        if level not in codes("message_level") or number_said in ("", OWN):
            return
        if not edit_exists(self._version, about, level, number_said):
            self.report("cwr.message_edit_unknown", number, "MSG", field="validation_number", value=edit)

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
