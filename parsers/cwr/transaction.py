"""What all CWR transactions have in common while their records come in, and those that are passed over."""

from __future__ import annotations

from schemas.cwr.layouts import record_types
from schemas.declarations import Declaration, Rejection
from schemas.findings import Finding, quote, rule

RECORD_LIMIT = 100_000
"""Most detail records of one transaction: real ones have some thousands, and each is held in memory."""


class Transaction:
    """A transaction being read: its findings, and whether the standard rejects it.

    Subclasses take the detail records by ``add`` and give the statement by ``declare``.
    """

    def __init__(self, kind: str, header: str, number: int) -> None:
        """Begin at the header record ``header`` in line ``number``."""
        self.kind = kind
        self.record = header[:3]
        self.sequence = header[3:11]
        self.number = number
        self.ref = ""
        self.findings: list[Finding] = []
        self.fatal = False
        self.partial = False
        """Whether records are missing, so that nothing can be said of how those that came agree."""
        self.embedded: list[str] = []
        self._records = 0
        self._out_of_sequence = False

    @property
    def position(self) -> str:
        """Where the transaction begins."""
        return f"line:{self.number}"

    def report(self, code: str, number: int, record: str = "", **parts: str) -> None:
        """Remark on line ``number``; the values of ``parts`` are those of a finding."""
        parts["value"] = quote(parts.get("value", ""))
        self.findings.append(Finding(code, f"line:{number}", quote(record), **parts))

    def reject(self, code: str, number: int, record: str = "", **parts: str) -> None:
        """Remark on a fault for which the whole transaction must be rejected."""
        self.report(code, number, record, **parts)
        self.fatal = True

    def take(self, record: str, line: str, number: int) -> None:
        """Count a detail record, check its sequence numbers and hand it on."""
        self._records += 1
        if line[3:19] != f"{self.sequence}{self._records:08d}" and not self._out_of_sequence:
            self._out_of_sequence = True
            self.report(
                "cwr.sequence", number, record, value=line[3:19], detail=f"{self.sequence}{self._records:08d}"
            )
        if self._records <= RECORD_LIMIT:
            self.add(record, line, number)
        elif self._records == RECORD_LIMIT + 1:
            self.partial = True
            self.reject("cwr.too_many_records", number, record, detail=str(RECORD_LIMIT))

    def embed(self, record: str, line: str, number: int) -> None:
        """Take the header of a transaction that an acknowledgement carries inside."""
        self.embedded.append(record)
        self.take(record, line, number)

    def add(self, record: str, line: str, number: int) -> None:
        """Take a detail record; here only its type is looked at."""
        if record not in record_types():
            self.report("cwr.unknown_record", number, record, value=line)

    def declare(self) -> Declaration | None:
        """The statement that the records make, or nothing if it is not kept.

        It compares the records with each other; of a rejected transaction, to tell all of its faults at once.
        """
        return None

    def close(self) -> list[Finding | Declaration | Rejection]:
        """Findings first, then the statement or its rejection."""
        statement = None if self.partial else self.declare()
        # Declaring compares the records with each other, so it may still find faults, each with the effect
        # that its rule has in the table.
        self.fatal = self.fatal or any(rule(item.code).effect == "transaction" for item in self.findings)
        if statement is not None and not self.fatal:
            return [*self.findings, statement]
        if self.fatal and not self._explained():
            self.report(
                "cwr.transaction_rejected", self.number, self.record, value=self.ref, detail=self._reason()
            )
        return [*self.findings, Rejection(self.kind, self.position, self.ref)]

    def _explained(self) -> bool:
        return any(item.severity == "error" and item.position == self.position for item in self.findings)

    def _reason(self) -> str:
        return ", ".join(item.position for item in self.findings if item.severity == "error")[:100]


class PassedOver(Transaction):
    """A transaction that is counted and reported but whose content is not loaded."""

    def add(self, record: str, line: str, number: int) -> None:
        """Take a detail record; the types of a version without tables are not known and not judged."""
        if not self.fatal:
            super().add(record, line, number)
