"""The wire models of conflicts."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Action = Literal["claim", "answer", "concede", "settle", "reopen", "remark"]
State = Literal["open", "claimed", "answered", "settled", "reopened", "vanished"]
Kind = Literal[
    "mandate_overlap",
    "overclaim",
    "share_disagreement",
    "shared_identifier",
    "several_identifiers",
    "mandate_cycle",
    "mandate_without_rights",
    "accreditation",
    "withdrawn_but_claimed",
]


class StepIn(BaseModel):
    """What is done to a conflict. A winner and its days belong to a settlement; the operator records it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reason": "Our contract of 2019 is exclusive.", "evidence": "sha256:9f86d08188"}
        },
    )
    reason: str = Field("", max_length=10_000, description="Kept for ever and public.")
    evidence: str = Field("", max_length=1_000)
    winner: str = Field("", max_length=300)
    valid_from: str = Field("", max_length=10)
    valid_to: str = Field("", max_length=10)


class SideNameOut(BaseModel):
    """A side: its id, what people call it, and who may speak for it, the first one foremost."""

    side: str
    societies: list[str]
    name: str


class SourceOut(BaseModel):
    """Where a statement stands."""

    position: str
    submission: str
    submitter: str


class SideOut(BaseModel):
    """A side with what it says; of many sources the first ones are shown."""

    side: str
    societies: list[str]
    sources: list[SourceOut]
    sources_total: int
    statement: dict[str, Any]
    name: str


class ActOut(BaseModel):
    """One thing done about a conflict, by people or by the register."""

    action: str
    role: str
    author: str
    on: str
    reason: str
    evidence: str
    winner: str
    valid_from: str
    valid_to: str
    known_from: str


class ConflictCore(BaseModel):
    """What is in question. ``blocks`` is works times territory-months: what the queue is ranked by."""

    id: str
    kind: Kind
    state: State
    present: bool
    about: str
    rights: str
    uses: str
    territories: str
    valid_from: str
    valid_to: str
    works: int
    countries: int
    territory_months: int
    blocks: int
    societies: list[str]


class ConflictOut(ConflictCore):
    """A conflict in the queue."""

    sides: list[SideNameOut]
    found_at: str


class ConflictDetailOut(ConflictCore):
    """A conflict with its sides' statements, its settlement in force and everything done about it."""

    sides: list[SideOut]
    found_at: str
    settlement: ActOut | None
    history: list[ActOut]


class ConflictActedOut(ConflictDetailOut):
    """``status`` is ``done``, or ``unchanged`` when the same statement was made just before."""

    status: str
