"""What the readers of a written registration will have against it, by reading it again before it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.cwr.work import WorkTransaction
from schemas.findings import Finding, rule

SUMMARY = "cwr.transaction_rejected"


def objections(
    lines: Sequence[str], version: str, position: str, known: Sequence[Finding], *, by_society: bool
) -> list[Finding]:
    """Remarks on a transaction as a whole, located at ``position``; those in ``known`` are not repeated.

    ``by_society`` says whether a society sends it.
    """
    transaction = WorkTransaction(lines[0], 0, version, by_society=by_society)
    for line in lines[1:]:
        transaction.add(line[:3], line, 0)
    said = {(item.code, item.record, item.field) for item in known}
    return [
        replace(item, position=position)
        for item in transaction.close()
        if isinstance(item, Finding)
        and item.code != SUMMARY
        and (item.code, item.record, item.field) not in said
    ]


def forbids(findings: Sequence[Finding]) -> bool:
    """Whether one of the remarks costs the transaction."""
    return any(rule(item.code).effect == "transaction" for item in findings)
