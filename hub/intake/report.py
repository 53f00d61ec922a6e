"""What is said about a submission: the report of the contract, and its findings."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, case, func, select

from hub.db.tables import FINDING, SUBMISSION
from hub.refusals import told
from schemas.findings import Finding

KINDS = ("work", "recording", "agreement", "mandate")


@dataclass(frozen=True, slots=True)
class Report:
    """One submission's outcome; ``read == stored + rejected + unchanged``."""

    submission: str
    sha256: str
    format: str
    version: str
    submitter: str
    status: str
    read: int
    stored: int
    rejected: int
    unchanged: int
    by_kind: dict[str, int]
    errors: int
    warnings: int

    def as_json(self) -> dict[str, Any]:
        """The contract's object (design section 8)."""
        return {
            "submission": self.submission,
            "sha256": self.sha256,
            "format": self.format,
            "version": self.version,
            "submitter": self.submitter,
            "status": self.status,
            "counts": {
                "read": self.read,
                "stored": self.stored,
                "rejected": self.rejected,
                "unchanged": self.unchanged,
            },
            "by_kind": {
                kind: self.by_kind.get(kind, 0) for kind in (*KINDS, *sorted(set(self.by_kind) - set(KINDS)))
            },
            "findings": {"error": self.errors, "warning": self.warnings},
        }


def of(row: Any) -> Report:
    """The report of a submission row."""
    return Report(
        submission=row.public_id,
        sha256=row.sha256,
        format=row.format,
        version=row.version,
        submitter=row.submitter,
        status=row.status,
        read=row.read,
        stored=row.stored,
        rejected=row.rejected,
        unchanged=row.unchanged,
        by_kind=json.loads(row.by_kind or "{}"),
        errors=row.errors,
        warnings=row.warnings,
    )


def repeated(row: Any) -> Report:
    """The report for bytes that were received before and change nothing now."""
    first = of(row)
    unchanged = first.read - first.rejected
    return Report(
        **{
            **{name: getattr(first, name) for name in Report.__slots__},
            "status": "unchanged",
            "stored": 0,
            "unchanged": unchanged,
        }
    )


def status_of(*, refused: bool, stored: int, unchanged: int, rejected: int, remarks: int) -> str:
    """The status that the counts amount to."""
    if refused or (rejected and not stored and not unchanged):
        return "rejected"
    if unchanged and not stored and not rejected:
        return "unchanged"
    return "accepted_with_findings" if remarks or rejected else "accepted"


def findings(
    connection: Connection,
    submission_id: int,
    *,
    after: int = -1,
    limit: int | None = None,
    severity: str = "",
) -> list[tuple[int, Finding]]:
    """Findings in file order with their ordinals, for paging."""
    query = (
        select(FINDING)
        .where(FINDING.c.submission_id == submission_id, FINDING.c.ordinal > after)
        .order_by(FINDING.c.ordinal)
    )
    if severity:
        query = query.where(FINDING.c.severity == severity)
    if limit is not None:
        query = query.limit(limit)
    return [
        (row.ordinal, Finding(row.code, row.position, row.record, row.field, row.value, row.detail))
        for row in connection.execute(query)
    ]


ORDERS = ("file", "severity", "rule")
"""Ways in which findings are sorted: as they stand in the file, the gravest first, by rule."""


def findings_page(
    connection: Connection,
    submission_id: int,
    *,
    severity: str = "",
    code: str = "",
    order: str = "file",
    skip: int = 0,
    limit: int = 100,
) -> list[Finding]:
    """Findings as people page through them: filtered, sorted, ``limit`` of them after the first ``skip``."""
    query = select(FINDING).where(FINDING.c.submission_id == submission_id)
    if severity:
        query = query.where(FINDING.c.severity == severity)
    if code:
        query = query.where(FINDING.c.code == code)
    if order == "severity":
        grave = case((FINDING.c.severity == "error", 0), (FINDING.c.severity == "warning", 1), else_=2)
        query = query.order_by(grave)
    elif order == "rule":
        query = query.order_by(FINDING.c.code)
    query = query.order_by(FINDING.c.ordinal).offset(skip).limit(limit)
    return [
        Finding(row.code, row.position, row.record, row.field, row.value, row.detail)
        for row in connection.execute(query)
    ]


def findings_by_rule(connection: Connection, submission_id: int) -> list[tuple[str, int]]:
    """How many findings each rule has, the most first."""
    query = (
        select(FINDING.c.code, func.count().label("times"))
        .where(FINDING.c.submission_id == submission_id)
        .group_by(FINDING.c.code)
        .order_by(func.count().desc(), FINDING.c.code)
    )
    return [(row.code, row.times) for row in connection.execute(query)]


def finding_json(finding: Finding, language: str = "en") -> dict[str, str]:
    """A finding for machines and people; the code is never translated."""
    return {
        "code": finding.code,
        "severity": finding.severity,
        "position": finding.position,
        "record": finding.record,
        "field": finding.field,
        "value": finding.value,
        "detail": finding.detail,
        "text": replace(finding, detail=told(finding.detail, language)).text(language),
    }


def by_public_id(connection: Connection, public_id: str) -> Any | None:
    """The row of a submission, or None."""
    return connection.execute(select(SUBMISSION).where(SUBMISSION.c.public_id == public_id)).first()


def listing(
    connection: Connection, submitter: str, *, before: int | None = None, limit: int = 100
) -> list[Any]:
    """SUBMISSION rows of one society, the newest first, ``limit`` of them before the key ``before``."""
    query = (
        select(SUBMISSION)
        .where(SUBMISSION.c.submitter == submitter)
        .order_by(SUBMISSION.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(SUBMISSION.c.id < before)
    return list(connection.execute(query))
