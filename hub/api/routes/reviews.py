"""``/reviews``: pairs that the matcher leaves to people, and their decisions."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.api.following import BackgroundWorker
from hub.api.listings import Formed, exportable
from hub.api.models import JobOut
from hub.api.problems import responses
from hub.api.security import OpenHub, Operator, Reader, Reviewer
from hub.db.engine import reading
from hub.jobs import queue
from hub.links import learning, review, together

Kind = Literal["recording", "work", "embodiment"]

router = APIRouter(prefix="/reviews", tags=["reviews"])


class SideOut(BaseModel):
    """One source subject of a pair."""

    id: str
    submitter: str
    ref: str
    title: str


class PartiesOut(BaseModel):
    """Two writers of a pair that are taken for one party; ``contributions`` add up to the score."""

    left: str
    right: str
    score: int
    contributions: dict[str, int] = Field(examples=[{"name": 1000, "words": -300}])


class PairOut(BaseModel):
    """A pair with the score in thousandths, the rule that decided and the features that made it.

    ``scale`` says what explains the score: ``points`` of the features (and of ``rule``), which add up to it,
    or their ``weight``, which adds up to the logarithm of the odds in thousandths; empty where the judgement
    was kept by an earlier version.
    ``moves`` is the share in percent that its two sides give to different parties, for the right where that
    is most, ``recordings`` how many recordings lead to either side. ``money`` is by currency how much of what
    the caller's own usage reports stated about either side is given to different parties.
    """

    kind: str = Field(examples=["work"])
    left: SideOut
    right: SideOut
    score: int
    rule: str
    conflict: str
    moves: str = Field(examples=["50.00"])
    recordings: int
    money: dict[str, str] = Field(examples=[{"KZT": "1250.50"}])
    scale: Literal["points", "log_odds", ""]
    evidence: list[Any]
    parties: list[PartiesOut]


class DecisionIn(BaseModel):
    """A person's judgement of two source subjects."""

    left: str = Field(max_length=40)
    right: str = Field(max_length=40)
    verdict: Literal["same", "different", "unsure"]
    reason: str = Field(min_length=1, max_length=2000)


class DecisionOut(BaseModel):
    """The judgement as it was recorded."""

    kind: str
    left: str
    right: str
    verdict: str
    author: str
    reason: str


class UndoIn(BaseModel):
    """A pair whose newest judgement by the caller is taken back."""

    left: str = Field(max_length=40)
    right: str = Field(max_length=40)


class UndoneOut(BaseModel):
    """The judgement that no longer stands."""

    left: str
    right: str
    verdict: str
    undone: bool


class QualityOut(BaseModel):
    """How a table judges pairs that people judged and it was not learned from.

    ``precision`` and ``recall`` are those of its links, ``unsure`` the pairs that it leaves to people,
    ``log_loss`` the mean logarithmic loss of its probabilities.
    """

    linked: int
    precision: float | None
    recall: float | None
    unsure: int
    log_loss: float


class RowOut(BaseModel):
    """A rule that would say something else: what people judged of its pairs, its verdict before and after,
    and the band of its scores then.
    """

    rule: str
    same: int
    different: int
    before: str
    after: str
    low: int
    high: int


class LearningOut(BaseModel):
    """What would be learned from people's judgements of a kind; the operator adopts it or does not.

    ``changes`` counts the matcher's own judgements that would be others, by verdict before and after;
    ``rows`` are, for works and recordings to works, the rules that would change.
    """

    kind: str
    judgements: int
    same: int
    enough: bool
    standing: Literal["learned", "shipped"]
    before: QualityOut | None = None
    after: QualityOut | None = None
    judged_anew: int = 0
    changes: dict[str, int] = Field(default_factory=dict)
    rows: list[RowOut] = Field(default_factory=list)


class StoodOut(BaseModel):
    """A table that stood, shipped or learned, from how many judgements, who let it stand and why.

    ``to`` is empty for the one in use.
    """

    table: Literal["learned", "shipped"]
    judgements: int
    author: str
    reason: str
    since: str = Field(alias="from")
    to: str


class LearningIn(BaseModel):
    """What is done with a learned table: it is adopted, or the one before it is taken back into use."""

    kind: Kind
    action: Literal["adopt", "back"]
    reason: str = Field(min_length=1, max_length=2000)


class TogetherIn(BaseModel):
    """A look at all recordings, or with ``back`` an end to all that looks found.

    ``link`` joins pairs of 95 % and more, about which people are asked otherwise; ``distinct`` says that
    every submitter has declared that it repeats no recording.
    """

    link: bool = False
    distinct: bool = False
    back: bool = False
    reason: str = Field("", max_length=2000, description="Why it is taken back.")


@router.get("", response_model=list[PairOut], responses=exportable(), summary="Unsure pairs")
def list_pairs(
    hub: OpenHub, caller: Reader, forms: Formed, limit: Annotated[int, Query(ge=1, le=1000)] = 50
) -> Any:
    """Those of which the caller's society declared one side; what would move most in answers first."""
    return forms.of(PairOut, review.queue(hub, limit=limit, society=caller.society), "reviews")


@router.get("/learning", response_model=LearningOut, responses=responses(), summary="What would be learned")
def get_learning(hub: OpenHub, _caller: Reader, kind: Kind = "recording") -> dict[str, Any]:
    """The effect of learning from all judgements so far, measured on pairs that were not learned from."""
    return learning.proposal(hub, kind).effect


@router.get(
    "/learning/history",
    response_model=list[StoodOut],
    responses=exportable(),
    summary="Which table stood when",
)
def get_learning_history(hub: OpenHub, _caller: Reader, forms: Formed, kind: Kind = "recording") -> Any:
    """Every adoption and return, the newest first; empty while the shipped table was always in use."""
    return forms.of(StoodOut, learning.history(hub, kind), "learning-history")


@router.post(
    "/learning",
    status_code=202,
    response_model=JobOut,
    responses=responses(404),
    summary="Adopt what was learned, or take it back",
)
def post_learning(
    asked: LearningIn, hub: OpenHub, caller: Operator, worker: BackgroundWorker
) -> dict[str, Any]:
    """A job that judges everything anew by the table; look at ``GET /reviews/learning`` first."""
    job = learning.ask(hub, asked.kind, asked.action, caller.society, asked.reason)
    return _begun(hub, job, caller.society, worker)


def _begun(hub: OpenHub, job: str, society: str, worker: BackgroundWorker) -> dict[str, Any]:
    """The job that was queued, which a worker is told of."""
    worker.wake()
    with reading(hub.engine) as connection:
        return queue.find(connection, job, society).as_json()


@router.post(
    "/together",
    status_code=202,
    response_model=JobOut,
    responses=responses(),
    summary="Look at all recordings together",
)
def post_together(
    asked: TogetherIn, hub: OpenHub, caller: Operator, worker: BackgroundWorker
) -> dict[str, Any]:
    """A job that asks people about pairs of recordings that linking one by one has missed, or links them."""
    job = together.ask(
        hub, caller.society, link=asked.link, distinct=asked.distinct, back=asked.back, reason=asked.reason
    )
    return _begun(hub, job, caller.society, worker)


@router.post(
    "/decisions",
    status_code=201,
    response_model=DecisionOut,
    responses=responses(404),
    summary="Decide a pair",
)
def post_decision(decision: DecisionIn, hub: OpenHub, caller: Reviewer) -> dict[str, Any]:
    """It outranks the matcher, changes the links at once, and can be decided again."""
    return review.decide(
        hub, decision.left, decision.right, decision.verdict, decision.reason, caller.society,
        society=caller.society,
    )  # fmt: skip


@router.post("/undo", response_model=UndoneOut, responses=responses(404), summary="Take a decision back")
def post_undo(pair: UndoIn, hub: OpenHub, caller: Reviewer) -> dict[str, Any]:
    """What stood before the caller's decision stands again; earlier answers stay what they were."""
    return review.undo(hub, pair.left, pair.right, caller.society, society=caller.society)
