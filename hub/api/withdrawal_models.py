"""The wire models of withdrawals."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Action = Literal["file", "acknowledge", "contest", "cancel", "remark"]
State = Literal["drafted", "filed", "acknowledged", "contested", "in_notice", "effective", "cancelled"]


class WithdrawalIn(BaseModel):
    """A notice; lists as in the CSV contract, empty for the whole mandate."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"notice": "2025-12-20", "effective": "2026-07-01", "uses": "on-demand-stream"}
        },
    )
    notice: str = Field(max_length=10)
    effective: str = Field("", max_length=10, description="Empty: the first day that the rules allow.")
    rights: str = Field("", max_length=1_000)
    uses: str = Field("", max_length=1_000)
    territories: str = Field("", max_length=10_000)
    works: str = Field("", max_length=100_000)
    evidence: str = Field("", max_length=1_000)
    draft: bool = Field(False, description="Seen by the own society only, and without effect.")


class StepIn(BaseModel):
    """What is done to a withdrawal. The days are for the filing of a draft only."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reason": "The notice came by letter on 3 January.", "evidence": "sha256:9f86d08188"}
        },
    )
    reason: str = Field("", max_length=10_000, description="Kept for ever; public once it is filed.")
    evidence: str = Field("", max_length=1_000)
    notice: str = Field("", max_length=10)
    effective: str = Field("", max_length=10)


class RemarkOut(BaseModel):
    """A remark of the hub on a withdrawal's days."""

    code: str
    severity: str
    text: str


class WithdrawalOut(BaseModel):
    """A withdrawal as it stands on the day ``on``; empty lists mean the whole mandate.

    ``earliest`` is the first day that the notice rules allow, ``deadline`` the last day on which the
    holder's side may react (empty for notices older than this rule).
    """

    id: str
    mandate: str
    state: State
    on: str
    notice: str
    effective: str
    earliest: str
    deadline: str
    notice_rule: str
    rights: str
    uses: str
    territories: str
    works: str
    filed_by: str
    evidence: str
    known_from: str
    findings: list[RemarkOut]


class WithdrawalFiledOut(WithdrawalOut):
    """``status`` is ``filed``, ``drafted`` or ``unchanged`` (the same one was there)."""

    status: str


class ActOut(BaseModel):
    """One thing done about a withdrawal. Seals are shown to the filer's society only."""

    action: str
    role: str
    author: str
    on: str
    reason: str
    evidence: str
    known_from: str
    seal: str | None = None
    salt: str | None = None


class WithdrawalDetailOut(WithdrawalOut):
    """A withdrawal with everything done about it, in order."""

    history: list[ActOut]


class WithdrawalActedOut(WithdrawalOut):
    """``status`` is ``done``, or ``unchanged`` when the same statement was made just before."""

    status: str
    history: list[ActOut]


class OutcomeOut(BaseModel):
    """What a line of an answer says."""

    status: str
    payee: dict[str, str] | None
    reasons: list[str]


class ChangedLineOut(BaseModel):
    """A line that the withdrawal changes; ``stopped`` if it was paid through the mandate."""

    subject: dict[str, Any]
    right: str
    use: str
    territory: str
    party: dict[str, str] | None
    share: str
    stopped: bool
    before: OutcomeOut
    after: OutcomeOut


class PreviewOut(BaseModel):
    """What a withdrawal changes on its effective day; ``complete`` if every subject was asked about."""

    withdrawal: WithdrawalOut
    holder: str
    on: str
    subjects: dict[str, int]
    sampled: int
    complete: bool
    asked: list[dict[str, str]]
    stopped: int
    lines: list[ChangedLineOut]
