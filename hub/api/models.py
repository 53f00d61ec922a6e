"""The wire models: what requests and responses look like, with examples for the documentation."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Counts(BaseModel):
    """``read == stored + rejected + unchanged``."""

    read: int
    stored: int
    rejected: int
    unchanged: int


class ReportOut(BaseModel):
    """What became of a submission; ``status`` is ``staging`` while it is being read."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "submission": "s7mbk2q4d6y3n5xwa",
                "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "format": "cwr",
                "version": "2.1",
                "submitter": "177",
                "status": "accepted_with_findings",
                "counts": {"read": 8, "stored": 7, "rejected": 1, "unchanged": 0},
                "by_kind": {"work": 8, "recording": 0, "agreement": 0, "mandate": 0},
                "findings": {"error": 1, "warning": 2},
            }
        }
    )
    submission: str
    sha256: str
    format: str
    version: str
    submitter: str
    status: str
    counts: Counts
    by_kind: dict[str, int]
    findings: dict[str, int]


class FindingOut(BaseModel):
    """A located remark; ``text`` is in the language asked for, everything else is never translated."""

    code: str
    severity: str
    position: str
    record: str
    field: str
    value: str
    detail: str
    text: str


class SourceOut(BaseModel):
    """Where a statement stands."""

    submission: str
    position: str
    submitter: str | None = None


class PartyOut(BaseModel):
    """A party by name and IPI number (empty when none is known)."""

    name: str
    ipi: str


class PayeeOut(BaseModel):
    """Who is paid."""

    society: str
    name: str


class HopOut(BaseModel):
    """One mandate of a chain."""

    mandate: str
    grantor: str
    holder: str
    basis: str
    valid_from: str
    source: SourceOut


class CandidateOut(PayeeOut):
    """One of several possible payees with its chain."""

    chain: list[HopOut]


class ClaimantOut(BaseModel):
    """Who claims a contested part, between what is certain and what is said at most."""

    party: PartyOut
    low: str
    high: str


class RejectedOut(HopOut):
    """A weaker claim, and why it does not count."""

    reason: str


class LineOut(BaseModel):
    """A part of the whole. Shares are percentages as decimal strings."""

    party: PartyOut | None
    role: str
    share: str = Field(examples=["25.00"])
    status: str
    payee: PayeeOut | None
    candidates: list[CandidateOut]
    chain: list[HopOut]
    reasons: list[str]
    claimants: list[ClaimantOut] | None = None
    rejected: list[RejectedOut] | None = None
    work: dict[str, Any] | None = None
    amount: str | None = None


class AnswerOut(BaseModel):
    """The answer; ``totals`` add up to exactly 100."""

    question: dict[str, str]
    subject: dict[str, Any]
    policy: dict[str, str]
    lines: list[LineOut]
    totals: dict[str, str]
    sources: list[SourceOut]


class SubjectOut(BaseModel):
    """A linked work or recording in a listing."""

    kind: str
    id: str
    title: str
    code: str | None
    parties: list[str]
    score: int


class StatementOut(BaseModel):
    """What one society says of a subject, with its source."""

    source: SourceOut
    ref: str
    content: dict[str, Any]


class SubjectDetailOut(BaseModel):
    """A linked work or recording with what each society says of it."""

    kind: str
    id: str
    title: str
    known_at: str
    identifiers: dict[str, list[str]]
    statements: list[StatementOut]


class SocietyOut(BaseModel):
    """A society and its accreditations."""

    code: str
    name: str
    country: str
    kind: str
    accreditations: list[dict[str, str]]


class WithdrawalIn(BaseModel):
    """A notice; lists as in the CSV contract, empty for the whole mandate."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"notice": "2025-12-20", "effective": "2026-07-01", "uses": "on-demand-stream"}
        },
    )
    notice: str = Field(max_length=10)
    effective: str = Field(max_length=10)
    rights: str = Field("", max_length=1_000)
    uses: str = Field("", max_length=1_000)
    territories: str = Field("", max_length=10_000)
    works: str = Field("", max_length=100_000)
    evidence: str = Field("", max_length=1_000)


class WithdrawalOut(BaseModel):
    """A filed withdrawal; ``status`` is ``filed`` or ``unchanged`` (the same notice was there)."""

    id: str
    mandate: str | None = None
    notice: str
    effective: str
    rights: str
    uses: str
    territories: str
    works: str
    filed_by: str
    evidence: str
    known_from: str
    status: str | None = None


class MandateOut(BaseModel):
    """A mandate with the withdrawals filed against it."""

    id: str
    mandate_ref: str
    declarant: str
    grantor_type: str
    grantor_id: str
    grantor_name: str
    holder: str
    rights: str
    uses: str
    territories: str
    valid_from: str
    valid_to: str
    exclusive: str
    basis: str
    works: str
    evidence: str
    known_from: str
    source: SourceOut
    withdrawals: list[WithdrawalOut]


class HealthOut(BaseModel):
    """Liveness or readiness."""

    status: str
    version: str
