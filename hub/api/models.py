"""The wire models: what requests and responses look like, with examples for the documentation."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hub.api.withdrawal_models import WithdrawalOut


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


class ReceivedOut(ReportOut):
    """The report as far as it is known, and the job that reads the file (null if there is nothing to do)."""

    job: str | None


class JobOut(BaseModel):
    """A job. ``state`` is queued, running, cancelling, done, failed or cancelled; instants may be empty."""

    job: str
    kind: str = Field(examples=["submission", "usage"])
    subject: str
    state: str
    progress: dict[str, Any] = Field(
        examples=[{"stage": "reading", "bytes": 4096, "of": 9000, "records": 12}]
    )
    result: dict[str, Any]
    error: str
    attempts: int
    created: str
    started: str
    finished: str


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


class PlaceOut(BaseModel):
    """Where a statement stands, of which the submitter is named beside it."""

    submission: str
    position: str


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
    decision: dict[str, str] | None = None
    amount: str | None = None


class AnswerOut(BaseModel):
    """The answer; ``totals`` add up to exactly 100."""

    question: dict[str, str]
    subject: dict[str, Any]
    policy: dict[str, str]
    lines: list[LineOut]
    totals: dict[str, str]
    sources: list[SourceOut]


class QuestionIn(BaseModel):
    """A question of a batch, its parts as in ``GET /who-to-pay``."""

    subject: str = Field(max_length=300, examples=["iswc:T9123456780"])
    right: str = Field(max_length=40, examples=["PR"])
    use: str = Field(max_length=60, examples=["on-demand-stream"])
    territory: str = Field(max_length=12, examples=["KZ"])
    on: str = Field(max_length=10, examples=["2026-03-15"])
    amount: str | None = Field(default=None, max_length=30, examples=["1000.00"])
    currency: str | None = Field(default=None, max_length=3, examples=["KZT"])
    policy: str | None = Field(default=None, max_length=40, examples=["least-agreed/1"])
    paid_on: str | None = Field(default=None, max_length=10, examples=["2026-04-20"])


class BatchIn(BaseModel):
    """Questions to be answered as known at one instant; now, if none is named."""

    questions: list[QuestionIn] = Field(min_length=1, max_length=10_000)
    known_at: str | None = Field(default=None, max_length=40)


class BatchErrorOut(BaseModel):
    """Why one question of a batch has no answer."""

    error: str = Field(examples=["unknown_subject"])
    title: str
    detail: str


class BatchOut(BaseModel):
    """One entry per question, in their order."""

    known_at: str
    answers: list[AnswerOut | BatchErrorOut]


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


class RelatedWorkOut(BaseModel):
    """A work that a registration names besides its own; ``work`` is its id where the catalogue has it."""

    relation: str
    title: str
    iswc: str
    work: str
    source: SourceOut


class AcknowledgementOut(BaseModel):
    """What a society answered to a registration of the work."""

    society: str
    status: str
    society_work: str
    iswc: str
    answers: str
    transaction: str
    processed: str
    messages: list[dict[str, str]]
    source: SourceOut


class MoveOut(BaseModel):
    """An id began to stand for the same work or recording, or no longer did."""

    at: str
    event: Literal["joined", "left"]
    id: str
    now: str | None = Field(description="The id that answers for it now; none where nothing is stated of it.")


class SubjectDetailOut(BaseModel):
    """A linked work or recording with what each society says of it, and answered to its registrations."""

    kind: str
    id: str
    title: str
    known_at: str
    identifiers: dict[str, list[str]]
    statements: list[StatementOut]
    related: list[RelatedWorkOut]
    acknowledgements: list[AcknowledgementOut]
    history: list[MoveOut] = Field(description="Merges and splits, the oldest first.")


class SocietyOut(BaseModel):
    """A society and its accreditations."""

    code: str
    name: str
    country: str
    kind: str
    accreditations: list[dict[str, str]]


class SocietyVersionOut(SocietyOut):
    """A society's entry as it was from an instant on."""

    known_from: str


class AccreditationPaperOut(BaseModel):
    """What a change of an accreditation was based on."""

    known_from: str
    territory: str
    right: str
    valid_from: str
    valid_to: str
    certificate: str
    reason: str
    evidence: str
    cancelled: bool


class SocietyDetailOut(SocietyOut):
    """A society with every version of its entry, and the papers behind its accreditations."""

    versions: list[SocietyVersionOut]
    papers: list[AccreditationPaperOut]


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
    source: PlaceOut
    withdrawals: list[WithdrawalOut]


class PartyDetailOut(BaseModel):
    """A party as mentions and the mandate register know it; the first hundred of each list are shown."""

    known_at: str
    identifiers: dict[str, list[str]]
    names: list[dict[str, Any]]
    roles: list[dict[str, Any]]
    societies: list[dict[str, Any]]
    mandates: list[MandateOut]
    subjects: list[dict[str, Any]]
    total_subjects: int


class HealthOut(BaseModel):
    """Liveness or readiness."""

    status: str
    version: str
